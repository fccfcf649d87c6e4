"""Reports: one self-contained HTML page from plain frames and values."""
