# What is left of a start near a typical fixed point: its overlap with the fixed point in the end, against that of the
# start. data/retrieval.tsv: fl-dmft retrieval (N to infinity); data/return.tsv: fl-access return --planted --summary.
load plots."/style.gp"
theory = data."/retrieval.tsv"
file = data."/return.tsv"
couplings = values(theory, 1)
steps = last(values(theory, 4))
n = last(values(file, 1))
set xlabel "overlap of the start with the fixed point"
set ylabel "overlap after ".steps." synchronous steps"
set xrange [0:1.02]
set yrange [-0.05:1.05]
set key top left reverse Left title "lines: N → ∞; points: N = ".n left
eval limits
plot x with lines ls 10 notitle, \
     for [i=1:words(couplings)] theory using (near($1, real(word(couplings, i))) && $3 < 1 ? $3 : NaN):5 \
         with lines ls style_of(i) lw 2 notitle, \
     for [i=1:words(couplings)] file using (near($2, real(word(couplings, i))) ? $4 : NaN):10:(bar(11)) \
         with yerrorbars ls style_of(i) title "J_D = ".word(couplings, i)
