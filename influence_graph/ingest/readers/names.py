"""Names of columns: where they stand, and which may not be there twice."""

from __future__ import annotations

from collections import Counter
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
    more = repeated_names(names)
    repeated = [name for name in dict.fromkeys(map(field_name, wanted)) if name in more]
    if repeated:
        raise UnreadableFile(
            f"{path} has {listed(repeated)} more than once in its header", remedy="give every column one name"
        )


def repeated_names(names: Iterable[str]) -> set[str]:
    """Return what columns are called (:func:`field_name`) that are among *names* more than once."""
    return {name for name, count in Counter(map(field_name, names)).items() if count > 1}


def places_of(names: Sequence[str]) -> dict[str, int]:
    """Return the first place of each of *names*."""
    return {name: place for place, name in reversed(list(enumerate(names)))}
