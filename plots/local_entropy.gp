# Local entropy phi*(d) of the densest fixed points, one level. data/curve.tsv: fl-phase curve, every J_D that
# it holds, the first below J_gap: its overlap gap is shaded. data/critical.tsv: fl-phase critical, to name J_gap
# and J_mono. Above: the distance of one spin at three sizes.
# needs curve.tsv: 1 jd, 2 distance, 5 local_entropy
load plots."/style.gp"
set xlabel "distance d = (1 - q)/2"
set ylabel "local entropy φ*(d) (nats per neuron)"
set logscale x
set format x "10^{%T}"
set xtics nomirror add ("0.5" 0.5)
set logscale x2
set x2tics ("177" 1./177, "64" 1./64, "20" 1./20) scale 0.6
set x2label "distance of one spin at N =" offset 0, -0.6
set border 3
set key top left reverse Left
file = data."/curve.tsv"
stats file using 2 name "D" nooutput
set xrange [D_min:0.5]
set x2range [D_min:0.5]
if (strlen(limits)) { unset x2tics; unset x2label; set border 31 }
# So far up that a gap can be seen below.
stats file using 5 nooutput
dip = STATS_min < 0 ? -STATS_min : 0
set yrange [-2.5 * dip:(dip > 0 && STATS_max > 9 * dip ? 9 * dip : 1.05 * STATS_max)]
couplings = system("awk '!/^#/ {print $1}' '".file."' | sort -gu | tr '\\n' ' '")
named(key) = real("0".system("awk '$1 == \"".key."\" {print $2}' '".data."/critical.tsv' 2>/dev/null"))
Jgap = named("J_gap"); Jmono = named("J_mono")
called(x) = abs(x - Jgap) < 1e-6 ? "J_{gap} = " : abs(x - Jmono) < 1e-6 ? "J_{mono} = " : "J_D = "
at(i) = ($1 == real(word(couplings, i)) ? $5 : NaN)
eval limits
plot file using 2:($5 < 0 ? at(1) : NaN):(0) with filledcurves lc rgb sky fs solid 0.35 noborder \
         title "overlap gap, J_D = ".word(couplings, 1), \
     0 with lines ls 10 notitle, \
     for [i=1:words(couplings)] file using 2:(at(i)) with lines ls i \
         title called(real(word(couplings, i))).sprintf("%.4f", real(word(couplings, i)))
