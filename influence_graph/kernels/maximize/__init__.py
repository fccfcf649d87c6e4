"""Kernels of seed selection: reverse-reachable sets, coverage, CELF."""
