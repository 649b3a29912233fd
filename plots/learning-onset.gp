# Where learning sets in, beside where asynchronous runs find fixed points of a random chain of three:
# both move with N. data/learning-onset.tsv: fl-train capacity --hidden LIST --lambda LIST;
# data/learning-onset-access.tsv: lambda, N, success and its interval, of fl-access run.
load plots."/style.gp"
set xlabel "coupling of the modules {/*1.1 λ}"
set ylabel "pairs learned, runs that arrive"
set yrange [-0.02:1.05]
set key outside right top
learned = data."/learning-onset.tsv"
access = data."/learning-onset-access.tsv"
sizes = system("awk '!/^#/ {print $3}' '".learned."' | sort -nu | tr '\\n' ' '")
of(i, k, c) = column(k) == word(sizes, i) + 0 ? column(c) : NaN
plot for [i=1:words(sizes)] access using (of(i, 2, 1)):3 with lines ls i dt 2 lw 1 notitle, \
     for [i=1:words(sizes)] access using (of(i, 2, 1)):3:4:5 with yerrorbars ls i pt 6 ps 0.6 notitle, \
     for [i=1:words(sizes)] learned using (of(i, 3, 2)):8 with lines ls i lw 1 notitle, \
     for [i=1:words(sizes)] learned using (of(i, 3, 2)):8:(bar(9)) with yerrorbars ls i title "N = ".word(sizes, i), \
     NaN with points lc rgb grey pt 6 ps 0.6 title "access"
