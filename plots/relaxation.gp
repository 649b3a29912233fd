# Unstable fraction against time: theory (lines) on simulation (points).
# data/dmft-trace.tsv, dmft-trace-async.tsv: fl-dmft trace; data/trace-{sync,async}-J.tsv: fl-access trace.
load plots."/style.gp"
# The self-couplings of the files trace-sync-J.tsv.
values = system("ls '".data."' | sed -n 's/^trace-sync-\\([0-9.]*\\).tsv$/\\1/p' | sort -g | tr '\\n' ' '")
set multiplot layout 1,2 margins 0.16,0.98,0.15,0.9 spacing 0.04
set logscale xy
set yrange [0.0008:0.6]
set xlabel "time (sweeps)"
set ylabel "unstable fraction" offset 0.5,0
set key bottom left
set title "synchronous" offset 0,-0.6
eval limits
plot for [i=1:words(values)] data."/trace-sync-".word(values, i).".tsv" every 1 using ($1 < 10 || int($1) % 7 == 0 ? $1 : NaN):2 with points ls i notitle, \
     for [i=1:words(values)] data."/dmft-trace.tsv" using (near($1, real(word(values, i))) ? $3 : NaN):4 with lines ls i lw 2 title "J_D = ".word(values, i)
set ylabel ""
set format y ""
set title "asynchronous"
eval limits
plot for [i=1:words(values)] data."/trace-async-".word(values, i).".tsv" every 1 using ($1 < 10 || int($1) % 7 == 0 ? $1 : NaN):2 with points ls i notitle, \
     for [i=1:words(values)] data."/dmft-trace-async.tsv" using (near($1, real(word(values, i))) ? $3 : NaN):4 with lines ls i lw 2 notitle
unset multiplot
