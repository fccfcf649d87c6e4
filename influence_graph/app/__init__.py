"""Composition: open a store, run an analysis, write its result under a run."""
