# Distribution of ln # over networks beside the conjectured normal law. data/spread.tsv: fl-enumerate, one
# row a network; data/spread-law.tsv: fl-entropy fluctuations; data/spread-large.tsv (verify/kept): larger networks, as
# numbers of networks in bins of ln #. All of one J_D.
load plots."/style.gp"
width = 0.15
file = data."/spread.tsv"
large = data."/spread-large.tsv"
law = data."/spread-law.tsv"
small_sizes = values(file, 1)
large_sizes = system("awk '!/^#/ {print $1}' '".large."' 2>/dev/null | sort -nu | tr '\\n' ' '")
sizes = small_sizes.large_sizes
jd = last(values(law, 1))
law_at(n, c) = real(system(sprintf("awk '!/^#/ && $2 == %s { print $%d }' %s", n, c, law)))
total(n) = int(system(sprintf("awk '!/^#/ && $1 == %s && $4 > 0' %s | wc -l", n, file)))
kept(n) = int(system(sprintf("awk '!/^#/ && $1 == %s { s += $4 } END { print s }' %s", n, large)))
set xlabel "ln # (nats)"
set ylabel "probability density"
first = law_at(word(sizes, 1), 5)
end = law_at(last(sizes), 5)
set xrange [first - 1.6:end + 1.6]
set yrange [0:2.1]
set key top left reverse Left
bins(n) = sprintf("< awk '!/^#/ && $1 == %s && $4 > 0 { b = int(log($4) / %g); c[b]++ } END { for (b in c) print (b + 0.5) * %g, c[b] }' %s | sort -n", n, width, width, file)
normal(x, m, v) = exp(-(x - m)**2 / (2 * v)) / sqrt(2 * pi * v)
set samples 600
eval limits
plot for [i=1:words(sizes)] normal(x, law_at(word(sizes, i), 5), law_at(word(sizes, i), 6)) with lines ls i \
         title i == words(sizes) ? "conjecture, J_D = ".jd : "", \
     for [i=1:words(small_sizes)] bins(word(sizes, i)) using 1:($2 / (total(word(sizes, i)) * width)): \
         (sqrt($2) / (total(word(sizes, i)) * width)) with yerrorbars ls i title sprintf("N = %s, %d networks", word(sizes, i), total(word(sizes, i))), \
     for [i=words(small_sizes)+1:words(sizes)] large using ($1 == real(word(sizes, i)) ? $3 : NaN): \
         ($4 / (kept(word(sizes, i)) * width)):(sqrt($4) / (kept(word(sizes, i)) * width)) with yerrorbars ls i \
         title sprintf("N = %s, %d networks", word(sizes, i), kept(word(sizes, i)))
