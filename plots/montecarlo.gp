# Entropy per neuron by Monte Carlo, and its difference from the limit.
# data/montecarlo-N.tsv: fl-count --summary; data/montecarlo-exact.tsv: fl-enumerate --summary;
# data/montecarlo-theory.tsv: fl-entropy count.
load plots."/style.gp"
# The size of the enumeration, then those of the files montecarlo-N.tsv.
sizes = word(values(data."/montecarlo-exact.tsv", 1), 1)." ".\
    system("ls '".data."' | sed -n 's/^montecarlo-\\([0-9]*\\).tsv$/\\1/p' | sort -n | tr '\\n' ' '")
all = words(sizes)
file(i) = i == 1 ? data."/montecarlo-exact.tsv" : data."/montecarlo-".word(sizes, i).".tsv"
limit(jd) = log(2 * norm(jd))
# Columns of entropy, its error, and what must be 0 (fl-enumerate has no undecided samples).
set multiplot
set lmargin 11
set rmargin 2
set offsets graph 0.06, graph 0.06, graph 0.05, graph 0.05
set size 1, 0.55
set origin 0, 0.45
set bmargin 0
set format x ""
set ylabel "entropy (nats / neuron)"
set key bottom right
eval limits
plot data."/montecarlo-theory.tsv" using (near($2, real(word(sizes, 1))) ? $1 : NaN):3 with lines lc rgb black lw 2.2 \
         title "ln 2Φ(J_D), N → ∞", \
     file(1) using 2:9:(bar(10)) with yerrorbars lc rgb grey pt 6 title "enumeration, N = ".word(sizes, 1), \
     for [i=2:all] file(i) using ($2 + 0.006 * (i - 3)):($4 == 0 ? $6 : NaN):(bar(7)) with yerrorbars ls i - 1 \
         title "Monte Carlo, N = ".word(sizes, i)
set size 1, 0.45
set origin 0, 0
set tmargin 1
set bmargin 3.2
set format x "%g"
set xlabel "self-coupling J_D"
set ylabel "minus the limit"
unset key
eval limits
plot 0 ls 10 notitle, \
     for [i=1:all] data."/montecarlo-theory.tsv" \
         using ($2 == int(word(sizes, i)) ? $1 : NaN):($4 / $2 - $3) with lines \
         ls (i == 1 ? 10 : i - 1) dt 1 lw 1 notitle, \
     file(1) using 2:($9 - limit($2)):(bar(10)) with yerrorbars lc rgb grey pt 6 notitle, \
     for [i=2:all] file(i) using ($2 + 0.006 * (i - 3)):($4 == 0 ? $6 - limit($2) : NaN):(bar(7)) \
         with yerrorbars ls i - 1 notitle
unset multiplot
