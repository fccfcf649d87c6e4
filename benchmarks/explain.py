"""A thousand bonds explained, a thousand past instants looked up: how far from the replay, and how long.

python -m benchmarks.explain [--lastfm FOLDER] [--bonds 1000] [--events 20000]
"""

from __future__ import annotations

import time
from pathlib import Path

import click
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.fusion import ledger as random_ledger
from benchmarks.graphs import public_data
from influence_graph.analyses.fusion.explain import explain
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.fusion.state import FusionState
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.town import TownParameters, generate_town
from influence_graph.model.policy.policy import FusionPolicy

POLICY = FusionPolicy(half_life_days=60.0)


def interactions(batches):
    return pa.concat_tables([batch.table for batch in batches if batch.kind.name == "interactions"])


def terms(name, table, bonds):
    """Print how far the terms of random bonds are from the score, and `without` from a replay."""
    state = FusionState.build(table, POLICY)
    scores = state.scores()
    as_of, rng = scores.attrs["as_of"], np.random.default_rng(0)
    off = off_without = 0.0
    started = time.perf_counter()
    for bond in scores.sample(min(bonds, len(scores)), random_state=0).itertuples():
        own = state.interactions_of(bond.consumer)
        explained = explain(own, bond.consumer, bond.brand, as_of, policy=POLICY)
        off = max(off, abs(explained.contributions["contribution"].sum() - bond.fusion_score))
        event = rng.choice(explained.contributions["event_id"])
        without = explain(own, bond.consumer, bond.brand, as_of, [event], POLICY).score
        replay = fusion_scores(own.filter(pc.not_equal(own["event_id"], event)), as_of, POLICY)
        match = replay.loc[(replay["consumer"] == bond.consumer) & (replay["brand"] == bond.brand), "fusion_score"]
        off_without = max(off_without, abs(without - (match.iloc[0] if len(match) else 0.0)))
    each = (time.perf_counter() - started) / bonds * 1e3
    print(
        f"{name}: {bonds:,} bonds, terms off by {off:.1e}, without one event off by {off_without:.1e},"
        f" {each:.1f} ms each"
    )


def instants(events, count):
    """Print how far past instants of random bonds are from a replay of the whole ledger as of then."""
    table = random_ledger(events, linked=0.1)
    state = FusionState.build(table, POLICY)
    scores = state.scores()
    first, last = (pc.min_max(table["at"])[end].as_py() for end in ("min", "max"))
    rng = np.random.default_rng(1)
    bonds = scores.sample(count, random_state=1, replace=True)
    off = spent = 0.0
    for bond, share in zip(bonds.itertuples(), rng.random(count), strict=True):
        moment = first + (last - first) * share
        started = time.perf_counter()
        at = state.at(bond.consumer, bond.brand, [moment])["fusion_score"].iloc[0]
        spent += time.perf_counter() - started
        replay = fusion_scores(table, moment, POLICY)
        match = replay.loc[(replay["consumer"] == bond.consumer) & (replay["brand"] == bond.brand), "fusion_score"]
        off = max(off, abs(at - (match.iloc[0] if len(match) else 0.0)))
    print(f"{count:,} instants among {events:,} events: off the replay by {off:.1e}, {spent / count * 1e3:.2f} ms each")


@click.command()
@click.option("--lastfm", type=click.Path(path_type=Path), default=public_data("lastfm_hetrec2011"))
@click.option("--bonds", default=1000, show_default=True)
@click.option("--events", default=20_000, show_default=True)
def main(lastfm, bonds, events):
    """Print the figures."""
    if lastfm.exists():
        terms("Last.fm", interactions(IMPORTERS["lastfm"].read(lastfm, ImportOptions())), bonds)
    terms("town", interactions(generate_town(TownParameters(people=1000)).batches()), bonds)
    instants(events, bonds)


if __name__ == "__main__":
    main()
