"""Whom to win first: seeds with a certificate."""
