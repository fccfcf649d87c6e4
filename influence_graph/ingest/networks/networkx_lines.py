"""Lists of :func:`networkx.write_edgelist`: two ends and the attributes as a Python dict."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import numpy as np

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.networks.attributes import of_attributes
from influence_graph.ingest.networks.delimiter import delimiter_of
from influence_graph.ingest.networks.network import Network, NetworkOptions
from influence_graph.ingest.networks.text import require_utf8, split_line

_DICT = re.compile(rb"[\s,;|]\{(?:[\"'][^\n]*)?\}[ \t]*(?:\n|$)")
_LINE = re.compile(r"(.*?)[\s,;|]*(\{.*\})\s*")


def has_dicts(head: bytes) -> bool:
    """Return whether a line of *head* ends with a dict."""
    return _DICT.search(head) is not None


def read_dicts(path: Path, data: bytes, options: NetworkOptions) -> Network:
    """Return the network of such a list.

    Raises:
        UnreadableFile: a line has another shape.
    """
    require_utf8(path, data)
    edges: list[tuple[str, str]] = []
    attributes: list[dict[str, Any]] = []
    numbers: list[int] = []
    delimiter: str | None = None
    for number, line in enumerate(data.decode().split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        ends, held = _split(path, line, number)
        delimiter = delimiter_of([ends]) if delimiter is None else delimiter
        both = split_line(ends, delimiter)
        if len(both) != 2:
            raise UnreadableFile(
                f"{path}, line {number} has {len(both)} ends, not 2",
                remedy="each line must be `source target {…}`, as networkx.write_edgelist writes it",
            )
        edges.append((both[0], both[1]))
        attributes.append(held)
        numbers.append(number)
    return of_attributes(path, edges, attributes, options, np.array(numbers, dtype=np.int64))


def _split(path: Path, line: str, number: int) -> tuple[str, dict[str, Any]]:
    """Return the ends and the attributes of a line."""
    match = _LINE.fullmatch(line)
    try:
        held = ast.literal_eval(match[2]) if match else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        held = None
    if match is None or not isinstance(held, dict):
        raise UnreadableFile(
            f"{path}, line {number}: {line[:60]!r} does not end with a dict",
            remedy="each line must be `source target {…}`, as networkx.write_edgelist writes it",
        )
    return match[1], {str(name): value for name, value in held.items()}
