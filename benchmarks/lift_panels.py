"""Trials of the lift of panels: ``python -m benchmarks.lift_panels known --data ../shared/data``.

``known``: ours beside published answers. ``size``: how often the tests of a panel without an event say that there was
one, at a level of .05; of intervals that is how often they miss. ``geolift``: the same of the untreated cities of a
public set. ``spillover``: bias where donors meet a part of the event, with all donors, without the exposed, and without
the two thirds of them that are known. ``staggered`` and ``points``: coverage of group-time effects and of what a point
is worth. ``speed``: seconds of a large panel.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import lift_known
from benchmarks.lift_worlds import CLOSELY_TIED, KINDS, TIED, PanelWorld, ar1, quiet_panel, spilled_panel
from influence_graph.analyses.lift.conformal import conformal
from influence_graph.analyses.lift.meta import lift_per_point
from influence_graph.analyses.lift.panel import panel_lift
from influence_graph.analyses.lift.randomized import randomized_lift
from influence_graph.analyses.lift.staggered import staggered_lift
from influence_graph.analyses.lift.synthetic import control, day_error, placebos
from influence_graph.analyses.lift.unit_days import UnitDays, unit_days
from influence_graph.model.parameters import PanelLiftParameters

LEVEL = 0.05
Row = tuple[str, object, object]


def known(folder: Path) -> Iterator[Row]:
    """Yield what, ours, and the published answer."""
    lift = panel_lift(lift_known.geolift(folder), treated=["chicago", "portland"], start="2021-04-01", days=15)
    yield "GeoLift_Test, percent", lift.relative.value, 5.42
    yield "GeoLift_Test, per city and day", lift.per_unit_day.value, 155.556
    yield "GeoLift_Test, total", lift.total.value, 4667
    yield "GeoLift_Test, p (published: iid permutation)", lift.p, 0.01
    as_published = PanelLiftParameters(demeaned=False)
    plain = panel_lift(lift_known.prop99(folder), treated="California", start=1989, days=12, options=as_published)
    yield "Prop 99 outcomes alone, mean 1989-2000 (published: with covariates)", plain.per_unit_day.value, -19.6
    weights = plain.weights.set_index("unit")["weight"]
    for state, weight in {"Utah": 0.394, "Montana": 0.232, "Nevada": 0.205, "Connecticut": 0.109}.items():
        yield f"Prop 99 outcomes alone, {state}", weights[state], weight
    yield "Prop 99 outcomes alone, rank p", plain.rank_p, 3 / 39
    followed = panel_lift(lift_known.prop99(folder), treated="California", start=1989, days=12)
    yield "Prop 99 demeaned (published: SDID)", followed.per_unit_day.value, -15.6
    yield "Prop 99 difference in differences", difference(lift_known.prop99(folder), "California", 1989), -27.3
    region = panel_lift(
        lift_known.basque(folder),
        treated="Basque Country (Pais Vasco)",
        start=1970,
        days=15,
        options=as_published,
    )
    named = ", ".join(f"{row.unit} {row.weight:.3f}" for row in region.weights.head(3).itertuples())
    yield "Basque outcomes alone (published: with covariates)", named, "Cataluna .851, Madrid .149"
    yield from _known_groups(folder)


def _known_groups(folder: Path) -> Iterator[Row]:
    panel, starts = lift_known.card_krueger(folder)
    jobs = staggered_lift(panel, starts=starts)
    yield "Card-Krueger, restaurants with both rows", jobs.per_unit_day.value, 2.75
    wide = panel.pivot_table(index="unit", columns="date", values="value")
    changes = pd.DataFrame({"treated": wide.index.astype(str).isin(starts), "value": wide[1] - wide[0]})
    yield "Card-Krueger, error of the changes", randomized_lift(changes).std_error, 1.34
    panel, starts = lift_known.mpdta(folder)
    teens = staggered_lift(panel, starts=starts)
    for row, answer in zip(teens.table.itertuples(), lift_known.MPDTA, strict=True):
        yield f"mpdta, group {row.group} in {row.date}", row.effect, answer
    for row, answer in zip(teens.dynamic.tail(4).itertuples(), (-0.0199, -0.0510, -0.1373, -0.1008), strict=True):
        yield f"mpdta, {row.after} years after", row.effect, answer
    yield "mpdta, over time", teens.over_time.value, -0.0772
    yield "mpdta, over groups", teens.over_groups.value, -0.031
    error = float(teens.table["std_error"].iloc[0] * np.sqrt(329 / 328))  # csdid takes n - 1 of the units of a cell
    yield "mpdta, error of 2004 in 2004 (csdid)", error, 0.0232865
    yield "mpdta, p of the trends before", teens.pretrend_p, 0.16812
    people = randomized_lift(lift_known.lalonde(folder))
    yield "LaLonde, dollars", people.per_unit.value, 1794.3
    visits = randomized_lift(lift_known.hillstrom(folder))
    for row, answer in zip(visits.arms.itertuples(), (0.1514, 0.1062), strict=True):
        yield f"Hillstrom, came {row.arm} the e-mail", row.mean, answer
    points = lift_per_point(lift_known.bcg())
    yield "BCG, log risk per degree (metafor, knha)", points.per_point.value, -0.0291
    yield "BCG, its interval", f"{points.per_point.low:.4f} to {points.per_point.high:.4f}", "-0.0472 to -0.0111"


def difference(panel: pd.DataFrame, treated: str, start: int) -> float:
    """Return the difference in differences of *treated* and all others."""
    wide = panel.pivot_table(index="date", columns="unit", values="value")
    rise = wide[wide.index >= start].mean() - wide[wide.index < start].mean()
    return float(rise[treated] - rise.drop(treated).mean())


def size(worlds: int) -> Iterator[dict[str, object]]:
    """Yield, per cell of quiet panels, how often each test rejects, and how often a day's interval misses."""
    for kind, rho, before, window in product(KINDS, (0.0, 0.5, 0.8), (60, 90, 180), (1, 7, 14)):
        world = PanelWorld(before=before, window=window, rho=rho, kind=kind)
        found = np.array([_quiet(world, seed) for seed in range(worlds)])
        names = ("conformal", "rank", "day")
        yield {"kind": kind, "rho": rho, "before": before, "window": window} | dict(
            zip(names, found.mean(axis=0).round(3).tolist(), strict=True)
        )


