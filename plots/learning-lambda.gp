# Test accuracy of two modules against lambda at J_D = 0, beside the entropy of fixed points of such a
# chain. data/learning-lambda.tsv, learning-lambda-kept.tsv: fl-train sweep; learning-chain.tsv:
# fl-entropy chain.
load plots."/style.gp"
set xlabel "coupling of the modules λ"
set ylabel "test accuracy"
set y2label "entropy of fixed points, nats per neuron"
set ytics nomirror
set y2tics
set yrange [0:1]
set y2range [0:0.7]
set xrange [-0.03:1.53]
set key top right
set rmargin 9
eval limits
plot data."/learning-chain.tsv" using ($3 == 2 ? $2 : NaN):5 axes x1y2 with lines ls 7 lw 2 title "entropy (right axis)", \
     data."/learning-lambda-kept.tsv" using 2:6:7 with yerrorbars ls 3 title "label kept", \
     data."/learning-lambda.tsv" using 2:6:7 with yerrorbars ls 1 title "label withdrawn"
