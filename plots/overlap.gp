# Mean overlap histograms at several self-couplings. data/overlap.tsv: fl-overlap histogram. A
# configuration with itself (q = 1) and with its mirror image (q = -1) stand apart.
# needs overlap.tsv: 1 n, 2 jd, 4 overlap, 5 pairs_mean, 6 pairs_error, 7 exact_mean
load plots."/style.gp"
set xlabel "overlap q = 1 - 2d/N"
set ylabel "ordered pairs of fixed points per network"
set logscale y
set format y "10^{%L}"
set key outside top center horizontal samplen 0.5 width -1
set xrange [-1.06:1.06]
file = data."/overlap.tsv"
sizes = values(file, 1)
n = last(sizes) + 0
jds = thinned(values_where(file, 2, "$1 == ".last(sizes)), 7)
of(i) = near($1, n) && near($2, real(word(jds, i)))
set label sprintf("N = %d", n) at graph 0.03, 0.94
eval limits
plot for [i=1:words(jds)] file using (of(i) && abs($4) < 1 ? $4 : NaN):($7 > 0 ? $7 : NaN) \
         with lines ls style_of(i) lw 1.2 notitle, \
     for [i=1:words(jds)] file using (of(i) && abs($4) == 1 ? $4 - 0.03 : NaN):7:(0.06):(0) \
         with vectors nohead ls style_of(i) lw 1.2 notitle, \
     for [i=1:words(jds)] file using (of(i) && $5 > 0 ? $4 : NaN):5:6 with yerrorbars ls style_of(i) \
         title "J_D = ".word(jds, i)
