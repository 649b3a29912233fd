# Success against J_D. data/access.tsv: fl-access run; data/access-threshold.tsv: fl-access threshold
# (n, jd_half, width of the logistic fits).
# needs access.tsv: 1 algorithm, 2 n, 3 jd, 5 success, 6 success_low, 7 success_high
# needs access-threshold.tsv: 1 algorithm, 2 n, 3 jd_half, 7 width
load plots."/style.gp"
set xlabel "self-coupling J_D"
set ylabel "fraction of runs that reach a fixed point"
file = data."/access.tsv"; fits = data."/access-threshold.tsv"
sizes = thinned(values(file, 2), 7)
algorithms = system("awk '!/^#/ && !seen[$1]++ {print $1}' '".file."' | tr '\n' ' '")
two = words(algorithms) > 1
set key outside right center title word(algorithms, 1)
set yrange [-0.03:1.03]
fit(a, i, c) = system(sprintf("awk '$1==\"%s\" && $2==%s && $3 > -1e300 {v = $%d} END {print v + 0}' '%s'", word(algorithms, a), word(sizes, i), c, fits)) + 0
all = words(sizes)
array H[2 * all]; array W[2 * all]
do for [k=1:2 * all] { H[k] = 0; W[k] = 0 }
do for [a=1:(two ? 2 : 1)] { do for [i=1:all] { H[all * (a - 1) + i] = fit(a, i, 3); W[all * (a - 1) + i] = fit(a, i, 7) } }
curve(x, k) = W[k] > 0 ? 1 / (1 + exp(-(x - H[k]) / W[k])) : NaN
set samples 400
stats file using 3 nooutput
spread = STATS_max > STATS_min ? STATS_max - STATS_min : 0.1
set xrange [STATS_min - 0.04 * spread:STATS_max + 0.04 * spread]
if (two) { set label "open, dotted:\n".word(algorithms, 2) at screen 0.985, 0.2 right }
shift = 0.006 * spread
eval limits
plot for [i=1:all] curve(x, i) ls style_of(i) notitle, \
     for [i=1:(two ? all : 0)] curve(x, all + i) ls style_of(i) dt 3 notitle, \
     for [i=1:all] file using (strcol(1) eq word(algorithms, 1) && near($2, real(word(sizes, i))) ? $3 : NaN):5:6:7 \
         with yerrorbars ls style_of(i) title "N = ".word(sizes, i), \
     for [i=1:(two ? all : 0)] file using (strcol(1) eq word(algorithms, 2) && near($2, real(word(sizes, i))) ? $3 + shift : NaN):5:6:7 \
         with yerrorbars ls style_of(i) pt hollow(i) lw 0.8 notitle
