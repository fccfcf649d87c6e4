"""Compiled likelihood of a regression whose error is AR(1) plus white noise."""
