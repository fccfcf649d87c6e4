"""The search for influencers, active and silent."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.checks import is_number, require, seed_of, threads_of
from influence_graph.analyses.influencers.attribution import standing, worst_without_one
from influence_graph.analyses.influencers.evidence import evidence as evidence_of
from influence_graph.analyses.influencers.evidence import q_values
from influence_graph.analyses.influencers.inputs import read
from influence_graph.analyses.influencers.permutation import permutation_p
from influence_graph.analyses.influencers.report import Found, reported
from influence_graph.analyses.influencers.strata import in_strata
from influence_graph.analyses.influencers.trend import TREND_P, trend_of
from influence_graph.errors import InputError
from influence_graph.model.graph import Graph
from influence_graph.model.parameters import InfluencerParameters

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from influence_graph.analyses.influencers.evidence import Evidence
    from influence_graph.analyses.influencers.inputs import Inputs
    from influence_graph.analyses.influencers.result import Influencers
    from influence_graph.analyses.learning.log import ActionLog
    from influence_graph.kernels.influencers.audience import World
    from influence_graph.model.frames import Frame


ALONE_P = 0.01
"""Up to this p everybody's is the worst without any one follower or item: few of one item's make the tail of chance."""


@dataclass(frozen=True, eq=False)
class Search:
    """A search with all that its result was made from."""

    inputs: Inputs
    world: World
    evidence: Evidence
    found: Found
    result: Influencers


def find_influencers(  # noqa: PLR0913 - the records first, the rest by name
    ties: Graph | Frame,
    actions: Frame,
    *,
    activity: Frame | None = None,
    spoken: Frame | None = None,
    strata: ArrayLike | None = None,
    options: InfluencerParameters | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Influencers:
    """Return who moves others beyond chance, whether they speak of what they do or not.

    For each item that a person took up, those exposed to them are compared with others of the same community, equally
    active at that time, who had not taken it up either (a Cox score at no effect: Hoppitt, Boogert and Laland 2010,
    https://doi.org/10.1016/j.jtbi.2010.01.006). What the audience took up *before* the person did tells its taste: a
    NegBin prior per bin of lags. p is of what it took up after, given that; the found have a Benjamini-Hochberg q of at
    most ``fdr`` without any one follower or item, stand without the pairs that another found person had reached, and
    are not ahead of a trend, which people who cannot see them follow soon after, too. That is no proof: influence and
    a hidden shared taste cannot be told apart from such records (Shalizi and Thomas 2011,
    https://doi.org/10.1177/0049124111404820). A randomized test can tell. In hard worlds of known truth
    (``benchmarks/influencers.py``) about 10 % of the found were not planted, most of them trend-spotters.
    Time: linear in the sum, over the adoptions of all people, of the audience times the adoptions of the same item in
    its communities. Same input, same bytes, with any number of threads.

    Args:
        ties: Who is exposed to whom. Records: source, target, and kind and since where there are any; the source of
            ``follows`` (the default) and ``exposed`` sees the target, ``friend`` goes both ways, and exposure begins
            with since. Or a graph with edges ``v -> u`` along which v may move u, as for ``credit``.
        actions: Who took up what: user, item, time (datetimes, or numbers of seconds); the first of each person and
            item counts, people outside the ties are left out and counted.
        activity: What people did *besides*: user, time, added to the actions: by both, comparable people are those who
            are as active at that time. Where activity is uneven, no weights at all would find hundreds of nobodies.
        spoken: What people spoke of: user, item, time. Without it styles cannot be told.
        strata: Number or text of the group of each person, in the order of the graph's ids, in place of communities.
        options: Level, lags, and resolution of the communities.
        threads: Threads to use; one per processor by default.
        progress: Called with the number of people looked at, and of all; again from 0 for further strata.

    Raises:
        InputError: There are no ties or no actions, no action is of a person of the ties, all bear one time, a column
            or a value is missing or unusable, or an option is out of its limits.

    Example:
        >>> import pandas as pd
        >>> import influence_graph as ig
        >>> did = pd.DataFrame({"user": ["june", "annie"], "item": ["jeans", "jeans"], "time": [1, 86400]})
        >>> ties = pd.DataFrame({"source": ["annie", "sam"], "target": ["june", "june"]})
        >>> found = ig.find_influencers(ties, did)
        >>> found.to_frame()[["id", "status"]].values.tolist()[0]
        ['annie', 'cannot be tested']
    """
    return search(ties, actions, activity, spoken, strata, options, threads, progress).result


def search(  # noqa: PLR0913 - the arguments of find_influencers
    ties: Graph | Frame,
    actions: Frame,
    activity: Frame | None,
    spoken: Frame | None,
    strata: ArrayLike | None,
    options: InfluencerParameters | None,
    threads: int | None,
    progress: Callable[[int, int], None] | None,
) -> Search:
    """Return the search that :func:`find_influencers` makes."""
    chosen = _checked(options or InfluencerParameters())
    inputs = read(ties, actions, activity, spoken)
    given = None if strata is None else _codes(strata, inputs.graph.number_of_nodes)
    world, evidence, resolution = in_strata(inputs, chosen, given, threads_of(threads), progress)
    found = _found(world, inputs.log, evidence, chosen.fdr)
    used = {**asdict(chosen), "lags": list(chosen.lags), "resolution": resolution, "strata": given is not None}
    told = {"activity": activity is not None, "spoken": spoken is not None}
    counts = {
        "communities": int(np.unique(world.people.stratum).size),
        "periods": int(world.people.weight.shape[1]),
    }
    mirrored = _mirrored(world, evidence, chosen.fdr)
    result = reported(inputs, world, evidence, found, mirrored, {**used, **told, **counts})
    if chosen.permutations:
        result.table["p_permuted"] = permutation_p(world, chosen.permutations, chosen.seed)
    return Search(inputs, world, evidence, found, result)


def _found(world: World, log: ActionLog, evidence: Evidence, fdr: float) -> Found:
    """Return who is found, and who falls because of what.

    Each p becomes the worst of the person's: that without any one follower or item, 1 for who is ahead of a trend, and
    that without the pairs of others. So the last q are of what stands, and who fell does not make the level milder.
    The level is that of Benjamini and Hochberg for as many as stand so far, not the largest p of these.
    """
    p = evidence.p.copy()
    candidates = q_values(p) <= fdr
    alone = {int(v): worst_without_one(world, evidence, int(v)) for v in np.flatnonzero(candidates | (p <= ALONE_P))}
    for v, worst in alone.items():
        p[v] = max(p[v], *worst)
    shown = p.copy()
    trends = {int(v): trend_of(world, log, int(v)) for v in np.flatnonzero(q_values(p) <= fdr)}
    ahead = {v: trend for v, trend in trends.items() if trend.p <= TREND_P}
    p[list(ahead)] = 1.0
    sturdy = np.flatnonzero(q_values(p) <= fdr)
    level = fdr * sturdy.size / max(int(np.count_nonzero(~np.isnan(p))), 1)
    stands = standing(world, evidence, sturdy.tolist(), level, ahead)
    for v, without in [*stands.p.items(), *((v, each) for v, (_, each) in stands.dropped.items())]:
        p[v] = max(p[v], without)
    q = q_values(p)
    kept = [v for v in stands.kept if q[v] <= fdr]
    fell = {v: alone[v] for v in np.flatnonzero(candidates & ~(shown <= level)).tolist()}
    return Found(kept, shown, q, fell, ahead, stands, level)


def _mirrored(world: World, evidence: Evidence, fdr: float) -> int:
    """Return how many would be found if what came before a person were what came after: these are found by chance.

    Nobody moves others before they act, and followers of one influencer act before and after each other alike.
    """
    mirror = evidence_of(evidence.sums[:, :, ::-1])
    p = mirror.p.copy()
    for v in np.flatnonzero(q_values(p) <= fdr):
        p[v] = max(p[v], *worst_without_one(world, mirror, int(v), mirrored=True))
    return int(np.count_nonzero(q_values(p) <= fdr))


def _checked(options: InfluencerParameters) -> InfluencerParameters:
    within = is_number(options.fdr) and 0 < options.fdr < 1
    require(within, "fdr", options.fdr, "above 0 and below 1", "use 0.1")
    lags = tuple(options.lags)
    rising = all(is_number(lag) and 0 < lag < np.inf for lag in lags) and list(lags) == sorted(set(lags))
    require(rising, "lags", lags, "days above 0 that rise", "use for example (30, 90, 365)")
    resolution = options.resolution
    allowed = resolution is None or (is_number(resolution) and 0 < resolution < np.inf)
    require(allowed, "resolution", resolution, "above 0 and finite", "leave it out")
    counts = isinstance(options.permutations, int) and options.permutations >= 0
    require(counts, "permutations", options.permutations, "a whole number of 0 or more", "use 100")
    return InfluencerParameters(
        float(options.fdr), tuple(float(lag) for lag in lags), resolution, seed_of(options.seed), options.permutations
    )


def _codes(strata: ArrayLike, people: int) -> NDArray[np.int64]:
    names = np.asarray(strata)
    if names.shape != (people,):
        message = f"strata has the shape {names.shape}, must be one value for each of the {people:,} people"
        raise InputError(message, remedy="give them in the order of the ids of the graph")
    return np.unique(names, return_inverse=True)[1].astype(np.int64)
