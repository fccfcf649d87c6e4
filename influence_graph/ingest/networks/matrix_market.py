"""Matrix Market: the entry in row i and column j is the edge from i to j.

Read by :func:`scipy.io.mmread`. Nodes are called by their number from 1, as in the file. See Boisvert, Pozo, Remington:
The Matrix Market Exchange Formats, NISTIR 5935 (1996).
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from scipy.io import mmread

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.networks.network import Network, NetworkOptions, node_table, weight_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

BANNER = b"%%MatrixMarket"
_VALUES = ("real", "integer", "pattern")
_SYMMETRIES = ("general", "symmetric")


def read_matrix_market(path: Path, data: bytes, options: NetworkOptions) -> Network:
    """Return the network of a square sparse matrix; a symmetric one gives both directions.

    Raises:
        UnreadableFile: the matrix is dense, not square, complex or of negative symmetry, or an entry is damaged.
    """
    weight_column(path, [], options.weight)
    data = data.lstrip()
    first, _, rest = data.partition(b"\n")
    words = first.decode("ascii", "replace").lower().split()
    _require_kind(path, words)
    try:
        # Each entry once and in the order of the file: the symmetry is that of the edges, not of scipy's matrix.
        matrix = mmread(io.BytesIO(" ".join([BANNER.decode(), *words[1:4], "general"]).encode() + b"\n" + rest))
    except (ValueError, OverflowError, OSError) as error:
        raise UnreadableFile(f"{path}: {error}", remedy="write it again, such as with scipy.io.mmwrite") from error
    rows, columns = matrix.shape
    if rows != columns:
        raise UnreadableFile(
            f"{path} is a matrix of {rows:,} rows and {columns:,} columns: it connects two kinds of nodes",
            remedy="give a square matrix, or write its entries as interactions",
        )
    return Network(
        source=_numbered(matrix.row),
        target=_numbered(matrix.col),
        weight=None if words[3] == "pattern" else pa.array(matrix.data, pa.float64()),
        both=words[4] == "symmetric",
        lines=_first_entry(data) + np.arange(matrix.nnz),
        nodes=node_table([str(node) for node in range(1, rows + 1)], [None] * rows),
    )


def _require_kind(path: Path, words: list[str]) -> None:
    remedy = "write it as a sparse matrix of real numbers, such as with scipy.io.mmwrite"
    if len(words) != 5 or words[0] != BANNER.decode().lower() or words[1] != "matrix":
        raise UnreadableFile(f"{path} does not begin with the line `{BANNER.decode()} matrix …`", remedy=remedy)
    if words[2] != "coordinate" or words[3] not in _VALUES or words[4] not in _SYMMETRIES:
        raise UnreadableFile(f"{path} is a matrix of the kind {' '.join(words[2:])}", remedy=remedy)


def _first_entry(data: bytes) -> int:
    """Return the line of the first entry: the one below the size, which is below the comments."""
    for number, line in enumerate(data.split(b"\n", 10_000), start=1):
        if line.strip() and not line.startswith(b"%"):
            return number + 1
    return 1


def _numbered(places: NDArray[np.int32]) -> pa.Array:
    return pa.array(places.astype(np.int64) + 1).cast(pa.string())
