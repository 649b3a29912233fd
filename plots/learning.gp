# Learning curves. data/learning-*.tsv: fl-train train, data/learning-mlp.tsv: fl-train baseline.
load plots."/style.gp"
set xlabel "epoch"
set ylabel "test accuracy"
set key bottom right
set yrange [0:1]
set xrange [0.5:10.5]
file(name) = data."/learning-".name.".tsv"
tests = system("awk '/^# test:/ {print $3}' '".file("jd05")."'") + 0
error(p) = sqrt(p * (1 - p) / tests)
plot file("mlp") using (strcol(1) eq "mlp" ? $6 : NaN):8:(error($8)) with yerrorlines ls 7 pt 6 title "backpropagation, equal parameters", \
     file("rule-e") using 4:6:(error($6)) with yerrorlines ls 5 title "rule E (error fed back)", \
     file("kept") using 4:6:(error($6)) with yerrorlines ls 3 title "label kept, J_D = 0", \
     file("jd05") using 4:6:(error($6)) with yerrorlines ls 1 title "label withdrawn, J_D = 0.5", \
     file("jd0") using 4:6:(error($6)) with yerrorlines ls 2 title "label withdrawn, J_D = 0"
