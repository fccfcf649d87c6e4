"""Recalculating all results together: only what has changed, incrementally where that is possible."""
