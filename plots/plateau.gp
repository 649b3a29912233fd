# Plateau of the unstable fraction against J_D. data/plateau.tsv: fl-access run, N = 2000;
# data/dmft-plateau.tsv, dmft-plateau-async.tsv: fl-dmft plateau; dmft-threshold.tsv: fl-dmft threshold;
# access-threshold.tsv: fl-access threshold; critical.tsv: fl-phase critical.
load plots."/style.gp"
set xlabel "self-coupling J_D"
set ylabel "unstable fraction, stationary"
set xrange [0:0.95]
set yrange [-0.01:0.4]
set key top right
named(key) = real(system("awk '$1 == \"".key."\" {print $2}' '".data."/critical.tsv'"))
Jgap = named("J_gap"); Jmono = named("J_mono")
Jc = system("awk '!/^#/ {print $2}' '".data."/dmft-threshold.tsv'") + 0
half(n) = system(sprintf("awk '$1==\"async\" && $2==%d {print $3}' '%s/access-threshold.tsv'", n, data)) + 0
do for [x in sprintf("%g %g", half(100), half(400))] {
    set arrow from real(x), 0 to real(x), 0.3 nohead ls 10
}
set arrow from Jc, 0 to Jc, 0.2 nohead ls 10
set arrow from Jgap, 0 to Jgap, 0.2 nohead ls 10
set arrow from Jmono, 0 to Jmono, 0.2 nohead ls 10
set label "J_{gap}" at Jgap - 0.028, 0.06 rotate by 90 font small
set label "J_{mono}" at Jmono + 0.022, 0.06 rotate by 90 font small
set label "J_c" at Jc, 0.215 center
set label "half reach,\nN = 100" at half(100), 0.335 center font small
set label "half reach,\nN = 400" at half(400), 0.335 center font small
file = data."/plateau.tsv"
names = "sync partial async"
titles = "'synchronous' 'p = 0.25' 'asynchronous'"
limit(x) = x < Jc ? ((Jc - x) / 1.16519)**2 : 0
set samples 400
eval limits
plot limit(x) ls 1 dt 2 lw 1 notitle, \
     data."/dmft-plateau.tsv" using ($2 == 1 ? $1 : NaN):3 with lines ls 1 lw 2 notitle, \
     data."/dmft-plateau.tsv" using ($2 == 0.25 ? $1 : NaN):3 with lines ls 2 lw 2 notitle, \
     data."/dmft-plateau-async.tsv" using 1:3 with lines ls 3 lw 2 notitle, \
     for [i=1:3] file using (strcol(1) eq word(names, i) ? $3 : NaN):8:(bar(9)) with yerrorbars ls i title word(titles, i)
