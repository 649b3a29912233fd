# Distribution of ln # over networks beside the conjectured normal law. data/spread.tsv: fl-enumerate, one
# row a network; data/spread-law.tsv: fl-entropy fluctuations.
load plots."/style.gp"
width = 0.15
sizes = "20 24"
file = data."/spread.tsv"
law = data."/spread-law.tsv"
law_at(n, c) = real(system(sprintf("awk '!/^#/ && $2 == %s { print $%d }' %s", n, c, law)))
total(n) = int(system(sprintf("awk '!/^#/ && $1 == %s && $4 > 0' %s | wc -l", n, file)))
set xlabel "ln # (nats)"
set ylabel "probability density"
set xrange [4.4:9.2]
set yrange [0:1.6]
set key top left reverse Left
bin(x) = width * (floor(x / width) + 0.5)
bins(n) = sprintf("< awk '!/^#/ && $1 == %s && $4 > 0 { b = int(log($4) / %g); c[b]++ } END { for (b in c) print (b + 0.5) * %g, c[b] }' %s | sort -n", n, width, width, file)
normal(x, m, v) = exp(-(x - m)**2 / (2 * v)) / sqrt(2 * pi * v)
plot for [i=1:2] normal(x, law_at(word(sizes, i), 5), law_at(word(sizes, i), 6)) with lines ls i \
         title "conjecture, N = ".word(sizes, i), \
     for [i=1:2] bins(word(sizes, i)) using 1:($2 / (total(word(sizes, i)) * width)): \
         (sqrt($2) / (total(word(sizes, i)) * width)) with yerrorbars ls i title sprintf("%d networks", total(word(sizes, i)))
