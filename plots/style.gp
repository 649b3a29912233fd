# The common style: theory as lines, data as points with error bars, the same colours everywhere (Okabe
# and Ito's palette, told apart by the colour-blind and in grey print by the point types).
# Before loading: format = "png", "svg" or "pdf", output = file name; if wanted width, height (pixels,
# or centimetres of pdf) and limits, commands that set ranges. Each script evaluates limits before it
# plots, after its own ranges.

if (!exists("format")) format = "png"
if (!exists("limits")) limits = ""
if (!exists("width")) { width = format eq "svg" ? 640 : format eq "pdf" ? 16 : 1280 }
if (!exists("height")) { height = format eq "svg" ? 440 : format eq "pdf" ? 11 : 880 }
if (format eq "svg") {
    set terminal svg enhanced size width, height font "DejaVu Sans,Helvetica,Arial,sans-serif,15" linewidth 1.4 \
        background "white"
} else {
    if (format eq "pdf") {
        set terminal pdfcairo enhanced size width cm, height cm font "Helvetica,12" linewidth 1.4 pointscale 0.8
    } else {
        set terminal pngcairo enhanced size width, height font "Helvetica,27" linewidth 2.6 pointscale 1.9
    }
}
set encoding utf8
small = ",".(format eq "png" ? 21 : format eq "svg" ? 12 : 9)   # for labels inside
set output output

black = "#000000"; blue = "#0072B2"; red = "#D55E00"; green = "#009E73"; purple = "#CC79A7"
orange = "#E69F00"; sky = "#56B4E9"; grey = "#999999"
set style line 1 lc rgb blue   lw 1.5 pt 7  ps 0.8
set style line 2 lc rgb red    lw 1.5 pt 5  ps 0.8
set style line 3 lc rgb green  lw 1.5 pt 9  ps 0.9
set style line 4 lc rgb purple lw 1.5 pt 11 ps 0.9
set style line 5 lc rgb orange lw 1.5 pt 13 ps 1.0
set style line 6 lc rgb sky    lw 1.5 pt 3  ps 0.8
set style line 7 lc rgb black  lw 1.5 pt 1  ps 0.8
set style line 10 lc rgb grey  lw 1.0 dt 2        # guides: zero lines, thresholds

set border lw 0.8
set tics nomirror scale 0.6
set key samplen 1.6 spacing 1.15
set errorbars 0.6
set datafile commentschars "#"
set datafile missing NaN                      # rows left out by a condition do not break a line

# Different values of a column of a table, ascending, as words: what a figure shows is what is there.
# `where` is a condition of awk; at most `most` values, evenly chosen.
values_where(file, column, where) = system(sprintf("awk '!/^#/ && (%s) {print $%d}' '%s' | sort -gu | tr '\\n' ' '", where, column, file))
values(file, column) = values_where(file, column, "1")
thinned(list, most) = system(sprintf("echo '%s' | awk '{k = int((NF + %d - 1) / %d); k = k > 1 ? k : 1; for (i = 1; i <= NF; i += k) print $i}' | tr '\\n' ' '", list, most, most))
last(list) = words(list) ? word(list, words(list)) : ""
style_of(i) = (i - 1) % 7 + 1
filled(i) = word("7 5 9 11 13 3 1", style_of(i)) + 0
hollow(i) = word("6 4 8 10 12 2 1", style_of(i)) + 0
i = 1 # loops without rounds look at it too
# The error in a column; where one network alone has none, a point without a bar.
bar(k) = valid(k) && column(k) == column(k) ? column(k) : 0
bar_end(k, at) = valid(k) && column(k) == column(k) ? column(k) : column(at) # of an interval around the value in another
# Algorithms, and what they find, are the same in every figure.
algorithms_known = "async cool reinforced focused greedy sync"
colour_with(name) = name eq "message" || name eq "focusing" ? "reinforced" : name eq "typical" ? "cool" : name
place_of(name) = sum [known=1:6] (word(algorithms_known, known) eq name ? known : 0)
style_of_algorithm(name) = place_of(colour_with(name)) ? place_of(colour_with(name)) : 7
point_of_algorithm(name) = name eq "greedy" || name eq "focusing" ? hollow(style_of_algorithm(name)) : filled(style_of_algorithm(name))
near(x, y) = abs(x - y) <= 1e-9 * (abs(y) + 1e-3)
