# The map of thresholds. Above: J_D at which half of the runs succeed, against N. access-threshold.tsv:
# fl-access threshold (filled); message-threshold.tsv: the same of fl-message solve; thresholds.tsv: longer runs, kept in verify/kept (open); dmft-threshold.tsv: fl-dmft threshold. Below, enlarged: first-moment bounds for
# N -> infinity. critical.tsv: fl-phase critical; gaps.tsv: fl-phase gaps; levels.tsv, levels-three.tsv: fl-phase levels
# (the latter takes minutes, and is drawn where it is there).
load plots."/style.gp"
if (format eq "svg") {
    set terminal svg enhanced size 640,680 font "Helvetica,Arial,sans-serif,15" linewidth 1.4 background "white"
} else {
    set terminal pngcairo enhanced size 1280,1360 font "Helvetica,27" linewidth 2.6 pointscale 1.9
}
set output output
half = data."/access-threshold.tsv"; kept = data."/thresholds.tsv"
number(path, key, column) = real(system(sprintf("awk '$1 == \"%s\" {print $%d; exit}' '%s'", key, column, path)))
Jc = real(system("awk '!/^#/ {print $2; exit}' '".data."/dmft-threshold.tsv'"))
Jgap = number(data."/critical.tsv", "J_gap", 2); Jmono = number(data."/critical.tsv", "J_mono", 2)
two = number(data."/gaps.tsv", "2", 2); five = number(data."/gaps.tsv", "5", 2)
levels2 = number(data."/levels.tsv", "2", 2)
levels3 = system("awk '$1 == 3 {print $2; exit}' '".data."/levels-three.tsv' 2>/dev/null")
set multiplot
set lmargin at screen 0.15; set rmargin at screen 0.97
set tmargin at screen 0.98; set bmargin at screen 0.42
set logscale x
set xrange [40:40000]
set yrange [0:0.9]
set xlabel "neurons N" offset 0,0.4
set ylabel "J_D where half of the runs succeed"
unset key
set label sprintf("J_c = %.4f: activity dies out, N → ∞", Jc) at 36000, Jc + 0.03 right font small
set label "synchronous" at 175, 0.5 right font small tc rgb sky
set label "asynchronous, 1000 sweeps" at 2700, 0.7 right font small tc rgb blue
set label "10 000 sweeps" at 460, 0.44 left font small tc rgb blue
set label "greedy, 100 sweeps" at 900, 0.5 left font small tc rgb orange
set label "message passing (open: with repair)" at 36000, 0.165 right font small tc rgb green
set label "J_{gap}, J_{mono}, levels: enlarged below" at 36000, 0.03 right font small
row(a, s, k) = (strcol(1) eq a && ($2 == s) ? column(k) : NaN)
eval limits
plot Jc ls 1 dt 2 lw 1, Jgap ls 10 lw 0.8, Jmono ls 10 lw 0.8, \
     kept using (row("async", 1000, 3)):4:5:6 with yerrorbars ls 1 pt 6, \
     kept using (row("async", 10000, 3)):4:5:6 with yerrorbars ls 1 pt 12, \
     kept using (row("sync", 1000, 3)):4:5:6 with yerrorbars ls 6 pt 4, \
     kept using (row("greedy", 100, 3)):4:5:6 with yerrorbars ls 5 pt 10, \
     kept using (row("message", 0, 3)):4:5:6 with yerrorbars ls 3 pt 8, \
     data."/message-threshold.tsv" using ($2 < 1e9 ? $2 : NaN):3:(bar_end(5, 3)):(bar_end(6, 3)) with yerrorbars ls 3, \
     half using (strcol(1) eq "async" && $2 < 1e9 ? $2 : NaN):3:(bar_end(5, 3)):(bar_end(6, 3)) with yerrorbars ls 1, \
     half using (strcol(1) eq "sync" && $2 < 1e9 ? $2 : NaN):3:(bar_end(5, 3)):(bar_end(6, 3)) with yerrorbars ls 6 pt 5
unset logscale x
unset label
set tmargin at screen 0.30; set bmargin at screen 0.10
set xrange [0.03:0.098]
set xtics 0.01
set yrange [0:1]
unset ytics
set border 1
set ylabel ""
set xlabel "self-coupling J_D: first-moment bounds, N → ∞"
set object 1 rectangle from graph 0, 0 to first five, graph 0.42 fc rgb sky fs solid 0.35 noborder behind
set label "proved, 5 copies" at 0.0513, 0.2 center font small
set label "12 in groups" at 0.0668, 0.2 center font small
set arrow from two, 0 to two, 0.55 nohead ls 7
set label sprintf("two copies %.4f", two) at two - 0.001, 0.65 center font small
set arrow from Jgap, 0 to Jgap, 0.55 nohead ls 7
set label sprintf("J_{gap}, one level %.4f", Jgap) at Jgap + 0.001, 0.65 center font small
set arrow from Jmono, 0 to Jmono, 0.8 nohead ls 2 dt 3
set label sprintf("J_{mono}, one level %.4f", Jmono) at Jmono, 0.92 center font small tc rgb red
set arrow from levels2, 0 to levels2, 0.55 nohead ls 7
set label sprintf("two levels %.4f", levels2) at levels2 + 0.0004, 0.65 left font small
set object 2 rectangle from first five, graph 0 to first levels2, graph 0.42 fc rgb sky fs solid 0.15 noborder behind
if (levels3 ne "") {
    set arrow from real(levels3), 0 to real(levels3), 0.55 nohead ls 7
    set label sprintf("three levels %.4f", real(levels3)) at real(levels3) + 0.0006, 0.4 left font small
}
eval limits
plot NaN notitle
unset multiplot
