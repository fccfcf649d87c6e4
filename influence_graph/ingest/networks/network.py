"""A network as its file states it, and what the caller may state about the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THIRD = ("weight", "time")
"""What the third column of an edge list without names may be."""
_FREE_NODES = 1_000_000
_NOT_TOLD = frozenset(("", "id", "label", "key"))  # columns of which nobody expects anything


@dataclass(frozen=True, kw_only=True)
class NetworkOptions:
    """What is stated about a file; what is left out is found in it.

    Attributes:
        header: Whether the first line of an edge list holds the names of its columns; None: see ``plain.py``.
        size_line: Whether the first line of an edge list is the size of the graph; None: it is an edge, or refused.
        third: What the third column of a list without names is, one of :data:`THIRD`; None: see ``times.py``.
        weight: Name of the column or edge attribute that is the weight; "" is ``weight`` in any case of letters.

    Raises:
        InputError: *third* is neither of the two.
    """

    header: bool | None = None
    size_line: bool | None = None
    third: str | None = None
    weight: str = ""

    def __post_init__(self) -> None:
        if self.third is not None and self.third not in THIRD:
            raise InputError(f"third {self.third!r} is not one of {', '.join(THIRD)}", remedy="choose one of them")

    @property
    def of_lists(self) -> list[str]:
        """The options given that only an edge list can have, as on the command line."""
        given = {
            "--header": self.header is not None,
            "--size-line": self.size_line is not None,
            "--third": self.third is not None,
        }
        return [name for name, is_given in given.items() if is_given]


@dataclass(frozen=True, kw_only=True)
class Network:
    """Edges and nodes as a file states them.

    Attributes:
        source: Where each edge starts, as text.
        target: Where it ends, as text.
        weight: Text or numbers, null where none is stated; None: no edge states one.
        since: Text or instants; None: no edge states one.
        both: Whether an edge holds in both directions: of each edge, or of all.
        lines: The 1-based line of each edge; None where the format does not go by lines.
        nodes: ``id`` and ``name`` (null where not stated) of nodes that the file lists beside its edges.
        notes: What the caller should know about how the file was read, each without the file's name.
    """

    source: pa.Array
    target: pa.Array
    weight: pa.Array | None = None
    since: pa.Array | None = None
    both: NDArray[np.bool_] | bool = False
    lines: NDArray[np.int64] | None = None
    nodes: pa.Table | None = None
    notes: Sequence[str] = field(default=())


def weight_column(path: Path, names: Sequence[str], wanted: str, what: str = "column") -> str | None:
    """Return which of *names* is the weight, or None.

    Raises:
        UnreadableFile: *wanted* is not among *names*, or several are called weight.
    """
    if wanted:
        if wanted in names:
            return wanted
        known = f"it has {', '.join(map(repr, names))}" if names else "it names none"
        raise UnreadableFile(f"{path} has no {what} {wanted!r}", remedy=did_you_mean(wanted, names, known))
    found = [name for name in names if name.strip().casefold() == "weight"]
    if len(found) > 1:
        raise UnreadableFile(
            f"{path} has the {what}s {', '.join(map(repr, found))}", remedy="choose one with --weight NAME"
        )
    return found[0] if found else None


def not_read(names: Sequence[str], what: str = "column") -> list[str]:
    """Return the note that names what was left aside, if that is anything."""
    told = [name for name in names if name.strip().casefold() not in _NOT_TOLD]
    if not told:
        return []
    shown = ", ".join(map(repr, told[:10])) + (", …" if len(told) > 10 else "")
    verb = f"{what} {shown} was" if len(told) == 1 else f"{what}s {shown} were"
    return [f"the {verb} not read; --weight NAME takes one as weight"]


def require_size(path: Path, nodes: int, data: bytes) -> None:
    """Refuse a declared number of nodes or edges that the file could not hold, and that would fill the memory.

    Raises:
        UnreadableFile: it is more than a million, and more than the bytes of *data*.
    """
    if nodes > max(_FREE_NODES, len(data)):
        raise UnreadableFile(
            f"{path} declares a size of {nodes:,}, more than its {len(data):,} bytes hold",
            remedy="declare the nodes and edges that there are",
        )


def node_table(ids: Sequence[str], names: Sequence[object]) -> pa.Table:
    """Return ``nodes`` of a network; a name that is missing, empty or the id itself is null."""
    texts = [None if name is None else str(name) for name in names]
    shown = [text if text and text.strip() and text != id_ else None for id_, text in zip(ids, texts, strict=True)]
    return pa.table({"id": pa.array(ids, pa.string()), "name": pa.array(shown, pa.string())})
