"""Who plays which part: influencers, their shadows, trend-spotters, and bots.

Influencers are people like any others: they are chosen among those who are followed and adopt about as
much as is wanted, so that ties and their own adoptions are the same in a world without influence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from influence_graph.ingest.town.random import Array, ranges, stream
from influence_graph.ingest.worlds.adoptions import Adoptions
from influence_graph.ingest.worlds.parameters import WorldParameters
from influence_graph.ingest.worlds.people import People
from influence_graph.ingest.worlds.ties import Audiences, Ties, with_ties

ACTIVE, SILENT = 0, 1
STYLES = ("active", "silent")
AUDIENCE = {SILENT: (20, 45), ACTIVE: (60, 400)}
"""Least and greatest number of people who see an influencer, where there are enough such people."""
_ADOPTS = (15, 60)
_SPOTTERS_AUDIENCE = (20, 60)
_COMMON_SHARE = 0.5
_MOST_COMMON = 60


@dataclass(frozen=True)
class Roles:
    """Who is planted.

    Attributes:
        influencer: int (k,), the influencers.
        style: int (k,), ``ACTIVE`` or ``SILENT``.
        mean_delay: float (k,), mean days from exposure to adoption.
        shadow: int (s,), the shadows.
        shadow_of: int (s,), the influencer whom each copies.
        spotter: int (t,), the trend-spotters.
        bot: int (b,), the bots.
        copied: int (b,), the person without influence whom each copies.
    """

    influencer: Array
    style: Array
    mean_delay: Array
    shadow: Array
    shadow_of: Array
    spotter: Array
    bot: Array
    copied: Array


def choose_spotters(parameters: WorldParameters, people: People, seen: Audiences) -> Array:
    """Return people seen by many who share their taste, most by such people first."""
    viewed = np.repeat(np.arange(people.size), seen.sizes())
    alike = people.taste[viewed] == people.taste[seen.viewer]
    shared = np.bincount(viewed[alike], minlength=people.size)
    low, high = _SPOTTERS_AUDIENCE
    fit = (seen.sizes() >= low) & (seen.sizes() <= high)
    return np.argsort(-np.where(fit, shared, -1), kind="stable")[: parameters.spotters]


def plant(
    parameters: WorldParameters, ties: Ties, seen: Audiences, own: Adoptions, spotter: Array
) -> tuple[Roles, Ties]:
    """Return who is planted, and the ties with those of the shadows."""
    taken = np.zeros(parameters.people, bool)
    taken[spotter] = True
    adopts = np.bincount(own.user, minlength=parameters.people)
    rng = stream(parameters.seed, "world influencers")
    chosen = []
    for style in (ACTIVE, SILENT):
        found = _fitting(rng, seen.sizes(), adopts, AUDIENCE[style], taken)[: parameters.planted]
        taken[found] = True
        chosen.append(found)
    influencer = np.concatenate(chosen)
    styles = np.repeat([ACTIVE, SILENT], parameters.planted)
    low, high = np.log(parameters.shortest_delay), np.log(parameters.longest_delay)
    delay = np.exp(low + (high - low) * rng.random(len(influencer)))
    shadow, shadow_of = _shadows(parameters, seen, influencer, taken)
    bot, copied = _bots(parameters, seen, adopts, taken)
    roles = Roles(influencer, styles, delay, shadow, shadow_of, spotter, bot, copied)
    return roles, _followed(parameters, ties, seen, roles)


def _fitting(
    rng: np.random.Generator, followed: Array, adopts: Array, audience: tuple[int, int], taken: Array
) -> Array:
    """Return everybody who is not *taken*: those within the limits at random, then the others, nearest first."""
    low, high = audience
    off = np.abs(np.log1p(followed) - np.log1p(np.clip(followed, low, high)))
    off += np.abs(np.log1p(adopts) - np.log1p(np.clip(adopts, *_ADOPTS)))
    order = np.lexsort((rng.random(len(off)), off))
    return order[~taken[order]]


def _shadows(parameters: WorldParameters, seen: Audiences, influencer: Array, taken: Array) -> tuple[Array, Array]:
    """Return those who see an influencer and have most viewers in common with it, and whom each shadows."""
    shadow, shadow_of = [], []
    for person in influencer if parameters.shadows and parameters.probability else []:
        audience = seen.of(person)
        open_ = audience[~taken[audience]]
        counts = seen.sizes()[open_]
        common = np.isin(seen.viewer[ranges(seen.indptr[open_], counts)], audience)
        shared = np.bincount(np.repeat(np.arange(len(open_)), counts)[common], minlength=len(open_))
        found = open_[np.argsort(-shared, kind="stable")[: parameters.shadows]]
        taken[found] = True
        shadow.extend(found.tolist())
        shadow_of.extend([int(person)] * len(found))
    return np.array(shadow, np.int64), np.array(shadow_of, np.int64)


def _bots(parameters: WorldParameters, seen: Audiences, adopts: Array, taken: Array) -> tuple[Array, Array]:
    """Return as many bots as are wanted, and the people like silent influencers whom they copy."""
    rng = stream(parameters.seed, "world bots")
    bot: list[int] = []
    copied: list[int] = []
    for person in _fitting(rng, seen.sizes(), adopts, AUDIENCE[SILENT], taken):
        if len(bot) == parameters.bots:
            break
        audience = seen.of(person)
        open_ = audience[~taken[audience]]
        if taken[person] or not len(open_):
            continue
        taken[[person, open_[0]]] = True
        bot.append(int(open_[0]))
        copied.append(int(person))
    return np.array(bot, np.int64), np.array(copied, np.int64)


def _followed(parameters: WorldParameters, ties: Ties, seen: Audiences, roles: Roles) -> Ties:
    """Return *ties* and those by which half of each influencer's viewers follow its shadow."""
    rng = stream(parameters.seed, "world shadows")
    source, target, since = [], [], []
    for shadow, person in zip(roles.shadow, roles.shadow_of, strict=True):
        part = slice(seen.indptr[person], seen.indptr[person + 1])
        viewer, from_day = seen.viewer[part], seen.since[part]
        kept = np.flatnonzero((rng.random(len(viewer)) < _COMMON_SHARE) & (viewer != shadow))[:_MOST_COMMON]
        source.append(viewer[kept])
        target.append(np.full(len(kept), shadow))
        since.append(from_day[kept])
    if not source:
        return ties
    return with_ties(ties, np.concatenate(source), np.concatenate(target), np.concatenate(since), parameters.people)
