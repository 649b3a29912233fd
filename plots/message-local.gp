# Entropy of fixed points around configurations. message-local.tsv, or message-local-*.tsv for several
# centres: rows of fl-message local, of one size and J_D. Left against the distance from the centre, beside V, the same around a typical one (local-potential.tsv:
# fl-entropy potential at that J_D); right against the distance between two of the fixed points, beside the bound phi* of that
# distance (local-curve.tsv: fl-phase curve at that J_D). Rows that have not converged are left out.
if (!exists("width")) { width = !exists("format") || format eq "png" ? 1760 : format eq "svg" ? 880 : 22 }
load plots."/style.gp"
tables = "cat '".data."/message-local'*.tsv"; file = "< ".tables; bound = data."/local-curve.tsv"; pairs = data."/local-potential.tsv"
jd = real(system(tables." | awk '!/^#/ {print $2; exit}'"))
size = system(tables." | awk '!/^#/ {print $1; exit}'")
centres = system(tables." | awk '!/^#/ && $11 == 1 {print $4}' | awk '!seen[$0]++' | tr '\\n' ' '")
bare(path) = system("basename '".path."' .h5")
title_of(name) = name eq "async" ? "asynchronous" : name eq "up" || name eq "random" ? "arbitrary" : bare(name)
at(i, c) = strcol(4) eq word(centres, i) && $11 == 1 && $2 == jd ? column(c) : NaN
set multiplot layout 1,2
set yrange [-0.02:0.3]
set xrange [0:0.5]
set xlabel "distance from the centre"
set ylabel "entropy around it (nats per neuron)"
set key bottom right title sprintf("N = %s, J_D = %g", size, jd)
eval limits
plot for [i=1:words(centres)] file using (at(i, 6)):8 with points ls style_of(i) ps 0.6 title title_of(word(centres, i)), \
     pairs using (near($1, jd) ? $3 : NaN):5 with lines ls 7 dt 3 lw 1.5 title "V, typical, N → ∞"
set xlabel "distance between two of them, (1 - q)/2"
unset ylabel
set key bottom right notitle
plot bound using (near($1, jd) ? $2 : NaN):5 with lines ls 7 lw 1.5 title "bound φ*, N → ∞", \
     for [i=1:words(centres)] file using (at(i, 7)):8 with points ls style_of(i) ps 0.6 notitle
unset multiplot
