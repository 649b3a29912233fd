# Fixed points within a distance of a fixed point. data/local.tsv: exact at N = 32 (verify/section_local.c);
# local-potential.tsv: fl-entropy potential; local-curve.tsv: fl-phase curve, whose distance is that between
# the members d, drawn at the distance c to their centre that goes with it, d = 2c(1-c).
load plots."/style.gp"
set xlabel "distance to the centre"
set ylabel "ln(fixed points within it) / N  (nats)"
set xrange [0:*]
set offsets 0, graph 0.04, graph 0.45, graph 0.02
set key top left reverse Left
centre(d) = (1 - sqrt(1 - 2 * d)) / 2
eval limits
plot data."/local-potential.tsv" using 3:5 with lines ls 7 lw 1.5 title "V: around a typical one, N → ∞", \
     data."/local-curve.tsv" using (centre($2)):5 with lines ls 3 lw 1.5 dt 2 title "φ*: estimate for the densest, N → ∞", \
     data."/local.tsv" using 2:5:(bar(6)) with yerrorbars ls 1 title "reached by asynchronous runs, N = 32", \
     data."/local.tsv" using 2:3:(bar(4)) with yerrorbars ls 2 title "all fixed points, N = 32"
