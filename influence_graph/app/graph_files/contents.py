"""What is in the whole graph of a store: people and brands with their scores, and what goes between them.

Names of types and properties are those that the store on Neo4j uses, so that a graph imported there looks the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.analyses.interactions.meaning import TO_BRAND, meaning_of
from influence_graph.errors import InputError
from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.model.records import BRANDS, INTERACTIONS, PEOPLE, TIES, TOUCHPOINTS, RecordKind
from influence_graph.model.results import RESULTS, SCORE, Shape
from influence_graph.stores.base import Reader

_TIE_TYPES = {"follows": "FOLLOWS", "friend": "KNOWS", "exposed": "EXPOSED_TO"}
_BOND_NAMES = {
    "fusion_score": "fusionScore",
    "to_brand": "toBrand",
    "to_consumer": "toConsumer",
    "reciprocity": "reciprocity",
    "as_of": "asOf",
}
_EVENT_NAMES = {
    name: name.split("_")[0] + "".join(word.title() for word in name.split("_")[1:])
    for name in INTERACTIONS.names
    if name not in (*INTERACTIONS.endpoints, "direction", "weight")
}


class Edges(StrEnum):
    """What may go between the nodes of an exported graph."""

    TIES = "ties"  # between people
    BONDS = "bonds"  # the current Fusion Scores
    INTERACTIONS = "interactions"  # those that count


@dataclass(frozen=True, eq=False)
class NodeSet:
    """The nodes of one label: a table of id and properties."""

    label: str
    table: pa.Table


@dataclass(frozen=True, eq=False)
class EdgeSet:
    """The edges of one type: a table of source, target, weight ≥ 0 and properties.

    ``both`` says that each goes both ways.
    """

    type: str
    start: str
    end: str
    table: pa.Table
    both: bool = False


@dataclass(frozen=True, eq=False)
class Contents:
    """A whole graph, and which runs its scores are from."""

    nodes: list[NodeSet]
    edges: list[EdgeSet]
    runs: dict[str, str]


def read_contents(view: Reader, wanted: Sequence[Edges] | None = None) -> Contents:
    """Return the graph of *view* with the edges *wanted*: default ties, and bonds, or interactions without bonds.

    People are always in it, brands where something goes to or from them.

    Raises:
        InputError: there are no people, or bonds are wanted and no scores were written.
    """
    chosen = list(dict.fromkeys(wanted or _default(view)))
    runs: dict[str, str] = {}
    edges = _ties(view) if Edges.TIES in chosen else []
    edges += _bonds(view, runs) if Edges.BONDS in chosen else []
    edges += _interactions(view) if Edges.INTERACTIONS in chosen else []
    labels = [(CONSUMER, PEOPLE)] + ([(BRAND, BRANDS)] if set(chosen) != {Edges.TIES} else [])
    measured = _measures(view, runs)
    nodes = [
        NodeSet(label, _with_measures(_nodes(view, kind, label, edges), measured.get(label, {})))
        for label, kind in labels
    ]
    if not sum(each.table.num_rows for each in nodes):
        raise InputError(
            f"the store {view.url} holds nobody", remedy="ingest records first: `influence-graph ingest FILE…`"
        )
    return Contents(nodes, edges, runs)


def _default(view: Reader) -> list[Edges]:
    return [Edges.TIES, Edges.INTERACTIONS if view.results(SCORE) is None else Edges.BONDS]


def _records(view: Reader, kind: RecordKind) -> pa.Table:
    return pa.concat_tables([kind.schema.empty_table(), *view.records(kind)])


def _nodes(view: Reader, kind: RecordKind, label: str, edges: list[EdgeSet]) -> pa.Table:
    """Return the records of *kind*, and an id alone for each other node of *label* that an edge names."""
    table = _records(view, kind)
    ends = [
        each.table[side] for each in edges for side, of in (("source", each.start), ("target", each.end)) if of == label
    ]
    named = pa.chunked_array(ends, pa.string()).unique()
    others = named.filter(pc.invert(pc.is_in(named, table["id"].combine_chunks())))
    return pa.concat_tables([table, pa.table({"id": others})], promote_options="default")


def _measures(view: Reader, runs: dict[str, str]) -> dict[str, dict[str, pa.Table]]:
    """Return the current scores of nodes by label and property."""
    found: dict[str, dict[str, pa.Table]] = {CONSUMER: {}, BRAND: {}}
    for kind in (row for row in RESULTS.values() if row.shape is Shape.NODES):
        current = view.results(kind)
        if current is None:
            continue
        run, table = current
        runs[kind.neo4j] = run.id
        for label, of_label in found.items():
            rows = table.filter(pc.equal(table["label"], label))
            if rows.num_rows:
                of_label[kind.neo4j] = rows
    return found


def _with_measures(nodes: pa.Table, measures: dict[str, pa.Table]) -> pa.Table:
    for name, scores in measures.items():
        place = pc.index_in(nodes["id"], value_set=scores["id"].combine_chunks().cast(nodes["id"].type))
        nodes = nodes.append_column(name, scores["score"].combine_chunks().take(place.combine_chunks()))
    return nodes


def _ties(view: Reader) -> list[EdgeSet]:
    table = _records(view, TIES)
    weight = pc.fill_null(table["weight"], 1.0)
    table = pa.table(
        {
            "source": table["source"],
            "target": table["target"],
            "weight": weight,
            "since": table["since"],
            "kind": table["kind"],
        }
    )
    sets = [
        EdgeSet(
            type_,
            CONSUMER,
            CONSUMER,
            table.filter(pc.equal(table["kind"], kind)).drop_columns(["kind"]),
            kind == "friend",
        )
        for kind, type_ in _TIE_TYPES.items()
    ]
    return [each for each in sets if each.table.num_rows]


def _bonds(view: Reader, runs: dict[str, str]) -> list[EdgeSet]:
    current = view.results(SCORE)
    if current is None:
        raise InputError(
            f"the store {view.url} keeps no bonds", remedy="calculate them: `influence-graph score --write`"
        )
    run, scores = current
    runs["bonds"] = run.id
    score = scores["fusion_score"]
    columns = {
        "source": scores["consumer"],
        "target": scores["brand"],
        "weight": pc.abs(score),
        "sign": pc.sign(score).cast(pa.int64()),
    }
    columns |= {new: scores[old] for old, new in _BOND_NAMES.items()}
    return [EdgeSet("BOND", CONSUMER, BRAND, pa.table(columns))]


def _interactions(view: Reader) -> list[EdgeSet]:
    """Return the interactions that count, with touchpoint and valence as the store's touchpoint table resolves them."""
    events = view.interactions()
    meaning = meaning_of(read_ledger(events), view.touchpoints())
    resolved = {
        "touchpoint": pa.array(np.array(TOUCHPOINTS)[meaning.touchpoint]),
        "valence": pa.array(meaning.valence),
    }
    ends = {"consumer": _plain(events["consumer"]), "brand": _plain(events["brand"])}
    weight = pc.fill_null(events["weight"], 1.0)
    properties: dict[str, Any] = {new: resolved.get(old, events[old]) for old, new in _EVENT_NAMES.items()}
    to_brand = pa.array(meaning.side == TO_BRAND)
    sets = []
    for type_, start, end, rows in (
        ("INTERACTED", "consumer", "brand", to_brand),
        ("RESPONDED", "brand", "consumer", pc.invert(to_brand)),
    ):
        table = pa.table({"source": ends[start], "target": ends[end], "weight": weight, **properties}).filter(rows)
        labels = (CONSUMER, BRAND) if start == "consumer" else (BRAND, CONSUMER)
        sets.append(EdgeSet(type_, *labels, table))
    return [each for each in sets if each.table.num_rows]


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string())


def without_empty(nodes: NodeSet) -> NodeSet:
    """Return *nodes* without the properties that none of them has."""
    full = [
        name for name in nodes.table.column_names if name == "id" or nodes.table[name].null_count < nodes.table.num_rows
    ]
    return replace(nodes, table=nodes.table.select(full))
