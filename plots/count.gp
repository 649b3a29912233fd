# Entropy of fixed points per neuron against the self-coupling.
# data/count.tsv: fl-enumerate --summary; data/count-theory.tsv: fl-entropy count.
# needs count.tsv: 1 n, 2 jd, 4 mean_count, 5 std_error, 9 quenched_entropy, 10 quenched_error
load plots."/style.gp"
set xlabel "self-coupling J_D"
set ylabel "entropy per neuron (nats)"
set key bottom right reverse Left
set offsets graph 0.03, graph 0.03, graph 0.02, graph 0.02
file = data."/count.tsv"; theory = data."/count-theory.tsv"
sizes = thinned(values(file, 1), 7)
some = word(values(theory, 2), 1) + 0
eval limits
plot theory using (near($2, some) ? $1 : NaN):3 with lines lc rgb black lw 2.2 \
         title "ln 2Φ(J_D), N → ∞", \
     for [i=1:words(sizes)] theory using (near($2, real(word(sizes, i))) ? $1 : NaN):($4 / $2) \
         with lines ls style_of(i) lw 0.7 notitle, \
     for [i=1:words(sizes)] file using 2:(near($1, real(word(sizes, i))) && $4 > 0 ? log($4) / $1 : NaN): \
         (bar(5) / $4 / $1) with yerrorbars ls style_of(i) title "N = ".word(sizes, i), \
     file using 2:(near($1, last(sizes) + 0) ? $9 : NaN):(bar(10)) with yerrorbars lc rgb grey pt 6 ps 0.9 \
         title "quenched, N = ".last(sizes)
