"""Who else calculates: optional engines beside this machine's own kernels."""
