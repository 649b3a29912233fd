# Hetero-association in chains with sparse random excitatory couplings, beside couplings of equal neurons (black). Left
# data/learning-sparse.tsv: fl-train capacity --chain sparse --modules LIST --degree LIST, what comes back goes to others; right
# data/learning-paired.tsv: the same with --chain paired, it goes to those from which it came; learning-sparse-identity.tsv:
# the same with --chain identity.
if (!exists("width")) { width = !exists("format") || format eq "png" ? 1760 : format eq "svg" ? 880 : 22 }
load plots."/style.gp"
file = data."/learning-sparse.tsv"; paired = data."/learning-paired.tsv"
same = data."/learning-sparse-identity.tsv"
set xlabel "pairs a neuron"
set ylabel "pairs learned"
set yrange [-0.03:1.05]
set offsets graph 0.04, graph 0.04, 0, 0
set xtics 0.1
depths = values(file, 3)
degrees = values(file, 4)
sparse(d, g, c) = near(column(3), word(depths, d) + 0) && near(column(4), word(degrees, g) + 0) ? column(c) : NaN
equal(d, c) = near(column(3), word(depths, d) + 0) ? column(c) : NaN
set multiplot layout 1,2
title_of(d, what) = sprintf("L = %s, %s", word(depths, d), what)
set title "drawn apart"
set key at graph 0.48, 0.52 right samplen 1 width -1 spacing 0.9 font small maxrows 8
eval limits
plot for [d=1:words(depths)] same using (equal(d, 4)):8:(bar(9)) with yerrorlines ls 7 dt d lw 1 pt filled(d) title title_of(d, "equal"), \
     for [d=1:words(depths)] for [g=1:words(degrees)] file using (sparse(d, g, 5)):9:(bar(10)) with yerrorlines ls g dt d lw 1 pt (d == 1 ? filled(g) : hollow(g)) \
         title title_of(d, word(degrees, g))
set title "paired"
unset ylabel
unset key
plot for [d=1:words(depths)] same using (equal(d, 4)):8:(bar(9)) with yerrorlines ls 7 dt d lw 1 pt filled(d), \
     for [d=1:words(depths)] for [g=1:words(degrees)] paired using (sparse(d, g, 5)):9:(bar(10)) with yerrorlines ls g dt d lw 1 pt (d == 1 ? filled(g) : hollow(g))
unset multiplot
