# Test accuracy of two modules at J_D = 0 against the coupling between them, the label
# withdrawn before learning. data/learning-step.tsv: fl-train sweep --lambda LIST.
load plots."/style.gp"
set xlabel "coupling of the modules {/*1.1 λ}"
set ylabel "test accuracy"
set yrange [0:1.05]
set xrange [-0.1:*]
set key center right
plot data."/learning-step.tsv" using 2:6 with lines ls 1 dt 3 lw 1 notitle, \
     data."/learning-step.tsv" using 2:6:7 with yerrorbars ls 1 title "label withdrawn, J_D = 0", \
     0.1 with lines ls 10 title "chance"
