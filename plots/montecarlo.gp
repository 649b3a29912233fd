# Entropy per neuron by Monte Carlo, and its difference from the limit.
# data/montecarlo-N.tsv: fl-count --summary; data/montecarlo-exact.tsv: fl-enumerate --summary;
# data/montecarlo-theory.tsv: fl-entropy count.
load plots."/style.gp"
sizes = "24 32 64 128"
file(i) = i == 1 ? data."/montecarlo-exact.tsv" : data."/montecarlo-".word(sizes, i).".tsv"
limit(jd) = log(2 * norm(jd))
# Columns of entropy, its error, and what must be 0 (fl-enumerate has no undecided samples).
set multiplot
set lmargin at screen 0.16
set rmargin 2
set xrange [0.22:0.98]
set size 1, 0.55
set origin 0, 0.45
set bmargin 0
set format x ""
set ylabel "entropy (nats / neuron)"
set yrange [0.1:0.55]
set key bottom right
plot data."/montecarlo-theory.tsv" using ($2 == 24 ? $1 : NaN):3 with lines lc rgb black lw 2.2 \
         title "ln 2Φ(J_D), N → ∞", \
     file(1) using 2:9:10 with yerrorbars lc rgb grey pt 6 title "enumeration, N = 24", \
     for [i=2:4] file(i) using ($2 + 0.006 * (i - 3)):($4 == 0 ? $6 : NaN):7 with yerrorbars ls i - 1 \
         title "Monte Carlo, N = ".word(sizes, i)
set size 1, 0.45
set origin 0, 0
set tmargin 1
set bmargin 3.2
set format x "%g"
set xlabel "self-coupling J_D"
set ylabel "less the limit"
set yrange [-0.0055:0.0095]
set ytics -0.004, 0.004
unset key
plot 0 ls 10 notitle, \
     for [i=1:4] data."/montecarlo-theory.tsv" \
         using ($2 == int(word(sizes, i)) ? $1 : NaN):($4 / $2 - $3) with lines \
         lc rgb (i == 1 ? grey : i == 2 ? blue : i == 3 ? red : green) lw 1 notitle, \
     file(1) using 2:($9 - limit($2)):10 with yerrorbars lc rgb grey pt 6 notitle, \
     for [i=2:4] file(i) using ($2 + 0.006 * (i - 3)):($4 == 0 ? $6 - limit($2) : NaN):7 \
         with yerrorbars ls i - 1 notitle
unset multiplot
