"""Files of networks as ties: plain edge lists and the formats of :mod:`influence_graph.ingest.networks`.

One rule for all formats, that of ``ingest``. An edge becomes a tie of ``tie_kind`` (default follows: the first follows
the second). An undirected edge gives both directions, or one tie of friends. Edges that repeat are one tie: their
weights are summed, one that is not stated counts 1; the tie is as old as the oldest. An edge of a node with itself
gives no tie. The kind of people is left open: an edge list does not say who is an influencer. A weight must be finite
and not negative. All that was summed, left out or read in both directions is said in notes; all edges are checked
before the first record is yielded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.batching import make_batch
from influence_graph.ingest.chunks import Chunk
from influence_graph.ingest.importers import columns as c
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.ingest.networks.network import Network
from influence_graph.ingest.networks.read import read_network
from influence_graph.ingest.rejects import described
from influence_graph.ingest.repeats import WEIGHTS_ADDED
from influence_graph.ingest.validate import Validator
from influence_graph.ingest.values.columns import parse_column
from influence_graph.model.ids import EXACT
from influence_graph.model.records import BATCH_ROWS, PEOPLE, TIES, Batch, Reject
from influence_graph.model.times import zone_named
from influence_graph.text import count_text

if TYPE_CHECKING:
    from numpy.typing import NDArray


_NEVER = np.iinfo(np.int64).max
_WHOLE_FLOAT = r"^[+-]?[0-9]+\.0+$"
_ROUNDED = r"^[0-9](\.[0-9]+)?E\+[0-9]{2}$"


@dataclass(frozen=True)
class _Edges:
    """Edges between people by their numbers.

    Attributes:
        source: Where each edge starts.
        target: Where it ends.
        weight: NaN where none is stated.
        since: Microseconds since 1970, the largest integer where none is stated.
        lines: Line of each edge.
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    weight: NDArray[np.float64]
    since: NDArray[np.int64]
    lines: NDArray[np.int64]

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> _Edges:
        """Return the edges that are *chosen*."""
        return _Edges(
            self.source[chosen], self.target[chosen], self.weight[chosen], self.since[chosen], self.lines[chosen]
        )

    def turned(self, chosen: NDArray[np.bool_]) -> _Edges:
        """Return all edges, those *chosen* in the other direction."""
        source, target = np.where(chosen, self.target, self.source), np.where(chosen, self.source, self.target)
        return _Edges(source, target, self.weight, self.since, self.lines)


def read(files: Sequence[Path], options: ImportOptions) -> Iterator[Batch]:
    """Yield people and ties of the one network in *files*.

    Raises:
        UnreadableFile: the file is of no known format, or an id, weight or time is out of its limits.
        InputError: an option does not fit the format.
    """
    (path,) = files
    network = read_network(path, options.network)
    notes = list(network.notes)
    people, numbers = _people(path, network, options.prefix, notes)
    ids = people.table["id"].combine_chunks()
    edges = _edges(path, network, numbers, options.timezone)
    ties = _ties(path, _directed(edges, network, ids, options.tie_kind, notes), ids, options.tie_kind)
    for note in notes:
        options.note(f"{path.name}: {note}")
    for batch in (people, ties):
        for start in range(0, batch.table.num_rows, BATCH_ROWS):
            table, lines = batch.table.slice(start, BATCH_ROWS), batch.lines.slice(start, BATCH_ROWS)
            yield Batch(batch.kind, table, lines, str(path))


