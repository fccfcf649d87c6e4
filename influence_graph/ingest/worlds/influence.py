"""What influencers cause: each item that one adopts is one chance per viewer, after an exponential delay.

The chance begins when the influencer has adopted and the viewer sees the influencer, whichever is later. An
active influencer has an effect only by what it speaks of. Influencers do not influence each other, and
those whom they influence do not influence others. Whatever comes first for a person and item counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from influence_graph.ingest.town.random import Array, ranges, stream
from influence_graph.ingest.worlds.adoptions import BOT, INFLUENCER, SECONDS, SHADOW, Adoptions, earliest
from influence_graph.ingest.worlds.parameters import WorldParameters
from influence_graph.ingest.worlds.roles import ACTIVE, Roles
from influence_graph.ingest.worlds.ties import Audiences

LEAST_DELAY_DAYS = 0.5
SPOKEN_SHARE = 0.8
SHADOW_PROBABILITY = 0.8
SHADOW_DELAY_DAYS = 4.0
BOT_DELAY_DAYS = 2.0
SPOKEN_WITHIN_DAYS = 0.4
"""By when an active influencer has spoken: before ``LEAST_DELAY_DAYS``."""


@dataclass(frozen=True)
class Chances:
    """One row per viewer and item that an influencer adopted, where the viewer had not taken it up by own choice.

    Attributes:
        cause: int (r,), the influencer.
        viewer: int (r,), who may follow.
        item: int (r,), what.
        probability: float (r,).
        taken: bool (r,), whether the chance came true.
        second: int (r,), when the viewer follows, or would.
        why: int (r,), ``INFLUENCER`` or ``SHADOW``.
    """

    cause: Array
    viewer: Array
    item: Array
    probability: Array
    taken: Array
    second: Array
    why: Array

    def adoptions(self, days: int) -> Adoptions:
        """Return those that came true before the end."""
        kept = np.flatnonzero(self.taken & (self.second < days * SECONDS))
        return Adoptions(self.viewer[kept], self.item[kept], self.second[kept], self.cause[kept], self.why[kept])


@dataclass(frozen=True)
class Spoken:
    """What active influencers speak of: rows ``user``, ``item``, ``second``."""

    user: Array
    item: Array
    second: Array


def speak(parameters: WorldParameters, roles: Roles, own: Adoptions) -> tuple[Spoken, Array]:
    """Return what active influencers say of what they adopt, and the rows of *own* by which influencers influence."""
    rng = stream(parameters.seed, "world words")
    style = np.full(parameters.people, -1)
    style[roles.influencer] = roles.style
    rows = np.flatnonzero(style[own.user] >= 0)
    active = style[own.user[rows]] == ACTIVE
    said = active & (rng.random(len(rows)) < SPOKEN_SHARE)
    told = rows[said]
    second = own.second[told] + (SPOKEN_WITHIN_DAYS * SECONDS * rng.random(len(told))).astype(np.int64)
    return Spoken(own.user[told], own.item[told], second), rows[said | ~active]


def chances(parameters: WorldParameters, roles: Roles, seen: Audiences, own: Adoptions, rows: Array) -> Chances:
    """Return the chances that the adoptions *rows* of influencers give to those who see them."""
    rng = stream(parameters.seed, "world influence")
    counts = seen.sizes()[own.user[rows]]
    place = ranges(seen.indptr[own.user[rows]], counts)
    row = np.repeat(rows, counts)
    cause, viewer, item = own.user[row], seen.viewer[place], own.item[row]
    exposed = np.maximum(own.second[row], (seen.since[place] * SECONDS).astype(np.int64))
    planted = np.zeros(parameters.people, bool)
    planted[roles.influencer] = True
    free = ~planted[viewer] & (exposed < parameters.days * SECONDS)
    free &= _own_second(own, viewer, item, parameters.items) > exposed
    cause, viewer, item, exposed = cause[free], viewer[free], item[free], exposed[free]
    mean_delay, shadow_of = np.zeros(parameters.people), np.full(parameters.people, -1)
    mean_delay[roles.influencer], shadow_of[roles.shadow] = roles.mean_delay, roles.shadow_of
    shadows = shadow_of[viewer] == cause
    probability = np.where(shadows, SHADOW_PROBABILITY, parameters.probability)
    days = np.where(shadows, SHADOW_DELAY_DAYS, mean_delay[cause]) - LEAST_DELAY_DAYS
    delay = LEAST_DELAY_DAYS + days * rng.standard_exponential(len(viewer))
    return Chances(
        cause,
        viewer,
        item,
        probability,
        rng.random(len(viewer)) < probability,
        exposed + (delay * SECONDS).astype(np.int64),
        np.where(shadows, SHADOW, INFLUENCER),
    )


def copied_by_bots(parameters: WorldParameters, roles: Roles, found: Adoptions) -> Adoptions:
    """Return the adoptions by which bots copy everything in *found* that the people they watch adopt."""
    rng = stream(parameters.seed, "world bots' delays")
    watcher = np.full(parameters.people, -1)
    watcher[roles.copied] = roles.bot
    rows = np.flatnonzero(watcher[found.user] >= 0)
    delay = LEAST_DELAY_DAYS + rng.exponential(BOT_DELAY_DAYS, len(rows))
    second = found.second[rows] + (delay * SECONDS).astype(np.int64)
    why = np.full(len(rows), BOT)
    copies = Adoptions(watcher[found.user[rows]], found.item[rows], second, found.user[rows], why)
    return copies.where(second < parameters.days * SECONDS)


def with_influence(parameters: WorldParameters, roles: Roles, own: Adoptions, drawn: Chances) -> Adoptions:
    """Return all adoptions of the world, the first one of each person and item, in order of time."""
    found = earliest([own, drawn.adoptions(parameters.days)], parameters.items)
    found = earliest([found, copied_by_bots(parameters, roles, found)], parameters.items)
    return found.where(np.lexsort((found.item, found.user, found.second)))


def _own_second(own: Adoptions, user: Array, item: Array, items: int) -> Array:
    """Return when each *user* takes up *item* by own choice; *own* is ordered by person and item."""
    keys, wanted = own.user * items + own.item, user * items + item
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    never = np.iinfo(np.int64).max
    second: Array = np.where(keys[place] == wanted, own.second[place], never)
    return second
