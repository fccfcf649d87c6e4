from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.ingest.datasets import story_batches
from influence_graph.model.parameters import ScoreParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import INTERACTIONS, PEOPLE, TIES, Batch
from influence_graph.stores.embedded.store import EmbeddedStore

FAKES = 10_000


def batch(kind, rows):
    table = pa.Table.from_pylist(rows, schema=kind.schema)
    return Batch(kind, table, pa.array(range(1, len(rows) + 1), pa.int64()))


def scores(store, as_of):
    """Return the bits of all numbers by bond, displayed on a scale that does not follow the data."""
    policy = FusionPolicy(half_life_days=180, display_scale=10)
    frame = run(ScoreJob(), store, ScoreParameters(policy, as_of=as_of))
    return {(row.consumer, row.brand): np.array(row[3:], np.float64).tobytes() for row in frame.itertuples()}


def test_ten_thousand_fake_followers_move_no_real_bond_by_a_single_bit(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    for one in story_batches():
        store.append(one.kind, [one])
    as_of = store.latest()
    assert as_of is not None
    before = scores(store, as_of)
    real = sorted({consumer for consumer, _ in before})
    brands = sorted({brand for _, brand in before})
    fakes = [f"fake{i}" for i in range(FAKES)]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    follows = [{"source": f, "target": real[i % len(real)], "kind": "follows"} for i, f in enumerate(fakes)]
    store.append(PEOPLE, [batch(PEOPLE, [{"id": fake, "kind": "consumer"} for fake in fakes])])
    store.append(TIES, [batch(TIES, follows)])
    assert store.counts()["ties"] >= FAKES
    assert scores(store, as_of) == before
    noise = [
        {
            "event_id": f"noise{i}",
            "at": at,
            "consumer": fake,
            "brand": brands[i % len(brands)],
            "direction": "to_brand",
            "touchpoint": "engagement",
            "points": -50.0,
            "with_brands": brands[(i + 1) % len(brands)],
        }
        for i, fake in enumerate(fakes)
    ]
    store.append(INTERACTIONS, [batch(INTERACTIONS, noise)])
    after = scores(store, as_of)
    assert len(after) > FAKES
    assert {bond: after[bond] for bond in before} == before
