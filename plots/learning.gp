# Learning curves. data/learning-mlp.tsv: fl-train baseline --kind mlp; the others: fl-train train, by the
# rule E, with the label kept, and with the label withdrawn at J_D = 0.5 and 0.
load plots."/style.gp"
set xlabel "epoch"
set ylabel "test accuracy"
set key bottom right
set yrange [0:1]
set offsets graph 0.04, graph 0.04, 0, 0
tests = system("awk '/^# test:/ {print $3}' '".data."/learning-jd05.tsv'") + 0
error(p) = sqrt(p * (1 - p) / tests)
eval limits
plot data."/learning-mlp.tsv" using (strcol(1) eq "mlp" ? $6 : NaN):8:(error($8)) with yerrorlines ls 7 pt 6 title "backpropagation, equal parameters", \
     data."/learning-rule-e.tsv" using 4:6:(error($6)) with yerrorlines ls 5 title "rule E (error fed back)", \
     data."/learning-kept.tsv" using 4:6:(error($6)) with yerrorlines ls 3 title "label kept, J_D = 0", \
     data."/learning-jd05.tsv" using 4:6:(error($6)) with yerrorlines ls 1 title "label withdrawn, J_D = 0.5", \
     data."/learning-jd0.tsv" using 4:6:(error($6)) with yerrorlines ls 2 title "label withdrawn, J_D = 0"
