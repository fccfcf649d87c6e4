"""Plain edge lists: a line for each edge, its ends first or by name.

Columns are set apart by the one of tab, semicolon, comma, bar and gaps that gives most lines the same number of
them. Lines that begin with ``# `` are comments, at the top also those with ``% `` and those with ``#`` that have
another number of columns than the edges: ``#ootd #fashion`` is an edge. A comment that names the columns
(SNAP: ``# FromNodeId ToNodeId``) counts as their names; of the first line see ``header.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.networks.delimiter import delimiter_of, sample_of
from influence_graph.ingest.networks.header import first_line, is_nodes, is_number
from influence_graph.ingest.networks.names import roles_of
from influence_graph.ingest.networks.network import Network, NetworkOptions, node_table, not_read, weight_column
from influence_graph.ingest.networks.text import SHAPE, SPACES, Rows, require_utf8, split_line, split_rows
from influence_graph.ingest.networks.times import instants, is_time
from influence_graph.text import count_text

_TYPES = ("directed", "undirected", "mutual")
_UNDIRECTED = re.compile(r"#\s*undirected graph\b", re.IGNORECASE)


@dataclass(frozen=True)
class _List:
    """A list taken apart.

    Attributes:
        path: Its file.
        names: Names of the columns, or None.
        rows: The edges.
        undirected: Whether a comment says that the graph is undirected.
        notes: What was seen so far.
    """

    path: Path
    names: list[str] | None
    rows: Rows
    undirected: bool
    notes: tuple[str, ...]


def read_plain(path: Path, data: bytes, options: NetworkOptions) -> Network:
    """Return the network of the edge list *data*.

    Raises:
        UnreadableFile: lines differ in shape, or what a column or the first line is cannot be told.
    """
    require_utf8(path, data)
    found = _taken_apart(path, data, options)
    if found.names is None:
        return _unnamed(found, options)
    if is_nodes(found.names):
        return _nodes(found)
    return _named(found, options)


def _taken_apart(path: Path, data: bytes, options: NetworkOptions) -> _List:
    """Return the names and rows of *data*, without comments and size line."""
    comments = [line.decode() for line in _top(data)]
    start = sum(len(line.encode()) + 1 for line in comments)
    sample = sample_of(data[start:]) or [line for line in comments if _is_marked(line)]
    if not sample:
        raise UnreadableFile(f"{path} contains no edge", remedy=SHAPE)
    delimiter = _stated_delimiter(comments) or delimiter_of(sample[bool(options.size_line) :] or sample)
    width = len(split_line(sample[-1], delimiter))
    names = _named_by_comment(comments, delimiter, width)
    if names is None and not all(is_number(field) for field in split_line(sample[-1], delimiter)[:2]):
        edge = (i for i, line in enumerate(comments) if _is_marked(line) and len(split_line(line, delimiter)) == width)
        comments = comments[: next(edge, len(comments))]
        start = sum(len(line.encode()) + 1 for line in comments)
    if options.size_line:
        start = data.find(b"\n", start) + 1 or len(data)
    rows = split_rows(path, data[start:], data.count(b"\n", 0, start) + 1, delimiter)
    if len(rows.columns) < 2:
        raise UnreadableFile(f"{path}: line {rows.lines[0]} has 1 columns, not 2 or 3", remedy=SHAPE)
    notes = [*_comment_notes(comments, names is not None), *_middle_notes(rows)]
    if names is None or options.header:
        quoted = len(sample) > 1 and sample[0].startswith('"') and not any('"' in line for line in sample[1:])
        names, rows, note = first_line(path, rows, options, quoted=quoted)
        notes += [note] * bool(note)
    return _List(path, names, rows, any(_UNDIRECTED.match(line) for line in comments), tuple(notes))


def _top(data: bytes) -> list[bytes]:
    """Return the first lines that are empty or may be comments."""
    lines: list[bytes] = []
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        line = data[start : end if end >= 0 else len(data)]
        if line.strip() and not line.startswith((b"#", b"% ", b"sep=")) and line.strip() != b"%":
            break
        lines.append(line)
        start += len(line) + 1
    return lines


def _is_marked(line: str) -> bool:
    """Return whether *line* begins with # and a word, as comments and hashtags do."""
    return line.startswith("#") and line[1:2].strip() not in ("", "#")


def _stated_delimiter(comments: list[str]) -> str:
    """Return the delimiter in a line such as ``sep=;``, which spreadsheets write, or ""."""
    return next((line[4:5] for line in comments if line.startswith("sep=")), "")


def _named_by_comment(comments: list[str], delimiter: str, width: int) -> list[str] | None:
    """Return the names of *width* columns that the last of *comments* gives, if their ends are known ones."""
    for line in reversed(comments):
        text = line.lstrip("#%").strip()
        for mark in (delimiter, SPACES, ","):
            names = split_line(text, mark) if text else []
            if len(names) == width > 1 and roles_of(names).certain:
                return names
    return None


def _comment_notes(comments: list[str], named: bool) -> list[str]:
    """Return what is said of comments that could have been edges."""
    marked = [(number, line) for number, line in enumerate(comments, start=1) if _is_marked(line)]
    told = [each for each in marked if not named or each[0] != len(comments)]
    more = f", as were {len(told) - 1:,} more" if len(told) > 1 else ""
    return [f"line {number} ({line[:60]!r}) begins with # and was read as a comment{more}" for number, line in told[:1]]


def _middle_notes(rows: Rows) -> list[str]:
    if not rows.comments:
        return []
    return [f"left out {count_text(rows.comments, 'line')} between the edges: a comment begins with '# '"]


