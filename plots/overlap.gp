# Mean overlap histograms of one size, every J_D that data/overlap.tsv holds: fl-overlap histogram. Steps: the
# exact mean. A configuration with itself (q = 1) and with its mirror image (q = -1) stand apart.
# needs overlap.tsv: 1 n, 2 jd, 4 overlap, 5 pairs_mean, 6 pairs_error, 7 exact_mean
load plots."/style.gp"
set xlabel "overlap q = 1 - 2d/N"
set ylabel "ordered pairs of fixed points per network"
set logscale y
set format y "10^{%L}"
set key outside top center horizontal samplen 1
set xrange [-1.06:1.06]
file = data."/overlap.tsv"
jds = system("awk '!/^#/ {print $2}' '".file."' | sort -nu | tr '\\n' ' '")
n = system("awk '!/^#/ {print $1; exit}' '".file."'")
jd(i) = real(word(jds, i))
# Half of the smallest number in the table; of exact means far below all that was measured a part is left out.
low = real(system("awk '!/^#/ { if ($5 > 0 && (!m || $5 < m)) m = $5; if ($7 > 0 && (!e || $7 < e)) e = $7 } \
                   END { if (m && e < m/20) e = m/20; if (!e || (m && m < e)) e = m; print e ? e/2 : 0.1 }' '".file."'"))
set yrange [low:*]
set label "each with\nitself" at 1.03, graph 0.94 right
set label "mirror\nimages" at -1.03, graph 0.94 left
eval limits
plot for [i=1:words(jds)] file using (abs($2 - jd(i)) < 1e-9 && abs($4) < 1 ? $4 : NaN):7 \
         with histeps ls i lw 1.2 title (i == 1 ? "exact mean" : ""), \
     for [i=1:words(jds)] file using (abs($2 - jd(i)) < 1e-9 && abs($4) == 1 ? $4 - 0.03 : NaN):7:(0.06):(0) \
         with vectors nohead ls i lw 1.2 notitle, \
     for [i=1:words(jds)] file using (abs($2 - jd(i)) < 1e-9 ? $4 : NaN):5:(bar(6)) with yerrorbars ls i \
         title "J_D = ".word(jds, i).", N = ".n
