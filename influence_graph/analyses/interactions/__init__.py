"""Interactions as columns of arrays."""