def _nodes(found: _List) -> Network:
    """Return a table of nodes: people without ties."""
    plain = [name.strip().casefold() for name in found.names or []]
    label = plain.index("label" if "label" in plain else "name")
    ids = found.rows.columns[plain.index("id")].to_pylist()
    empty = pa.array([], pa.string())
    notes = (*found.notes, "a table of nodes: it gives people and no ties")
    return Network(
        source=empty, target=empty, nodes=node_table(ids, found.rows.columns[label].to_pylist()), notes=notes
    )


def _unnamed(found: _List, options: NetworkOptions) -> Network:
    """Return the edges of columns without names: two ends, then weight, time, or both."""
    columns, path = found.rows.columns, found.path
    weight_column(path, [], options.weight)
    notes = list(found.notes)
    weight = since = None
    if len(columns) == 3:
        timed = options.third == "time" or (not options.third and is_time(path, columns[2]))
        weight, since = (None, columns[2]) if timed else (columns[2], None)
    elif len(columns) == 4:
        weight, since = columns[2], columns[3]
    elif len(columns) > 4:
        raise UnreadableFile(
            f"{path}: line {found.rows.lines[0]} has {len(columns)} columns, not 2 or 3",
            remedy=f"{SHAPE}; or use: influence-graph ingest {path.name} --map source=… --map target=…",
        )
    if since is not None:
        since = instants(since)
        if since is None:
            raise UnreadableFile(
                f"{path}: column {len(columns)} does not hold times",
                remedy=f"{SHAPE}; times are ISO 8601 or seconds since 1970",
            )
        notes.append(f"column {len(columns)} was read as times (since), not as weights")
    return _network(found, (0, 1), weight, since, notes)


def _named(found: _List, options: NetworkOptions) -> Network:
    """Return the edges of columns with names."""
    names, columns, path = found.names or [], found.rows.columns, found.path
    if options.third:
        remedy = "leave --third out, or name the weight with --weight"
        raise UnreadableFile(f"{path} names its columns: {', '.join(names)}", remedy=remedy)
    roles = roles_of(names)
    others = [name for i, name in enumerate(names) if i not in roles.ends]
    weight = weight_column(path, others, options.weight)
    notes = list(found.notes)
    since = None if roles.since is None or names[roles.since] == weight else roles.since
    kind = next((i for i, name in enumerate(names) if _is_type(name, columns[i])), None)
    used = {i for i, name in enumerate(names) if name == weight} | {since, kind, *roles.ends}
    left = [name for i, name in enumerate(names) if i not in used]
    _require_ends(path, names, roles.certain, left)
    if roles.source > roles.target:
        notes.append(f"edges go from the column {names[roles.source]!r} to the column {names[roles.target]!r}")
    times = None if since is None else instants(columns[since])
    if since is not None:
        told = "holds no times and was not read" if times is None else "was read as times (since)"
        notes.append(f"column {names[since]!r} {told}")
    notes += not_read(left)
    weights = None if weight is None else columns[names.index(weight)]
    network = _network(found, roles.ends, weights, times, notes)
    if kind is None:
        return network
    both = pc.not_equal(pc.utf8_lower(pc.utf8_trim_whitespace(columns[kind])), "directed")
    return replace(network, both=np.asarray(both))


def _require_ends(path: Path, names: list[str], certain: bool, left: list[str]) -> None:
    """Refuse names that do not tell which columns are the ends."""
    if certain or (not left and all(names[:2]) and names[0] != names[1]):
        return
    shown = ", ".join(map(repr, names[:10]))
    raise UnreadableFile(
        f"{path}: it cannot be told which of the columns {shown} are the ends of an edge",
        remedy=f"call them source and target, or use: influence-graph ingest {path.name} --map source=… --map target=…",
    )


def _is_type(name: str, column: pa.Array) -> bool:
    """Return whether *column* says of each edge whether it is directed, as Gephi writes it."""
    if name.strip().casefold() != "type":
        return False
    values = pc.unique(pc.utf8_lower(pc.utf8_trim_whitespace(column))).to_pylist()
    return set(values) <= set(_TYPES)


def _network(
    found: _List, ends: tuple[int, int], weight: pa.Array | None, since: pa.Array | None, notes: list[str]
) -> Network:
    source, target = (found.rows.columns[end] for end in ends)
    decimal = None if weight is None else with_points(found.path, weight)
    return Network(
        source=source,
        target=target,
        weight=decimal,
        since=since,
        both=found.undirected,
        lines=found.rows.lines,
        notes=notes,
    )


def with_points(path: Path, weight: pa.Array) -> pa.Array:
    """Return *weight* with points for decimal commas.

    Raises:
        UnreadableFile: all commas may group thousands.
    """
    commas = pc.match_substring(weight, ",")
    if not pc.any(commas).as_py() or not pc.all(pc.match_substring_regex(weight, r"^\s*[+-]?\d*(,\d+)?\s*$")).as_py():
        return weight
    with_comma = weight.filter(commas)
    if pc.all(pc.match_substring_regex(with_comma, r"^\s*[+-]?[1-9]\d{0,2},\d{3}\s*$")).as_py():
        raise UnreadableFile(
            f"{path}: the weight {with_comma[0].as_py()!r} may have a decimal comma or a group of thousands",
            remedy=f"write it with a point or without the comma, or use: influence-graph ingest {path.name} "
            "--map 'weight=COLUMN decimal ,'",
        )
    return pc.replace_substring(weight, ",", ".")
