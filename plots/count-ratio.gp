# Mean count over the exact mean. data/count.tsv: fl-enumerate --summary.
# needs count.tsv: 1 n, 2 jd, 4 mean_count, 5 std_error, 6 exact_mean
load plots."/style.gp"
set xlabel "self-coupling J_D"
set ylabel "mean count / exact mean"
set key top right horizontal samplen 1
set offsets graph 0.04, graph 0.04, graph 0.12, 0
file = data."/count.tsv"
sizes = thinned(values(file, 1), 7)
stats file using 2 nooutput
step = 0.01 * (STATS_max > STATS_min ? STATS_max - STATS_min : 0.8)
eval limits
plot 1 ls 10 notitle, \
     for [i=1:words(sizes)] file using ($2 + step * (i - (words(sizes) + 1) / 2.0)): \
         (near($1, real(word(sizes, i))) ? $4 / $6 : NaN):(bar(5) / $6) with yerrorbars ls style_of(i) \
         title "N = ".word(sizes, i)
