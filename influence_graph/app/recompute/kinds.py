"""Which results are recalculated, by which job, in the order of their needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from influence_graph.app.jobs.influencers import InfluencersJob
from influence_graph.app.jobs.job import Job
from influence_graph.app.jobs.lift import LiftJob
from influence_graph.app.jobs.ranking import RankJob
from influence_graph.app.jobs.reach import ReachJob
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.jobs.seeds import SeedsJob
from influence_graph.app.recompute.kept_log import LearnAgain
from influence_graph.errors import NotFound
from influence_graph.model.parameters import (
    CampaignLiftParameters,
    InfluencerJobParameters,
    LearnParameters,
    RankParameters,
    ReachParameters,
    RecomputeParameters,
    ScoreParameters,
    SeedsParameters,
)
from influence_graph.model.results import ACTIVATION, INFLUENCERS, LEARN, LIFT, RANK, RESULTS, SCORE, SEEDS, measures
from influence_graph.text import did_you_mean

DEFAULT = (SCORE.kind, RANK.kind, LEARN.kind, "reach", SEEDS.kind)
"""What is recalculated in a store that has no other results, and :data:`LIFT` where it holds campaigns and sales.

Influencers take longest, and need years of records."""
ALIASES: Mapping[str, str] = {
    "fusion": SCORE.kind,
    "probabilities": LEARN.kind,
    **{name: row.kind for name, row in measures().items()},
}
"""What users may also call a kind of result."""


@dataclass(frozen=True)
class Calculated:
    """How a kind of result is calculated: by *job* with *parameters*, a dataclass of ``model/parameters.py``."""

    job: Job[Any, Any, Any]
    parameters: type


_CALCULATED: Mapping[str, Calculated] = {
    SCORE.kind: Calculated(ScoreJob(), ScoreParameters),
    LEARN.kind: Calculated(LearnAgain(), LearnParameters),
    SEEDS.kind: Calculated(SeedsJob(), SeedsParameters),
    ACTIVATION.kind: Calculated(ReachJob(), ReachParameters),
    LIFT.kind: Calculated(LiftJob(), CampaignLiftParameters),
    INFLUENCERS.kind: Calculated(InfluencersJob(), InfluencerJobParameters),
    **{row.kind: Calculated(RankJob(), RankParameters) for row in measures().values()},
}


def calculated(kind: str) -> Calculated:
    """Return how the result *kind* is calculated."""
    return _CALCULATED[kind]


def initial(kind: str, settings: RecomputeParameters) -> Any:  # noqa: ANN401 - the parameters of any job
    """Return the parameters of *kind* where no run states any."""
    if kind == SEEDS.kind:
        return SeedsParameters(k=settings.k, seed=settings.seed)
    if kind == LIFT.kind:
        return CampaignLiftParameters(seed=settings.seed)
    measure = RESULTS[kind].measure
    if measure is not None:
        return RankParameters(by=measure.name, seed=settings.seed if "seed" in measure.options else None)
    return _CALCULATED[kind].parameters()


def asked_for(only: Sequence[str]) -> tuple[str, ...]:
    """Return the kinds of result that *only* names.

    Raises:
        NotFound: there is no such step; the message has the nearest names.
    """
    for name in only:
        if name not in RESULTS and name not in ALIASES:
            known = list(dict.fromkeys([*DEFAULT, *ALIASES, *RESULTS]))
            raise NotFound(
                f"no step {name!r}",
                remedy=did_you_mean(name, known, f"use {', '.join(DEFAULT)}, or any of `rank --by`"),
            )
    return tuple(ALIASES.get(name, name) for name in only)


def ordered(kinds: Collection[str]) -> list[str]:
    """Return *kinds* so that each comes after those that it needs, else in the order of :data:`DEFAULT`."""
    usual = list(dict.fromkeys([*DEFAULT, *RESULTS]))
    left, order = [kind for kind in usual if kind in kinds], []
    while left:
        ready = next(kind for kind in left if not set(RESULTS[kind].needs) & set(left))
        left.remove(ready)
        order.append(ready)
    return order
