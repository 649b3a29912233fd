# Mean overlap histogram. data/pairs.tsv: measured (distance, overlap, pairs, error, exact, z). A
# configuration with itself (q = 1) and with its mirror image (q = -1) stand apart from the curve.
load plots."/style.gp"
set xlabel "overlap q = 1 - 2d/N"
set ylabel "ordered pairs of fixed points per network"
set key top center
set label "each with\nitself" at 0.92, graph 0.1 right
set label "mirror\nimages" at -0.92, graph 0.1 left
set xrange [-1.08:1.08]
set yrange [0:*]
set offsets 0, 0, graph 0.1, 0
file = data."/pairs.tsv"
eval limits
plot file using (abs($2) < 1 ? $2 : NaN):5 with histeps ls 7 title "exact mean", \
     file using (abs($2) == 1 ? $2 - 0.03 : NaN):5:(0.06):(0) with vectors nohead ls 7 notitle, \
     file using 2:3:(bar(4)) with yerrorbars ls 1 title "enumeration"
