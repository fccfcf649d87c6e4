"""Fusion Scores of a store: read the ledger, run the analysis, write the result under a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.fusion.change import change_of
from influence_graph.analyses.fusion.explain import BondPast
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.app.jobs.job import digest_of, iso, new_run
from influence_graph.errors import InputError, NotFound
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import BRANDS, PEOPLE, RecordKind
from influence_graph.model.results import kind_of
from influence_graph.stores.base import InteractionFilter, Store
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.analyses.fusion.change import ScoreChange
    from influence_graph.analyses.fusion.explain import Explanation


def score(
    store: Store, policy: FusionPolicy, where: InteractionFilter | None = None, *, write: bool = False
) -> pd.DataFrame:
    """Return the Fusion Scores of the bonds that *where* selects; with *write* make them the current ones.

    Spillover crosses brands, so a filter on brands is applied to the result, not to the input.

    Raises:
        NotFound: a consumer or brand of *where* is not in the store.
        InputError: *write* with a filter, which would leave the other bonds out, or in hindsight.
    """
    started = datetime.now(UTC)
    where = where or InteractionFilter()
    if write and (where.consumers is not None or where.brands is not None):
        raise InputError("only all scores together can be written", remedy="leave out --consumer and --brand")
    if write and where.valid_at is not None:
        raise InputError("scores in hindsight are not written", remedy="leave out --valid-at, or --write")
    require(store, PEOPLE, where.consumers or ())
    require(store, BRANDS, where.brands or ())
    as_of = where.as_of or store.latest()
    selected = InteractionFilter(consumers=where.consumers, as_of=as_of, valid_at=where.valid_at)
    interactions = store.interactions(selected)
    frame = fusion_scores(interactions, as_of=as_of, policy=policy, valid_at=where.valid_at)
    if write:
        digest = digest_of(interactions)
        recorded = {"policy": policy.to_dict(), "as_of": iso(frame.attrs["as_of"])}
        store.write(new_run("score", started, digest, recorded), _bond_table(frame))
    if where.brands is not None:
        frame = frame[frame["brand"].isin(list(where.brands))]
    return frame


@dataclass(frozen=True)
class Question:
    """Which score is to be explained: when, and without which events; see ``analyses.explain.explain``."""

    as_of: datetime | None = None
    valid_at: datetime | None = None
    without: tuple[str, ...] = ()


def explain(store: Store, bond: tuple[str, str], policy: FusionPolicy, as_of: datetime | None = None) -> Explanation:
    """Return the terms of the Fusion Score of *bond* (consumer, brand) at *as_of*, default the latest time.

    Raises:
        NotFound: the consumer or the brand is not in the store.
    """
    return answer(store, bond, policy, Question(as_of))


def answer(store: Store, bond: tuple[str, str], policy: FusionPolicy, question: Question) -> Explanation:
    """Return the terms of the Fusion Score of *bond* (consumer, brand) that *question* asks for.

    Raises:
        NotFound: the consumer, the brand, or an event to leave out is not in the store.
    """
    as_of = question.as_of or store.latest()
    return past(store, bond, policy, question.without).at(as_of, question.valid_at)


def explain_change(
    store: Store, bond: tuple[str, str], policy: FusionPolicy, start: datetime, end: datetime
) -> ScoreChange:
    """Return what moved the Fusion Score of *bond* (consumer, brand) from *start* to *end*.

    Raises:
        NotFound: the consumer or the brand is not in the store.
        InputError: *start* is after *end*.
    """
    return change_of(past(store, bond, policy), start, end)


def past(store: Store, bond: tuple[str, str], policy: FusionPolicy, without: tuple[str, ...] = ()) -> BondPast:
    """Return all that the score of *bond* (consumer, brand) ever depended on.

    Raises:
        NotFound: the consumer, the brand, or an event of *without* is not in the store.
    """
    consumer, brand = bond
    require(store, PEOPLE, [consumer])
    require(store, BRANDS, [brand])
    interactions = store.interactions(InteractionFilter(consumers=[consumer], history=True))
    return BondPast(interactions, bond, policy, without)


def require(store: Store, kind: RecordKind, ids: Sequence[str]) -> None:
    """Raise NotFound, with the nearest names, unless *store* holds all *ids* of *kind*."""
    if not ids:
        return
    wanted = pa.array(list(ids), pa.string())
    columns = [table["id"] for table in store.records(kind)]
    found = {id_ for column in columns for id_ in column.filter(pc.is_in(column, wanted)).to_pylist()}
    for id_ in ids:
        if id_ not in found:
            known = [other for column in columns for other in column.to_pylist()]
            noun = "consumer" if kind is PEOPLE else "brand"
            remedy = did_you_mean(id_, known, f"it holds {len(known)}: see `influence-graph export {kind.name}`")
            raise NotFound(f"the store {store.url} has no {noun} {id_!r}", remedy=remedy)


def _bond_table(frame: pd.DataFrame) -> pa.Table:
    columns = [name for name in kind_of("score").schema.names if name != "as_of"]
    table = pa.table({name: pa.array(frame[name]) for name in columns})
    as_of = pa.repeat(pa.scalar(frame.attrs["as_of"], pa.timestamp("us", tz="UTC")), table.num_rows)
    return table.append_column("as_of", as_of).cast(kind_of("score").schema)
