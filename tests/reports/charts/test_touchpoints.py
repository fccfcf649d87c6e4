"""The plots by touchpoint: ordered by number, stacked by valence."""

from __future__ import annotations

import pandas as pd

from influence_graph.reports.charts.touchpoints import touchpoint_bars, valence_bars
from tests.reports.svg import texts


def test_touchpoints_stand_in_the_order_of_their_totals() -> None:
    frame = pd.DataFrame({"shown": ["rare", "often", "often"], "side": ["to", "to", "from"], "count": [40, 1_000, 234]})
    plot = touchpoint_bars(frame)
    assert plot.alt == "Bars of interactions per touchpoint: often 1,234, rare 40."
    shown = texts(plot.svg)
    assert shown.index("often") < shown.index("rare")
    assert {"to", "from"} <= set(shown)


def test_valences_are_counted_from_best_to_worst() -> None:
    frame = pd.DataFrame({"shown": ["service"], "negative": [1], "neutral": [0], "positive": [2]})
    plot = valence_bars(frame)
    assert plot.alt == "Stacked bars of interactions: service 2 positive, 0 neutral, 1 negative."
    for color in ("--loss", "--gain"):
        assert f"var({color})" in plot.svg