def _people(path: Path, network: Network, prefix: str, notes: list[str]) -> tuple[Batch, NDArray[np.int64]]:
    """Return everyone in *network*, and their numbers: of the nodes that it lists, the sources, the targets."""
    nodes = pa.table({"id": pa.array([], pa.string()), "name": []}) if network.nodes is None else network.nodes
    _refuse_missing(path, network)
    listed = [*nodes["id"].chunks, network.source, network.target]
    coded = pa.chunked_array(listed, pa.string()).combine_chunks().dictionary_encode()
    codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    raw = _one_form(path, coded.dictionary, notes)
    lines = np.concatenate((np.ones(len(nodes), np.int64), *[_lines(network)] * 2))
    first = _first(codes, len(raw))
    names: NDArray[np.object_] = np.full(len(raw), None, dtype=object)
    at_node = first[first < len(nodes)]
    names[codes[at_node]] = nodes["name"].to_numpy()[at_node]
    chunk = Chunk(
        {
            "id": c.prefixed(raw, prefix),
            "name": c.clean_text(pa.array(names, pa.string())),
        },
        lines[first],
    )
    batch, rejects = Validator(PEOPLE, str(path)).validate(chunk)
    if rejects:
        where = "" if network.lines is not None else "the file is read as a graph, its lines are not known; "
        raise UnreadableFile(described(rejects[0]), remedy=where + (rejects[0].remedy or "correct the line"))
    unique = batch.table["id"].combine_chunks().dictionary_encode()
    merged = unique.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    if len(unique.dictionary) == len(raw):
        return batch, codes
    if same := len(pc.unique(raw)) - len(unique.dictionary):
        notes.append(f"joined {count_text(same, 'id')} with another that differs only in spaces or the form of letters")
    kept = pa.array(_first(merged, len(unique.dictionary)))
    return Batch(PEOPLE, batch.table.take(kept), batch.lines.take(kept), batch.file), merged[codes]


def _refuse_missing(path: Path, network: Network) -> None:
    """Refuse an edge that lacks an end.

    Raises:
        UnreadableFile: one does.
    """
    for name, ends in (("source", network.source), ("target", network.target)):
        row = pc.index(pc.utf8_trim_whitespace(ends), "").as_py()
        if row >= 0:
            raise UnreadableFile(
                f"{path}, line {_lines(network)[row]}: {name} is empty", remedy="fill it in, or take the line out"
            )


