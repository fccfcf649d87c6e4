"""Who adopts which brand, when, and because of whom: independent cascades on top of background adoptions.

Everyone adopts some brands without being influenced: half of these choices follow the favorites of
the community, so that neighbors are similar without influence (homophily). Each adopter then has
one chance per tie to activate the person at its other end, after an exponential delay (Independent
Cascade with delays, Kempe, Kleinberg, Tardos 2003). A person adopts a brand once; a background
adoption is kept even where influence would have come earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.ingest.town.people import ACTIVE, EXPOSED, FOLLOWS, FRIEND, MEAN_DELAY_DAYS, PASSIVE
from influence_graph.ingest.town.random import Array, ranges, stream, weighted, zipf_weights

if TYPE_CHECKING:
    from influence_graph.ingest.town.parameters import TownParameters
    from influence_graph.ingest.town.people import Population

BACKGROUND_PER_PERSON = 2.5
INFLUENCER_ADOPTIONS = 8
_FAVORITES = 4
_FAVORITES_SHARE = 0.5
_SHORTEST_DELAY_DAYS = 0.05
_MAX_GENERATIONS = 12
_CHUNK = 200_000


@dataclass(frozen=True)
class Adoptions:
    """First uses: ``day`` counts from the start of the town; ``cause`` is a person or -1 (background)."""

    user: Array
    brand: Array
    day: Array
    cause: Array

    def __len__(self) -> int:
        return len(self.user)


@dataclass(frozen=True)
class _InfluenceEdges:
    """Edges in the direction of influence: u activates ``target[indptr[u]:indptr[u+1]]`` with ``probability``."""

    indptr: Array
    target: Array
    probability: Array


def popularity(parameters: TownParameters) -> Array:
    """Return the share of each brand in background adoptions."""
    return zipf_weights(parameters.brands)


def simulate(parameters: TownParameters, population: Population) -> Adoptions:
    """Return all adoptions of the town, in no particular order."""
    current = _background(parameters, population)
    edges = _influence_edges(parameters, population)
    rng = stream(parameters.seed, "cascades")
    generations, keys = [current], np.sort(_keys(current, parameters.brands))
    for _ in range(_MAX_GENERATIONS):
        parts = [
            _activations(rng, population, edges, _slice(current, i), parameters.days)
            for i in range(0, len(current), _CHUNK)
        ]
        current = _earliest(_concatenate(parts), parameters.brands)
        current = _where(current, ~_contains(keys, _keys(current, parameters.brands)))
        if not len(current):
            break
        generations.append(current)
        keys = np.sort(np.concatenate([keys, _keys(current, parameters.brands)]))
    return _concatenate(generations)


def _background(parameters: TownParameters, population: Population) -> Adoptions:
    """Return the adoptions without influence; influencers adopt several brands, in the first 70 % of the days."""
    rng = stream(parameters.seed, "background")
    size = round(parameters.people * BACKGROUND_PER_PERSON)
    user = rng.integers(0, parameters.people, size)
    weights = popularity(parameters)
    groups = int(population.community[-1]) + 1
    favorites = weighted(rng, np.sqrt(weights) / np.sqrt(weights).sum(), groups * _FAVORITES).reshape(groups, -1)
    favorite = favorites[population.community[user], rng.integers(0, _FAVORITES, size)]
    brand = np.where(rng.random(size) < _FAVORITES_SHARE, favorite, weighted(rng, weights, size))
    day = rng.random(size) * parameters.days

    planted = np.flatnonzero(population.style)
    brands = min(INFLUENCER_ADOPTIONS, parameters.brands // 2)
    leaders = np.repeat(planted, brands)
    choice = [rng.permutation(parameters.brands)[:brands] for _ in planted] or [np.zeros(0, np.int64)]
    leader_days = rng.random(len(leaders)) * parameters.days * 0.7
    ordinary = population.style[user] == 0
    user, brand, day = (
        np.concatenate(pair)
        for pair in ((leaders, user[ordinary]), (np.concatenate(choice), brand[ordinary]), (leader_days, day[ordinary]))
    )
    return _earliest(Adoptions(user, brand, day, np.full(len(user), -1)), parameters.brands)


def _influence_edges(parameters: TownParameters, population: Population) -> _InfluenceEdges:
    """Return who can be activated by whom."""
    friends = population.kind == FRIEND
    source = np.concatenate([population.target, population.source[friends]])
    target = np.concatenate([population.source, population.target[friends]])
    kind = np.concatenate([population.kind, np.full(int(friends.sum()), FRIEND)])
    style = population.style[source]
    probability = np.full(len(source), parameters.ordinary_probability)
    probability[(style == ACTIVE) & (kind == FOLLOWS)] = parameters.active_probability
    probability[(style == PASSIVE) & (kind == EXPOSED)] = parameters.passive_probability
    order = np.argsort(source, kind="stable")
    indptr = np.zeros(population.size + 1, np.int64)
    np.cumsum(np.bincount(source, minlength=population.size), out=indptr[1:])
    return _InfluenceEdges(indptr, target[order], probability[order])


def _activations(
    rng: np.random.Generator, population: Population, edges: _InfluenceEdges, adopters: Adoptions, days: int
) -> Adoptions:
    """Return the adoptions that *adopters* cause along their edges within the *days* of the town."""
    counts = edges.indptr[adopters.user + 1] - edges.indptr[adopters.user]
    edge = ranges(edges.indptr[adopters.user], counts)
    hit = np.flatnonzero(rng.random(len(edge)) < edges.probability[edge])
    row = np.repeat(np.arange(len(adopters)), counts)[hit]
    cause = adopters.user[row]
    delay = _SHORTEST_DELAY_DAYS + rng.exponential(MEAN_DELAY_DAYS[population.style[cause]] - _SHORTEST_DELAY_DAYS)
    day = adopters.day[row] + delay
    return _where(Adoptions(edges.target[edge[hit]], adopters.brand[row], day, cause), day < days)


def _keys(adoptions: Adoptions, brands: int) -> Array:
    keys: Array = adoptions.user * brands + adoptions.brand
    return keys


def _earliest(adoptions: Adoptions, brands: int) -> Adoptions:
    """Return the earliest adoption of each person and brand."""
    order = np.lexsort((adoptions.day, _keys(adoptions, brands)))
    ordered = _where(adoptions, order)
    keys = _keys(ordered, brands)
    return _where(ordered, np.concatenate([np.ones(min(1, len(keys)), bool), keys[1:] != keys[:-1]]))


def _contains(ordered: Array, keys: Array) -> Array:
    place = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    is_contained: Array = ordered[place] == keys
    return is_contained


def _where(adoptions: Adoptions, chosen: Array) -> Adoptions:
    return Adoptions(adoptions.user[chosen], adoptions.brand[chosen], adoptions.day[chosen], adoptions.cause[chosen])


def _slice(adoptions: Adoptions, start: int) -> Adoptions:
    return _where(adoptions, np.arange(start, min(start + _CHUNK, len(adoptions))))


def _concatenate(parts: list[Adoptions]) -> Adoptions:
    return Adoptions(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("user", "brand", "day", "cause")))
