"""Chains of corrections in a file, against the recursive definition."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from influence_graph.analyses.fusion.explain import explain
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.model.csr import row_of_each
from influence_graph.model.graph import Graph, GraphKind
from influence_graph.model.records import INTERACTIONS
from influence_graph.stores.base import InteractionFilter
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.analyses.fusion import naive
from tests.analyses.fusion.chains import SEEDS, in_batches, ledger, moment
from tests.analyses.fusion.events import frame
from tests.stores.given import batch

TIMES = ("at", "recorded_at")


def row(record: dict[str, Any]) -> dict[str, Any]:
    """Return *record* as a store takes it: times as such."""
    times = {name: record[name] and datetime.fromisoformat(record[name]) for name in TIMES}
    return {"touchpoint": "engagement", **record, **times}


def edges(graph: Graph) -> dict[tuple[str, str], float]:
    source = graph.ids[row_of_each(graph.indptr)]
    ends = zip(source.tolist(), graph.ids[graph.indices].tolist(), strict=True)
    return dict(zip(ends, graph.edge_weights().tolist(), strict=True))


def expected_edges(known: list[dict[str, Any]]) -> dict[tuple[str, str], float]:
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for record in known:
        ends = record["consumer"], record["brand"]
        weights[ends if record["direction"] == "to_brand" else ends[::-1]] += 1.0
    return dict(weights)


@pytest.mark.parametrize("seed", SEEDS)
def test_reads_at_any_two_times(tmp_path: Path, seed: int) -> None:
    records, rng = ledger(seed)
    store = EmbeddedStore(tmp_path)
    for part in in_batches(records, rng):
        store.append(INTERACTIONS, [batch(INTERACTIONS, *map(row, part))])
    with store.snapshot() as view:
        for as_of, valid_at in ((moment(rng), None), (moment(rng), moment(rng)), (moment(rng), moment(rng))):
            known = naive.known(records, as_of, valid_at)
            table = view.interactions(InteractionFilter(as_of=as_of, valid_at=valid_at))
            assert sorted(table["event_id"].to_pylist()) == sorted(e["event_id"] for e in known)
            history = view.interactions(InteractionFilter(as_of=as_of, valid_at=valid_at, history=True))
            whole = fusion_scores(frame(records), as_of, valid_at=valid_at)
            for part in (table, history):
                found = fusion_scores(part, as_of, valid_at=valid_at)
                pd.testing.assert_frame_equal(found, whole, check_dtype=False, rtol=1e-9, atol=1e-9)
        as_of = moment(rng)
        assert edges(view.graph(GraphKind.INTERACTIONS, as_of)) == expected_edges(naive.known(records, as_of))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_history_of_a_consumer_holds_whole_chains(tmp_path: Path, seed: int) -> None:
    records, rng = ledger(seed)
    store = EmbeddedStore(tmp_path)
    store.append(INTERACTIONS, [batch(INTERACTIONS, *map(row, records))])
    consumer, brand = records[0]["consumer"], records[0]["brand"]
    part = store.interactions(InteractionFilter(consumers=[consumer], history=True))
    whole = frame([{"touchpoint": "engagement", **record} for record in records])
    for as_of, valid_at in ((moment(rng), None), (moment(rng), moment(rng))):
        found, expected = (explain(each, consumer, brand, as_of, valid_at=valid_at) for each in (part, whole))
        assert found.contributions["event_id"].tolist() == expected.contributions["event_id"].tolist()
        assert found.score == pytest.approx(expected.score, rel=1e-9, abs=1e-9)
    everything = store.interactions(InteractionFilter(history=True))
    assert explain(part, consumer, brand).digest == explain(everything, consumer, brand).digest
