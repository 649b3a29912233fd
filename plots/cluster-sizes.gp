# How many fixed points are in clusters of a size or larger. data/cluster-sizes.tsv: fl-overlap sizes.
# needs cluster-sizes.tsv: 1 n, 2 jd, 4 size, 8 fraction_from
load plots."/style.gp"
set xlabel "size of the cluster, at least"
set ylabel "fraction of fixed points in such clusters"
set logscale xy
set format y "10^{%L}"
set key bottom left samplen 1
file = data."/cluster-sizes.tsv"
sizes = values(file, 1)
jds = thinned(values_where(file, 2, "$1 == ".last(sizes)), 7)
set label "N = ".last(sizes) at graph 0.97, 0.94 right
eval limits
plot for [i=1:words(jds)] file using (near($1, last(sizes) + 0) && near($2, real(word(jds, i))) ? $4 : NaN):8 \
         with linespoints ls style_of(i) lw 1 ps 0.5 title "J_D = ".word(jds, i)
