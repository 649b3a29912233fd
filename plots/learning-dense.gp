# The same as learning-depth, with dense learned blocks. data/learning-dense.tsv: fl-train capacity
# --preset hetero-dense --modules LIST.
file = data."/learning-dense.tsv"
load plots."/learning-depth.gp"
