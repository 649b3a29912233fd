# Random pairs learned by heart against load. data/learning-capacity-1.tsv, learning-capacity-2.tsv: fl-train
# capacity with one module and with two.
load plots."/style.gp"
set xlabel "pairs for each neuron of a module, P/H"
set ylabel "share of the pairs with every bit right"
set yrange [0:1.05]
set offsets graph 0.04, graph 0.04, graph 0.02, graph 0.02
set key bottom left
eval limits
plot data."/learning-capacity-1.tsv" using 3:7:(bar(8)) with yerrorlines ls 1 lw 1 title "one module", \
     data."/learning-capacity-2.tsv" using 3:7:(bar(8)) with yerrorlines ls 2 lw 1 title "two modules"
