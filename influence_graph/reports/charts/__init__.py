"""The plots: small frames in, SVG out."""
