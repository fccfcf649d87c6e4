"""Kernels of the Fusion Score: sums of signed, decaying points."""
