# Where the overlap gap closes for two modules coupled by lambda. data/plane.tsv: fl-phase plane.
load plots."/style.gp"
file = data."/plane.tsv"
end = real(system("sed -n 's/^# lambda_gap: //p' ".file))
set xlabel "coupling λ of two modules"
set ylabel "self-coupling J_D"
set xrange [0:0.5]
set yrange [-0.002:0.08]
set key top right
set label "overlap gap" at 0.12, 0.02 center front
set label "not excluded\n(equal overlaps)" at 0.4, 0.05 center front
set label sprintf("λ_{gap} = %.4f", end) at end - 0.03, 0.004 right front
line = "< (grep -v nan ".file."; echo ".sprintf("%.12g 0", end).")"
eval limits
plot line using 1:2 smooth mcsplines with filledcurves y1=0 lc rgb sky fs solid 0.35 noborder notitle, \
     line using 1:2 smooth mcsplines with lines ls 1 title "J_{gap}(λ)", \
     file using 1:2:(bar(3)) with yerrorbars ls 2 title "computed"
