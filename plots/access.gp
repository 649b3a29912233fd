# Success against J_D. data/access.tsv: fl-access run; data/access-threshold.tsv: fl-access threshold
# (n, jd_half, width of the logistic fits).
load plots."/style.gp"
set xlabel "self-coupling J_D"
set ylabel "fraction of runs that reach a fixed point"
set key at graph 0.99, 0.62 right title "asynchronous" left
set xrange [0.08:0.99]
set xtics 0.1, 0.1, 0.7
set yrange [-0.03:1.03]
sizes = "50 100 200 400"
names = "async sync"
file = data."/access.tsv"; fits = data."/access-threshold.tsv"
half(a, i) = system(sprintf("awk '$1==\"%s\" && $2==%s {print $3}' '%s'", word(names, a), word(sizes, i), fits)) + 0
wide(a, i) = system(sprintf("awk '$1==\"%s\" && $2==%s {print $7}' '%s'", word(names, a), word(sizes, i), fits)) + 0
array H[8]; array W[8]
do for [a=1:2] { do for [i=1:4] { H[4*(a-1)+i] = half(a, i); W[4*(a-1)+i] = wide(a, i) } }
curve(x, k) = (H[k] > 0 && W[k] > 0) ? 1 / (1 + exp(-(x - H[k]) / W[k])) : NaN
set samples 400
set label "open, dotted:" at graph 0.99, 0.14 right
set label "synchronous" at graph 0.99, 0.07 right
plot for [i=1:4] curve(x, i) ls i notitle, \
     for [i=1:4] curve(x, 4 + i) ls i dt 3 notitle, \
     for [i=1:4] file using (strcol(1) eq "async" && $2 == int(word(sizes, i)) ? $3 : NaN):5:6:7 \
         with yerrorbars ls i title "N = ".word(sizes, i), \
     for [i=1:4] file using (strcol(1) eq "sync" && $2 == int(word(sizes, i)) ? $3 + 0.004 : NaN):5 \
         with points ls i pt (i == 1 ? 6 : i == 2 ? 4 : i == 3 ? 8 : 10) notitle
