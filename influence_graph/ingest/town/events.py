"""From adoptions to dated interactions: first uses, broadcasts, responses of brands, and everyday use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.ingest.town.cascades import popularity
from influence_graph.ingest.town.people import ACTIVE, PASSIVE
from influence_graph.ingest.town.random import Array, stream, weighted

if TYPE_CHECKING:
    from influence_graph.ingest.town.cascades import Adoptions
    from influence_graph.ingest.town.people import Population
    from influence_graph.ingest.town.recipe import TownRecipe

KINDS = (
    "purchase",
    "wear",
    "repeat_purchase",
    "use",
    "recommend",
    "mention",
    "complaint",
    "giveaway",
    "live_chat",
    "free_trial",
    "fast_delivery",
    "recovery",
)
_CODE = {kind: code for code, kind in enumerate(KINDS)}
BROADCASTS = ("recommend", "mention")
"""Kinds by which a person tells others."""
ONLINE = frozenset({"recommend", "mention", "live_chat", "fast_delivery"})

RESPONSES = {"giveaway": 0.10, "live_chat": 0.06, "free_trial": 0.12, "fast_delivery": 0.04, "recovery": 0.15}
"""Planted: by how much each response of a brand raises the probability that the consumer recommends it."""
RECOMMEND_BASE = 0.05
_RESPONSE_SHARE = 0.30
_FIRST_BY_PURCHASE = 0.6
_SECONDS = 86_400
_EVERYDAY = (("wear", 0.50), ("repeat_purchase", 0.28), ("use", 0.12), ("mention", 0.05), ("complaint", 0.05))
_RECOVERED = 0.6
_WORN_WITH = 0.2


@dataclass(frozen=True)
class Events:
    """Interactions as columns: ``second`` from the start, ``kind`` in :data:`KINDS`, ``other`` a brand or -1."""

    second: Array
    user: Array
    brand: Array
    kind: Array
    other: Array

    def __len__(self) -> int:
        return len(self.second)


def compose(recipe: TownRecipe, population: Population, adoptions: Adoptions) -> Events:
    """Return all interactions in order of time."""
    style = population.style[adoptions.user]
    first = _first_uses(recipe, adoptions, style)
    told = _events(adoptions.day + 0.02, adoptions, style == ACTIVE, _CODE["recommend"])
    response = _responses(recipe, adoptions, style)
    wanted = round(recipe.people * recipe.interactions_per_person)
    planted = _cut(recipe, [first, told, *response])
    everyday = _everyday(recipe, population, adoptions, max(0, wanted - len(planted)))
    events = _join([planted, everyday])
    return _where(events, np.argsort(events.second, kind="stable"))


def _first_uses(recipe: TownRecipe, adoptions: Adoptions, style: Array) -> Events:
    bought = stream(recipe.seed, "first uses").random(len(adoptions)) < _FIRST_BY_PURCHASE
    kind = np.where(bought & (style != PASSIVE), _CODE["purchase"], _CODE["wear"])
    return _events(adoptions.day, adoptions, np.ones(len(adoptions), bool), kind)


def _responses(recipe: TownRecipe, adoptions: Adoptions, style: Array) -> list[Events]:
    """Return responses to some adoptions, the complaints before recoveries, and the recommendations after both.

    Influencers get responses but make no recommendation here: that of the active is planted with
    the adoption, and the passive are silent.
    """
    rng = stream(recipe.seed, "responses")
    size = len(adoptions)
    answered = rng.random(size) < _RESPONSE_SHARE
    which = rng.integers(0, len(RESPONSES), size)
    recovered = answered & (which == list(RESPONSES).index("recovery"))
    at = adoptions.day + 0.5 + rng.exponential(1.0, size)
    raised = np.where(answered, np.array(list(RESPONSES.values()))[which], 0.0)
    tells = (rng.random(size) < RECOMMEND_BASE + raised) & (style == 0)
    codes = np.array([_CODE[kind] for kind in RESPONSES])
    return [
        _events(at - 0.4, adoptions, recovered & (style != PASSIVE), _CODE["complaint"]),
        _events(at, adoptions, answered, codes[which]),
        _events(at + 0.1 + rng.exponential(3.0, size), adoptions, tells, _CODE["recommend"]),
    ]


def _everyday(recipe: TownRecipe, population: Population, adoptions: Adoptions, size: int) -> Events:
    """Return *size* events of people who use, praise or complain about what they adopted."""
    rng = stream(recipe.seed, "everyday")
    row = rng.integers(0, len(adoptions), size)
    user, brand = adoptions.user[row], adoptions.brand[row]
    day = adoptions.day[row] + (recipe.days - adoptions.day[row]) * rng.random(size)
    shares = np.array([share for _, share in _EVERYDAY])
    kind = np.array([_CODE[name] for name, _ in _EVERYDAY])[weighted(rng, shares, size)]
    loud = np.isin(kind, [_CODE["mention"], _CODE["complaint"]])
    kind[loud & (population.style[user] == PASSIVE)] = _CODE["wear"]
    mended = (kind == _CODE["complaint"]) & (rng.random(size) < _RECOVERED)
    # A mended complaint must be one event more, so that many uses give way to recoveries of the same day.
    spare = np.flatnonzero(kind == _CODE["use"])[: int(mended.sum())]
    twin = np.flatnonzero(mended)[: len(spare)]
    user[spare], brand[spare], kind[spare] = user[twin], brand[twin], _CODE["recovery"]
    day[spare] = day[twin] + (recipe.days - day[twin]) * 0.02
    worn = (kind == _CODE["wear"]) & (rng.random(size) < _WORN_WITH)
    other = np.where(worn, weighted(rng, popularity(recipe), size), -1)
    return Events((day * _SECONDS).astype(np.int64), user, brand, kind, np.where(other == brand, -1, other))


def _events(day: Array, adoptions: Adoptions, chosen: Array, kind: int | Array) -> Events:
    """Return one event of *kind* for each *chosen* adoption."""
    codes = np.broadcast_to(kind, len(adoptions))
    seconds = (day[chosen] * _SECONDS).astype(np.int64)
    return Events(seconds, adoptions.user[chosen], adoptions.brand[chosen], codes[chosen], np.full(len(seconds), -1))


def _cut(recipe: TownRecipe, parts: list[Events]) -> Events:
    """Return *parts* as one, without what would happen after the last day."""
    events = _join(parts)
    return _where(events, events.second < recipe.days * _SECONDS)


def _where(events: Events, chosen: Array) -> Events:
    return Events(*(getattr(events, name)[chosen] for name in Events.__dataclass_fields__))


def _join(parts: list[Events]) -> Events:
    return Events(*(np.concatenate([getattr(part, name) for part in parts]) for name in Events.__dataclass_fields__))
