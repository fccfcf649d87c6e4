"""Names of columns, which may not be there twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.detect import listed
from influence_graph.ingest.header import field_name


def refuse_repeats(path: Path, names: Sequence[str], wanted: Iterable[str]) -> None:
    """Refuse a file of which a column that is *wanted* is there more than once; others are nobody's concern.

    Raises:
        UnreadableFile: one is.
    """
    every = [field_name(name) for name in names]
    repeated = [name for name in dict.fromkeys(map(field_name, wanted)) if every.count(name) > 1]
    if repeated:
        raise UnreadableFile(
            f"{path} has {listed(repeated)} more than once in its header", remedy="give every column one name"
        )
