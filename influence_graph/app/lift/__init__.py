"""Lift from a store: what its campaigns did, what a next one could show, and what a Fusion point is worth."""
