# How many fixed points are in clusters of a size or larger. data/cluster-sizes.tsv: fl-overlap sizes.
load plots."/style.gp"
set xlabel "size of the cluster, at least"
set ylabel "fraction of fixed points in such clusters"
set logscale xy
set format y "10^{%L}"
set key at graph 0.84, 0.55 right samplen 1
set xrange [0.9:3000]
set yrange [4e-3:1.3]
file = data."/cluster-sizes.tsv"
jds = "0.1 0.2 0.3 0.5"
jd(i) = real(word(jds, i))
plot for [i=1:4] file using (abs($2 - jd(i)) < 1e-9 ? $4 : NaN):8 with linespoints ls i lw 1 ps 0.5 \
         title "J_D = ".word(jds, i)
