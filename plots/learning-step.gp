# Test accuracy of two modules at J_D = 0 against the coupling between them, the label withdrawn before learning, beside
# what asynchronous runs reach on random chains of two as large. data/learning-step.tsv: fl-train sweep --lambda LIST;
# learning-step-access.tsv: lambda, success and its interval of fl-access run --modules 2, lambda_gap of fl-phase
# plane in its head (verify/kept).
load plots."/style.gp"
file = data."/learning-step.tsv"
access = data."/learning-step-access.tsv"
gap = system("awk '/^# lambda_gap:/ {print $3}' '".access."'") + 0
set xlabel "coupling of the modules {/*1.1 λ}"
set ylabel "test accuracy; share of runs"
set yrange [0:1.08]
set xrange [-0.1:*]
set key bottom right
set arrow 1 from gap, 0 to gap, 1.08 nohead ls 10
set label 1 "λ_{gap}" at gap, 0.95 offset 0.5, 0
eval limits
plot file using 2:6 with lines ls 1 dt 3 lw 1 notitle, \
     file using 2:6:(bar(7)) with yerrorbars ls 1 title "accuracy, label withdrawn", \
     access using 1:2:3:4 with yerrorlines ls 2 lw 1 title "asynchronous runs that arrive", \
     0.1 with lines ls 10 title "guessing"
