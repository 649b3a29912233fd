# Unstable fraction against time: theory (lines) on simulation (points).
# data/dmft-trace.tsv, dmft-trace-async.tsv: fl-dmft trace; data/trace-{sync,async}-J.tsv: fl-access trace.
load plots."/style.gp"
values = "0.3 0.5 0.9"
near(x, y) = abs(x - y) < 1e-9
set multiplot layout 1,2 margins 0.16,0.98,0.15,0.9 spacing 0.04
set logscale xy
set xrange [0.8:120]
set yrange [0.0008:0.6]
set xlabel "time (sweeps)"
set ylabel "unstable fraction" offset 0.5,0
set key bottom left
set title "synchronous" offset 0,-0.6
plot for [i=1:3] data."/trace-sync-".word(values, i).".tsv" every 1 using ($1 < 10 || int($1) % 7 == 0 ? $1 : NaN):2 with points ls i notitle, \
     for [i=1:3] data."/dmft-trace.tsv" using (near($1, real(word(values, i))) ? $3 : NaN):4 with lines ls i lw 2 title "J_D = ".word(values, i)
set ylabel ""
set format y ""
set title "asynchronous"
plot for [i=1:3] data."/trace-async-".word(values, i).".tsv" every 1 using ($1 < 10 || int($1) % 7 == 0 ? $1 : NaN):2 with points ls i notitle, \
     for [i=1:3] data."/dmft-trace-async.tsv" using (near($1, real(word(values, i))) ? $3 : NaN):4 with lines ls i lw 2 notitle
unset multiplot
