"""What sets the columns of a text apart."""

from __future__ import annotations

import re
from collections import Counter

from influence_graph.ingest.networks.text import SPACES, split_line

_DELIMITERS = ("\t", ";", ",", "|", SPACES)
_SAMPLE = 1000
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def sample_of(data: bytes) -> list[str]:
    """Return the first lines of *data* that are no comments."""
    head = data[: 1 << 20].split(b"\n", _SAMPLE)[:_SAMPLE]
    return [line.decode(errors="replace") for line in head if line.strip() and not line.startswith((b"# ", b"#\t"))]


def delimiter_of(lines: list[str]) -> str:
    """Return what sets the columns of *lines* apart: what gives most of them one width of two or more.

    Example:
        >>> delimiter_of(["ann;june;0,5"]), delimiter_of(["Mlle Baptistine\\tMyriel"]), delimiter_of(["a b 0,5"])
        (';', '\\t', '')
    """
    best, best_share = SPACES, 0.0
    for delimiter in _DELIMITERS:
        widths = Counter(len(split_line(line, delimiter)) for line in lines)
        share = max((count for width, count in widths.items() if width > 1), default=0) / max(1, len(lines))
        if share > best_share or (share == best_share and delimiter == SPACES and best == "," and _decimals(lines)):
            best, best_share = delimiter, share
    return best


def _decimals(lines: list[str]) -> bool:
    """Return whether each line is two words and a number with a decimal comma."""
    words = [line.split() for line in lines]
    return all(len(line) == 3 and _DECIMAL_COMMA.fullmatch(line[2]) for line in words)
