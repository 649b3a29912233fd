# Entropy of fixed points around configurations that were reached, and around an arbitrary one, against the distance between two of them.
# message-local.tsv: rows of fl-message local, tables of several centres one after the other; curve.tsv: fl-phase curve,
# the bound phi*, at the J_D of the rows.
load plots."/style.gp"
file = data."/message-local.tsv"; bound = data."/curve.tsv"
jd = system("awk '!/^#/ {print $2; exit}' '".file."'") + 0
set xlabel "distance between two fixed points, (1 - q)/2"
set ylabel "entropy around it (nats per neuron)"
set xrange [0:0.5]
set yrange [0:0.3]
set key bottom right
names = "reinforced async greedy up"
titles = "reinforced asynchronous greedy arbitrary"
plot bound using ($1 == jd ? $2 : NaN):5 with lines ls 7 lw 1.5 title "bound φ*, N → ∞", \
     for [i=1:words(names)] file using (strcol(4) eq word(names, i) && $11 == 1 ? $7 : NaN):8 \
         with points ls i title word(titles, i)
