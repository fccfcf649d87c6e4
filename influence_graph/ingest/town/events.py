"""From adoptions to dated interactions: first uses, broadcasts, responses of brands, and regular use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.ingest.town.cascades import popularity
from influence_graph.ingest.town.people import ACTIVE, PASSIVE
from influence_graph.ingest.town.random import Array, stream, weighted

if TYPE_CHECKING:
    from influence_graph.ingest.town.cascades import Adoptions
    from influence_graph.ingest.town.parameters import TownParameters
    from influence_graph.ingest.town.people import Population

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
"""Kinds by which a person addresses others."""
ONLINE = frozenset({"recommend", "mention", "live_chat", "fast_delivery"})

RESPONSES = {"giveaway": 0.10, "live_chat": 0.06, "free_trial": 0.12, "fast_delivery": 0.04, "recovery": 0.15}
"""Planted: by how much each response of a brand raises the probability that the consumer recommends it."""
RECOMMEND_BASE = 0.05
_RESPONSE_SHARE = 0.30
_FIRST_USE_PURCHASED_SHARE = 0.6
_SECONDS = 86_400
_REGULAR_USE = (("wear", 0.50), ("repeat_purchase", 0.28), ("use", 0.12), ("mention", 0.05), ("complaint", 0.05))
_RECOVERED_SHARE = 0.6
_WORN_TOGETHER_SHARE = 0.2


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


def compose(parameters: TownParameters, population: Population, adoptions: Adoptions) -> Events:
    """Return all interactions in order of time."""
    style = population.style[adoptions.user]
    first = _first_uses(parameters, adoptions, style)
    recommended = _events(adoptions.day + 0.02, adoptions, style == ACTIVE, _CODE["recommend"])
    response = _responses(parameters, adoptions, style)
    wanted = round(parameters.people * parameters.interactions_per_person)
    required = _within_period(parameters, [first, recommended, *response])
    regular = _regular_use(parameters, population, adoptions, max(0, wanted - len(required)))
    events = _join([required, regular])
    return _where(events, np.argsort(events.second, kind="stable"))


def _first_uses(parameters: TownParameters, adoptions: Adoptions, style: Array) -> Events:
    bought = stream(parameters.seed, "first uses").random(len(adoptions)) < _FIRST_USE_PURCHASED_SHARE
    kind = np.where(bought & (style != PASSIVE), _CODE["purchase"], _CODE["wear"])
    return _events(adoptions.day, adoptions, np.ones(len(adoptions), bool), kind)


def _responses(parameters: TownParameters, adoptions: Adoptions, style: Array) -> list[Events]:
    """Return the complaints before recoveries, the responses to some adoptions, and the recommendations.

    Influencers get responses but make no recommendation here: active ones recommend with the
    adoption, and passive ones never do.
    """
    rng = stream(parameters.seed, "responses")
    size = len(adoptions)
    responded = rng.random(size) < _RESPONSE_SHARE
    which = rng.integers(0, len(RESPONSES), size)
    recovered = responded & (which == list(RESPONSES).index("recovery"))
    at = adoptions.day + 0.5 + rng.exponential(1.0, size)
    raised_by = np.where(responded, np.array(list(RESPONSES.values()))[which], 0.0)
    recommends = (rng.random(size) < RECOMMEND_BASE + raised_by) & (style == 0)
    codes = np.array([_CODE[kind] for kind in RESPONSES])
    return [
        _events(at - 0.4, adoptions, recovered & (style != PASSIVE), _CODE["complaint"]),
        _events(at, adoptions, responded, codes[which]),
        _events(at + 0.1 + rng.exponential(3.0, size), adoptions, recommends, _CODE["recommend"]),
    ]


def _regular_use(parameters: TownParameters, population: Population, adoptions: Adoptions, size: int) -> Events:
    """Return *size* events of people who use, mention or complain about what they adopted."""
    rng = stream(parameters.seed, "everyday")
    row = rng.integers(0, len(adoptions), size)
    user, brand = adoptions.user[row], adoptions.brand[row]
    day = adoptions.day[row] + (parameters.days - adoptions.day[row]) * rng.random(size)
    shares = np.array([share for _, share in _REGULAR_USE])
    kind = np.array([_CODE[name] for name, _ in _REGULAR_USE])[weighted(rng, shares, size)]
    public = np.isin(kind, [_CODE["mention"], _CODE["complaint"]])
    kind[public & (population.style[user] == PASSIVE)] = _CODE["wear"]
    recovered = (kind == _CODE["complaint"]) & (rng.random(size) < _RECOVERED_SHARE)
    # A recovery is one more event: to keep *size*, each replaces an event of plain use.
    replaced = np.flatnonzero(kind == _CODE["use"])[: int(recovered.sum())]
    complaint = np.flatnonzero(recovered)[: len(replaced)]
    user[replaced], brand[replaced], kind[replaced] = user[complaint], brand[complaint], _CODE["recovery"]
    day[replaced] = day[complaint] + (parameters.days - day[complaint]) * 0.02
    worn = (kind == _CODE["wear"]) & (rng.random(size) < _WORN_TOGETHER_SHARE)
    other = np.where(worn, weighted(rng, popularity(parameters), size), -1)
    return Events((day * _SECONDS).astype(np.int64), user, brand, kind, np.where(other == brand, -1, other))


def _events(day: Array, adoptions: Adoptions, chosen: Array, kind: int | Array) -> Events:
    """Return one event of *kind* for each *chosen* adoption."""
    codes = np.broadcast_to(kind, len(adoptions))
    seconds = (day[chosen] * _SECONDS).astype(np.int64)
    return Events(seconds, adoptions.user[chosen], adoptions.brand[chosen], codes[chosen], np.full(len(seconds), -1))


def _within_period(parameters: TownParameters, parts: list[Events]) -> Events:
    """Return *parts* as one, without what is after the last day."""
    events = _join(parts)
    return _where(events, events.second < parameters.days * _SECONDS)


def _where(events: Events, chosen: Array) -> Events:
    return Events(*(getattr(events, name)[chosen] for name in Events.__dataclass_fields__))


def _join(parts: list[Events]) -> Events:
    return Events(*(np.concatenate([getattr(part, name) for part in parts]) for name in Events.__dataclass_fields__))
