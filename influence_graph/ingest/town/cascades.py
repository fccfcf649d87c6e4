"""Who adopts which brand, when, and because of whom: independent cascades over a background.

Everyone adopts some brands without being moved by anybody: half of these choices follow the
favourites of the community, so that neighbours look alike without influence. Each adopter then has
one chance per tie to move the person on its other end, after an exponential delay (Independent
Cascade with delays, Kempe, Kleinberg, Tardos 2003). A person adopts a brand once; a background
adoption stands even where a cause would have come earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.ingest.town.people import ACTIVE, EXPOSED, FOLLOWS, FRIEND, MEAN_DELAY_DAYS, PASSIVE
from influence_graph.ingest.town.random import Array, ranges, stream, weighted, zipf_weights

if TYPE_CHECKING:
    from influence_graph.ingest.town.people import Population
    from influence_graph.ingest.town.recipe import TownRecipe

BACKGROUND_PER_PERSON = 2.5
INFLUENCER_ADOPTIONS = 8
_FAVOURITES = 4
_FOLLOWS_FAVOURITES = 0.5
_SOONEST_DAYS = 0.05
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
class _Reach:
    """Ties as influence: ``target[indptr[u]:indptr[u+1]]`` can be moved by u with ``probability``."""

    indptr: Array
    target: Array
    probability: Array


def popularity(recipe: TownRecipe) -> Array:
    """Return the share of each brand in background adoptions."""
    return zipf_weights(recipe.brands)


def simulate(recipe: TownRecipe, population: Population) -> Adoptions:
    """Return all adoptions of the town, in no particular order."""
    current = _background(recipe, population)
    reach = _reach(recipe, population)
    rng = stream(recipe.seed, "cascades")
    generations, keys = [current], np.sort(_keys(current, recipe.brands))
    for _ in range(_MAX_GENERATIONS):
        parts = [_moved(rng, recipe, population, reach, _slice(current, i)) for i in range(0, len(current), _CHUNK)]
        current = _earliest(_concatenate(parts), recipe.brands)
        current = _where(current, ~_contains(keys, _keys(current, recipe.brands)))
        if not len(current):
            break
        generations.append(current)
        keys = np.sort(np.concatenate([keys, _keys(current, recipe.brands)]))
    return _concatenate(generations)


def _background(recipe: TownRecipe, population: Population) -> Adoptions:
    """Return adoptions that nobody caused; influencers adopt several brands in the first 70 % of the time."""
    rng = stream(recipe.seed, "background")
    size = round(recipe.people * BACKGROUND_PER_PERSON)
    user = rng.integers(0, recipe.people, size)
    weights = popularity(recipe)
    groups = int(population.community[-1]) + 1
    favourites = weighted(rng, np.sqrt(weights) / np.sqrt(weights).sum(), groups * _FAVOURITES).reshape(groups, -1)
    liked = favourites[population.community[user], rng.integers(0, _FAVOURITES, size)]
    brand = np.where(rng.random(size) < _FOLLOWS_FAVOURITES, liked, weighted(rng, weights, size))
    day = rng.random(size) * recipe.days

    planted = np.flatnonzero(population.style)
    brands = min(INFLUENCER_ADOPTIONS, recipe.brands // 2)
    leads = np.repeat(planted, brands)
    choice = [rng.permutation(recipe.brands)[:brands] for _ in planted] or [np.zeros(0, np.int64)]
    lead_days = rng.random(len(leads)) * recipe.days * 0.7
    ordinary = population.style[user] == 0
    user, brand, day = (
        np.concatenate(pair)
        for pair in ((leads, user[ordinary]), (np.concatenate(choice), brand[ordinary]), (lead_days, day[ordinary]))
    )
    return _earliest(Adoptions(user, brand, day, np.full(len(user), -1)), recipe.brands)


def _reach(recipe: TownRecipe, population: Population) -> _Reach:
    """Return who can be moved by whom."""
    friends = population.kind == FRIEND
    mover = np.concatenate([population.target, population.source[friends]])
    moved = np.concatenate([population.source, population.target[friends]])
    kind = np.concatenate([population.kind, np.full(int(friends.sum()), FRIEND)])
    style = population.style[mover]
    probability = np.full(len(mover), recipe.ordinary_probability)
    probability[(style == ACTIVE) & (kind == FOLLOWS)] = recipe.active_probability
    probability[(style == PASSIVE) & (kind == EXPOSED)] = recipe.passive_probability
    order = np.argsort(mover, kind="stable")
    indptr = np.zeros(population.size + 1, np.int64)
    np.cumsum(np.bincount(mover, minlength=population.size), out=indptr[1:])
    return _Reach(indptr, moved[order], probability[order])


def _moved(
    rng: np.random.Generator, recipe: TownRecipe, population: Population, reach: _Reach, adopters: Adoptions
) -> Adoptions:
    """Return what the ties of *adopters* make of their adoptions, within the time of the town."""
    counts = reach.indptr[adopters.user + 1] - reach.indptr[adopters.user]
    tie = ranges(reach.indptr[adopters.user], counts)
    hit = np.flatnonzero(rng.random(len(tie)) < reach.probability[tie])
    row = np.repeat(np.arange(len(adopters)), counts)[hit]
    cause = adopters.user[row]
    delay = _SOONEST_DAYS + rng.exponential(MEAN_DELAY_DAYS[population.style[cause]] - _SOONEST_DAYS)
    day = adopters.day[row] + delay
    return _where(Adoptions(reach.target[tie[hit]], adopters.brand[row], day, cause), day < recipe.days)


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
    found: Array = ordered[place] == keys
    return found


def _where(adoptions: Adoptions, chosen: Array) -> Adoptions:
    return Adoptions(adoptions.user[chosen], adoptions.brand[chosen], adoptions.day[chosen], adoptions.cause[chosen])


def _slice(adoptions: Adoptions, start: int) -> Adoptions:
    return _where(adoptions, np.arange(start, min(start + _CHUNK, len(adoptions))))


def _concatenate(parts: list[Adoptions]) -> Adoptions:
    return Adoptions(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("user", "brand", "day", "cause")))
