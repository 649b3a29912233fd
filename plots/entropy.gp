# Entropy of fixed points per neuron: against J_D for one module, against lambda at J_D = 0 for chains.
# data/entropy.tsv: fl-entropy count; data/chain.tsv: fl-entropy chain --jd 0.
load plots."/style.gp"
set xlabel "self-coupling J_D, or coupling λ of modules at J_D = 0"
set ylabel "entropy of fixed points per neuron (nats)"
set key top left reverse Left
set yrange [0:*]
set offsets 0, 0, graph 0.2, 0
lengths = thinned(values_where(data."/chain.tsv", 3, "$3 != \"inf\""), 5)
eval limits
plot data."/entropy.tsv" using 1:3 with lines lc rgb black lw 2.2 \
         title "J_D, one module: ln 2Φ(J_D)", \
     for [i=1:words(lengths)] data."/chain.tsv" using 2:(strcol(3) eq word(lengths, i) ? $5 : NaN) \
         with lines ls i title "λ, ".word(lengths, i)." modules", \
     data."/chain.tsv" using 2:(strcol(3) eq "inf" ? $5 : NaN) with lines ls 4 dt 2 \
         title "λ, endless chain"
