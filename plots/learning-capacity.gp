<<<<<<< HEAD
# Random pairs learned against load, for several depths: every bit right (points and lines), nearest
# of all targets (open points). data/learning-capacity.tsv: fl-train capacity --modules LIST.
load plots."/style.gp"
if (!exists("file")) file = data."/learning-capacity.tsv"
set xlabel "load P/H"
set ylabel "pairs learned"
set yrange [-0.02:1.08]
stats file using 4 nooutput name "LOAD"
set xrange [0:1.05 * LOAD_max]
set key outside right top
depths = system("awk '!/^#/ {print $3}' '".file."' | sort -nu | tr '\\n' ' '")
of(i, c) = column(3) == word(depths, i) + 0 ? column(c) : NaN
plot for [i=1:words(depths)] file using (of(i, 4)):8 with lines ls i dt 3 lw 1 notitle, \
     for [i=1:words(depths)] file using (of(i, 4)):8:9 with yerrorbars ls i title "L = ".word(depths, i), \
     for [i=1:words(depths)] file using (of(i, 4)):12 with points ls i pt 6 ps 0.6 notitle, \
     NaN with points lc rgb grey pt 6 ps 0.6 title "nearest"
=======
# Random pairs learned by heart against load. data/learning-capacity-1.tsv, learning-capacity-2.tsv: fl-train
# capacity with one module and with two.
load plots."/style.gp"
set xlabel "pairs for each neuron of a module, P/H"
set ylabel "share of the pairs with every bit right"
set yrange [0:1.05]
set xrange [1.5:8.5]
set key bottom left
plot data."/learning-capacity-1.tsv" using 3:6:7 with yerrorlines ls 1 lw 1 title "one module", \
     data."/learning-capacity-2.tsv" using 3:6:7 with yerrorlines ls 2 lw 1 title "two modules"
>>>>>>> main
