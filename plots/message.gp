# Success of message passing against J_D. message.tsv: fl-message solve, one method, several n; message-threshold.tsv:
# fl-access threshold of its rows, for the curves; critical.tsv: fl-phase critical, for J_mono.
load plots."/style.gp"
file = data."/message.tsv"; fits = data."/message-threshold.tsv"
sizes = system("awk '!/^#/ {print $2}' '".file."' | sort -nu | tr '\\n' ' '")
count = words(sizes)
cell(i, k) = ("0".system(sprintf("awk '!/^#/ && $2==%s {print $%d}' '%s' 2>/dev/null", word(sizes, i), k, fits))) + 0
array H[count]; array W[count]
do for [i=1:count] { H[i] = cell(i, 3); W[i] = cell(i, 7) }
curve(x, i) = (H[i] > 0 && W[i] > 0) ? 1 / (1 + exp(-(x - H[i]) / W[i])) : NaN
Jmono = ("0".system("awk '$1 == \"J_mono\" {print $2; exit}' '".data."/critical.tsv' 2>/dev/null")) + 0
set xlabel "self-coupling J_D"
set ylabel "fraction of networks solved"
set yrange [-0.03:1.03]
stats file using 3 nooutput
set xrange [(STATS_min < 0.07 ? STATS_min - 0.01 : 0.06):STATS_max + 0.01]
set key bottom right title "message passing" left
set samples 400
if (Jmono > 0) {
    set arrow from Jmono, -0.03 to Jmono, 1.03 nohead ls 10
    set label "J_{mono}, N → ∞" at Jmono + 0.002, 0.92 left
}
plot for [i=1:count] curve(x, i) ls i notitle, \
     for [i=1:count] file using ($2 == real(word(sizes, i)) ? $3 + 0.0004 * (i - 2) : NaN):5:6:7 \
         with yerrorbars ls i title "N = ".word(sizes, i)
