# Left: the local entropy phi*(d) of one level of overlap at J_gap of one level, J_mono and J_gap of two levels, and that
# of two levels (groups) at its own J_gap and J_mono, where it exists. Right: J_gap with one, two and three levels. data/levels-curve.tsv,
# levels-curve-two.tsv: fl-phase curve; data/levels.tsv, levels-three.tsv: fl-phase levels; data/critical.tsv: fl-phase
# critical.
load plots."/style.gp"
mono = real(system("awk '$1 == \"J_mono\" { print $2 }' ".data."/critical.tsv"))
two = data."/levels.tsv"
three = data."/levels-three.tsv"
both = "< grep -hv '^#' ".two." ".three
curve = data."/levels-curve.tsv"
couplings = values(curve, 1)
groups = data."/levels-curve-two.tsv"
of_groups = values(groups, 1)
set multiplot layout 1,2 margins 0.11,0.975,0.14,0.9 spacing 0.15
set title "local entropy" offset 0,-0.6
set xlabel "distance d = (1 - q)/2"
set ylabel "φ*(d) (10^{-3} nats per neuron)"
set logscale x
set format x "10^{%T}"
set xrange [0.001:0.1]
set yrange [-0.2:6]
set key top left reverse Left font small samplen 1 title "J_D, levels" left font small
plot 0 with lines ls 10 notitle, \
     for [i=1:words(couplings)] curve using (near($1, real(word(couplings, i))) ? $2 : NaN):($5 * 1e3) with lines ls i lw 2 \
         title sprintf("%.4f, one", real(word(couplings, i))), \
     for [i=1:words(of_groups)] groups using (near($1, real(word(of_groups, i))) ? $2 : NaN):($7 * 1e3) \
         with linespoints ls 3+i ps 0.6 title sprintf("%.4f, two", real(word(of_groups, i)))
unset logscale x
set format x
set title "where the gap closes"
set key notitle
set xlabel "levels of overlap"
set ylabel "self-coupling J_D"
set xrange [0.6:3.4]
set yrange [0.055:0.085]
set xtics 1
set ytics 0.01
set format y "%.2f"
set label sprintf("J_{mono} = %.4f (one level)", mono) at 3.35, mono - 0.001 right font small
plot mono with lines ls 10 notitle, \
     both using (strcol(12) eq "estimate" ? $1 - 0.08 : NaN):2:(bar(3)) with yerrorbars ls 1 ps 1.4 title "all sizes: estimate", \
     both using (strcol(12) eq "theorem" ? $1 + 0.08 : NaN):2:(bar(3)) with yerrorbars ls 2 pt 4 ps 1.8 title "whole: excluded below"
unset multiplot
