# Mean overlap histograms below, at and above the critical self-couplings. data/overlap.tsv: fl-overlap
# histogram. A configuration with itself (q = 1) and with its mirror image (q = -1) stand apart.
load plots."/style.gp"
set xlabel "overlap q = 1 - 2d/N"
set ylabel "ordered pairs of fixed points per network"
set logscale y
set format y "10^{%L}"
set key outside top center horizontal samplen 0.5 width -1
set xrange [-1.06:1.06]
set yrange [0.03:2000]
file = data."/overlap.tsv"
jds = "0.03 0.06 0.075 0.3"
jd(i) = real(word(jds, i))
plot for [i=1:4] file using (abs($2 - jd(i)) < 1e-9 && abs($4) < 1 ? $4 : NaN):7 \
         with lines ls i lw 1.2 notitle, \
     for [i=1:4] file using (abs($2 - jd(i)) < 1e-9 && abs($4) == 1 ? $4 - 0.03 : NaN):7:(0.06):(0) \
         with vectors nohead ls i lw 1.2 notitle, \
     for [i=1:4] file using (abs($2 - jd(i)) < 1e-9 ? $4 : NaN):5:6 with yerrorbars ls i \
         title "J_D = ".word(jds, i)
