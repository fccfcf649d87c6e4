"""Kernels of the rankings: PageRank and its relatives."""
