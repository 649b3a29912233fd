# Accuracy on damaged inputs, with recurrent couplings that learn, that are fixed and that are absent.
# data/learning-damage.tsv: couplings, damage (flip or erase), its probability, accuracy, error
# (doc/learning-rules.md).
load plots."/style.gp"
file = data."/learning-damage.tsv"
set xlabel "share of the inputs flipped (full) or erased (open)"
set ylabel "test accuracy"
set yrange [0:1]
set xrange [-0.03:0.75]
set key bottom left
names = "learned fixed absent"
titles = "'J learns' 'J fixed' 'no J'"
of(i, kind) = strcol(1) eq word(names, i) && strcol(2) eq kind ? column(3) : NaN
plot for [i=1:3] file using (of(i, "flip")):4:(bar(5)) with yerrorlines ls i lw 1 title word(titles, i), \
     for [i=1:3] file using (of(i, "erase")):4:(bar(5)) with yerrorlines ls i lw 1 pt 6 notitle
