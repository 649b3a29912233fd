# Random pairs learned against load, for several depths: every bit right (points and lines), nearest
# of all targets (open points). data/learning-depth.tsv: fl-train capacity --modules LIST.
load plots."/style.gp"
if (!exists("file")) file = data."/learning-depth.tsv"
stats file using 4 nooutput name "LOAD"
set xlabel "load P/H"
set ylabel "pairs learned"
set yrange [-0.02:1.08]
set xrange [0:1.05 * LOAD_max]
set key outside right top
depths = system("awk '!/^#/ {print $3}' '".file."' | sort -nu | tr '\\n' ' '")
of(i, c) = column(3) == word(depths, i) + 0 ? column(c) : NaN
plot for [i=1:words(depths)] file using (of(i, 4)):8 with lines ls i dt 3 lw 1 notitle, \
     for [i=1:words(depths)] file using (of(i, 4)):8:(bar(9)) with yerrorbars ls i title "L = ".word(depths, i), \
     for [i=1:words(depths)] file using (of(i, 4)):12 with points ls i pt 6 ps 0.6 notitle, \
     NaN with points lc rgb grey pt 6 ps 0.6 title "nearest"
