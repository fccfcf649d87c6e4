"""How often ``policy fit`` calls signal where there is none, and what it says of planted weights.

Run ``python -m benchmarks.policy_fit --sets 200``: size by kind of log and window (the level is .05; of 200
sets, .02 to .085 is within chance), then for each planted effect how often it is found, and with which sign.
"""

from __future__ import annotations

import time
from datetime import timedelta

import click
import numpy as np

from influence_graph.analyses.fusion.exposure_panel import EXPOSURES
from influence_graph.analyses.fusion.touchpoint_weights import fit_touchpoint_weights
from influence_graph.model.records import TOUCHPOINTS
from tests.analyses.fusion.null_logs import NULLS, null_log
from tests.analyses.fusion.planted import EFFECTS, plant_touchpoint_log

WINDOWS = (1, 3, 6, 10, 30)


def sizes(sets, exposure):
    """Print the share of logs without signal that are called significant, and those without an estimate."""
    print(f"size of {sets} sets, exposure {exposure}; windows of {WINDOWS} days; in brackets: no estimate")
    for name in NULLS:
        logs = [null_log(name, seed) for seed in range(sets)]
        cells = []
        for days in WINDOWS:
            p = np.array([fit_touchpoint_weights(log, "recommend", timedelta(days=days), None, exposure).p_value
                          for log in logs])  # fmt: skip
            cells.append(f"{np.mean(p < 0.05):.3f} ({np.isnan(p).sum()})")
        print(f"  {name:26s}" + "".join(f"{cell:>14s}" for cell in cells), flush=True)


def power(name, sets, exposure):
    """Print how often the effect *name* is found, and the sign of each weight where it is."""
    significant, signs, estimates, dropped = 0, np.zeros((6, 2), int), [], 0
    effect = EFFECTS[name]
    strongest = max(TOUCHPOINTS, key=lambda touchpoint: effect.get(touchpoint, 0.0))
    for seed in range(sets):
        fit = fit_touchpoint_weights(plant_touchpoint_log(effect, seed), "recommend", timedelta(days=6), None, exposure)
        if not fit.significant:
            continue
        significant += 1
        signs += np.stack([fit.frame["low"] > 0, fit.frame["high"] < 0], axis=1)
        estimates.append(fit.frame["weight"])
        if (fit.frame["low"][:5] > 0).any():  # complaints have no weight in a policy
            dropped += fit.suggestion(dict.fromkeys(TOUCHPOINTS, 1.0))[strongest] == 0
    print(f"planted: {name}; significant {significant} of {sets}; strongest written as 0: {dropped}")
    means = np.nanmean(estimates, axis=0) if estimates else np.full(6, np.nan)
    for place, touchpoint in enumerate(fit.frame["touchpoint"]):
        plus, minus = signs[place]
        planted = effect.get(touchpoint, 0.0)
        print(f"  {touchpoint:24s} {planted:+.2f} mean {means[place]:+.2f}, clearly + {plus}, - {minus}", flush=True)


@click.command()
@click.option("--sets", default=40, show_default=True, help="Data sets of each kind.")
@click.option("--exposure", type=click.Choice(EXPOSURES), default="points", show_default=True)
@click.option("--part", type=click.Choice(["size", "power"]), help="One part only.")
def main(sets: int, exposure: str, part: str | None) -> None:
    """Print the size of the test, then its power and the signs of planted weights."""
    begin = time.perf_counter()
    if part != "power":
        sizes(sets, exposure)
    for name in EFFECTS if part != "size" else ():
        power(name, sets, "count")
    print(f"{time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
