# Entropy of m-tuples of fixed points at mutual overlap q, m = 2 and 3, around J_gap. data/gap.tsv:
# fl-overlap gap with --theory. Points: measured; thin lines: exact mean at this N; thick: N -> infinity.
load plots."/style.gp"
set multiplot layout 1, 2 margins 0.14, 0.98, 0.17, 0.93 spacing 0.09, 0
set xlabel "overlap q" offset 0,0.3
set xrange [-0.05:0.85]
set xtics 0, 0.2, 0.8
set yrange [-0.45:0.19]
set key at graph 0.97, 0.3 right samplen 1
file = data."/gap.tsv"
if (!exists("jd")) jd = 0.06
sizes = "10 20 30"
do for [m=2:3] {
    set ylabel m == 2 ? "ln(mean number of m-tuples) / N  (nats)" : ""
    set label 1 sprintf("m = %d, J_D = %g", m, jd) at graph 0.32, 0.95
    if (m == 3) { unset key; set format y "" }
    plot 0 ls 10 notitle, \
         file using (abs($2 - jd) < 1e-9 && $1 == 30 && $3 == m ? $4 : NaN):15 with lines lc rgb black \
             lw 2.2 title "N → ∞", \
         for [i=1:3] file using (abs($2 - jd) < 1e-9 && $1 == int(word(sizes, i)) && $3 == m ? $4 : NaN):14 \
             with lines ls i lw 0.7 notitle, \
         for [i=1:3] file using (abs($2 - jd) < 1e-9 && $1 == int(word(sizes, i)) && $3 == m && $8 > 0 \
             ? $4 : NaN):13:($9 / $8 / $1) with yerrorbars ls i title "N = ".word(sizes, i)
}
unset multiplot
