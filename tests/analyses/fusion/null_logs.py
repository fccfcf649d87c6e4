"""Logs in which recommending has nothing to do with touchpoints, each with another reason to look as if it had."""

import numpy as np
import pandas as pd

START = pd.Timestamp("2026-01-01T00:00:00Z")
DAYS = 120.0
KINDS = ("giveaway", "live_chat", "wear", "fast_delivery", "recovery", "complaint", "recommend")
"""One kind per touchpoint, then the complaint and the outcome."""
COMPLAINT, RECOVERY, OUTCOME = 5, 4, 6
_MIX = (0.25, 0.15, 0.35, 0.10, 0.05, 0.10)


def equal_rates(rng, bonds):
    """All bonds alike: contacts and recommendations are Poisson."""
    return _poisson(rng, np.full(bonds, 0.08), np.full(bonds, 0.006), np.zeros(bonds))


def busy_consumers(rng, bonds):
    """Consumers differ (gamma, shape 1/2): who does more, meets more touchpoints and recommends more."""
    pace = np.repeat(rng.gamma(0.5, 2.0, (bonds + 1) // 2), 2)[:bonds]
    return _poisson(rng, 0.08 * pace, 0.006 * pace, np.zeros(bonds))


def soon_after_first_contact(rng, bonds):
    """The town's times: a response half a day or more after first use, recommending days after it, then use.

    Times of responses and of recommending are drawn apart: with one draw for both, a response would in
    truth say when recommending comes.
    """
    begin = rng.random(bonds) * DAYS
    at, due = begin + 0.5 + rng.exponential(1.0, (2, bonds))
    responded = rng.random(bonds) < 0.6
    which = rng.integers(0, 5, bonds)
    recovered = responded & (which == RECOVERY)
    recommends = rng.random(bonds) < 0.2
    uses = rng.poisson(3, bonds)
    user = np.repeat(np.arange(bonds), uses)
    parts = [
        (np.arange(bonds), begin, rng.choice([1, 2], bonds, p=[0.6, 0.4])),
        (np.flatnonzero(recovered), at[recovered] - 0.4, np.full(recovered.sum(), COMPLAINT)),
        (np.flatnonzero(responded), at[responded], which[responded]),
        (np.flatnonzero(recommends), (due + 0.1 + rng.exponential(3.0, bonds))[recommends],
         np.full(recommends.sum(), OUTCOME)),
        (user, begin[user] + (DAYS - begin[user]) * rng.random(user.size), _kinds(rng, user.size)),
    ]  # fmt: skip
    return _joined(parts)


def sessions(rng, bonds):
    """Events come in sessions of some hours; what happens in one is random."""
    count = rng.poisson(2.5, bonds)
    bond = np.repeat(np.arange(bonds), count)
    begin = rng.random(bond.size) * DAYS
    size = 1 + rng.negative_binomial(1, 0.25, bond.size)
    bond, begin = np.repeat(bond, size), np.repeat(begin, size)
    kind = np.where(rng.random(bond.size) < 0.06, OUTCOME, _kinds(rng, bond.size))
    return _joined([(bond, begin + rng.exponential(0.15, bond.size), kind)])


def complaints_first(rng, bonds):
    """Sessions in which complaints come before recoveries, both frequent; how long they last is random."""
    bond, day, kind = sessions(rng, bonds)
    kind = np.where(
        (kind != OUTCOME) & (rng.random(kind.size) < 0.3), rng.choice([COMPLAINT, RECOVERY], kind.size), kind
    )
    order = np.lexsort((day, bond))
    bond, day, kind = bond[order], day[order], kind[order]
    session = np.cumsum((np.diff(bond, prepend=-1) != 0) | (np.diff(day, prepend=-9) > 0.5))
    bound = np.flatnonzero(np.isin(kind, [COMPLAINT, RECOVERY]))
    kind[bound] = kind[bound][np.lexsort((-kind[bound], session[bound]))]
    return _joined([(bond, day, kind)])


def campaign_weeks(rng, bonds):
    """All rates are six times as high in three campaign weeks, mostly engagement; recoveries follow complaints."""
    weeks = rng.choice(17, 3, replace=False)
    day = rng.random(bonds * 40) * DAYS
    bond = rng.integers(0, bonds, day.size)
    campaign = np.isin((day // 7).astype(int), weeks)
    keep = rng.random(day.size) < np.where(campaign, 0.6, 0.1)
    bond, day, campaign = bond[keep], day[keep], campaign[keep]
    kind = np.where(campaign & (rng.random(day.size) < 0.5), 0, _kinds(rng, day.size))
    kind = np.where(rng.random(day.size) < 0.07, OUTCOME, kind)
    complaint = np.flatnonzero((kind == COMPLAINT) & (rng.random(day.size) < 0.6))
    after = day[complaint] + rng.exponential(1.0, complaint.size)
    return _joined([(bond, day, kind), (bond[complaint], after, np.full(complaint.size, RECOVERY))])


def recovery_in_sessions(rng, bonds):
    """Sessions in which most complaints are made good within the hour: one more contact, and no sign of activity."""
    bond, day, kind = sessions(rng, bonds)
    complaint = np.flatnonzero((kind == COMPLAINT) & (rng.random(kind.size) < 0.6))
    after = day[complaint] + rng.exponential(0.05, complaint.size)
    return _joined([(bond, day, kind), (bond[complaint], after, np.full(complaint.size, RECOVERY))])


NULLS = {
    "equal rates": equal_rates,
    "busy consumers": busy_consumers,
    "soon after first contact": soon_after_first_contact,
    "sessions": sessions,
    "campaign weeks": campaign_weeks,
    "complaints first": complaints_first,
}
FLAGGED = "recovery in sessions"
"""The level is not kept, and the verdict says on what it rests."""
_LOGS = {**NULLS, FLAGGED: recovery_in_sessions}


def null_log(name, seed, bonds=1000):
    """Return interactions of *bonds* bonds, two per consumer, without any effect of a touchpoint."""
    rng = np.random.default_rng([seed, list(_LOGS).index(name)])
    return as_log(*_LOGS[name](rng, bonds))


def as_log(bond, day, kind):
    """Return interaction records up to the last day."""
    keep = day < DAYS
    bond, day, kind = bond[keep], day[keep], kind[keep]
    return pd.DataFrame(
        {
            "event_id": [f"e{number}" for number in range(bond.size)],
            "at": START + pd.to_timedelta(day, unit="D").round("s"),
            "consumer": np.char.add("c", (bond // 2).astype(str)),
            "brand": np.char.add("b", (bond % 2).astype(str)),
            "kind": np.array(KINDS, dtype=object)[kind],
        }
    )


def _poisson(rng, contact_rate, outcome_rate, begin):
    parts = []
    for rate, is_outcome in ((contact_rate, False), (outcome_rate, True)):
        count = rng.poisson(rate * (DAYS - begin))
        bond = np.repeat(np.arange(count.size), count)
        day = begin[bond] + rng.random(bond.size) * (DAYS - begin[bond])
        parts.append((bond, day, np.full(bond.size, OUTCOME) if is_outcome else _kinds(rng, bond.size)))
    return _joined(parts)


def _kinds(rng, size):
    return rng.choice(6, size, p=_MIX)


def _joined(parts):
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))
