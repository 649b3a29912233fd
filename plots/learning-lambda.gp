# Test accuracy of two modules against the coupling lambda of equal neurons, J_D = 0, label withdrawn.
# data/learning-lambda.tsv: fl-train sweep; chain-half.tsv: lambda at which half of the asynchronous runs on a random
# chain reach a fixed point (kept in verify/kept), shaded from the smallest size to the largest.
load plots."/style.gp"
low = system("awk '!/^#/ {print $2; exit}' '".data."/chain-half.tsv'") + 0
high = system("awk '!/^#/ {x = $2} END {print x}' '".data."/chain-half.tsv'") + 0
set xlabel "coupling of the modules λ"
set ylabel "test accuracy"
set yrange [0:1]
set offsets graph 0.04, graph 0.04, graph 0.02, graph 0.02
set key top right
set object 1 rectangle from low, 0 to high, 1 fc rgb "#dddddd" fs solid noborder behind
set label "half reach,\nN = 64 to 256" at (low + high) / 2, 0.92 center
eval limits
plot 0.1 ls 10 title "guessing", \
     data."/learning-lambda.tsv" using 2:6:(bar(7)) with yerrorbars ls 1 title "label withdrawn"
