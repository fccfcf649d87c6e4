"""The plot of each class of results."""
