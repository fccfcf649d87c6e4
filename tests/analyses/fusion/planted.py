"""Interaction logs with known touchpoint weights."""

import numpy as np

from tests.analyses.fusion.null_logs import COMPLAINT, DAYS, OUTCOME, RECOVERY, as_log

MEMORY = 6.0
NAMES = (
    "engagement",
    "executional_excellence",
    "brand_experience",
    "expediting",
    "problem_recovery",
    "complaint",
)
"""What each kind of ``null_logs.KINDS`` is, before the outcome."""
WEIGHTS = {
    "engagement": 0.8,
    "executional_excellence": 0.5,
    "brand_experience": 0.3,
    "expediting": 0.0,
    "problem_recovery": -0.4,
}
EFFECTS = {
    **{name: {name: 0.9} for name in NAMES[:5]},
    "recovery above all, complaints deter": {"problem_recovery": 1.3, "complaint": -0.5, "engagement": 0.4},
    "complaints deter": {"complaint": -0.9},
    "all differ": WEIGHTS,
    "all the same": dict.fromkeys(NAMES, 0.7),
}
_SHARES = (0.2, 0.2, 0.25, 0.15, 0.05, 0.15)


def plant_touchpoint_log(effect, seed, *, outcome="recommend", bonds=1000, rate=0.006, contacts=0.05):
    """Return interactions of *bonds* bonds, two per consumer, with a hazard of the outcome that contacts raise.

    The hazard per day is *rate* · exp(sum of *effect* of the contacts of the last 6 days). Of all complaints,
    most are made good within a day or so.
    """
    rng = np.random.default_rng([seed, 99])
    beta = np.array([effect.get(name, 0.0) for name in NAMES])
    begin = rng.random(bonds) * DAYS / 2
    bond = np.repeat(np.arange(bonds), 1 + rng.poisson(contacts * (DAYS - begin)))
    day = begin[bond] + rng.random(bond.size) * (DAYS - begin[bond])
    kind = rng.choice(6, bond.size, p=_SHARES)
    complaint = np.flatnonzero((kind == COMPLAINT) & (rng.random(bond.size) < 0.65))
    after = day[complaint] + rng.exponential(0.7, complaint.size)
    bond, day = np.append(bond, bond[complaint]), np.append(day, after)
    kind = np.append(kind, np.full(complaint.size, RECOVERY))
    came, at = _outcomes(rng, (bond, day, beta[kind]), begin, rate)
    if outcome == "loyalty":  # its clock opens with a first purchase
        came, at = np.append(came, np.arange(bonds)), np.append(at, begin)
    log = as_log(np.append(bond, came), np.append(day, at), np.append(kind, np.full(came.size, OUTCOME)))
    return log if outcome == "recommend" else log.replace({"kind": {"recommend": "purchase"}})


def _outcomes(rng, contacts, begin, rate):
    """Return bond and day of outcomes; between two changes the hazard is constant."""
    bond, day, beta = contacts
    bonds = begin.size
    edge_bond = np.concatenate([bond, bond, np.arange(bonds)])
    edge = np.concatenate([day, day + MEMORY, begin])
    jump = np.concatenate([beta, -beta, np.zeros(bonds)])
    order = np.lexsort((edge, edge_bond))
    edge_bond, edge, jump = edge_bond[order], np.minimum(edge[order], DAYS), jump[order]
    is_last = np.append(edge_bond[1:] != edge_bond[:-1], True)
    length = np.where(is_last, DAYS, np.append(edge[1:], DAYS)) - edge
    row = np.repeat(np.arange(edge.size), rng.poisson(rate * np.exp(np.cumsum(jump)) * length))
    return edge_bond[row], edge[row] + rng.random(row.size) * length[row]
