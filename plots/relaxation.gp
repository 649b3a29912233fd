# Unstable fraction against time: theory (lines) on simulation (points).
# data/dmft-trace.tsv, dmft-trace-async.tsv: fl-dmft trace; data/trace-{sync,async}-J.tsv: fl-access trace.
load plots."/style.gp"
# One run of each J is drawn as it is; of several, trace-sync-J-1.tsv, -2.tsv, ..., their mean and its error.
# The self-couplings, as the names of the files tell them.
values = system(sprintf("ls '%s/trace-sync-'*.tsv 2>/dev/null", data)." | sed -n 's/^.*trace-sync-\\([0-9.]*[0-9]\\)\\(-[0-9]*\\)*.tsv$/\\1/p' | sort -gu | tr '\\n' ' '")
# time, mean, standard error (nan of one run); a run that has arrived stays at its last value, 0.
runs(algorithm, jd) = "< cd '".data."' && awk 'FNR == 1 {k++} !/^#/ {u[k, $1] = $2; if ($1 > top) top = $1} \
    END {for (t = 0; t <= top; t++) {s = q = 0; for (j = 1; j <= k; j++) {x = (j, t) in u ? u[j, t] : 0; s += x; q += x * x} \
    m = s / k; v = q - k * m * m; e = v > 0 ? sqrt(v / (k - 1) / k) : 0; print t, m, (k > 1 ? e : 0)}}' \
    $(ls trace-".algorithm."-".jd.".tsv trace-".algorithm."-".jd."-[0-9]*.tsv 2>/dev/null)"
shown(t) = t < 10 || int(t) % 7 == 0
set multiplot layout 1,2 margins 0.16,0.96,0.15,0.9 spacing 0.05
set logscale xy
set yrange [0.0008:0.6]
set xlabel "time (sweeps)"
set ylabel "unstable fraction" offset 0.5,0
set key bottom left
set title "synchronous" offset 0,-0.6
eval limits
plot for [i=1:words(values)] runs("sync", word(values, i)) using (shown($1) && $2 > 0 ? $1 : NaN):2:(bar(3)) with yerrorbars ls i notitle, \
     for [i=1:words(values)] data."/dmft-trace.tsv" using (near($1, real(word(values, i))) ? $3 : NaN):4 with lines ls i lw 2 title "J_D = ".word(values, i)
set ylabel ""
set format y ""
set xtics add ("" 1)
set title "asynchronous"
eval limits
plot for [i=1:words(values)] runs("async", word(values, i)) using (shown($1) && $2 > 0 ? $1 : NaN):2:(bar(3)) with yerrorbars ls i notitle, \
     for [i=1:words(values)] data."/dmft-trace-async.tsv" using (near($1, real(word(values, i))) ? $3 : NaN):4 with lines ls i lw 2 notitle
unset multiplot
