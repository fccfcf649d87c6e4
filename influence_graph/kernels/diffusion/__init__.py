"""Kernels of cascades: simulated and exact."""
