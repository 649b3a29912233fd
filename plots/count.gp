# Entropy of fixed points per neuron against the self-coupling.
# data/count.tsv: fl-enumerate --summary; data/count-theory.tsv: fl-entropy count.
load plots."/style.gp"
set xlabel "self-coupling J_D"
set ylabel "entropy of fixed points per neuron (nats)"
set key top left reverse Left
set xrange [-0.02:0.85]
set yrange [-0.02:0.52]
sizes = "12 16 20 24"
mean(i) = ($1 == word(sizes, i) ? log($4) / $1 : NaN)
plot data."/count-theory.tsv" using ($2 == 12 ? $1 : NaN):3 with lines lc rgb black lw 2.2 \
         title "ln 2Φ(J_D), N → ∞", \
     for [i=1:4] data."/count-theory.tsv" using ($2 == int(word(sizes, i)) ? $1 : NaN):($4 / $2) \
         with lines ls i lw 0.7 notitle, \
     for [i=1:4] data."/count.tsv" using 2:($1 == int(word(sizes, i)) ? log($4) / $1 : NaN): \
         ($5 / $4 / $1) with yerrorbars ls i title "N = ".word(sizes, i), \
     data."/count.tsv" using 2:($1 == 24 ? $9 : NaN):10 with yerrorbars lc rgb grey pt 6 ps 0.9 \
         title "quenched, N = 24 (not empty)"
