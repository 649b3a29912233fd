# Random pairs learned against load, for several depths. data/learning-capacity.tsv: fl-train capacity.
load plots."/style.gp"
set xlabel "load P/H"
set ylabel "pairs recalled without an error"
set yrange [0:1.05]
set xrange [0:0.85]
set key bottom left
file = data."/learning-capacity.tsv"
depths = system("awk '!/^#/ {print $3}' '".file."' | sort -nu | tr '\\n' ' '")
eval limits
plot for [i=1:words(depths)] file using ($3 == word(depths, i) + 0 ? $4 : NaN):7 with lines ls i dt 3 lw 1 notitle, \
     for [i=1:words(depths)] file using ($3 == word(depths, i) + 0 ? $4 : NaN):7:8 with yerrorbars ls i \
         title word(depths, i)." module".(word(depths, i) eq "1" ? "" : "s")
