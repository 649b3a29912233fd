# How many clusters there are of each size. data/cluster-sizes.tsv: fl-overlap sizes.
load plots."/style.gp"
file = data."/cluster-sizes.tsv"
jds = system("awk '!/^#/ {print $2}' '".file."' | sort -gu | tr '\\n' ' '")
jd(i) = real(word(jds, i))
set xlabel "fixed points in a cluster"
set ylabel "clusters of that size in a network"
set logscale xy
set format y "10^{%L}"
set key top right samplen 1
set xrange [0.9:3000]
set yrange [3e-3:*]
plot for [i=1:words(jds)] file using (abs($2 - jd(i)) < 1e-9 ? $4 : NaN):5:($5 > $6 ? $5 - $6 : 3e-3):($5 + $6) \
         with yerrorbars ls i lw 0.8 ps 0.5 title "J_D = ".word(jds, i)
