# How many clusters there are of each size. data/cluster-sizes.tsv: fl-overlap sizes.
# needs cluster-sizes.tsv: 1 n, 2 jd, 4 size, 5 clusters_mean, 6 clusters_error
load plots."/style.gp"
file = data."/cluster-sizes.tsv"
jds = system("awk '!/^#/ {print $2}' '".file."' | sort -gu | tr '\\n' ' '")
jd(i) = real(word(jds, i))
set xlabel "fixed points in a cluster"
set ylabel "clusters of that size in a network"
set logscale xy
set format y "10^{%L}"
set key top right samplen 1
stats file using ($5 > 0 ? $5 : NaN) nooutput
floor_of = STATS_min / 3
set yrange [floor_of:*]
set offsets 0, 0, 0, 0
eval limits
plot for [i=1:words(jds)] file using (abs($2 - jd(i)) < 1e-9 ? $4 : NaN):5:($5 > bar(6) ? $5 - bar(6) : floor_of):($5 + bar(6)) \
         with yerrorbars ls i lw 0.8 ps 0.5 title "J_D = ".word(jds, i)
