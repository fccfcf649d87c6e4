"""Influence maximization: seeds with a certificate."""
