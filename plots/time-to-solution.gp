# Median sweeps to a fixed point against N, at several J_D. data/access.tsv: fl-access run.
# With access-runs.tsv (the same with --per-sample) beside it: 95 % intervals of the medians, by ranks.
# needs access.tsv: 1 algorithm, 2 n, 3 jd, 10 median_sweeps
load plots."/style.gp"
set xlabel "neurons N"
set ylabel "median sweeps to a fixed point"
set logscale xy
file = data."/access.tsv"
algorithms = system("awk '!/^#/ && !seen[$1]++ {print $1}' '".file."' | tr '\n' ' '")
two = words(algorithms) > 1
set key outside right center title word(algorithms, 1)
if (two) { set label "open, dotted:\n".word(algorithms, 2) at screen 0.985, 0.2 right }
jds = thinned(values_where(file, 3, "$10 < 1e300"), 7)
of(a, i) = strcol(1) eq word(algorithms, a) && near($3, real(word(jds, i))) && $10 < 1e300
sizes = values(file, 2)
set xrange [0.85 * real(word(sizes, 1)):1.15 * real(last(sizes))]
set xtics (last(sizes) last(sizes) + 0)
do for [i=1:words(sizes)] { set xtics add (word(sizes, i) word(sizes, i) + 0) }
# algorithm, n, jd, median, interval; a rank at which the run has not arrived is drawn as the longest run.
ranks = "< awk '!/^#/ {print $1, $2, $3, ($6 == \"fixed\" ? $7 : 1e300)}' '".data."/access-runs.tsv' 2>/dev/null | sort -k1,1 -k2,2g -k3,3g -k4,4g | awk ' \
    function told() {h = 0.98 * sqrt(c); lo = int(c / 2 - h); lo = lo < 1 ? 1 : lo; hi = c + 1 - lo; m = (v[int((c + 1) / 2)] + v[int(c / 2) + 1]) / 2; \
        if (c && m < 1e299) print key, m, v[lo], (v[hi] < 1e299 ? v[hi] : top)} \
    {k = $1 \" \" $2 \" \" $3; if (k != key) {told(); key = k; c = 0; top = 0} v[++c] = $4; if ($4 < 1e299 && $4 > top) top = $4} END {told()}'"
bars = system("ls '".data."/access-runs.tsv' 2>/dev/null") ne ""
belongs(a, i) = strcol(1) eq word(algorithms, a) && near($3, real(word(jds, i)))
spread(i) = 1 + 0.02 * (i - 0.5 * (words(jds) + 1))     # bars of one N do not hide one another
eval limits
plot for [a=1:(bars ? words(algorithms) : 0)] for [i=1:words(jds)] ranks using (belongs(a, i) ? $2 * spread(i) : NaN):5:(0):($6 - $5) \
         with vectors nohead ls style_of(i) lw 1 notitle, \
     for [i=1:words(jds)] file using (of(1, i) ? $2 * spread(i) : NaN):10 \
         with linespoints ls style_of(i) title "J_D = ".word(jds, i), \
     for [i=1:(two ? words(jds) : 0)] file using (of(2, i) ? $2 * spread(i) : NaN):10 \
         with linespoints ls style_of(i) dt 3 pt hollow(i) notitle
