# What is learned, against J_D, on the same axis as learning-jd. data/learning-withdrawn.tsv: fl-train
# sweep. Overlaps are shown as distances (1 - overlap)/2, fractions of neurons.
load plots."/style.gp"
set xlabel "self-coupling J_D"
set ylabel "fraction"
set offsets graph 0.04, graph 0.04, graph 0.02, graph 0.02
set logscale y
set format y "10^{%T}"
set yrange [3e-6:2]
set key top right
set label "at the lower edge: none" at graph 0.02, 0.04
file = data."/learning-withdrawn.tsv"
positive(x) = x > 3e-6 ? x : 3.3e-6
eval limits
plot file using 1:(positive(1 - $8)):(bar(9)) with yerrorbars ls 2 title "states that are no fixed points", \
     file using 1:(positive((1 - $12) / 2)):(bar(13) / 2) with yerrorbars ls 3 title "neurons that the label has moved", \
     file using 1:(positive((1 - $10) / 2)):(bar(11) / 2) with yerrorbars ls 1 title "neurons that move when it is withdrawn"
