# Self-coupling at which the m-overlap gap closes. data/gaps.tsv: fl-phase gaps with whole and broken m;
# data/critical.tsv: fl-phase critical.
load plots."/style.gp"
set xlabel "copies m"
set ylabel "self-coupling J_D"
set offsets graph 0.04, graph 0.04, graph 0.02, graph 0.02
set key bottom right
gap = real(system("awk '$1 == \"J_gap\" { print $2 }' ".data."/critical.tsv"))
file = data."/gaps.tsv"
set label sprintf("J_{gap} = %.6f", gap) at 12.3, gap + 0.0025 right
eval limits
plot gap with lines ls 10 notitle, \
     file using 1:2 smooth mcsplines with lines ls 1 title "gap of m copies below", \
     file using ($1 == int($1) ? $1 : NaN):2 with points ls 2 title "whole m: proved"
