# Isolated fixed points and the largest cluster against the self-coupling. data/clusters.tsv:
# fl-overlap clusters --summary.
# needs clusters.tsv: 1 n, 2 jd, 3 radius, 9 largest_fraction, 10 largest_error, 11 isolated_fraction, 12 isolated_error
load plots."/style.gp"
set xlabel "self-coupling J_D"
set ylabel "fraction of the fixed points"
set key outside top center horizontal maxcols 3 samplen 1 width -2
set yrange [0:1.04]
set offsets graph 0.03, graph 0.03, 0, 0
file = data."/clusters.tsv"
sizes = thinned(values(file, 1), 7)
radius = word(values(file, 3), 1) + 0
of(i) = near($1, real(word(sizes, i))) && near($3, radius)
eval limits
plot for [i=1:words(sizes)] file using 2:(of(i) ? $11 : NaN):12 with yerrorlines ls style_of(i) lw 1.2 \
         title "isolated, N = ".word(sizes, i), \
     for [i=1:words(sizes)] file using 2:(of(i) ? $9 : NaN):10 with yerrorlines ls style_of(i) lw 1.2 \
         dt 3 pt hollow(i) title "largest, N = ".word(sizes, i)
