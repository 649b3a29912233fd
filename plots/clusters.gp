# Isolated fixed points and the largest cluster against the self-coupling. data/clusters.tsv:
# fl-overlap clusters --summary.
load plots."/style.gp"
set xlabel "self-coupling J_D"
set ylabel "fraction of the fixed points"
set key outside top center horizontal maxcols 3 samplen 1 width -2
set xrange [-0.02:0.62]
set yrange [0:1.04]
set style line 21 lc rgb blue  lw 1.2 dt 3 pt 6 ps 0.8
set style line 22 lc rgb red   lw 1.2 dt 3 pt 4 ps 0.8
set style line 23 lc rgb green lw 1.2 dt 3 pt 8 ps 0.9
file = data."/clusters.tsv"
sizes = "12 16 20"
n(j) = int(word(sizes, (j + 1) / 2))
plot for [j=1:6] file using 2:($1 == n(j) && $3 == 2 ? (j % 2 ? $11 : $9) : NaN):(j % 2 ? $12 : $10) \
    with yerrorlines ls ((j % 2 ? 0 : 20) + (j + 1) / 2) \
    title (j % 2 ? "isolated" : "largest").sprintf(", N = %d", n(j))
