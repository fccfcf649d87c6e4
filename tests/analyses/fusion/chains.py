"""Random ledgers full of chains of corrections: long, branching, in circles, late, early and across consumers.

``CORRECTION_CHAINS=10000`` in the environment makes the tests on them try as many chains.
"""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from typing import Any

CHAINS_PER_LEDGER = 40
MAX_LENGTH = 30
CONSUMERS, BRANDS = ("ann", "bob", "cy", "dan", "eve"), ("acme", "bolt", "cog")
START = datetime(2026, 1, 1, tzinfo=UTC)
SEEDS = range(int(os.environ.get("CORRECTION_CHAINS", "240")) // CHAINS_PER_LEDGER)


def chain(rng: random.Random, name: str) -> list[dict[str, Any]]:
    """Return the records of one chain in any order; their times follow no order either."""
    length = rng.randint(1, rng.choice((3, 8, MAX_LENGTH)))
    ids = [f"{name}.{label}" for label in rng.sample(range(100), length)]
    branching, retracting = rng.choice((0.0, 0.3, 1.0)), rng.choice((0.1, 0.5, 0.9))
    last = rng.choice((None, f"{name}.gone", *ids[1:])) if rng.random() < 0.5 else None
    names = [last, *(ids[rng.randrange(i) if rng.random() < branching else i - 1] for i in range(1, length))]
    hours = rng.choice((6, 240))
    return [_record(rng, id_, replaced, hours, retracting) for id_, replaced in zip(ids, names, strict=True)]


def _record(rng: random.Random, id_: str, replaced: str | None, hours: int, retracting: float) -> dict[str, Any]:
    at = START + timedelta(hours=rng.randrange(hours))
    recorded = START + timedelta(hours=rng.randrange(2 * hours))
    return {
        "event_id": id_,
        "at": at.isoformat(),
        "consumer": rng.choice(CONSUMERS),
        "brand": rng.choice(BRANDS),
        "direction": rng.choice(("to_brand", "to_consumer")),
        "kind": "retraction" if replaced and rng.random() < retracting else "wear",
        "points": float(rng.randint(-8, 8)),
        "with_brands": rng.choice(BRANDS) if rng.random() < 0.1 else None,
        "recorded_at": recorded.isoformat() if rng.random() < 0.6 else None,
        "replaces": replaced,
    }


def ledger(seed: int) -> tuple[list[dict[str, Any]], random.Random]:
    """Return the records of some chains, shuffled, and the stream of random numbers that goes on."""
    rng = random.Random(seed)
    records = [record for number in range(CHAINS_PER_LEDGER) for record in chain(rng, f"c{number}")]
    rng.shuffle(records)
    return records, rng


def moment(rng: random.Random) -> datetime:
    """Return a time within those of the records."""
    return START + timedelta(hours=rng.randrange(rng.choice((12, 500))))


def in_batches(records: list[Any], rng: random.Random) -> list[list[Any]]:
    """Return *records* in one to five batches."""
    cuts = sorted(rng.randrange(len(records) + 1) for _ in range(rng.randrange(5)))
    parts = [records[a:b] for a, b in zip([0, *cuts], [*cuts, len(records)], strict=True)]
    return [part for part in parts if part]
