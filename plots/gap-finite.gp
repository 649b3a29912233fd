# The exact mean number of pairs of fixed points at finite N, and its limit. data/gap-finite.tsv: fl-entropy
# pairs at one J_D and several n; data/gap-limit.tsv: fl-entropy potential at the same J_D.
load plots."/style.gp"
file = data."/gap-finite.tsv"
sizes = system("awk '!/^#/ {print $2}' '".file."' | sort -nu | tr '\\n' ' '")
jd = system("awk '!/^#/ {print $1; exit}' '".file."'")
set xlabel "distance d/N"
set ylabel "ln E[M_d] / N  (nats)"
set xrange [0:0.2]
set yrange [-0.06:0.1]
set key top left reverse Left maxrows 4 title "J_D = ".jd left
eval limits
plot 0 ls 10 notitle, \
     data."/gap-limit.tsv" using 3:4 with lines lc rgb black lw 2 title "N → ∞", \
     for [i=1:words(sizes)] file using ($2 == int(word(sizes, i)) && $3 > 0 ? $3 / $2 : NaN):($5 / $2) \
         with points ls i ps 0.5 title "N = ".word(sizes, i)
