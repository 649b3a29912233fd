# The same as learning-capacity, with dense learned blocks. data/learning-dense.tsv: fl-train capacity
# --preset hetero-dense --modules LIST.
file = data."/learning-dense.tsv"
load plots."/learning-capacity.gp"
