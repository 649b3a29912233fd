# Pairs of classes learned one after the other: what is left of the first pair.
# data/learning-continual.tsv: fl-train continual; learning-continual-e.tsv: the same with --preset rule-e.
load plots."/style.gp"
file = data."/learning-continual.tsv"
other = data."/learning-continual-e.tsv"
set xlabel "pairs of classes learned"
set ylabel "accuracy on the first pair"
set yrange [-0.03:1.05]
set xtics 1
set offsets 0.2, 0.2, 0, 0
set key outside right top samplen 1 width -2
learners = system("awk '!/^#/ && !seen[$1]++ {print $1}' '".file."' | tr '\\n' ' '")
left(i, c) = strcol(1) eq word(learners, i) && column(2) > 0 && column(3) == 1 ? column(c) : NaN
rule(c) = strcol(1) eq "rule" && column(2) > 0 && column(3) == 1 ? column(c) : NaN
eval limits
plot for [i=1:words(learners)] file using (left(i, 2)):8:(bar(9)) with yerrorlines ls i lw 1 title (word(learners, i) eq "random-features" ? "random" : word(learners, i)), \
     other using (rule(2)):8:(bar(9)) with yerrorlines ls 7 lw 1 pt 13 title "rule E", \
     0.5 with lines ls 10 title "guessing", \
     for [i=1:words(learners)] file using (left(i, 2)):6:(bar(7)) with yerrorlines ls i lw 1 dt 3 pt hollow(i) notitle, \
     NaN with points lc rgb grey pt 7 ps 0.8 title "of the two", \
     NaN with points lc rgb grey pt 6 ps 0.8 title "of all ten"