def _quiet(world: PanelWorld, seed: int) -> tuple[float, float, float]:
    key = [seed, KINDS.index(world.kind), round(10 * world.rho), world.before, world.window]
    values = quiet_panel(world, np.random.default_rng(key))
    target, donors = values[:, 0], values[:, 1:]
    p = conformal(target, donors, world.window, demeaned=True).p_value(0.0)
    made = placebos(target, donors, world.before, demeaned=True)
    gap = (target - control(target, donors, world.before, demeaned=True).counterfactual)[world.before :]
    error = day_error(target, donors, world.before, demeaned=True)
    return p <= LEVEL, made.rank / made.ratio.size <= LEVEL, float(np.mean(np.abs(gap) > error))


def quiet_cities(folder: Path) -> Iterator[dict[str, object]]:
    """Yield how often the test rejects at cities without an event, each in turn, at several starts."""
    panel = unit_days(lift_known.geolift(folder))
    kept = ~np.isin(panel.units.astype(str), ["chicago", "portland"])
    values = panel.values[:90, kept]
    for window in (1, 7, 14):
        starts = range(48, 90 - window + 1, max(window, 3))
        p = []
        for start, city in product(starts, range(values.shape[1])):
            days = values[: start + window]
            p.append(conformal(days[:, city], np.delete(days, city, axis=1), window, demeaned=True).p_value(0.0))
        yield {"window": window, "tests": len(p), "conformal": round(float(np.mean(np.array(p) <= LEVEL)), 3)}


def spillover(worlds: int, share: float, tied: float) -> dict[str, object]:
    """Return bias and root mean squared error of the effect in percent of it, by which donors are used."""
    errors = np.array([_spilled(seed, share, tied) for seed in range(worlds)])
    bias, rmse = errors.mean(axis=0), np.sqrt((errors**2).mean(axis=0))
    cut = 1 - np.abs(bias[1:]) / abs(bias[0])
    return {
        "share": share,
        "tied": tied,
        "bias": bias.round(1).tolist(),
        "rmse": rmse.round(1).tolist(),
        "bias cut": cut.round(2).tolist() if share else None,
        "rmse ratio": (rmse[1:] / rmse[0]).round(3).tolist(),
    }


