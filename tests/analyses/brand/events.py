"""Interactions with brands: given row by row, and of a random crowd."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

START = datetime(2026, 1, 1, tzinfo=UTC)


def events(*rows: tuple[float, str, str, str]) -> pd.DataFrame:
    """Return (day, consumer, brand, kind) rows as interactions."""
    frame = pd.DataFrame(rows, columns=["day", "consumer", "brand", "kind"])
    at = [START + timedelta(days=day) for day in frame.pop("day")]
    return frame.assign(event_id=[f"e{n}" for n in range(len(frame))], at=at)


def crowd(size: int = 40, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    count = size * 12
    kinds = ["purchase", "wear", "complaint", "recovery", "review", "giveaway"]
    frame = events(
        *zip(
            rng.uniform(0, 200, count),
            [f"c{n}" for n in rng.integers(0, size, count)],
            rng.choice(["acme", "bolt", "core"], count),
            rng.choice(kinds, count),
            strict=True,
        )
    )
    named = np.where(rng.random(count) < 0.2, rng.choice(["acme", "bolt", "dusk"], count), None)
    return frame.assign(with_brands=pd.Series(named, dtype=object), weight=rng.gamma(2, 3, count))
