"""Fusion Scores against what a pandas user would write; growth with the number of events.

Run ``python -m benchmarks.fusion [--large]``; each size runs in its own process.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa

from benchmarks.pagerank import median_seconds
from influence_graph.analyses.fusion import fusion_scores
from influence_graph.model.policy import FusionPolicy
from influence_graph.model.touchpoints import TouchpointTable

SIZES = (10_000, 100_000, 1_000_000)
HALF_LIFE = 90.0


def ledger(events, linked=0.0):
    """Return declared points of events/10 consumers and 500 brands; a share names another brand."""
    rng = np.random.default_rng(0)
    consumers, brands = max(events // 10, 10), 500
    names = pa.array([f"c{i}" for i in range(consumers)]), pa.array([f"b{i}" for i in range(brands)])
    codes = rng.integers(0, consumers, events), rng.zipf(1.3, events) % brands
    columns = {
        "event_id": pa.array([f"e{i}" for i in range(events)]),
        "at": pa.array(
            np.sort(rng.integers(1_700_000_000, 1_760_000_000, events)) * 1_000_000, pa.timestamp("us", "UTC")
        ),
        "consumer": pa.DictionaryArray.from_arrays(codes[0].astype(np.int32), names[0]),
        "brand": pa.DictionaryArray.from_arrays(codes[1].astype(np.int32), names[1]),
        "kind": pa.array(list(TouchpointTable.load().kinds))
        .take(pa.array(rng.integers(0, 50, events)))
        .dictionary_encode(),
        "points": pa.array(rng.integers(-8, 9, events).astype(float)),
    }
    if linked:
        other = pa.array(rng.integers(0, brands, events), mask=rng.random(events) >= linked)
        columns["with_brands"] = names[1].take(other)
    return pa.table(columns)


def with_pandas(frame, table):
    """Return the direct part of the scores by a groupby: fade, sum per bond and direction."""
    frame = frame.drop_duplicates("event_id")
    days = (frame["at"].max() - frame["at"]).dt.total_seconds() / 86_400
    faded = frame.assign(
        direction=frame["kind"].map({kind: rule.direction for kind, rule in table.kinds.items()}),
        left=frame["points"] * 0.5 ** (days / HALF_LIFE),
    )
    return faded.groupby(["consumer", "brand", "direction"], observed=True)["left"].sum().unstack(fill_value=0.0)


def bare_groupby(frame):
    """Return the sums of declared points per bond: less than a score, the least a groupby does."""
    return frame.groupby(["consumer", "brand"], observed=True)["points"].sum()


def one(events):
    """Print the figures of one size."""
    import resource

    policy = FusionPolicy(half_life_days=HALF_LIFE)
    table = ledger(events)
    result = fusion_scores(table, policy=policy)
    ours = median_seconds(lambda: fusion_scores(table, policy=policy))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    linked = ledger(events, 0.1)
    fusion_scores(linked, policy=policy)
    spilling = median_seconds(lambda: fusion_scores(linked, policy=policy))
    frame = table.to_pandas()
    theirs = median_seconds(lambda: with_pandas(frame, policy.table), 3)
    bare = median_seconds(lambda: bare_groupby(frame), 3)
    check = with_pandas(frame, policy.table).sum(axis=1).rename("check").reset_index()
    both = check.astype({"consumer": str, "brand": str}).merge(result, how="outer", on=["consumer", "brand"])
    distance = (both["check"] - both["fusion_score"]).abs().max(skipna=False)
    print(
        f"{events:>10,} events  {ours:7.3f} s, {spilling:7.3f} s where 10 % name another brand"
        f"  peak {memory:5.0f} MB  pandas, the same direct scores {theirs / ours:5.1f} x the time"
        f"  one bare groupby {bare / ours:4.1f} x  largest difference {distance:.1e}",
        flush=True,
    )


def main():
    print(f"Fusion Scores, a consumer per 10 events, 500 brands, half-life {HALF_LIFE:g} days, ids dictionary-encoded")
    for events in (*SIZES, *((10_000_000,) if "--large" in sys.argv else ())):
        subprocess.run([sys.executable, "-m", "benchmarks.fusion", str(events)], check=True)


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    one(sizes[0]) if sizes else main()
