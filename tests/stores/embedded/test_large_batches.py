"""Batches of more rows than DuckDB keeps in one group (122,880): none is lost, as DuckDB 2.0.0 lost them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from influence_graph.ingest.batching import make_batch
from influence_graph.model.records import TIES
from influence_graph.stores.embedded.store import EmbeddedStore

ROWS = 140_000


def test_every_tie_of_known_sources_with_new_targets_is_stored(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    sizes = (ROWS, 10_000, ROWS)
    start = 0
    for rows in sizes:
        number = np.arange(start, start + rows)
        start += rows
        ends = {"source": (number % 1_000).astype(str), "target": (1_000 + number).astype(str)}
        batch = make_batch(TIES, {**ends, "kind": "follows"}, number + 2, "ties.csv")
        report = store.append(TIES, [batch])
        assert (report.inserted, report.unchanged) == (rows, 0)
    stored = {name for table in store.records("ties") for name in table["target"].to_pylist()}
    assert len(stored) == sum(sizes)
    assert len({name for table in store.records("people") for name in table["id"].to_pylist()}) == 1_000 + sum(sizes)
