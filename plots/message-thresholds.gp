# J_D at which half of the networks are solved, against N, for every algorithm. thresholds.tsv: as in verify/kept, columns
# algorithm, sweeps, n, jd_half, low, high. dmft-threshold.tsv: fl-dmft threshold, J_c; critical.tsv: fl-phase critical;
# levels.tsv: fl-phase levels (each where it is there).
load plots."/style.gp"
file = data."/thresholds.tsv"
first(name, key) = ("0".system("awk '!/^#/ && (\"".key."\" == \"\" || $1 == \"".key."\") {print $2; exit}' '".data."/".name.".tsv' 2>/dev/null")) + 0
Jc = first("dmft-threshold", ""); Jmono = first("critical", "J_mono"); Jgap = first("critical", "J_gap"); two = first("levels", "2")
names = "sync reluctant cool focused async greedy focusing message"
titles = "synchronous reluctant cooled focused asynchronous greedy focusing reinforced,\\_repaired"
title_of(i) = system("echo '".word(titles, i)."' | tr -d '\\\\' | tr _ ' '")
sweeps(name) = name eq "sync" || name eq "async" ? 1000 : -1
set logscale x
set xrange [70:6000]
set yrange [-0.03:0.9]
set ytics 0, 0.1
set xlabel "neurons N"
set ylabel "J_D where half are solved"
set key below maxcols 3 samplen 1 font small
if (Jc > 0) { set arrow from graph 0, first Jc to graph 1, first Jc nohead ls 10; set label sprintf("J_c = %.3f", Jc) at graph 0.98, first Jc + 0.045 right }
if (Jmono > 0) { set arrow from graph 0, first Jmono to graph 1, first Jmono nohead ls 10 }
if (Jgap > 0) { set arrow from graph 0, first Jgap to graph 1, first Jgap nohead ls 10 }
if (two > 0) { set arrow from graph 0, first two to graph 1, first two nohead ls 10 }
if (Jmono > 0) { set label "J_{gap}, J_{mono}, N → ∞" at graph 0.98, first 0.022 right font small }
eval limits
plot for [i=1:words(names)] file \
         using (strcol(1) eq word(names, i) && (sweeps(word(names, i)) < 0 || $2 == sweeps(word(names, i))) ? $3 : NaN):4:5:6 \
         with yerrorbars ls style_of_algorithm(word(names, i)) pt point_of_algorithm(word(names, i)) title title_of(i)
