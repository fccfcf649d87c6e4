"""The line of a key in a TOML text, which :mod:`tomllib` does not give.

The text is not parsed here. A key belongs to the statement that makes it appear: the longest prefix of
lines that is TOML without the key ends just before that statement. This holds for dotted keys, inline
tables, arrays of tables, quoted keys and values over several lines alike.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

KeyPath = tuple[str | int, ...]
"""Keys from the top of the file; a number is a place in an array, from 0."""


def line_of(text: str, path: KeyPath) -> int:
    """Return the 1-based line on which the statement that gives *path* begins.

    Args:
        text: TOML, which holds *path* or at least its first key.
        path: The key; where it is absent, the nearest key above it is looked up.

    Example:
        >>> line_of('a = 1' + chr(10) + 'b.c = [' + chr(10) + '2]', ("b", "c", 0))
        2
    """
    content = tomllib.loads(text)
    while path and not _has(content, path):
        path = path[:-1]
    lines = text.split("\n")
    without, with_ = 0, len(lines)  # numbers of lines that are TOML without, and with, the key
    while path:
        middle = _nearest_whole(lines, without, with_)
        if middle is None:
            break
        if _has(tomllib.loads("\n".join(lines[:middle])), path):
            with_ = middle
        else:
            without = middle
    return without + 1


def _nearest_whole(lines: Sequence[str], low: int, high: int) -> int | None:
    """Return a number of lines between *low* and *high*, near the middle, that is TOML; None: there is none."""
    middle = (low + high) // 2
    for count in chain(range(middle, low, -1), range(middle + 1, high)):
        try:
            tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue
        return count
    return None


def _has(content: Mapping[str, Any], path: KeyPath) -> bool:
    value: Any = content
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return False
    return True
