# Entropy of fixed points around configurations that were reached, and around an arbitrary one, against the distance between two of them.
# message-local.tsv: rows of fl-message local, tables of several centres one after the other; curve.tsv: fl-phase curve,
# the bound phi*, at the J_D of the rows; potential.tsv, if it is there: fl-entropy potential, the same around a typical one.
load plots."/style.gp"
file = data."/message-local.tsv"; bound = data."/curve.tsv"
jd = system("awk '!/^#/ {print $2; exit}' '".file."'") + 0
set xlabel "distance between two fixed points, (1 - q)/2"
set ylabel "entropy around it (nats per neuron)"
set xrange [0:0.5]
set yrange [0:0.3]
set key bottom right
pairs = data."/"."potential".".tsv"
if (system("test -s '".pairs."' && echo 1; true") ne "1") { pairs = bound }
V(x) = pairs eq bound ? NaN : x
names = "reinforced async greedy up"
titles = "reinforced asynchronous greedy arbitrary"
plot bound using ($1 == jd ? $2 : NaN):5 with lines ls 7 lw 1.5 title "bound φ*, N → ∞", \
     pairs using ($1 == jd ? V($3) : NaN):5 with lines ls 7 dt 3 lw 1.5 title (pairs eq bound ? "" : "V, around a typical one"), \
     for [i=1:words(names)] file using (strcol(4) eq word(names, i) && $11 == 1 ? $7 : NaN):8 \
         with points ls i title word(titles, i)
