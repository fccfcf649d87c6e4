"""From evidence to the table of everybody: what is said of each, how much, which style, how long, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.influencers.amount import amount, background, e_value, excess, gamma_star
from influence_graph.analyses.influencers.attribution import rivals
from influence_graph.analyses.influencers.evidence import AFTER, ALONE, BASELINE, BEFORE, LEAST_TESTED, E, O
from influence_graph.analyses.influencers.inputs import DAY
from influence_graph.analyses.influencers.persistence import half_life, watched
from influence_graph.analyses.influencers.prior import LEAST_BEFORE
from influence_graph.analyses.influencers.result import AHEAD, FOUND, NONE, ONE, OTHER, UNTESTED, Influencers
from influence_graph.analyses.influencers.shares import lorenz, shares
from influence_graph.analyses.influencers.style import style_of
from influence_graph.analyses.influencers.trend import TREND_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from influence_graph.analyses.influencers.attribution import Standing
    from influence_graph.analyses.influencers.evidence import Evidence
    from influence_graph.analyses.influencers.inputs import Inputs
    from influence_graph.analyses.influencers.trend import Trend
    from influence_graph.kernels.influencers.audience import World

    _Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Found:
    """Who is found.

    Attributes:
        kept: Who is.
        p: Of everybody, NaN without a test: up to 0.01 the worst without any one follower or item.
        q: Of everybody, of the worst p of all.
        alone: Of the candidates who fell by it, the worst p without any one follower, and without any one item.
        ahead: Of the candidates who do not rest on one, who is ahead of a trend.
        standing: Of the candidates who do not rest on one, who stands without the others.
        level: The p that a candidate had to stay below.
    """

    kept: list[int]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    alone: dict[int, tuple[float, float]]
    ahead: dict[int, Trend]
    standing: Standing
    level: float


def reported(
    inputs: Inputs, world: World, evidence: Evidence, found: Found, mirrored: int, parameters: Mapping[str, Any]
) -> Influencers:
    """Return the result."""
    graph = inputs.graph
    columns = _everybody(world, evidence, found)
    _explain(columns, graph.ids, found)
    _untested(columns, world, evidence)
    curve = _of_found(columns, inputs, world, evidence, found)
    beyond = excess(evidence.sums, evidence.baselines).sum(axis=1)
    following = columns["audience"]
    return Influencers(
        table=pd.DataFrame({name: pd.Series(column, dtype=column.dtype) for name, column in columns.items()}),
        ids=graph.ids,
        labels=graph.labels,
        priors=_priors(world, evidence),
        curve=curve,
        groups=shares(beyond, following),
        lorenz=lorenz(beyond, following),
        log=inputs.log.counts(),
        mirrored=mirrored,
        parameters=parameters,
        digest=graph.digest,
    )


def _everybody(world: World, evidence: Evidence, found: Found) -> _Columns:
    people = evidence.p.size
    mean, _ = background(evidence.sums, evidence.baselines)
    amounts = ("caused", "caused_low", "caused_high", "gamma", "e_value")
    lasting = ("half_life_days", "half_life_low", "half_life_high")
    columns: _Columns = {
        "status": np.where(evidence.testable, NONE, UNTESTED).astype(object),
        "reason": np.full(people, None, dtype=object),
        "style": np.full(people, None, dtype=object),
        "p": found.p,
        "q": found.q,
        "p_without_others": np.full(people, np.nan),
        "audience": np.diff(world.audience.start),
        "items": np.diff(world.taken.start),
        "after": evidence.sums[:, :, AFTER, O].sum(axis=1).astype(np.int64),
        "expected": np.where(np.isnan(mean).all(axis=1), np.nan, np.nansum(mean, axis=1)),
        **{name: np.full(people, np.nan) for name in (*amounts, *lasting)},
        "at_least": np.full(people, None, dtype=object),
        "rivals": np.full(people, None, dtype=object),
    }
    for v, p in [*found.standing.p.items(), *((v, p) for v, (_, p) in found.standing.dropped.items())]:
        columns["p_without_others"][v] = p
    columns["status"][found.kept] = FOUND
    return columns


def _explain(columns: _Columns, ids: NDArray[np.object_], found: Found) -> None:
    """Say of each candidate who fell why."""
    status, reason = columns["status"], columns["reason"]
    for v, (by_person, by_item) in found.alone.items():
        what = "follower" if by_person >= by_item else "item"
        status[v], reason[v] = ONE, f"without one {what} p is {max(by_person, by_item):.2g}"
    for v, trend in found.ahead.items():
        status[v] = AHEAD
        reason[v] = (
            f"of the people who cannot see them and took up the same within {TREND_DAYS:g} days before or after, "
            f"{trend.after:.0%} did so after"
        )
    for v, (other, p) in found.standing.dropped.items():
        who = f"whom {ids[other] if other >= 0 else 'others'} had reached already"
        status[v], reason[v] = OTHER, f"without those {who} p is {p:.2g}"
        columns["rivals"][v] = ids[other] if other >= 0 else None
    kept = set(found.kept)
    for v in found.standing.kept:
        if v not in kept:
            why = f"without those whom others had reached already p is {found.standing.p[v]:.2g}"
            status[v], reason[v] = NONE, why if found.standing.p[v] > found.p[v] else None


def _untested(columns: _Columns, world: World, evidence: Evidence) -> None:
    """Say of each who cannot be tested why: what is missing, the first of these."""
    sums = evidence.sums
    most = sums[:, :, AFTER, E].max(axis=1)
    alone = sums[:, :, :, ALONE].sum(axis=(1, 2)) > 0
    stratum = world.people.stratum
    size = np.bincount(stratum)[stratum]
    known = any(prior is not None for prior in evidence.priors)
    few = f"fewer than {LEAST_BEFORE} adoptions came before somebody's own, to learn what comes anyway"
    reasons = [
        (columns["audience"] == 0, "nobody is exposed to this person"),
        (columns["items"] == 0, "this person took up nothing"),
        (alone & (most == 0), "nobody is left to compare the audience with in its communities"),
        ((most == 0) & (size == 1), "a community of one: nobody comparable took up what this person did"),
        (most == 0, "nobody of the communities of the audience took up later what this person did"),
        (np.full(most.size, not known), few),
    ]
    text = np.array([f"{value:.2g} adoptions are expected, {LEAST_TESTED} are needed" for value in most], dtype=object)
    for where, reason in reversed(reasons):
        text[where] = reason
    untested = ~evidence.testable
    columns["reason"][untested] = text[untested]


def _of_found(columns: _Columns, inputs: Inputs, world: World, evidence: Evidence, found: Found) -> pd.DataFrame:
    """Fill the columns of the found; return their curves."""
    beyond = excess(evidence.sums[found.kept], evidence.baselines)
    usual, _ = background(evidence.sums[found.kept], evidence.baselines)
    columns["gamma"][found.kept] = gamma_star(evidence, np.array(found.kept, dtype=np.int64))
    either = rivals(world, evidence, found.standing, found.level)
    curves = []
    for n, v in enumerate(found.kept):
        sums = evidence.sums[v]
        caused = amount(sums, evidence.baselines)
        baseline = np.maximum(sums[:, AFTER, BASELINE], 1e-12)
        lasting = half_life(world, v, usual[n] / baseline)
        seen = float(sums[:, AFTER, O].sum())
        row = {
            "caused": caused.value,
            "caused_low": caused.low,
            "caused_high": caused.high,
            "e_value": e_value(seen, caused.low),
            "half_life_days": lasting.value / DAY,
            "half_life_low": lasting.low / DAY,
            "half_life_high": lasting.high / DAY,
            "at_least": bool(np.isinf(lasting.high)),
            "style": style_of(world, evidence, inputs, v).style,
            "rivals": "|".join(str(inputs.graph.ids[u]) for u in either[v]) or None,
        }
        for name, value in row.items():
            columns[name][v] = value
        curves.append(_curve(str(inputs.graph.ids[v]), world, sums, beyond[n], watched(world, v)))
    names = (
        "id",
        "from_days",
        "to_days",
        "before",
        "expected_before",
        "after",
        "expected_after",
        "excess",
        "watched",
    )
    return pd.concat(curves, ignore_index=True) if curves else pd.DataFrame({name: [] for name in names})


def _curve(
    person: str, world: World, sums: NDArray[np.float64], beyond: NDArray[np.float64], covered: NDArray[np.float64]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": person,
            **_bins(world),
            "before": sums[:, BEFORE, O],
            "expected_before": sums[:, BEFORE, E],
            "after": sums[:, AFTER, O],
            "expected_after": sums[:, AFTER, E],
            "excess": beyond,
            "watched": covered,
        }
    )


def _bins(world: World) -> dict[str, NDArray[np.float64]]:
    ends = world.lags / DAY
    return {"from_days": np.concatenate([[0.0], ends[:-1]]), "to_days": ends}


def _priors(world: World, evidence: Evidence) -> pd.DataFrame:
    known = [(p.mean, p.shape, p.adoptions) if p else (np.nan, np.nan, 0) for p in evidence.priors]
    mean, shape, adoptions = (list(column) for column in zip(*known, strict=True))
    return pd.DataFrame({**_bins(world), "homophily": mean, "alikeness": shape, "adoptions": adoptions})
