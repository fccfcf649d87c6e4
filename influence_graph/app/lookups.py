"""Looking things up in a store: ids that must be there, display names, and which records there are."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import GraphKind
from influence_graph.model.names import BRAND, CONSUMER, NodeNames, ids_in
from influence_graph.model.records import BRANDS, PEOPLE, RecordKind
from influence_graph.stores.base import Reader
from influence_graph.text import did_you_mean

_NOUNS = {"people": "consumer", "brands": "brand", "campaigns": "campaign"}


def require(view: Reader, kind: RecordKind, ids: Sequence[str]) -> None:
    """Raise NotFound, with the nearest names, unless *view* holds all *ids* of *kind*."""
    if not ids:
        return
    wanted = pa.array(list(ids), pa.string())
    columns = [table[kind.key[0]] for table in view.records(kind)]
    present = {id_ for column in columns for id_ in column.filter(pc.is_in(column, wanted)).to_pylist()}
    for id_ in ids:
        if id_ not in present:
            known = [other for column in columns for other in column.to_pylist()]
            noun = _NOUNS[kind.name]
            remedy = did_you_mean(id_, known, f"it holds {len(known)}: see `influence-graph export {kind.name}`")
            raise NotFound(f"the store {view.url} has no {noun} {id_!r}", remedy=remedy)


def names_of(view: Reader, *frames: pd.DataFrame) -> NodeNames:
    """Return the display names of the people and brands whose ids stand in *frames*, and of nobody else."""
    wanted = ids_in(frames)
    consumers, brands = wanted[CONSUMER], wanted[BRAND]
    return NodeNames(
        view.names(PEOPLE, consumers) if len(consumers) else {}, view.names(BRANDS, brands) if len(brands) else {}
    )


def digest_of_records(view: Reader, kind: str, columns: Sequence[str] | None = None) -> str:
    """Return a digest of the records of *kind* in *view*, the same in any order of them; *columns*: only of these."""
    tables = (table if columns is None else table.select(columns) for table in view.records(kind))
    sums = [int(pd.util.hash_pandas_object(table.to_pandas(), index=False).sum()) for table in tables]
    return str(sum(sums) % 2**64)


def default_graph(view: Reader) -> GraphKind:
    """Return the graph that is ranked where none is named: ties, or interactions without ties.

    Raises:
        InputError: the store holds neither.
    """
    counts = view.counts()
    if counts["ties"]:
        return GraphKind.TIES
    if counts["interactions"]:
        return GraphKind.INTERACTIONS
    raise InputError(
        f"the store {view.url} holds no ties and no interactions",
        remedy="ingest some first: `influence-graph ingest FILE…`, or try `influence-graph import story`",
    )


def require_ties(view: Reader) -> None:
    """Raise InputError unless *view* holds ties between people."""
    if not view.counts()["ties"]:
        raise InputError(
            f"the store {view.url} holds no ties: influence passes from the followed to the follower",
            remedy="ingest some first: `influence-graph ingest ties.csv`, or try `influence-graph import story`",
        )
