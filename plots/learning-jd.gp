# Test accuracy against J_D. data/learning-withdrawn.tsv, learning-kept-jd.tsv: fl-train sweep;
# access-threshold.tsv: fl-access threshold, for the J_D at which asynchronous runs succeed half of
# the time at N = H, the size of the trained network; critical.tsv: fl-phase critical, where it is there;
# learning-baselines.tsv: fl-train baseline, for the linear classifier.
load plots."/style.gp"
set xlabel "self-coupling J_D"
set ylabel "test accuracy"
set offsets graph 0.04, graph 0.04, graph 0.02, graph 0.02
set yrange [0:1]
set key at graph 0.98, 0.3
named(key) = real("0".system("awk '$1 == \"".key."\" {print $2}' '".data."/critical.tsv' 2>/dev/null"))
Jgap = named("J_gap"); Jmono = named("J_mono")
size = system("awk '/^# hidden:/ {print $3}' '".data."/learning-withdrawn.tsv'")
half = ("0".system("awk '$1==\"async\" && $2==".size." {print $3}' '".data."/access-threshold.tsv' 2>/dev/null")) + 0
set arrow from Jgap, 0 to Jgap, 1 nohead ls 10
set arrow from Jmono, 0 to Jmono, 1 nohead ls 10
set label "J_{gap}, J_{mono}" at Jmono + 0.026, 0.03 rotate by 90 font small
if (half > 0) {
    set arrow from half, 0 to half, 1 nohead ls 10
    set label "success 1/2, N = ".size at half + 0.022, 0.03 rotate by 90 font small
}
linear = ("0".system("awk '!/^#/ && $1==\"linear\" {s[$5,$6]=$8; if ($6>t) t=$6; d[$5]=1} END {for (k in d) for (e=t-2;e<=t;e++) {m+=s[k,e]; c++}; if (c) print m/c}' '".data."/learning-baselines.tsv' 2>/dev/null")) + 0
eval limits
plot (linear > 0 ? linear : NaN) ls 7 dt 2 lw 1 title "linear classifier", \
     data."/learning-kept-jd.tsv" using 1:6:(bar(7)) with yerrorbars ls 3 title "label kept", \
     data."/learning-withdrawn.tsv" using 1:6:(bar(7)) with yerrorbars ls 1 title "label withdrawn"
