# Success of every algorithm against J_D at one N, with the first-moment thresholds. access.tsv: fl-access run of several
# algorithms; message.tsv: fl-message solve, one table or several one after the other. critical.tsv: fl-phase critical;
# levels.tsv: fl-phase levels (where they are there).
load plots."/style.gp"
runs = data."/access.tsv"; solved = data."/message.tsv"
first(name, key) = ("0".system("awk '!/^#/ && $1 == \"".key."\" {print $2; exit}' '".data."/".name.".tsv' 2>/dev/null")) + 0
Jmono = first("critical", "J_mono"); Jgap = first("critical", "J_gap"); two = first("levels", "2")
algorithms = system("awk '!/^#/ {print $1}' '".runs."' | awk '!seen[$0]++' | tr '\\n' ' '")
methods = system("awk '!/^#/ {print $1}' '".solved."' | awk '!seen[$0]++' | tr '\\n' ' '")
size = system("awk '!/^#/ {print $2; exit}' '".solved."'")
set xlabel "self-coupling J_D"
set ylabel "fraction of networks solved"
set yrange [-0.03:1.03]
set xrange [0:*]
set key above samplen 2 title "N = ".size
if (Jgap > 0) { set arrow from Jgap, -0.03 to Jgap, 1.03 nohead ls 10 }
if (two > 0) { set arrow from two, -0.03 to two, 1.03 nohead ls 10 }
if (Jmono > 0) { set arrow from Jmono, -0.03 to Jmono, 1.03 nohead ls 10 }
if (Jmono > 0) { set label "J_{gap}, J_{mono}, J_{gap} of two levels" at Jgap - 0.02, 0.55 rotate by 90 center font small }
eval limits
plot for [i=1:words(methods)] solved using (strcol(1) eq word(methods, i) && $2 == real(size) ? $3 : NaN):5:6:7 \
         with yerrorlines ls style_of_algorithm(word(methods, i)) pt point_of_algorithm(word(methods, i)) title word(methods, i), \
     for [i=1:words(algorithms)] runs using (strcol(1) eq word(algorithms, i) && $2 == real(size) ? $3 : NaN):5:6:7 \
         with yerrorlines ls style_of_algorithm(word(algorithms, i)) pt point_of_algorithm(word(algorithms, i)) title word(algorithms, i)
