# Entropy of m-tuples of fixed points at mutual overlap q, of two m, at one J_D. data/gap.tsv:
# fl-overlap gap with --theory. Points: measured; thin lines: exact mean at this N; thick: N -> infinity.
# needs gap.tsv: 1 n, 2 jd, 3 m, 4 q, 8 tuples_mean, 9 tuples_error, 13 entropy, 14 exact_entropy, 15 limit_entropy
load plots."/style.gp"
set multiplot layout 1, 2 margins 0.17, 0.98, 0.15, 0.97 spacing 0.06, 0
set xlabel "overlap q"
set offsets graph 0.05, graph 0.05, 0, 0
set xtics 0.2
set key at graph 0.97, 0.3 right samplen 1
file = data."/gap.tsv"
jds = values(file, 2)
if (!exists("jd")) jd = word(jds, (words(jds) + 1) / 2) + 0
sizes = thinned(values(file, 1), 6)
ms = values(file, 3)
stats file using (near($2, jd) && $8 > 0 ? $13 : NaN) name "P" nooutput
stats file using (near($2, jd) ? $15 : NaN) name "L" nooutput
low = P_min < L_min ? P_min : L_min; high = P_max > L_max ? P_max : L_max
set yrange [low - 0.15 * (high - low):high + 0.15 * (high - low)]
of(i, m) = near($2, jd) && near($1, real(word(sizes, i))) && near($3, m)
do for [k=1:(words(ms) > 1 ? 2 : 1)] {
    m = word(ms, k) + 0
    set ylabel k == 1 ? "ln(mean tuples) / N  (nats)" : ""
    set label 1 sprintf("m = %d, J_D = %g", m, jd) at graph 0.95, 0.95 right
    if (k == 2) { unset key; set format y "" }
    eval limits
    plot 0 ls 10 notitle, \
         file using (of(words(sizes), m) ? $4 : NaN):15 with lines lc rgb black lw 2.2 title "N → ∞", \
         for [i=1:words(sizes)] file using (of(i, m) ? $4 : NaN):14 with lines ls i lw 0.7 notitle, \
         for [i=1:words(sizes)] file using (of(i, m) && $8 > 0 ? $4 : NaN):13:(bar(9) / $8 / $1) \
             with yerrorbars ls i title "N = ".word(sizes, i)
}
unset multiplot
