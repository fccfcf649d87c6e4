"""The libraries to compare with, each called as its own documentation says, with one thread."""
