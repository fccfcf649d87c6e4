"""The funnel plot: who is drawn and named."""

from __future__ import annotations

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.peers import funnel, standing
from influence_graph.reports.charts.peers import funnel_plot
from tests.reports.svg import texts


def frame_of(count: np.ndarray, size: np.ndarray) -> tuple[pd.DataFrame, object]:
    fan = funnel(count, size)
    z = fan.scores(count, size)
    names = [f"brand {n}" for n in range(size.size)]
    return pd.DataFrame({"shown": names, "bonds": size, "positive": count / size, "z": z, "standing": standing(z)}), fan


def test_brands_that_stand_out_are_named_and_all_are_counted() -> None:
    size = np.full(6, 100.0)
    frame, fan = frame_of(np.array([50.0, 51.0, 49.0, 50.0, 90.0, 10.0]), size)
    plot = funnel_plot(frame, fan)
    shown = texts(plot.svg)
    assert {"brand 4", "brand 5", "above", "within", "below"} <= set(shown)
    assert "brand 0" not in shown
    assert "1 above, 4 within, 1 below the outer limits" in plot.note
    assert plot.note in plot.alt


def test_of_thousands_some_are_drawn_and_it_is_said() -> None:
    rng = np.random.default_rng(1)
    size = rng.integers(10, 5000, 3000).astype(float)
    frame, fan = frame_of(rng.binomial(size.astype(int), 0.5).astype(float), size)
    plot = funnel_plot(frame, fan)
    assert "800 of them are drawn" in plot.note
    assert len(plot.svg) < 400_000
