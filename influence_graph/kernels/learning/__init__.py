"""Kernels of learning from logs of actions."""
