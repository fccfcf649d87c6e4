"""Dense twins of the predictive, of the lags and of the effects of repeated campaigns, and series for their tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from influence_graph.analyses.lift.predictive import ERRORS, PRIOR

FIRST = "2026-01-01"


def daily(values) -> pd.DataFrame:
    """Return *values* as a frame of days."""
    return pd.DataFrame({"date": pd.date_range(FIRST, periods=len(values)), "value": values})


def day(place: int) -> str:
    """Return the date *place* days after the first."""
    return str((pd.Timestamp(FIRST) + pd.Timedelta(days=place)).date())


def lasting(rng, days: int, rho: float) -> np.ndarray:
    """Return a stationary AR(1) of variance 1."""
    fresh = rng.standard_normal(days)
    out = [fresh[0]]
    for each in fresh[1:]:
        out.append(rho * out[-1] + np.sqrt(1 - rho**2) * each)
    return np.array(out)


def covariance(days: int, model: int) -> np.ndarray:
    """Return the covariance matrix of the errors of a model of the grid, by their definition."""
    rho, fresh, noise, start = (part[model] for part in ERRORS)
    effect = np.tril(float(rho) ** np.maximum(np.arange(days)[:, None] - np.arange(days), 0))
    return effect @ np.diag([start, *[fresh] * (days - 1)]) @ effect.T + noise * np.eye(days)


def predicted(outcome: np.ndarray, design: np.ndarray, ahead: np.ndarray, model: int):
    """Return restricted log likelihood, coefficients, and location and scale matrix of the days to come."""
    days, width = design.shape
    whole = covariance(days + len(ahead), model)
    inverse = np.linalg.inv(whole[:days, :days])
    information = design.T @ inverse @ design
    beta = np.linalg.solve(information, design.T @ inverse @ outcome)
    left = outcome - design @ beta
    squares = left @ inverse @ left
    log_likelihood = (
        -(
            np.linalg.slogdet(whole[:days, :days])[1]
            + np.linalg.slogdet(information)[1]
            + (days - width) * np.log(squares)
        )
        / 2
    )
    gain = whole[days:, :days] @ inverse
    lever = ahead - gain @ design
    spread = whole[days:, days:] - gain @ whole[:days, days:] + lever @ np.linalg.solve(information, lever.T)
    return log_likelihood, beta, ahead @ beta + gain @ left, spread * squares / (days - width)


def chances_of_lags(ahead, actual: np.ndarray) -> np.ndarray:
    """Return the chance of each lag, window by window, by generalized least squares of the gaps on the window."""
    days = actual.size
    logs = np.full((days, days, ahead.weight.size), -np.inf)
    for g, weight in enumerate(ahead.weight):
        inverse = np.linalg.inv(ahead.covariance[g])
        gap = actual - ahead.location[g]
        for first in range(days):
            for last in range(first, days):
                inside = ((np.arange(days) >= first) & (np.arange(days) <= last)).astype(float)
                size = inside @ inverse @ gap / (inside @ inverse @ inside)
                left = gap - size * inside
                squares = left @ inverse @ left
                log_det = np.linalg.slogdet(ahead.covariance[g])[1]
                logs[first, last, g] = (
                    np.log(weight)
                    - log_det / 2
                    - (ahead.freedom + days - 1) / 2 * np.log1p(squares / ahead.freedom)
                    - np.log(days - first)
                )
    chance = np.exp(logs - logs.max()).sum(axis=(1, 2))
    return chance / chance.sum()


def totals_of_kinds(outcome, design, lagged, days: int, smoothness) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of the total of each kind: the effects are part of the covariance."""
    kinds = lagged.shape[1] // days
    second = np.eye(days) - 2 * np.eye(days, k=1) + np.eye(days, k=2)
    block = np.linalg.inv(second) @ np.linalg.inv(second).T
    prior = np.kron(np.eye(kinds), block)
    rows = np.kron(np.eye(kinds), np.ones(days))
    size, width = design.shape
    logs, means, variances = [], [], []
    for model in range(PRIOR.size):
        errors = covariance(size, model)
        for ratio in smoothness:
            whole = errors + ratio * lagged @ prior @ lagged.T
            inverse = np.linalg.inv(whole)
            information = design.T @ inverse @ design
            beta = np.linalg.solve(information, design.T @ inverse @ outcome)
            left = outcome - design @ beta
            squares = left @ inverse @ left
            logs.append(
                np.log(PRIOR[model])
                - np.linalg.slogdet(whole)[1] / 2
                - np.linalg.slogdet(information)[1] / 2
                - (size - width) / 2 * np.log(squares)
            )
            cross = ratio * prior @ lagged.T
            gain = cross @ inverse
            project = gain - gain @ design @ np.linalg.solve(information, design.T @ inverse)
            means.append(rows @ gain @ left)
            spread = ratio * prior - project @ cross.T
            scale = squares / (size - width) * np.diag(rows @ spread @ rows.T)
            variances.append(scale * (size - width) / (size - width - 2))
    weight = np.exp(np.array(logs) - max(logs))
    weight /= weight.sum()
    mean = weight @ np.array(means)
    return mean, np.sqrt(weight @ (np.array(variances) + (np.array(means) - mean) ** 2))
