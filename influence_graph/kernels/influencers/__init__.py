"""Compiled sums behind who moves others beyond chance."""
