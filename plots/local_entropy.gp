# Local entropy phi*(d), annealed and of one level of overlap. data/curve.tsv: fl-phase curve with the four
# self-couplings of `couplings`, the first below J_gap: its overlap gap is shaded.
load plots."/style.gp"
if (!exists("couplings")) couplings = "0.04 0.0601 0.0731 0.1"
set xlabel "distance d = (1 - q)/2"
set ylabel "local entropy {/Symbol f}*(d) (nats per neuron)"
set logscale x
set format x "10^{%T}"
set xrange [1e-4:0.5]
set yrange [-0.008:0.03]
set key top left reverse Left
file = data."/curve.tsv"
at(i) = ($1 == real(word(couplings, i)) ? $5 : NaN)
plot file using 2:($5 < 0 ? at(1) : NaN):(0) with filledcurves lc rgb sky fs solid 0.35 noborder \
         title "overlap gap, J_D = ".word(couplings, 1), \
     0 with lines ls 10 notitle, \
     for [i=1:words(couplings)] file using 2:(at(i)) with lines ls i \
         title "J_D = ".word(couplings, i)
