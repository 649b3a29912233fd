# Mean count over the exact mean. data/count.tsv: fl-enumerate --summary.
load plots."/style.gp"
set xlabel "self-coupling J_D"
set ylabel "mean count / exact mean"
set key top right horizontal samplen 1 reverse Left
set xrange [-0.05:0.88]
set offsets 0, 0, graph 0.12, 0
sizes = "12 16 20 24"
plot 1 ls 10 notitle, \
     for [i=1:4] data."/count.tsv" using ($2 + 0.012 * (i - 2.5)): \
         ($1 == int(word(sizes, i)) ? $4 / $6 : NaN):($5 / $6) with yerrorbars ls i \
         title "N = ".word(sizes, i)
