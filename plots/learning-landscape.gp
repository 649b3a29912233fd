# Fixed points of a network before and after learning, under the inputs of test examples.
# data/learning-landscape.tsv (verify/kept): n, jd, epochs, then mean and standard error over seeds of: number under an
# input, share of them without a neighbour at one flip, share of examples that end in one, share of runs that
# return to it after four flips.
load plots."/style.gp"
file = data."/learning-landscape.tsv"
sizes = values(file, 1)
epochs = values(file, 3)
of(k, i, c) = near(column(1), word(sizes, k) + 0) && near(column(3), word(epochs, i) + 0) ? column(c) : NaN
name(k, i) = (word(epochs, i) + 0 == 0 ? "before" : "after").", N = ".word(sizes, k)
mark(k, i) = k == 1 ? filled(i) : hollow(i)
set multiplot layout 2,2
set xtics 0,0.2
set offsets graph 0.06, graph 0.06, 0, 0
set key top left samplen 1 spacing 1 font small
set logscale y
stats file using 4 nooutput
set yrange [0.5:STATS_max * 300]
set format y "10^{%L}"
set ylabel "fixed points"
plot for [k=1:words(sizes)] for [i=1:words(epochs)] file using (of(k, i, 2)):4:(bar(5)) with yerrorlines ls i lw 1 dt k pt mark(k, i) title name(k, i)
unset logscale y
set format y
unset key
set yrange [-0.05:1.1]
set ytics 0.5
set ylabel "isolated"
plot for [k=1:words(sizes)] for [i=1:words(epochs)] file using (of(k, i, 2)):6:(bar(7)) with yerrorlines ls i lw 1 dt k pt mark(k, i)
set xlabel "self-coupling {/:Italic J}_D"
set ylabel "ends in one"
plot for [k=1:words(sizes)] for [i=1:words(epochs)] file using (of(k, i, 2)):8:(bar(9)) with yerrorlines ls i lw 1 dt k pt mark(k, i)
set ylabel "returns"
plot for [k=1:words(sizes)] for [i=1:words(epochs)] file using (of(k, i, 2)):10:(bar(11)) with yerrorlines ls i lw 1 dt k pt mark(k, i)
unset multiplot
