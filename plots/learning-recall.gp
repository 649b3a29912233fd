# Patterns recalled from damaged cues: with couplings that learn, that are fixed, that are absent, and a
# perceptron. data/learning-recall.tsv: damage, accuracy and error of each of them (doc/learning.md).
load plots."/style.gp"
file = data."/learning-recall.tsv"
stats file using 2 nooutput
set xlabel "bits of the cue that are flipped"
set ylabel "patterns with every bit right"
set yrange [-0.02:1.08]
set xrange [STATS_min - 0.03:STATS_max + 0.03]
set xtics 0.1
set key outside right top
names = "learned fixed absent mlp mlp-long mlp-clean"
titles = "'J learned' 'J fixed' 'no J' 'MLP, noise' 'MLP, noise, 4x longer' 'MLP, no noise'"
of(i) = strcol(1) eq word(names, i) ? column(2) : NaN
plot for [i=1:words(names)] file using (of(i)):3 with lines ls i dt 3 lw 1 notitle, \
     for [i=1:words(names)] file using (of(i)):3:(bar(4)) with yerrorbars ls i title word(titles, i)
