"""Daily series in which nothing happened, of many kinds, for the trials of ``benchmarks.lift``; and real ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

WEEK = np.array([0.0, -1.5, -0.75, 0.0, 0.75, 3.0, 1.5])
HEAVY = 3  # degrees of freedom of heavy tails


def lasting(rng: np.random.Generator, days: int, rho: float, innovations: np.ndarray | None = None) -> np.ndarray:
    """Return a stationary AR(1) of variance 1."""
    fresh = rng.standard_normal(days) if innovations is None else innovations
    out = np.empty(days)
    out[0] = fresh[0]
    for t in range(1, days):
        out[t] = rho * out[t - 1] + np.sqrt(1 - rho**2) * fresh[t]
    return out


def arma(rng: np.random.Generator, days: int, rho: float, theta: float) -> np.ndarray:
    """Return an ARMA(1, 1) after 100 days that are left out."""
    fresh = rng.standard_normal(days + 101)
    out = np.zeros(days + 100)
    for t in range(1, days + 100):
        out[t] = rho * out[t - 1] + fresh[t + 1] + theta * fresh[t]
    return out[100:]


KINDS: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "AR 0": lambda rng, days: 20 + rng.standard_normal(days),
    "AR .3": lambda rng, days: 20 + lasting(rng, days, 0.3),
    "AR .5": lambda rng, days: 20 + lasting(rng, days, 0.5),
    "AR .8": lambda rng, days: 20 + lasting(rng, days, 0.8),
    "AR .8 + white": lambda rng, days: 20 + lasting(rng, days, 0.8) + rng.standard_normal(days),
    "AR .95 + white": lambda rng, days: 20 + lasting(rng, days, 0.95) + rng.standard_normal(days),
    "ARMA .6 .4": lambda rng, days: 20 + arma(rng, days, 0.6, 0.4),
    "ARMA .7 -.3": lambda rng, days: 20 + arma(rng, days, 0.7, -0.3),
    "random walk": lambda rng, days: 50 + 0.5 * rng.standard_normal(days).cumsum(),
    "counts": lambda rng, days: rng.poisson(6 * np.exp(0.25 * lasting(rng, days, 0.6))).astype(float),
    "few counts": lambda rng, days: rng.poisson(1.5, days).astype(float),
    "heavy tails": lambda rng, days: (
        20 + lasting(rng, days, 0.4, rng.standard_t(HEAVY, days) / np.sqrt(HEAVY / (HEAVY - 2)))
    ),
    "weekdays": lambda rng, days: 20 + 0.02 * np.arange(days) + WEEK[np.arange(days) % 7] + lasting(rng, days, 0.4),
}
"""Name -> (generator, days) -> series."""

GROWING: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "sd x 2": lambda rng, days: 20 + np.linspace(1, 2, days) * lasting(rng, days, 0.4),
    "sd x 4": lambda rng, days: 20 + np.linspace(1, 4, days) * lasting(rng, days, 0.4),
    "sd / 4": lambda rng, days: 20 + np.linspace(4, 1, days) * lasting(rng, days, 0.4),
}
"""Series whose noise changes; where it grows, these should be refused."""


def geolift(folder: Path) -> dict[str, np.ndarray]:
    """Return the daily numbers of the 38 cities of GeoLift_Test without a treatment."""
    frame = pd.read_csv(folder / "geolift" / "GeoLift_Test.csv")
    wide = frame.pivot_table(index="date", columns="location", values="Y").sort_index()
    return {name: wide[name].to_numpy(float) for name in wide if name not in ("chicago", "portland")}


def cdnow(folder: Path) -> dict[str, np.ndarray]:
    """Return purchases, CDs and dollars per day of CDNOW, all days from the first to the last."""
    names = ["customer", "date", "cds", "dollars"]
    text = folder / "cdnow" / "CDNOW_master.txt"
    frame = pd.read_csv(text, sep=r"\s+", skiprows=1, names=names, parse_dates=["date"])
    days = pd.date_range(frame["date"].min(), frame["date"].max())
    by_day = frame.groupby("date").agg(purchases=("cds", "size"), cds=("cds", "sum"), dollars=("dollars", "sum"))
    whole = by_day.reindex(days, fill_value=0)
    return {name: whole[name].to_numpy(float) for name in whole}
