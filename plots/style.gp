# The common style: theory as lines, data as points with error bars, the same colours everywhere (Okabe
# and Ito's palette, told apart by the colour-blind and in grey print by the point types).
# Before loading: format = "png" or "svg", output = file name.

if (!exists("format")) format = "png"
if (format eq "svg") {
    set terminal svg enhanced size 640,440 font "Helvetica,Arial,sans-serif,15" linewidth 1.4 \
        background "white"
} else {
    set terminal pngcairo enhanced size 1280,880 font "Helvetica,27" linewidth 2.6 pointscale 1.9
}
set encoding utf8
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
