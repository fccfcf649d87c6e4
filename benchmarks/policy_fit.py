"""How often intervals cover planted touchpoint weights, and how often data without signal are not significant.

Run ``python -m benchmarks.policy_fit [DATA SETS]``; the data sets are those of the tests.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from scipy import stats

from influence_graph.analyses.fusion.touchpoint_weights import fit_touchpoint_weights
from tests.analyses.fusion.planted import WEIGHTS, plant_touchpoint_log


def coverage(outcome, sets):
    """Print the coverage of each weight, and of all five at once by intervals made for that (Šidák)."""
    inside, together, significant = np.zeros(5), 0, 0
    for seed in range(sets):
        fit = fit_touchpoint_weights(plant_touchpoint_log(WEIGHTS, seed, outcome=outcome), outcome)
        frame = fit.frame
        truth = frame["touchpoint"].map(WEIGHTS)
        inside += (frame["low"] <= truth) & (truth <= frame["high"])
        wide = stats.t.ppf(0.5 + 0.5 * 0.95 ** (1 / 5), fit.n_consumers - 1)
        together += bool(((frame["weight"] - truth).abs() <= wide * frame["std_error"]).all())
        significant += fit.significant
    each = ", ".join(f"{name} {hits:.0f}" for name, hits in zip(frame["touchpoint"], inside, strict=True))
    print(
        f"planted, {outcome}: of {sets} sets ({fit.n_rows:,} periods, {fit.n_outcomes:,} outcomes) inside: {each};"
        f" all five at once {together}; significant {significant}",
        flush=True,
    )


def without_signal(name, sets, **spread):
    """Print how often data without signal are not significant."""
    quiet = sum(
        not fit_touchpoint_weights(plant_touchpoint_log({}, seed, **spread)).significant for seed in range(sets)
    )
    print(f"no signal, {name}: of {sets} sets not significant {quiet}", flush=True)


def main():
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    begin = time.perf_counter()
    coverage("recommend", sets)
    coverage("loyalty", sets)
    without_signal("equal consumers", sets)
    without_signal("active consumers recommend more", sets, pace=0.5, frailty=0.5)
    print(f"{(time.perf_counter() - begin) / (4 * sets):.2f} s per data set with its fit")


if __name__ == "__main__":
    main()
