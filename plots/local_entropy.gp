# Local entropy φ*(d) of the densest fixed points. data/curve.tsv: fl-phase curve. Where it is negative
# there are none at that distance: the overlap gap, shaded for the smallest self-coupling that has one.
# needs curve.tsv: 1 jd, 2 distance, 5 local_entropy
load plots."/style.gp"
set xlabel "distance d = (1 - q)/2"
set ylabel "local entropy φ*(d) (nats per neuron)"
set logscale x
set format x "10^{%T}"
set key top left reverse Left
file = data."/curve.tsv"
couplings = thinned(values(file, 1), 7)
gaps = values_where(file, 1, "$5 < 0")
gap = words(gaps) ? word(gaps, 1) + 0 : NaN
stats file using 5 nooutput
low = STATS_min < 0 ? (STATS_min > -0.27 * STATS_max ? 1.1 * STATS_min : -0.27 * STATS_max) : 0
set yrange [low:1.05 * STATS_max]
set xrange [*:0.5]
at(i) = (near($1, real(word(couplings, i))) ? $5 : NaN)
eval limits
plot file using 2:(words(gaps) && near($1, gap) && $5 < 0 ? $5 : NaN):(0) with filledcurves lc rgb sky fs solid 0.35 noborder \
         title words(gaps) ? sprintf("overlap gap, J_D = %g", gap) : "", \
     0 with lines ls 10 notitle, \
     for [i=1:words(couplings)] file using 2:(at(i)) with lines ls style_of(i) \
         title "J_D = ".word(couplings, i)
