# Median sweeps to a fixed point against N, at several J_D. data/access.tsv: fl-access run.
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
eval limits
plot for [i=1:words(jds)] file using (of(1, i) ? $2 : NaN):10 \
         with linespoints ls style_of(i) title "J_D = ".word(jds, i), \
     for [i=1:(two ? words(jds) : 0)] file using (of(2, i) ? $2 : NaN):10 \
         with linespoints ls style_of(i) dt 3 pt hollow(i) notitle