def _spilled(seed: int, share: float, tied: float) -> list[float]:
    rng = np.random.default_rng([seed, round(100 * share)])
    made = spilled_panel(rng, share, tied)
    target, donors = made.values[:, 0], made.values[:, 1:]
    seen = made.exposed & (rng.random(made.exposed.size) > 1 / 3)
    errors = []
    for dropped in (np.zeros_like(seen), made.exposed, seen):
        gap = target - control(target, donors[:, ~dropped], 90, demeaned=True).counterfactual
        errors.append(100 * (float(gap[90:].mean()) / made.effect - 1))
    return errors


def staggered(worlds: int) -> Iterator[dict[str, object]]:
    """Yield how often the interval of the mean effect holds the truth, by units per group and correlation of days."""
    for size, rho in product((2, 3, 5, 20), (0.0, 0.8)):
        hits = []
        for seed in range(worlds):
            rng = np.random.default_rng([seed, size, round(10 * rho)])
            values = 10 + ar1(rng, rho, 40, 5 * size) + rng.standard_normal(5 * size)
            first = np.repeat([20, 26], size)
            for unit, start in enumerate(first.tolist()):
                values[start:, unit] += 1
            units = np.array([f"{unit:03}" for unit in range(5 * size)], dtype=object)
            panel = UnitDays(units, np.arange(40), values, 1, dated=False)
            lift = staggered_lift(panel, starts=dict(zip(units.tolist(), first.tolist(), strict=False)), days=7)
            hits.append(lift.per_unit_day.low <= 1 <= lift.per_unit_day.high)
        yield {"units per group": size, "rho": rho, "coverage": round(float(np.mean(hits)), 3)}


def points(worlds: int) -> Iterator[dict[str, object]]:
    """Yield how often the interval of what a point is worth holds the truth."""
    for campaigns, spread in product((6, 10, 20, 40), (0.0, 0.5, 1.0, 4.0)):
        hits = []
        for seed in range(worlds):
            rng = np.random.default_rng([seed, campaigns, round(10 * spread)])
            moved, error = rng.gamma(2, 5, campaigns), rng.gamma(4, 0.25, campaigns)
            lift = 2 * moved + spread * rng.standard_normal(campaigns) + error * rng.standard_normal(campaigns)
            frame = pd.DataFrame({"campaign": range(campaigns), "points": moved, "lift": lift, "std_error": error})
            found = lift_per_point(frame).per_point
            hits.append(found.low <= 2 <= found.high)
        yield {"campaigns": campaigns, "spread": spread, "coverage": round(float(np.mean(hits)), 3)}


def speed(units: int, days: int) -> dict[str, object]:
    """Return the seconds of CPU of a panel with interval and placebos."""
    values = quiet_panel(PanelWorld(donors=units - 1, before=days - 14), np.random.default_rng(1))
    names = np.array([f"{unit:04}" for unit in range(units)], dtype=object)
    panel = UnitDays(names, np.arange(days), values, 1, dated=True)
    start = time.process_time()
    lift = panel_lift(panel, treated="0000", start=panel.text_of(days - 14), days=14)
    return {"units": units, "days": days, "cpu seconds": round(time.process_time() - start, 2), "p": lift.p}


def main() -> None:
    """Print a line per answer, cell or trial."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = ("known", "size", "geolift", "spillover", "staggered", "points", "speed")
    parser.add_argument("part", choices=parts)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of the public sets")
    parser.add_argument("--worlds", type=int, default=300)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--days", type=int, default=1000)
    given = parser.parse_args()
    if given.part == "known":
        for what, ours, published in known(given.data):
            print(f"{what:70} {_text(ours):>40} {_text(published):>40}", flush=True)
    elif given.part == "size":
        cells = pd.DataFrame(_said(size(given.worlds)))
        print({"pooled": cells[["conformal", "rank", "day"]].mean().round(3).to_dict(), "worlds": given.worlds})
    elif given.part == "geolift":
        _said(quiet_cities(given.data))
    elif given.part == "spillover":
        _said(spillover(given.worlds, share, tied) for tied in (TIED, CLOSELY_TIED) for share in (0.0, 0.3, 0.6))
    elif given.part == "staggered":
        _said(staggered(given.worlds))
    elif given.part == "points":
        _said(points(given.worlds))
    else:
        print(speed(given.units, given.days))


def _said(rows: Iterator[dict[str, object]]) -> list[dict[str, object]]:
    kept = []
    for row in rows:
        print(row, flush=True)
        kept.append(row)
    return kept


def _text(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
