# Entropy of fixed points against the self-coupling for partly symmetric couplings. data/entropy-eta-K.tsv,
# K = 1..5: fl-entropy count --eta -1, -0.5, 0, 0.5, 1 --n 16; data/count-eta-K.tsv: fl-enumerate --summary.
load plots."/style.gp"
theory = data."/entropy-eta-1.tsv"." ".data."/entropy-eta-2.tsv"." ".data."/entropy-eta-3.tsv"." ". \
         data."/entropy-eta-4.tsv"." ".data."/entropy-eta-5.tsv"
counts = data."/count-eta-1.tsv"." ".data."/count-eta-2.tsv"." ".data."/count-eta-3.tsv"." ". \
         data."/count-eta-4.tsv"." ".data."/count-eta-5.tsv"
etas = "-1 -0.5 0 0.5 1"
set xlabel "self-coupling J_D"
set ylabel "entropy per neuron (nats)"
set xrange [-0.02:1]
set yrange [-0.2:0.66]
set key bottom right
set label "Tanaka and Edwards 1980" at 0.03, 0.5
set arrow from 0.08, 0.47 to 0.01, 0.225 lc rgb grey
plot 0 with lines ls 10 notitle, \
     "+" using (0):(0.1992) every ::0::0 with points pt 6 ps 2.2 lw 2 lc rgb black notitle, \
     for [k=1:5] word(theory, k) using 1:3 with lines ls k title "η = ".word(etas, k), \
     for [k=1:5] word(theory, k) using 1:($4 / $2) with lines ls k lw 0.6 dt 3 notitle, \
     for [k=1:5] word(counts, k) using 2:(log($4) / $1):(bar(5) / $4 / $1) with yerrorbars ls k notitle
