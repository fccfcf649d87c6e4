"""Trials of lift: ``python -m benchmarks.lift``, or one of its parts, such as ``python -m benchmarks.lift null``.

null: rejections where nothing happened, by kind, days before and declared days. lags: when a planted effect began.
pooled: the same of four events with one lag.
overlap: effects of two kinds of campaigns in the same weeks. plan: how often an effect of the promised size is shown.
real: pseudo-events in public series. known: published answers. ``--series N`` per cell; the default takes minutes.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.lift_series import GROWING, KINDS, cdnow, geolift, lasting
from influence_graph.analyses.lift.growth import GROWTH_LEVEL, growth_of
from influence_graph.analyses.lift.overlap import repeated_lift
from influence_graph.analyses.lift.plan import lift_plan
from influence_graph.analyses.lift.pooled_lag import pooled_lag
from influence_graph.analyses.lift.predictive import fit, fits
from influence_graph.analyses.lift.series import series_lift
from influence_graph.analyses.lift.series_result import SeriesLift
from influence_graph.analyses.lift.window import design_of, least_before

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
LENGTHS, WINDOWS = (30, 45, 90, 180, 365), (1, 7, 14)
LEVEL = 0.05
FIRST = date(2026, 1, 1)
EVENTS = 4


def daily(values: np.ndarray) -> pd.DataFrame:
    """Return *values* as a frame of days."""
    return pd.DataFrame({"date": pd.date_range(FIRST, periods=values.size), "value": values})


def judged(values: np.ndarray, before: int) -> tuple[dict[int, float], bool]:
    """Return p of the total of each window after *before* days that they allow, and whether the noise grows."""
    windows = [days for days in WINDOWS if before >= least_before(days)]
    longest = max(windows)
    design, _ = design_of(FIRST, before + longest, before, (True, True))
    fitted = fit(values[:before], design[:before])
    rows = np.arange(longest) < np.array(windows)[:, None]
    p = fitted.ahead(design[before:]).of(rows).p_value(rows @ values[before : before + longest])
    grows = growth_of(fitted, values[:before], design[:before]) <= GROWTH_LEVEL
    return dict(zip(windows, p.tolist(), strict=True)), grows


def null(series: int, seed: int) -> Iterator[str]:
    """Yield rejections of each cell of series in which nothing happened, and how many were refused."""
    every, by_window, largest = [], defaultdict(list), (0.0, "")
    for place, (kind, make) in enumerate({**KINDS, **GROWING}.items()):
        for before in LENGTHS:
            rng = np.random.default_rng([seed, place, before])
            found, refused = defaultdict(list), 0
            for _ in range(series):
                p, grows = judged(make(rng, before + max(WINDOWS)), before)
                refused += grows
                for days, value in p.items():
                    if not grows:
                        found[days].append(value <= LEVEL)
            cells = {days: round(float(np.mean(each)), 3) for days, each in found.items()}
            yield f"{kind:15s} {before:4d} before: {cells}, refused {refused / series:.3f}"
            if kind in KINDS:
                largest = max(largest, *((share, f"{kind}, {before}, {days}") for days, share in cells.items()))
                every += [share for each in found.values() for share in each]
                for days, each in found.items():
                    by_window[days] += each
    pooled = {days: round(float(np.mean(each)), 4) for days, each in by_window.items()}
    yield f"pooled {np.mean(every):.4f} of {len(every):,}; by declared days {pooled}; largest cell {largest}"


def planted(rng: np.random.Generator, rho: float, lag: int, size: float) -> tuple[SeriesLift, np.ndarray]:
    """Return the lift of a series with an effect from *lag* on, and the effect."""
    values, effect = 20 + lasting(rng, 104, rho), np.zeros(14)
    effect[lag : lag + int(rng.integers(3, 8))] = size
    values[90:] += effect
    return series_lift(daily(values), start="2026-04-01", days=14), effect


def lags(series: int, seed: int) -> Iterator[str]:
    """Yield how often the start of an effect is found, by its size and the noise."""
    for rho in (0.3, 0.5, 0.8):
        for size in (0, 1, 2, 3, 4):
            rng = np.random.default_rng([seed, round(10 * rho), size])
            near, inside, clear, lift, many, band = [], [], [], [], [], []
            for _ in range(series):
                lag = int(rng.integers(0, 8))
                found, effect = planted(rng, rho, lag, size)
                if found.onset is None:
                    continue
                near.append(abs(found.onset.likeliest - lag) <= 1)
                inside.append(lag in found.onset.lags)
                many.append(len(found.onset.lags))
                clear.append(found.onset.clear)
                window = found.table.iloc[90:]
                band.append(((window["all_low"] <= effect) & (effect <= window["all_high"])).all())
                lift.append(found.total.low <= effect.sum() <= found.total.high)
            names = ("within 1 day", "in the set", "lags in it", "clear", "band", "total covered")
            shares = (float(np.mean(each)) for each in (near, inside, many, clear, band, lift))
            figures = ", ".join(f"{name} {share:.3f}" for name, share in zip(names, shares, strict=True))
            yield f"rho {rho:g}, {size} sd a day: {figures}"


def pooled(series: int, seed: int) -> Iterator[str]:
    """Yield how often the one lag of four events is found, by the mean size of their effects and the noise."""
    for rho in (0.3, 0.5, 0.8):
        for size in (0, 1, 2, 3):
            rng = np.random.default_rng([seed, round(10 * rho), size, EVENTS])
            found, truth = [], []
            for _ in range(series):
                truth.append(int(rng.integers(0, 8)))
                sizes = size * rng.uniform(0.75, 1.25, EVENTS)
                found.append(pooled_lag([planted(rng, rho, truth[-1], each)[0] for each in sizes]))
            near = np.mean([abs(each.likeliest - lag) <= 1 for each, lag in zip(found, truth, strict=True)])
            inside = np.mean([lag in each.lags for each, lag in zip(found, truth, strict=True)])
            many, clear = np.mean([len(each.lags) for each in found]), np.mean([each.clear for each in found])
            figures = f"within 1 day {near:.3f}, in the set {inside:.3f}, lags in it {many:.3f}, " if size else ""
            yield f"rho {rho:g}, {EVENTS} events of {size} sd a day: {figures}clear {clear:.3f}"


def bump(days: int, total: float, rise: float, fade: float) -> np.ndarray:
    """Return an effect by lag that rises and fades."""
    lag = np.arange(days)
    shape = (1 - np.exp(-(lag + 1) / rise)) * np.exp(-lag / fade)
    return total * shape / shape.sum()


def overlap(series: int, seed: int) -> Iterator[str]:
    """Yield coverage and bias of the totals of two kinds whose campaigns fall into the same weeks."""
    for rho in (0.0, 0.5, 0.8):
        rng = np.random.default_rng([seed, round(10 * rho)])
        inside, found, width, lag_inside = [], [], [], []
        for _ in range(series):
            days, lags_ = 240, 14
            truth = bump(lags_, 99, rng.uniform(0.5, 3), rng.uniform(2, 4)), bump(lags_, 66, 1, rng.uniform(1, 3))
            weeks = np.sort(rng.choice(np.arange(3, 31), 8, replace=False)) * 7
            value, rows = 100 + 5 * lasting(rng, days, rho), []
            for kind, effect in zip("ab", truth, strict=True):
                for day in weeks + rng.integers(0, 7, weeks.size):
                    seen = effect[: days - day]
                    value[day : day + seen.size] += seen
                    rows.append((kind, pd.Timestamp(FIRST) + pd.Timedelta(days=int(day))))
            lift = repeated_lift(daily(value), pd.DataFrame(rows, columns=["kind", "date"]), days=lags_)
            if lift.reason:
                continue
            total = lift.totals
            inside.append((total["low"] <= [99, 66]) & (total["high"] >= [99, 66]))
            found.append(total["total"])
            width.append(total["high"] - total["low"])
            effects = np.concatenate(truth)
            lag_inside.append(((lift.table["low"] <= effects) & (lift.table["high"] >= effects)).mean())
        mean, wide = np.mean(found, axis=0).round(1).tolist(), np.mean(width, axis=0).round(1).tolist()
        covered = np.mean(inside, axis=0).round(3).tolist()
        yield (
            f"rho {rho:g}: covered {covered}, each lag {np.mean(lag_inside):.3f}, mean {mean} of [99, 66], "
            f"width {wide}, told {len(found)} of {series}"
        )


def plan(series: int, seed: int) -> Iterator[str]:
    """Yield how often the smallest effect that is promised with power 0.8 is shown."""
    every = []
    for days in (7, 14):
        for place, (kind, make) in enumerate(KINDS.items()):
            shown, promised = [], []
            for before in (60, 120, 365):
                rng = np.random.default_rng([seed, place, before, days])
                for _ in range(series):
                    values = make(rng, before + days)
                    made = lift_plan(daily(values[:before]), days=days)
                    values[before:] += made.smallest / days
                    p, _ = judged(np.append(values, np.zeros(max(WINDOWS) - days)), before)
                    shown.append(p[days] <= LEVEL)
                    promised.append(made.smallest)
            every += shown
            yield f"{days:2d} days, {kind:15s}: shown {np.mean(shown):.3f}, promised {np.mean(promised):.1f}"
    yield f"pooled {np.mean(every):.4f} of {len(every):,}"


def pseudo(values: np.ndarray, first: int, step: int) -> tuple[dict[int, list[bool]], int]:
    """Return rejections of pseudo-events each *step* days from *first* on by declared days; how many are refused."""
    longest = max(WINDOWS)
    ends = np.arange(first, values.size - longest + 1, step)
    design, _ = design_of(FIRST, values.size, values.size, (True, True))
    rows, found, refused = np.arange(longest) < np.array(WINDOWS)[:, None], defaultdict(list), 0
    for end, fitted in zip(ends.tolist(), fits(values, design, ends), strict=True):
        if growth_of(fitted, values[:end], design[:end]) <= GROWTH_LEVEL:
            refused += 1
            continue
        p = fitted.ahead(design[end : end + longest]).of(rows).p_value(rows @ values[end : end + longest])
        for days, value in zip(WINDOWS, p, strict=True):
            found[days].append(bool(value <= LEVEL))
    return found, refused


def real(_series: int, _seed: int) -> Iterator[str]:
    """Yield rejections of pseudo-events in public series."""
    sets = {"GeoLift, 38 cities": (geolift(DATA), 45), "CDNOW": (cdnow(DATA), 60)}
    sets["CDNOW after the first 90 days"] = {name: each[90:] for name, each in sets["CDNOW"][0].items()}, 60
    for name, (set_, first) in sets.items():
        found, refused = defaultdict(list), 0
        for values in set_.values():
            each, more = pseudo(values, first, 3)
            refused += more
            for days, shares in each.items():
                found[days] += shares
        shares = {days: round(float(np.mean(each)), 3) for days, each in found.items()}
        yield f"{name}: {shares} of {len(found[1])} pseudo-events, refused {refused}"


def known(_series: int, _seed: int) -> Iterator[str]:
    """Yield published answers beside ours."""
    google = pd.read_csv(DATA / "causalimpact" / "causalimpact_google_data.csv").rename(columns={"y": "value"})
    other = pd.read_csv(DATA / "causalimpact" / "causalimpact_arma_data.csv").rename(columns={"y": "value"})
    other["date"] = pd.date_range(FIRST, periods=len(other))
    asked = {
        "google (R: 20.7 % [14, 28], 804)": (google, "2020-03-02", ["x1", "x2"]),
        "arma (R: 0.74 % [0.22, 1.2], 26.7; planted 30)": (other, "2026-03-12", ["X"]),
    }
    for name, (frame, start, controls) in asked.items():
        lift = series_lift(frame, start=start, days=30, controls=controls)
        part, total = lift.relative, lift.total
        yield (
            f"{name}: {part.value:.2f} % [{part.low:.2f}, {part.high:.2f}], "
            f"{total.value:.1f} [{total.low:.1f}, {total.high:.1f}]"
        )
    began = time.process_time()
    values = 100 + lasting(np.random.default_rng(0), 1000, 0.5)
    series_lift(daily(values), start=pd.Timestamp(FIRST) + pd.Timedelta(days=970), days=14)
    yield f"one series of 1,000 days: {time.process_time() - began:.2f} seconds of CPU"


PARTS = {"known": known, "real": real, "null": null, "lags": lags, "pooled": pooled, "overlap": overlap, "plan": plan}


def main() -> None:
    """Print the figures of each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--series", type=int, default=40, help="per cell")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for name in given.parts or PARTS:
        began = time.process_time()
        for line in PARTS[name](given.series, given.seed):
            print(f"{name}: {line}", flush=True)
        print(f"{name}: {time.process_time() - began:.0f} seconds of CPU", flush=True)


if __name__ == "__main__":
    main()
