"""Matrix Market: the entry in row i and column j is the edge from i to j.

Nodes are called by their number from 1, as in the file. The entries are read here and not by
:func:`scipy.io.mmread`, which takes ``1,5`` for 1 and ends the process where text follows the last number.
See Boisvert, Pozo, Remington: The Matrix Market Exchange Formats, NISTIR 5935 (1996).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.networks.network import (
    Network,
    NetworkOptions,
    node_table,
    require_size,
    weight_column,
)
from influence_graph.ingest.networks.text import SPACES, Rows, require_utf8, split_rows

BANNER = b"%%MatrixMarket"
_VALUES = ("real", "integer", "pattern")
_SYMMETRIES = ("general", "symmetric")
_AGAIN = "write it again, such as with scipy.io.mmwrite"


def read_matrix_market(path: Path, data: bytes, options: NetworkOptions) -> Network:
    """Return the network of a square sparse matrix; a symmetric one gives both directions.

    Raises:
        UnreadableFile: the matrix is dense, not square, complex or of negative symmetry, or an entry is damaged.
    """
    require_utf8(path, data)
    weight_column(path, [], options.weight)
    lines = data.split(b"\n", 10_000)
    words = lines[0].decode().lower().split()
    _require_kind(path, words)
    above = next((i for i, line in enumerate(lines[1:], start=2) if line.strip() and not line.startswith(b"%")), 1)
    nodes, entries = _size(path, lines[above - 1].split(), above, data)
    body = data.split(b"\n", above)[above:]
    rows = split_rows(path, body[0] if body else b"", above + 1, SPACES)
    width = 2 if words[3] == "pattern" else 3
    if len(rows.lines) != entries or len(rows.columns) != width:
        raise UnreadableFile(
            f"{path} has {len(rows.lines):,} entries of {len(rows.columns)} numbers, "
            f"and its head says {entries:,} of {width}",
            remedy=_AGAIN,
        )
    return Network(
        source=_places(path, rows, 0, nodes),
        target=_places(path, rows, 1, nodes),
        weight=rows.columns[2] if width == 3 else None,
        both=words[4] == "symmetric",
        lines=rows.lines,
        nodes=node_table([str(node) for node in range(1, nodes + 1)], [None] * nodes),
    )


def _require_kind(path: Path, words: list[str]) -> None:
    remedy = "write it as a sparse matrix of real numbers, such as with scipy.io.mmwrite"
    if len(words) != 5 or words[0] != BANNER.decode().lower() or words[1] != "matrix":
        raise UnreadableFile(f"{path} does not begin with the line `{BANNER.decode()} matrix …`", remedy=remedy)
    if words[2] != "coordinate" or words[3] not in _VALUES or words[4] not in _SYMMETRIES:
        raise UnreadableFile(f"{path} is a matrix of the kind {' '.join(words[2:])}", remedy=remedy)


def _size(path: Path, words: list[bytes], line: int, data: bytes) -> tuple[int, int]:
    """Return the numbers of nodes and of entries."""
    if len(words) != 3 or not all(word.isdigit() for word in words):
        raise UnreadableFile(f"{path}, line {line} is not `rows columns entries`", remedy=_AGAIN)
    rows, columns, entries = map(int, words)
    if rows != columns:
        raise UnreadableFile(
            f"{path} is a matrix of {rows:,} rows and {columns:,} columns: it connects two kinds of nodes",
            remedy="give a square matrix, or write its entries as interactions",
        )
    require_size(path, rows, data)
    return rows, entries


def _places(path: Path, rows: Rows, column: int, nodes: int) -> pa.Array:
    """Return the numbers of nodes in a column, as text."""
    text = rows.columns[column]
    digits = pc.fill_null(pc.match_substring_regex(text, r"^[0-9]{1,15}$"), fill_value=False)
    numbers = pc.if_else(digits, text, "0").cast(pa.int64())
    bad = np.flatnonzero(~pc.and_(pc.greater_equal(numbers, 1), pc.less_equal(numbers, nodes)).to_numpy(False))
    if len(bad):
        row = int(bad[0])
        raise UnreadableFile(
            f"{path}, line {rows.lines[row]}: {text[row].as_py()!r} is not a whole number from 1 to {nodes:,}",
            remedy=_AGAIN,
        )
    return numbers.cast(pa.string())
