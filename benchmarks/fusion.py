"""Fusion Scores: against what a pandas user would write, kept up to date, at past instants, and growth.

Run ``python -m benchmarks.fusion [--large]``; each size runs in its own process. Seconds of wall and of
CPU are both given: only the latter say something on a machine that others use too.
"""

from __future__ import annotations

import json
import math
import resource
import statistics
import subprocess
import sys
import time

import numpy as np
import pyarrow as pa

from benchmarks.harness import emit
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.fusion.state import FusionState
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.touchpoints import TouchpointTable

SIZES = (10_000, 100_000, 1_000_000)
HALF_LIFE = 90.0
BRANDS = 500


def jobs(size):
    """Yield the arguments of each process for ``python -m benchmarks``."""
    sizes = SIZES[:2] if size == "quick" else (*SIZES, 10_000_000)
    yield from (("fusion", events, "scores") for events in sizes)


def ledger(events, linked=0.0, first=0):
    """Return declared points on events/10 bonds, five to a consumer; a share names another brand."""
    rng = np.random.default_rng(first)
    consumers = max(events // 50, 10) if not first else max(first // 50, 10)
    names = pa.array([f"c{i}" for i in range(consumers)]), pa.array([f"b{i}" for i in range(BRANDS)])
    consumer = rng.integers(0, consumers, events)
    brand = (consumer * 7 + rng.zipf(1.3, events) % 5 * 31) % BRANDS
    start = 1_700_000_000 if not first else 1_760_000_001
    columns = {
        "event_id": pa.array([f"e{i}" for i in range(first, first + events)]),
        "at": pa.array(
            np.sort(rng.integers(start, 1_760_000_000 + bool(first) * 600_000, events)) * 1_000_000,
            pa.timestamp("us", "UTC"),
        ),
        "consumer": pa.DictionaryArray.from_arrays(consumer.astype(np.int32), names[0]),
        "brand": pa.DictionaryArray.from_arrays(brand.astype(np.int32), names[1]),
        "kind": pa.array(list(TouchpointTable.load().kinds))
        .take(pa.array(rng.integers(0, 50, events)))
        .dictionary_encode(),
        "points": pa.array(rng.integers(-8, 9, events).astype(float)),
    }
    if linked:
        other = pa.array((brand + 31) % BRANDS, mask=rng.random(events) >= linked)
        columns["with_brands"] = names[1].take(other)
    return pa.table(columns)


def with_pandas(frame, table):
    """Return the direct part of the scores by a groupby: decay, sum per bond and direction."""
    frame = frame.drop_duplicates("event_id")
    days = (frame["at"].max() - frame["at"]).dt.total_seconds() / 86_400
    decayed = frame.assign(
        direction=frame["kind"].map({kind: rule.direction for kind, rule in table.kinds.items()}),
        left=frame["points"] * 0.5 ** (days / HALF_LIFE),
    )
    return decayed.groupby(["consumer", "brand", "direction"], observed=True)["left"].sum().unstack(fill_value=0.0)


def seconds(function, times=3):
    """Return median wall seconds and median CPU seconds of *function*, run once before."""
    function()
    runs = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        function()
        runs.append((time.perf_counter() - wall, time.process_time() - cpu))
    return tuple(statistics.median(column) for column in zip(*runs, strict=True))


def megabytes():
    """Return the peak resident size so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def instants(state, events, policy, pairs):
    """Return CPU milliseconds per past instant of one bond, and the largest distance from a replay of some."""
    rng = np.random.default_rng(1)
    rows = rng.integers(0, events.num_rows, pairs)
    chosen = events.select(["consumer", "brand"]).take(pa.array(rows)).to_pylist()
    times = events.column("at").take(pa.array(rng.integers(0, events.num_rows, pairs))).to_pylist()
    queries = list(zip(chosen, times, strict=True))
    state.at(*chosen[0].values(), times[:1])
    start = time.process_time()
    scores = [state.at(bond["consumer"], bond["brand"], [when])["fusion_score"].item() for bond, when in queries]
    spent = (time.process_time() - start) / pairs
    distance = 0.0
    for (bond, when), score in list(zip(queries, scores, strict=True))[: 1_000 if events.num_rows <= 10_000 else 3]:
        replay = fusion_scores(events, when, policy).set_index(["consumer", "brand"])["fusion_score"]
        distance = max(distance, abs(replay.get((bond["consumer"], bond["brand"]), 0.0) - score))
    return 1_000 * spent, distance


def one(events, updates):
    """Print the figures of one size, with *updates* those of keeping up to date too; the record of all scores last."""
    policy = FusionPolicy(half_life_days=HALF_LIFE)
    table = ledger(events)
    before = megabytes()
    bonds = len(fusion_scores(table, policy=policy))
    ours = seconds(lambda: fusion_scores(table, policy=policy))
    memory = megabytes()
    frame = table.to_pandas()
    theirs = seconds(lambda: with_pandas(frame, policy.table), 1)
    print(
        f"{events:>10,} events, {bonds:,} bonds: {ours[0]:.3f} s wall, {ours[1]:.3f} s CPU, peak {memory:.0f} MB"
        f" ({before:.0f} MB the events); pandas, direct scores alone: {theirs[1] / ours[1]:.1f} x the CPU"
    )

    for linked in (0.0, 0.1) if updates else ():
        kept(events, policy, linked)
    figures = {"seconds": ours[1], "megabytes": memory - before, "ratio": theirs[1] / ours[1]}
    emit(part="fusion", case="fusion", engine="ours", edges=events, **figures)


def kept(events, policy, linked):
    """Print what an update with 1 % new events costs, and a past instant."""
    old, new = ledger(events, linked), ledger(events // 100, linked, first=events)
    events_ = pa.concat_tables([old, new])
    full = seconds(lambda: fusion_scores(events_, policy=policy))
    state = FusionState.build(old, policy)
    update = seconds(lambda: state.update(new), 5)
    later = state.update(new)
    shown = seconds(later.scores)
    replay = fusion_scores(events_, policy=policy)["fusion_score"].to_numpy()
    distance = np.abs(later.scores()["fusion_score"].to_numpy() - replay).max()
    instant, apart = instants(later, events_, policy, 1_000)
    print(
        f"    {linked:.0%} name another brand: in full {full[1]:.3f} s CPU, update with 1 % {update[1]:.4f} s"
        f" = {update[1] / full[1]:.1%} (wall {update[0] / full[0]:.1%}), its frame {shown[1]:.3f} s,"
        f" from the replay {distance:.0e}; an instant {instant:.2f} ms, from the replay {apart:.0e}"
    )


def main():
    print(f"Fusion Scores, a bond per 10 events, {BRANDS} brands, half-life {HALF_LIFE:g} days, ids dictionary-encoded")
    sizes = (*SIZES, *((10_000_000,) if "--large" in sys.argv else ()))
    figures = []
    for events in sizes:
        command = [sys.executable, "-m", "benchmarks.fusion", str(events)]
        *lines, last = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        print("\n".join(lines), flush=True)
        figures.append([json.loads(last)[name] for name in ("seconds", "megabytes")])
    decades = math.log10(sizes[-1] / sizes[0])
    slopes = [math.log10(last / first) / decades for first, last in zip(figures[0], figures[-1], strict=True)]
    print(f"growth from {sizes[0]:,} to {sizes[-1]:,} events: slope {slopes[0]:.2f} of CPU, {slopes[1]:.2f} of memory")


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    one(sizes[0], "scores" not in sys.argv) if sizes else main()
