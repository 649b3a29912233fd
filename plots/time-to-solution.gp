# Median sweeps to a fixed point against N, at several J_D. data/access.tsv: fl-access run.
load plots."/style.gp"
set xlabel "neurons N"
set ylabel "median sweeps to a fixed point"
set logscale xy
set xrange [44:1150]
set xtics (50, 100, 200, 400)
set key at graph 0.99, 0.6 right title "asynchronous"
set label "open, dotted:" at graph 0.99, 0.14 right
set label "synchronous" at graph 0.99, 0.07 right
set yrange [3:1200]
values = "0.3 0.4 0.5 0.6 0.7"
file = data."/access.tsv"
near(x, y) = abs(x - y) < 1e-9
plot for [i=1:5] file using (strcol(1) eq "async" && near($3, real(word(values, i))) && $10 < 1e300 ? $2 : NaN):10 \
         with linespoints ls i title "J_D = ".word(values, i), \
     for [i=1:5] file using (strcol(1) eq "sync" && near($3, real(word(values, i))) && $10 < 1e300 ? $2 : NaN):10 \
         with linespoints ls i dt 3 pt (i == 1 ? 6 : i == 2 ? 4 : i == 3 ? 8 : i == 4 ? 10 : 12) notitle
