# Hetero-association in chains with sparse random excitatory couplings, beside couplings of equal neurons.
# data/learning-sparse.tsv: fl-train capacity --chain sparse --modules LIST --degree LIST; learning-sparse-identity.tsv:
# the same with --chain identity.
load plots."/style.gp"
file = data."/learning-sparse.tsv"
same = data."/learning-sparse-identity.tsv"
set xlabel "pairs a neuron"
set ylabel "pairs learned"
set yrange [-0.03:1.05]
set offsets graph 0.04, graph 0.04, 0, 0
set xtics 0.1
set key outside right top samplen 1 width -2
depths = values(file, 3)
degrees = values(file, 4)
sparse(d, g, c) = near(column(3), word(depths, d) + 0) && near(column(4), word(degrees, g) + 0) ? column(c) : NaN
equal(d, c) = near(column(3), word(depths, d) + 0) ? column(c) : NaN
eval limits
plot for [d=1:words(depths)] same using (equal(d, 4)):8:9 with yerrorlines ls 7 dt d lw 1 pt filled(d) title "L = ".word(depths, d).", equal", \
     for [d=1:words(depths)] for [g=1:words(degrees)] file using (sparse(d, g, 5)):9:10 with yerrorlines ls g dt d lw 1 pt (d == 1 ? filled(g) : hollow(g)) \
         title "L = ".word(depths, d).", ".word(degrees, g)
