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
        # A purchase opens the clock of loyalty; that of recommending opens with an exposure.
        events = [(begin, OUTCOMES[outcome] if loyal else None, None if loyal else TOUCHPOINTS[0])]
        for (period, place), count in np.ndenumerate(counts):
            events += [(time, None, TOUCHPOINTS[place]) for time in begin + 30 * (period + rng.random(count))]
        events += [(begin + 30 * (period + 1 + rng.random()), OUTCOMES[outcome], None) for period in came]
        rows += [(f"c{bond // 2}", f"b{bond % 2}", *event) for event in events if event[0] <= DAYS]
    frame = pd.DataFrame(rows, columns=["consumer", "brand", "day", "kind", "touchpoint"])
    frame["at"] = START + pd.to_timedelta(frame.pop("day"), unit="D")
    frame["event_id"] = [f"e{number}" for number in range(len(frame))]
    return frame
