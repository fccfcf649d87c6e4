"""KONECT: ``out.*`` files, whose first line says how the network is to be read.

``% asym weighted`` is the format (sym: undirected, asym: directed, bip: between two kinds of nodes) and the meaning of
the weights; then come ``from to [weight [time]]``, times in seconds since 1970. See Kunegis, Handbook of Network
Analysis: The KONECT Project, http://konect.cc/files/konect-handbook.pdf, sections 9.1 and 9.2.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.compute as pc

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.networks.delimiter import delimiter_of, sample_of
from influence_graph.ingest.networks.network import Network, NetworkOptions, weight_column
from influence_graph.ingest.networks.text import require_utf8, split_rows
from influence_graph.ingest.networks.times import instants

_HEADER = re.compile(rb"%[ \t]*(sym|asym|bip)\b[ \t]*(\w*)[^\n]*")
_UNWEIGHTED = ("", "unweighted")


def is_konect(head: bytes) -> bool:
    """Return whether *head* begins with the header of KONECT."""
    return _HEADER.match(head) is not None


def read_konect(path: Path, data: bytes, options: NetworkOptions) -> Network:
    """Return the network of a KONECT file.

    Raises:
        UnreadableFile: it is between two kinds of nodes, its edges come and go, or a line has another shape.
    """
    require_utf8(path, data)
    header = _HEADER.match(data)
    form, weights = (header[1].decode(), header[2].decode()) if header else ("asym", "")
    if form == "bip":
        raise UnreadableFile(
            f"{path} connects nodes of two kinds (bip), which are not people who follow each other",
            remedy="write each edge as an interaction of a consumer with a brand, and ingest that",
        )
    if weights == "dynamic":
        remedy = "write the edges of one moment as an edge list"
        raise UnreadableFile(f"{path} holds edges that appear and disappear (dynamic)", remedy=remedy)
    start = 0
    while data[start : start + 1] in (b"%", b"\n"):
        start = data.find(b"\n", start) + 1 or len(data)
    rows = split_rows(path, data[start:], data.count(b"\n", 0, start) + 1, delimiter_of(sample_of(data[start:])))
    columns = rows.columns
    if not 2 <= len(columns) <= 4:
        raise UnreadableFile(
            f"{path}, line {rows.lines[0]} has {len(columns)} columns, not 2 to 4",
            remedy="each line must be `from to`, `from to weight` or `from to weight time`",
        )
    weight_column(path, [], options.weight)
    notes = []
    since = instants(columns[3]) if len(columns) == 4 else None
    if len(columns) == 4:
        notes.append(f"column 4 {'holds no times and was not read' if since is None else 'was read as times (since)'}")
    weight = columns[2] if len(columns) > 2 else None
    if weight is not None and weights in _UNWEIGHTED and pc.all(pc.equal(weight, "1")).as_py():
        weight = None
    return Network(
        source=columns[0],
        target=columns[1],
        weight=weight,
        since=since,
        both=form == "sym",
        lines=rows.lines,
        notes=notes,
    )
