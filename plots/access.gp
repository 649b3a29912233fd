# Success against J_D. data/access.tsv: fl-access run; data/access-threshold.tsv: fl-access threshold (n, jd_half,
# width of the logistic fits); dmft-threshold.tsv: fl-dmft threshold, for J_c, where it is there.
# needs access.tsv: 1 algorithm, 2 n, 3 jd, 5 success, 6 success_low, 7 success_high
# needs access-threshold.tsv: 1 algorithm, 2 n, 3 jd_half, 7 width
load plots."/style.gp"
file = data."/access.tsv"; fits = data."/access-threshold.tsv"
sizes = system("awk '!/^#/ {print $2}' '".file."' | sort -nu | tr '\\n' ' '")
names = "async sync"
has_sync = system("grep -c '^sync ' '".file."'; true") + 0 > 0
Jc = ("0".system("awk '!/^#/ {print $2; exit}' '".data."/dmft-threshold.tsv' 2>/dev/null")) + 0
set xlabel "self-coupling J_D"
set ylabel "fraction of runs that reach a fixed point"
set key at graph 0.99, 0.56 right title "asynchronous" left
set yrange [-0.03:1.03]
stats file using 3 nooutput
left = STATS_min - 0.03; right = (Jc > STATS_max ? Jc : STATS_max) + 0.2
set xrange [left:right]
set xtics 0.1
if (Jc > 0) {
    set arrow from Jc, graph 0.62 to Jc, graph 1 nohead ls 10 # the key is below
    set label "J_c, N → ∞" at Jc + 0.01, 0.72 left
}
cell(a, i, k) = ("0".system(sprintf("awk '$1==\"%s\" && $2==%s {print $%d}' '%s'", word(names, a), word(sizes, i), k, fits))) + 0
count = words(sizes)
array H[2 * count]; array W[2 * count]
do for [a=1:2] { do for [i=1:count] {
    H[count*(a-1)+i] = cell(a, i, 3); W[count*(a-1)+i] = cell(a, i, 7)
} }
curve(x, k) = (H[k] > 0 && W[k] > 0) ? 1 / (1 + exp(-(x - H[k]) / W[k])) : NaN
open(i) = int(word("6 4 8 10 12 3 1", i))
set samples 400
if (has_sync) {
    set label "open, dotted:" at graph 0.99, 0.14 right
    set label "synchronous" at graph 0.99, 0.07 right
}
eval limits
plot for [i=1:count] curve(x, i) ls i notitle, \
     for [i=1:count * has_sync] curve(x, count + i) ls i dt 3 notitle, \
     for [i=1:count] file using (strcol(1) eq "async" && $2 == int(word(sizes, i)) ? $3 : NaN):5:6:7 \
         with yerrorbars ls i title "N = ".word(sizes, i), \
     for [i=1:count * has_sync] file using (strcol(1) eq "sync" && $2 == int(word(sizes, i)) ? $3 + 0.006 : NaN):5:6:7 \
         with yerrorbars ls i pt open(i) notitle
