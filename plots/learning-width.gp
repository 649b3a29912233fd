# Test accuracy against the number of hidden neurons, beside the baselines on the same examples.
# data/learning-width.tsv, learning-width-e.tsv: fl-train sweep; learning-baselines.tsv: fl-train
# baseline, whose last epochs are averaged here as in a sweep.
load plots."/style.gp"
set xlabel "hidden neurons H"
set ylabel "test accuracy"
set logscale x 2
set key bottom right
set yrange [0.2:1]
set xtics (50, 100, 200)
# kind hidden mean error over seeds, from the last three epochs of each
last = "awk '!/^#/ {if ($6 > top) top = $6; k = $1 \" \" $2; v[k, $5, $6] = $8; seen[k] = 1; seeds[$5] = 1} ".\
    "END {for (k in seen) {n = 0; s = 0; q = 0; for (a in seeds) {m = 0; for (e = top - 2; e <= top; e++) m += v[k, a, e] / 3; ".\
    "n++; s += m; q += m * m}; mean = s / n; err = n > 1 ? sqrt((q / n - mean * mean) / (n - 1)) : 0; print k, mean, err}}' '".\
    data."/learning-baselines.tsv' | sort -k1,1 -k2,2n"
linear = system(last." | awk '$1==\"linear\" {print $3}'") + 0
eval limits
plot linear ls 10 title "linear softmax", \
     "<".last using (strcol(1) eq "mlp" ? $2 : NaN):3:(bar(4)) with yerrorbars ls 7 pt 6 title "backpropagation, equal parameters", \
     data."/learning-width-e.tsv" using 3:7:(bar(8)) with yerrorbars ls 5 title "rule E (error fed back)", \
     data."/learning-width.tsv" using 3:7:(bar(8)) with yerrorbars ls 1 title "label withdrawn, J_D = 0.5", \
     "<".last using (strcol(1) eq "random-features" ? $2 : NaN):3:(bar(4)) with yerrorbars ls 4 title "random features"
