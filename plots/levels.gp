# J_gap with one, two and three levels of overlap, beside J_mono of one level. data/levels.tsv and
# data/levels-three.tsv: fl-phase levels; data/critical.tsv: fl-phase critical.
load plots."/style.gp"
mono = real(system("awk '$1 == \"J_mono\" { print $2 }' ".data."/critical.tsv"))
two = data."/levels.tsv"
three = data."/levels-three.tsv"
both = "< grep -hv '^#' ".two." ".three
set xlabel "levels of overlap"
set ylabel "self-coupling J_D"
set xrange [0.6:3.4]
set yrange [0.055:0.085]
set xtics 1
set key top left reverse Left
set label sprintf("J_{mono} = %.4f (one level)", mono) at 1.15, mono - 0.0012
plot mono with lines ls 10 notitle, \
     both using (strcol(12) eq "estimate" ? $1 : NaN):2:3 with yerrorbars ls 1 ps 1.4 \
         title "over all sizes: estimate", \
     both using (strcol(12) eq "theorem" ? $1 : NaN):2:3 with yerrorbars ls 2 pt 4 ps 1.8 \
         title "whole numbers: theorem, excluded below"
