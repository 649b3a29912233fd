# The fixed points of one network. data/cluster-map.tsv: fl-overlap map. Isolated ones are open and grey,
# clusters filled in their colour.
load plots."/style.gp"
unset border
unset tics
set key off
set size ratio -1
set lmargin 1; set rmargin 1; set tmargin 1; set bmargin 3
file = data."/cluster-map.tsv"
n = system("awk '/^# n:/ {print $3}' '".file."'"); jd = system("awk '/^# jd:/ {print $3}' '".file."'")
radius = system("awk '/^# radius:/ {print $3}' '".file."'")
set label sprintf("N = %s, J_D = %s; lines: at most %s flip%s", n, jd, radius, radius eq "1" ? "" : "s") at screen 0.5, 0.03 center
colours = "0x0072B2 0xD55E00 0x009E73 0xCC79A7 0xE69F00 0x56B4E9"
# Beyond these the hue goes on by the golden ratio, darker and lighter in turn: no two clusters share a colour.
hue(k) = 0.618034 * k - floor(0.618034 * k)
colour(k) = k < 6 ? int(word(colours, 1 + int(k))) : hsv2rgb(hue(k), 0.55 + 0.45 * (int(k) % 2), 0.45 + 0.2 * (int(k) % 3))
eval limits
plot file using ($4 == 1 ? $7 : NaN):8:9:10:(colour($5)) with vectors nohead lc rgb variable lw 0.7, \
     file using ($4 == 0 && $6 == 1 ? $7 : NaN):8 with points pt 6 ps 0.45 lc rgb grey lw 0.8, \
     file using ($4 == 0 && $6 > 1 ? $7 : NaN):8:(colour($5)) with points pt 7 ps 0.55 lc rgb variable
