"""Pajek ``.net``: numbered vertices with labels, then arcs (directed) and edges (undirected).

A reader of our own, because :func:`networkx.read_pajek` takes edges below arcs for arcs, lines of ``*Arcslist`` for
weighted arcs, and vertices of one label for one. See Batagelj, Mrvar: Pajek, reference manual, section 5.3,
http://mrvar.fdv.uni-lj.si/pajek/pajekman.pdf.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.networks.network import Network, NetworkOptions, node_table, require_size, weight_column
from influence_graph.ingest.networks.text import require_utf8

_WORD = re.compile(r'"([^"]*)"|(\S+)')
_SECTIONS = ("vertices", "arcs", "edges", "arcslist", "edgeslist", "network")


@dataclass
class _Seen:
    """What was read so far; ``edges`` are source, target, weight, whether both ways, and line."""

    path: Path
    size: int = 0
    labels: dict[str, str] = field(default_factory=dict)
    edges: list[tuple[str, str, str | None, bool, int]] = field(default_factory=list)
    section: str = ""


def read_pajek(path: Path, data: bytes, options: NetworkOptions) -> Network:
    """Return the network of a Pajek file: ids are the numbers of the vertices, names their labels.

    Raises:
        UnreadableFile: a section or line is not known, a vertex is not among those declared, or there are two modes.
    """
    require_utf8(path, data)
    weight_column(path, [], options.weight)
    seen = _Seen(path)
    for number, line in enumerate(data.decode().split("\n"), start=1):
        words = [quoted or plain for quoted, plain in _WORD.findall(line)]
        if not words or line.startswith("%"):
            continue
        if line.startswith("*"):
            _begin(seen, words, number)
        elif seen.section == "vertices":
            seen.labels[_vertex(seen, words[0], number)] = words[1] if len(words) > 1 else ""
        else:
            _edges(seen, words, number)
    require_size(path, seen.size, data)
    ids = [str(vertex) for vertex in range(1, seen.size + 1)]
    columns = list(zip(*seen.edges, strict=True)) or [(), (), (), (), ()]
    return Network(
        source=pa.array(columns[0], pa.string()),
        target=pa.array(columns[1], pa.string()),
        weight=pa.array(columns[2], pa.string()) if any(columns[2]) else None,
        both=np.array(columns[3], dtype=bool),
        lines=np.array(columns[4], dtype=np.int64),
        nodes=node_table(ids, [seen.labels.get(vertex) for vertex in ids]),
    )


def _begin(seen: _Seen, words: list[str], line: int) -> None:
    """Begin the section of a line such as ``*Vertices 3``."""
    section = words[0][1:].lower()
    if section == "network":
        return
    if section not in _SECTIONS:
        remedy = "write the network with *Vertices, *Arcs and *Edges"
        raise UnreadableFile(f"{seen.path}, line {line}: {words[0]!r} is not read", remedy=remedy)
    if section == "vertices":
        if seen.section:
            raise UnreadableFile(f"{seen.path}, line {line} begins another network", remedy="give one network a file")
        if len(words) > 2 and words[2] != words[1]:
            raise UnreadableFile(
                f"{seen.path}, line {line}: a network of two modes ({' '.join(words[1:3])})",
                remedy="write its edges as interactions",
            )
        seen.size = int(words[1]) if len(words) > 1 and words[1].isdecimal() else 0
    seen.section = section


def _edges(seen: _Seen, words: list[str], line: int) -> None:
    """Add the edges of one line."""
    source, *others = words
    listed = seen.section.endswith("list")
    if not seen.section or not others:
        remedy = "each line must be `from to` or `from to weight`"
        raise UnreadableFile(f"{seen.path}, line {line}: {' '.join(words)[:60]!r} is no edge", remedy=remedy)
    targets = others if listed else others[:1]
    weight = None if listed or len(others) < 2 else others[1]
    both = seen.section.startswith("edges")
    start = _vertex(seen, source, line)
    seen.edges += [(start, _vertex(seen, target, line), weight, both, line) for target in targets]


def _vertex(seen: _Seen, text: str, line: int) -> str:
    """Return the number of a vertex."""
    if not text.isdecimal() or not 1 <= int(text) <= seen.size:
        raise UnreadableFile(
            f"{seen.path}, line {line}: {text!r} is not the number of a vertex from 1 to {seen.size}",
            remedy="declare all vertices with *Vertices NUMBER",
        )
    return str(int(text))
