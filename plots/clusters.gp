# Isolated fixed points and the largest cluster against the self-coupling, at the radius of the table.
# data/clusters.tsv: fl-overlap clusters --summary.
# needs clusters.tsv: 1 n, 2 jd, 3 radius, 9 largest_fraction, 10 largest_error, 11 isolated_fraction, 12 isolated_error
load plots."/style.gp"
set multiplot layout 1, 2 margins 0.15, 0.98, 0.16, 0.9 spacing 0.04, 0
set xlabel "self-coupling J_D"
set xtics 0.2
set yrange [0:1.04]
file = data."/clusters.tsv"
stats file using 2 nooutput
set xrange [STATS_min - 0.04 * (STATS_max - STATS_min) - 1e-6:STATS_max + 0.06 * (STATS_max - STATS_min) + 1e-6]
sizes = system("awk '!/^#/ {print $1}' '".file."' | sort -nu | tr '\\n' ' '")
radius = system("awk '!/^#/ {print $3; exit}' '".file."'")
n(j) = int(word(sizes, j))
set ylabel "fraction of the fixed points"
set key top right
set title "isolated at radius ".radius offset 0, -0.5
eval limits
plot for [j=1:words(sizes)] file using 2:($1 == n(j) ? $11 : NaN):(bar(12)) with yerrorlines ls j lw 1 \
    title sprintf("N = %d", n(j))
set ylabel ""
set format y ""
unset key
set title "in the largest cluster" offset 0, -0.5
eval limits
plot for [j=1:words(sizes)] file using 2:($1 == n(j) ? $9 : NaN):(bar(10)) with yerrorlines ls j lw 1
unset multiplot
