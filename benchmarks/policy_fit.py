"""How often ``policy fit`` calls signal where there is none, and what it says of planted weights.

Run ``python -m benchmarks.policy_fit --sets 200``: size by kind of log and window (the level is .05; of 200
sets, .02 to .085 is within chance; the last kind is known to exceed it, and is flagged), then for each planted
effect how often it is found, and with which sign.
"""

from __future__ import annotations

import time
from datetime import timedelta

import click
import numpy as np

from influence_graph.analyses.fusion.exposure_panel import EXPOSURES
from influence_graph.analyses.fusion.touchpoint_weights import LEVEL, fit_touchpoint_weights
from influence_graph.model.records import TOUCHPOINTS
from tests.analyses.fusion.null_logs import FLAGGED, NULLS, null_log
from tests.analyses.fusion.planted import EFFECTS, plant_touchpoint_log

WINDOWS = (1, 3, 6, 10, 30)


def sizes(sets, first, exposure):
    """Print the share of logs without signal that are called significant, and how many have no estimate."""
    print(f"size of {sets} sets from seed {first}, exposure {exposure}, windows of {WINDOWS} days (no estimate)")
    for name in (*NULLS, FLAGGED):
        p_values, flagged = np.empty((2, sets, len(WINDOWS)))
        for row in range(sets):
            log = null_log(name, first + row)
            fits = [fit_touchpoint_weights(log, "recommend", timedelta(days=days), None, exposure) for days in WINDOWS]
            p_values[row] = [fit.p_value for fit in fits]
            flagged[row] = ["rests on" in fit.verdict for fit in fits]
        shares, missing = (p_values < LEVEL).mean(axis=0), np.isnan(p_values).sum(axis=0)
        print(f"  {name:26s}" + "".join(f"{s:8.3f} ({n})" for s, n in zip(shares, missing, strict=True)), flush=True)
    print(f"  of the last, not flagged  {np.mean((p_values < LEVEL) & (flagged == 0), axis=0)}")


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
@click.option("--first", default=0, show_default=True, help="Seed of the first set for the size.")
@click.option("--exposure", type=click.Choice(EXPOSURES), default="points", show_default=True)
@click.option("--part", type=click.Choice(["size", "power"]), help="One part only.")
def main(sets: int, first: int, exposure: str, part: str | None) -> None:
    """Print the size of the test, then its power and the signs of planted weights."""
    begin = time.perf_counter()
    if part != "power":
        sizes(sets, first, exposure)
    for name in EFFECTS if part != "size" else ():
        power(name, sets, "count")
    print(f"{time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
