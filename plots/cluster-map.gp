# The fixed points of one network. data/cluster-map.tsv: fl-overlap map. Isolated ones are open and grey,
# clusters filled in their colour.
load plots."/style.gp"
unset border
unset tics
set key off
set size ratio -1
set lmargin 1; set rmargin 1; set tmargin 1; set bmargin 1
file = data."/cluster-map.tsv"
n = system("awk '/^# n:/ {print $3}' '".file."'"); jd = system("awk '/^# jd:/ {print $3}' '".file."'")
radius = system("awk '/^# radius:/ {print $3}' '".file."'")
set label sprintf("N = %s, J_D = %s, lines: at most %s flips", n, jd, radius) at graph 0.02, 0.98
colours = "0x0072B2 0xD55E00 0x009E73 0xCC79A7 0xE69F00 0x56B4E9 0x7A5195 0x8C564B"
colour(k) = int(word(colours, 1 + int(k) % 8))
eval limits
plot file using ($4 == 1 ? $7 : NaN):8:9:10:(colour($5)) with vectors nohead lc rgb variable lw 0.7, \
     file using ($4 == 0 && $6 == 1 ? $7 : NaN):8 with points pt 6 ps 0.45 lc rgb grey lw 0.8, \
     file using ($4 == 0 && $6 > 1 ? $7 : NaN):8:(colour($5)) with points pt 7 ps 0.55 lc rgb variable
