"""Interaction logs with known touchpoint weights."""

import numpy as np
import pandas as pd

from influence_graph.model.records import TOUCHPOINTS

START = pd.Timestamp("2026-01-01T00:00:00Z")
DAYS = 390
OUTCOMES = {"recommend": "recommend", "loyalty": "purchase"}
WEIGHTS = {
    "engagement": 0.8,
    "executional_excellence": 0.5,
    "brand_experience": 0.3,
    "expediting": 0.0,
    "problem_recovery": -0.4,
}


def plant_touchpoint_log(weights, seed, *, outcome="recommend", consumers=400, pace=0.0, frailty=0.0):
    """Return interactions of bonds that met touchpoints at random and acted on those of the period before.

    The log-odds of the outcome in a period of 30 days are -3, less .05 per period, plus *weights* times
    the numbers of events in the period before. *pace* is the spread (log) between consumers in how much
    they do; *frailty* that in their log-odds, along with their pace where there is one.
    """
    rng = np.random.default_rng(seed)
    beta = np.array([weights.get(name, 0.0) for name in TOUCHPOINTS])
    loyal = outcome == "loyalty"
    rows = []
    busy = rng.normal(size=consumers)
    for bond in range(2 * consumers):
        own = busy[bond // 2]
        begin = rng.uniform(0, 180)
        periods = int((DAYS - begin) // 30)
        counts = rng.poisson(0.5 * np.exp(pace * own), (periods, len(TOUCHPOINTS)))
        odds = -3 - 0.05 * np.arange(periods) + frailty * own + counts @ beta
        odds[0] += 0.0 if loyal else beta[0]
        came = np.flatnonzero(rng.random(periods) < 1 / (1 + np.exp(-odds)))
        period, place = np.nonzero(counts)
        times = counts[period, place]
        period, place = np.repeat(period, times), np.repeat(place, times)
        after = begin + 30 * (came + 1 + rng.random(came.size))
        # A purchase opens the clock of loyalty; that of recommending opens with an exposure.
        days = np.concatenate([[begin], begin + 30 * (period + rng.random(period.size)), after])
        places = np.concatenate([[-1 if loyal else 0], place, np.full(came.size, -1)])
        rows.append(np.stack([np.full(days.size, bond), days, places]))
    bonds, day, places = np.hstack(rows)
    frame = pd.DataFrame({"bond": bonds.astype(int), "day": day, "place": places.astype(int)})
    frame = frame[frame["day"] <= DAYS]
    touchpoints = np.array([*TOUCHPOINTS, None], dtype=object)
    return pd.DataFrame(
        {
            "event_id": [f"e{number}" for number in range(len(frame))],
            "at": START + pd.to_timedelta(frame["day"], unit="D"),
            "consumer": "c" + (frame["bond"] // 2).astype(str),
            "brand": "b" + (frame["bond"] % 2).astype(str),
            "kind": np.where(frame["place"] < 0, OUTCOMES[outcome], None),
            "touchpoint": touchpoints[frame["place"]],
        }
    ).reset_index(drop=True)
