"""prototype"""
from __future__ import annotations
from typing import TYPE_CHECKING, NamedTuple
import numpy as np
from scipy import stats
from influence_graph.analyses.fusion.exposure_panel import CONTACTS


class Fitted(NamedTuple):
    weights: np.ndarray
    information: np.ndarray
    residual: np.ndarray   # rows: y - p
    centered: np.ndarray   # rows x - xbar_set
    converged: bool


def softmax(eta, start, set_of):
    eta = eta - np.maximum.reduceat(eta, start)[set_of]
    e = np.exp(eta)
    return e / np.add.reduceat(e, start)[set_of]


def newton(x, outcome, start, steps=50, fixed=None):
    sizes = np.diff(np.append(start, x.shape[0]))
    set_of = np.repeat(np.arange(start.size), sizes)
    beta = np.zeros(x.shape[1])
    scale = x.std(axis=0); scale[scale == 0] = 1
    x = x / scale
    def parts(beta):
        p = softmax(x @ beta, start, set_of)
        mean = np.add.reduceat(x * p[:, None], start)
        c = x - mean[set_of]
        return p, c
    def loglike(beta):
        p = softmax(x @ beta, start, set_of)
        return np.log(p[outcome]).sum()
    p, c = parts(beta)
    ll = loglike(beta)
    ok = False
    for _ in range(steps):
        info = c.T @ (c * p[:, None])
        score = ((outcome - p)[:, None] * c).sum(axis=0)
        step = np.linalg.pinv(info, rcond=1e-9, hermitian=True) @ score
        t = 1.0
        while t > 1e-4 and loglike(beta + t * step) < ll - 1e-9:
            t /= 2
        beta = beta + t * step
        new = loglike(beta)
        p, c = parts(beta)
        if abs(new - ll) < 1e-8 * (1 + abs(ll)) and score @ step < 1e-6:
            ok = True
            break
        ll = new
    info = c.T @ (c * p[:, None])
    return Fitted(beta / scale, info * np.outer(scale, scale), outcome - p, c * scale, ok)


def cluster_sum(rows, consumer):
    u, inv = np.unique(consumer, return_inverse=True)
    out = np.zeros((u.size, rows.shape[1]))
    for j in range(rows.shape[1]):
        out[:, j] = np.bincount(inv, rows[:, j], u.size)
    return out


def score_test(panel, exposures, nuisance, mode="own"):
    """Score test of exposures given nuisance."""
    y = panel.outcome
    z = np.column_stack(nuisance) if nuisance else np.zeros((y.size, 0))
    null = newton(z, y, panel.start)
    x = panel.exposure[:, exposures]
    full = np.hstack([x, z])
    sizes = np.diff(np.append(panel.start, y.size))
    set_of = np.repeat(np.arange(panel.start.size), sizes)
    p = y - null.residual
    mean = np.add.reduceat(full * p[:, None], panel.start)
    c = full - mean[set_of]
    info = c.T @ (c * p[:, None])
    k = x.shape[1]
    a = info[:k, k:] @ np.linalg.pinv(info[k:, k:], rcond=1e-9, hermitian=True)
    ceff = c[:, :k] - c[:, k:] @ a.T
    rows = null.residual[:, None] * ceff
    if mode == "own":
        cl = panel.consumer
    else:
        cl = panel.consumer[panel.start][set_of]
    s = cluster_sum(rows, cl)
    u = s.sum(axis=0)
    v = s.T @ s
    if mode == "model":
        v = info[:k, :k] - a @ info[k:, :k]
    n = np.unique(panel.consumer[panel.start]).size
    d = np.sqrt(np.maximum(np.diag(info)[:k], 1e-300))
    vs = v / np.outer(d, d); us = u / d
    w, q = np.linalg.eigh(vs)
    keep = w > 1e-6 * max(w.max(), 1e-300)
    rank = int(keep.sum())
    if rank == 0:
        return np.nan, 0, n
    stat = float((((q.T @ us)[keep]) ** 2 / w[keep]).sum())
    return stat, rank, n
