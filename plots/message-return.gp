# Damage that configurations survive: above, how often a dynamics comes back to the very configuration; below, where it
# ends, against the overlap of its start. return-typical.tsv, return-greedy.tsv, return-async.tsv, return-reinforced.tsv
# (those that are there): fl-access return --summary, one size and J_D. retrieval.tsv, if it is there: fl-dmft retrieval
# at that J_D, of the last time, the mean-field curve.
if (!exists("format")) format = "png"
if (!exists("height")) { height = format eq "svg" ? 760 : format eq "pdf" ? 19 : 1520 }
load plots."/style.gp"
names = "typical greedy async reinforced"
titles = "typical greedy asynchronous reinforced"
there(name) = system("test -s '".data."/".name.".tsv' && echo 1; true") eq "1"
here = ""
do for [i=1:words(names)] { if (there("return-".word(names, i))) { here = here." ".word(names, i) } }
table(name) = data."/".name.".tsv"
file(i) = table("return-".word(here, i))
position(i) = sum [k=1:words(names)] (word(names, k) eq word(here, i) ? k : 0)
style(i) = style_of_algorithm(word(here, i))
jd = real(system("awk '!/^#/ {print $2; exit}' '".file(1)."'"))
size = system("awk '!/^#/ {print $1; exit}' '".file(1)."'")
set multiplot layout 2,1
set xrange [1:0]
set xlabel "overlap of the start with the configuration"
set ylabel "fraction that returns to it"
set logscale y
set yrange [1e-3:1.5]
set format y "10^{%T}"
set key top right title sprintf("N = %s, J_D = %g", size, jd)
eval limits
plot for [i=1:words(here)] file(i) using 4:7:(bar(8)) with yerrorbars ls style(i) pt point_of_algorithm(word(here, i)) title word(titles, position(i))
unset logscale y
set format y "%g"
set ylabel "overlap of the end with it"
set yrange [-0.05:1.05]
unset key
mean_field = there("retrieval") ? system(sprintf("awk '!/^#/ && $1 == %.15g {print 1; exit}' '%s'", jd, table("retrieval"))) eq "1" : 0
if (mean_field) {
    set key top right notitle
    last = system("awk '!/^#/ {if ($4 > t) t = $4} END {print t}' '".table("retrieval")."'") + 0
    plot table("retrieval") using ($1 == jd && $4 == last ? $3 : NaN):5 smooth unique with lines ls 7 title "mean field, N → ∞", \
         for [i=1:words(here)] file(i) using 4:10:(bar(11)) with yerrorbars ls style(i) pt point_of_algorithm(word(here, i)) notitle
} else {
    plot for [i=1:words(here)] file(i) using 4:10:(bar(11)) with yerrorbars ls style(i) pt point_of_algorithm(word(here, i)) notitle
}
unset multiplot
