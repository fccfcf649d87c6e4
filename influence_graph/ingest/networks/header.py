"""Whether the first line of an edge list holds the names of its columns.

It does if it names known ends, if its text stands above numbers, or if it alone is quoted. Else it is an edge, and
where nothing speaks for either that is said. A line of two numbers is an edge too, unless it counts what is below it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.networks.names import numbered, roles_of, stem
from influence_graph.ingest.networks.network import NetworkOptions
from influence_graph.ingest.networks.text import SHAPE, Rows
from influence_graph.ingest.networks.times import is_iso, numbers

_MANY = 10  # edges: in fewer the numbers of nodes and edges often are ids


def first_line(path: Path, rows: Rows, options: NetworkOptions, *, quoted: bool) -> tuple[list[str] | None, Rows, str]:
    """Return the names of columns in the first of *rows* or None, the edges, and what is to be said of that line or "".

    Args:
        path: What messages call the file.
        rows: All rows; there is at least one.
        options: What is stated about the file.
        quoted: Whether the first line is quoted and no other is.

    Raises:
        UnreadableFile: the line may be an edge and names, or an edge and the size of the graph.
    """
    if options.header is False:
        return None, rows, ""
    first = [column[0].as_py().strip() for column in rows.columns]
    rest = rows.from_row(1)
    place = f"line {rows.lines[0]} ({' '.join(first)!r})"
    if options.header or _is_header(path, place, first, rest, quoted):
        if not len(rest.lines):
            raise UnreadableFile(f"{path} contains no edge", remedy=SHAPE)
        return first, rest, ""
    doubt = ""
    if options.size_line is None and _may_be_size(first, rest):
        if len(rest.lines) >= _MANY:
            raise UnreadableFile(
                f"{path}: {place} may be an edge, or the size of the graph",
                remedy="say which: --size-line or --no-size-line",
            )
        doubt = "it is the size of the graph pass --size-line"
    elif _nothing_tells(first, rest):
        doubt = "these are column names pass --header"
    return None, rows, f"{place} was read as an edge; if {doubt}" if doubt else ""


def is_nodes(names: list[str]) -> bool:
    """Return whether *names* are those of a table of nodes, such as Gephi writes."""
    plain = {name.strip().casefold() for name in names}
    return "id" in plain and bool(plain & {"label", "name"}) and not roles_of(names).certain


def _is_header(path: Path, place: str, first: list[str], rest: Rows, quoted: bool) -> bool:
    """Return whether *first* are names of columns."""
    roles = roles_of(first)
    if roles.certain or is_nodes(first):
        recur = _recur([first[end] for end in roles.ends], rest)
        if not recur and not (numbered(first) and _stem_recurs(stem(first[0]), rest)):
            return True
        if not numbered(first) or not recur:
            raise UnreadableFile(
                f"{path}: {place} may be an edge or column names",
                remedy="say which: --header or --no-header",
            )
        return False
    if not len(rest.lines):
        return False
    if quoted:
        return True
    numeric = [i for i, column in enumerate(rest.columns) if numbers(column) is not None or is_iso(column)]
    return bool(numeric) and all(_is_name(first[i]) for i in numeric)


def _nothing_tells(first: list[str], rest: Rows) -> bool:
    """Return whether nothing speaks for or against names in the first line: all is text, and no end occurs again."""
    if not len(rest.lines) or any(numbers(column) is not None for column in rest.columns):
        return False
    return not _recur(first[:2], rest)


def _recur(ends: list[str], rest: Rows) -> bool:
    """Return whether one of *ends* occurs below the first line."""
    wanted = pa.array(ends, pa.string())
    return any(pc.any(pc.is_in(pc.utf8_trim_whitespace(column), wanted)).as_py() for column in rest.columns)


def _stem_recurs(word: str, rest: Rows) -> bool:
    """Return whether an id below the first line is *word* with a number."""
    pattern = rf"(?i)^\s*{re.escape(word)}[ _-]?\d+\s*$"
    return any(pc.any(pc.match_substring_regex(column, pattern)).as_py() for column in rest.columns[:2])


def _is_name(text: str) -> bool:
    """Return whether *text* may be the name of a column of numbers or times."""
    return bool(text) and not is_number(text) and not is_iso(pa.array([text]))


def is_number(text: str) -> bool:
    """Return whether *text* is a number, with a decimal point or comma."""
    return re.fullmatch(r"\s*[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*", text) is not None


def _may_be_size(first: list[str], rest: Rows) -> bool:
    """Return whether *first* are the numbers of nodes and of edges below it, which an edge may be all the same."""
    edges = str(len(rest.lines))
    if len(first) != 2 or edges not in first:
        return False
    return sorted(first) == sorted((edges, str(len(pc.unique(pa.chunked_array(rest.columns))))))
