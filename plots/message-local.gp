# Entropy of fixed points around configurations, means over networks of one size and J_D. message-local-NAME.tsv, one for each
# kind of centre: fl-message local --summary --distance LIST. Left against the distance from the centre, beside V, the same
# around a typical one (local-potential.tsv: fl-entropy potential at that J_D); right against the distance between two of the
# fixed points, beside phi* of that distance (local-curve.tsv: fl-phase curve at that J_D).
if (!exists("width")) { width = !exists("format") || format eq "png" ? 1760 : format eq "svg" ? 880 : 22 }
load plots."/style.gp"
names = system("ls '".data."/message-local-'*.tsv | sed 's/.*message-local-//; s/[.]tsv$//' | tr '\\n' ' '")
folder = data
file(i) = folder."/message-local-".word(names, i).".tsv"
title_of(name) = name eq "async" ? "asynchronous" : name eq "up" || name eq "random" ? "arbitrary" : name
densest = data."/local-curve.tsv"; pairs = data."/local-potential.tsv"
jd = real(system("awk '!/^#/ {print $2; exit}' '".file(1)."'"))
size = system("awk '!/^#/ {print $1; exit}' '".file(1)."'")
set multiplot layout 1,2
set yrange [0:0.25]
set xrange [0:0.5]
set xlabel "distance from the centre"
set ylabel "entropy around it (nats per neuron)"
set key bottom right title sprintf("N = %s, J_D = %g", size, jd)
eval limits
plot pairs using (near($1, jd) ? $3 : NaN):5 with lines ls 7 dt 2 lw 1.5 title "V, typical, N → ∞", \
     for [i=1:words(names)] file(i) using 4:7:(bar(8)) with yerrorbars ls style_of_algorithm(word(names, i)) pt point_of_algorithm(word(names, i)) title title_of(word(names, i))
set xlabel "distance between two of them, (1 - q)/2"
unset ylabel
set key bottom right notitle
plot densest using (near($1, jd) ? $2 : NaN):5 with lines ls 7 lw 1.5 title "φ*, densest, N → ∞", \
     for [i=1:words(names)] file(i) using 9:7:(bar(10)):(bar(8)) with xyerrorbars ls style_of_algorithm(word(names, i)) pt point_of_algorithm(word(names, i)) notitle
unset multiplot
