"""Customers who follow the model of buying, made event by event."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.buying import Histories
from tests.analyses.brand.events import START


class Buyers(NamedTuple):
    times: list[list[float]]  # of purchases since the first, per customer
    joined: np.ndarray
    histories: Histories
    alive: np.ndarray
    later: np.ndarray  # purchases in the time after


def made(
    size: int, parameters: tuple[float, ...], days: float, after: float = 0.0, seed: int = 0, modified: bool = True
) -> Buyers:
    """Return customers who join in the first half of *days*, are observed until then, and go on for *after* more."""
    rng = np.random.default_rng(seed)
    r, alpha, a, b = parameters
    rate, leaves = rng.gamma(r, 1 / alpha, size), rng.beta(a, b, size)
    joined = rng.uniform(0, days / 2, size)
    times, alive, later = [], [], []
    for customer in range(size):
        age, now, own = days - joined[customer], 0.0, [0.0]
        left = modified and rng.random() < leaves[customer]
        gone, more = left, 0
        while not left:
            now += rng.exponential(1 / rate[customer])
            if now > age + after:
                break
            left = rng.random() < leaves[customer]
            if now <= age:
                own.append(now)
                gone = left
            else:
                more += 1
        times.append(own)
        alive.append(not gone)
        later.append(more)
    histories = Histories(
        np.array([len(own) - 1.0 for own in times]), np.array([own[-1] for own in times]), days - joined
    )
    return Buyers(times, joined, histories, np.array(alive), np.array(later))


def purchases_of(buyers: Buyers, **columns: object) -> pd.DataFrame:
    """Return the purchases as interactions with acme."""
    rows = [(f"c{n:04}", buyers.joined[n] + time) for n, own in enumerate(buyers.times) for time in own]
    frame = pd.DataFrame(rows, columns=["consumer", "day"])
    at = [START + timedelta(days=day) for day in frame.pop("day")]
    return frame.assign(at=at, event_id=[f"e{n}" for n in range(len(frame))], brand="acme", kind="purchase", **columns)