def _first(codes: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return where each of *size* codes occurs first."""
    places = np.zeros(size, dtype=np.int64)
    places[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return places


def _lines(network: Network) -> NDArray[np.int64]:
    return np.arange(1, len(network.source) + 1) if network.lines is None else network.lines


def _one_form(path: Path, ids: pa.Array, notes: list[str]) -> pa.Array:
    """Return *ids* with whole numbers without a fraction, as ids have one form: 1.0 is 1.

    Raises:
        UnreadableFile: a number was rounded, or is written both as 1 and as 1.0.
    """
    rounded = ids.filter(pc.match_substring_regex(ids, _ROUNDED))
    if len(rounded):
        raise UnreadableFile(
            f"{path}: the id {rounded[0].as_py()!r} is a rounded number, which may stand for several ids",
            remedy="export the file again with the ids as text: a spreadsheet has rounded them",
        )
    floats = pc.match_substring_regex(ids, _WHOLE_FLOAT)
    if not pc.any(floats).as_py():
        return ids
    whole = pc.replace_substring_regex(ids, r"\.0+$", "")
    both = ids.filter(pc.and_(pc.invert(floats), pc.is_in(ids, whole.filter(floats))))
    if len(both) and not pc.all(pc.match_substring_regex(ids, r"^[+-]?[0-9]+(\.0+)?$")).as_py():
        example = both[0].as_py()
        raise UnreadableFile(
            f"{path}: the ids {example!r} and '{example}.0' would be two people", remedy="write one form of each id"
        )
    large = [text for text in whole.filter(floats).to_pylist() if abs(int(text)) > EXACT]
    if large:
        raise UnreadableFile(f"{path}: the id '{large[0]}.0' is beyond 2^53", remedy="write ids as whole numbers")
    notes.append(f"{pc.sum(floats).as_py():,} ids are whole numbers with a fraction of 0: 1.0 is read as 1")
    return pc.if_else(floats, whole, ids)


def _edges(path: Path, network: Network, numbers: NDArray[np.int64], timezone: str) -> _Edges:
    """Return the edges of *network* in the directions of the file.

    Raises:
        UnreadableFile: a weight or time is out of its limits.
    """
    size = len(network.source)
    source, target = numbers[len(numbers) - 2 * size : len(numbers) - size], numbers[len(numbers) - size :]
    weight, since = np.full(size, np.nan), np.full(size, _NEVER)
    if network.weight is not None:
        parsed = _parsed(path, network, "weight", network.weight, None)
        weight = parsed.to_numpy(zero_copy_only=False).astype(np.float64)
    if network.since is not None:
        zone = zone_named(timezone) if timezone else None
        instants = _parsed(path, network, "since", network.since, zone).cast(pa.int64())
        since = instants.fill_null(_NEVER).to_numpy(zero_copy_only=False)
    return _Edges(source, target, weight, since, _lines(network))


def _parsed(path: Path, network: Network, field: str, raw: pa.Array, zone: ZoneInfo | None) -> pa.Array:
    """Return a column of ties by the rules of record files."""
    parsed = parse_column(raw, TIES.by_name[field], zone)
    if not parsed.faults:
        return parsed.values
    row = min(parsed.faults)
    fault = parsed.faults[row]
    more = f" (and {len(parsed.faults) - 1:,} more)" if len(parsed.faults) > 1 else ""
    if network.lines is None:
        ends = f"{network.source[row].as_py()} – {network.target[row].as_py()}"
        text = f"{path}, the edge {ends}: {field} {fault.value!r} {fault.reason}"
    else:
        text = described(Reject(str(path), int(network.lines[row]), field, fault.value, fault.reason))
    raise UnreadableFile(text + more, remedy=fault.remedy or "correct the line")


def _directed(edges: _Edges, network: Network, ids: pa.Array, kind: str, notes: list[str]) -> _Edges:
    """Return the edges of ties of *kind*: each once, without loops, undirected ones in both directions."""
    loop = edges.source == edges.target
    if loop.any():
        notes.append(f"left out {count_text(int(loop.sum()), 'edge')} of a node with itself")
    both = np.broadcast_to(np.asarray(network.both), len(loop))[~loop]
    edges = edges.where(~loop)
    what = "the graph is undirected: " if both.any() and both.all() else ""
    if kind == "friend":
        rank = np.empty(len(ids), dtype=np.int64)
        rank[pc.sort_indices(ids).to_numpy()] = np.arange(len(ids))
        edges = edges.turned(rank[edges.source] > rank[edges.target])
        notes += [f"{what}each edge is one tie of friends"] * bool(what)
    elif both.any():
        notes.append(f"{what}read {count_text(int(both.sum()), 'undirected edge')} in both directions")
        back = edges.where(both).turned(np.ones(int(both.sum()), dtype=bool))
        pairs = zip(vars(edges).values(), vars(back).values(), strict=True)
        edges = _Edges(*(np.concatenate(pair) for pair in pairs))
    return _once(edges, len(ids), notes)


def _once(edges: _Edges, size: int, notes: list[str]) -> _Edges:
    """Return each edge once, where it stands first, as old as its oldest; *size* is the number of people."""
    codes, keys = pd.factorize(edges.source * size + edges.target)
    if len(codes) == len(keys):
        return edges
    first = edges.where(_first(codes, len(keys)))
    since = np.full(len(keys), _NEVER)
    np.minimum.at(since, codes, edges.since)
    blank = np.isnan(edges.weight)
    sums = np.bincount(codes, weights=np.where(blank, 1.0, edges.weight), minlength=len(keys))
    more = len(codes) - len(keys)
    verb = "repeats" if more == 1 else "repeat"
    notes.append(f"{count_text(more, 'edge')} {verb} an earlier one between the same two: {WEIGHTS_ADDED}")
    single = np.bincount(codes, minlength=len(keys)) == 1
    return _Edges(first.source, first.target, np.where(single, first.weight, sums), since, first.lines)


def _ties(path: Path, edges: _Edges, ids: pa.Array, kind: str) -> Batch:
    """Return *edges* as ties of *kind*."""
    if np.isinf(edges.weight).any():
        row = int(np.flatnonzero(np.isinf(edges.weight))[0])
        raise UnreadableFile(
            f"{path}, line {edges.lines[row]}: the weights of this edge sum to more than a number holds",
            remedy="divide all weights by one number",
        )
    since = pa.array(edges.since, pa.int64(), mask=edges.since == _NEVER)
    columns = {
        "source": ids.take(pa.array(edges.source)),
        "target": ids.take(pa.array(edges.target)),
        "kind": kind,
        "weight": pa.array(edges.weight, pa.float64(), mask=np.isnan(edges.weight)),
        "since": since.cast(pa.timestamp("us", tz="UTC")),
    }
    return make_batch(TIES, columns, edges.lines, path)
