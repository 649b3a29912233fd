# Random sequences learned by the recurrent couplings: recalled as a whole against the load, and how far damage at
# their beginning is healed on the way. data/learning-sequences.tsv: fl-train capacity --data sequences --hidden LIST;
# learning-sequences-flip.tsv: the same with --margin LIST --flip LIST.
load plots."/style.gp"
file = data."/learning-sequences.tsv"
damage = data."/learning-sequences-flip.tsv"
set multiplot layout 1,2
sizes = values(file, 3)
set xlabel "steps for each neuron"
set ylabel "sequences recalled"
set yrange [-0.03:1.05]
set offsets graph 0.04, graph 0.04, 0, 0
set xtics 0.5
set key bottom left
of(i, c) = near(column(3), word(sizes, i) + 0) ? column(c) : NaN
plot for [i=1:words(sizes)] file using (of(i, 5) / column(3)):8:(bar(9)) with yerrorlines ls i lw 1 title "N = ".word(sizes, i)
margins = values(damage, 3)
load_shown = word(values(damage, 4), words(values(damage, 4)) - 1) + 0
set xtics 0.1
set xlabel "flipped in the first pattern"
set ylabel "overlap at the end"
at(i, c) = near(column(3), word(margins, i) + 0) && near(column(4), load_shown) ? column(c) : NaN
plot for [i=1:words(margins)] damage using (at(i, 6)):10:(bar(11)) with yerrorlines ls i lw 1 title "margin ".word(margins, i)
unset multiplot
