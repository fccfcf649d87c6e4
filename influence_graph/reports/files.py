"""Files of reports and plots: complete, or not there."""

from __future__ import annotations

from pathlib import Path

from influence_graph.errors import InputError
from influence_graph.files import replacing

SUFFIXES = (".svg", ".html", ".png")


def check_suffix(path: Path) -> None:
    """Check that *path* ends as one of the formats of plots does.

    Raises:
        InputError: it does not.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path} is no plot: the ending is {path.suffix!r}", remedy=f"use {', '.join(SUFFIXES)}")


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write *content* (text as UTF-8) to *path*; after an error the former file is untouched.

    Raises:
        InputError: the folder does not exist, cannot be written or is full.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
