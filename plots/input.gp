# Entropy of fixed points under an input, and their overlap with it. data/input.tsv: fl-entropy input;
# data/input-count-K.tsv: fl-enumerate
# --input-strength L --summary for the four `strengths` L.
load plots."/style.gp"
set xlabel "strength of the input λ"
set ylabel "entropy per neuron (nats); overlap"
set xrange [0:2.1]
set yrange [0:1.5]
set key top left reverse Left
set ytics 0, 0.2, 1
counts = data."/input-count-1.tsv"." ".data."/input-count-2.tsv"." ".data."/input-count-3.tsv"." ". \
         data."/input-count-4.tsv"
strengths = "0.5 1 1.5 2"
plot data."/input.tsv" using 2:5 with lines ls 2 dt 2 title "entropy, annealed", \
     data."/input.tsv" using 2:6 with lines ls 1 title "entropy, quenched (replica-symmetric)", \
     for [k=1:4] word(counts, k) using (real(word(strengths, k))):9:(bar(10)) with yerrorbars ls (1) \
         title k == 1 ? "enumeration, N = 20, mean of ln # where # > 0" : "", \
     data."/input.tsv" using 2:7 with lines ls 3 title "overlap with the input", \
     data."/input.tsv" using 2:8 with lines ls 4 title "overlap q of two fixed points"
