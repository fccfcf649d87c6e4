"""How well probabilities of edges predict held-out cascades, from which they were not learned.

All values are per cascade. The log is that of ``kernels/learning/action_log.py``; ``indptr``, ``indices`` and
``p`` are the out-edges of each node and the probability of each.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def likelihood(offsets, users, times, indptr, indices, p, window, floor):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913
    """Return per cascade Σ log P over exposed users, their number, and how many acted, and acted with P = 0.

    A user is exposed by in-neighbors who acted before (within *window*, if the user acted too). P(act) =
    1 - Π(1 - p), clipped to [floor, 1 - floor].
    """
    sums = np.zeros((offsets.size - 1, 4))
    item = np.full(indptr.size - 1, -1, dtype=np.int64)
    exposed = np.full(indptr.size - 1, -1, dtype=np.int64)
    when = np.zeros(indptr.size - 1)
    inactive = np.ones(indptr.size - 1)
    reached = np.zeros(indptr.size - 1, dtype=np.int64)
    for a in range(offsets.size - 1):
        known = 0
        for i in range(offsets[a], offsets[a + 1]):
            item[users[i]] = a
            when[users[i]] = times[i]
        for i in range(offsets[a], offsets[a + 1]):
            for k in range(indptr[users[i]], indptr[users[i] + 1]):
                u = indices[k]
                if item[u] == a and not 0.0 < when[u] - times[i] <= window:
                    continue
                if exposed[u] != a:
                    exposed[u] = a
                    inactive[u] = 1.0
                    reached[known] = u
                    known += 1
                inactive[u] *= 1.0 - p[k]
        for u in reached[:known]:
            chance = min(max(1.0 - inactive[u], floor), 1.0 - floor)
            acted = item[u] == a
            sums[a, 0] += np.log(chance) if acted else np.log(1.0 - chance)
            sums[a, 1] += 1
            sums[a, 2] += acted
            sums[a, 3] += acted and inactive[u] == 1.0
    return sums


@njit(cache=True, nogil=True)
def _inactive(exposures, times, indices, p, tau, now, inactive):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    """Set *inactive* of each exposed user to Π(1 - p·exp(-(now - t_v)/τ)); τ = ∞ for no decay."""
    for edge, _ in exposures:
        inactive[indices[edge]] = 1.0
    for edge, actor in exposures:
        decay = 1.0 if np.isinf(tau[edge]) else np.exp(-(now - times[actor]) / tau[edge])
        inactive[indices[edge]] *= 1.0 - p[edge] * decay


@njit(cache=True, nogil=True)
def _auc(user, candidates, acted, a, inactive):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the share of candidates who have not acted that score below *user*, ties half; -1 without any."""
    below, others = 0.0, 0
    for u in candidates:
        if acted[u] != a:
            others += 1
            below += 1.0 if inactive[u] > inactive[user] else 0.5 * (inactive[u] == inactive[user])
    return below / others if others else -1.0


@njit(cache=True, nogil=True)
def _exposures(log_places, users, indptr, indices, acted, a):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return the edges from the actors at these places of the log to users who have not acted, and these places."""
    length = 0
    for i in log_places:
        length += indptr[users[i] + 1] - indptr[users[i]]
    edges = np.zeros((length, 2), dtype=np.int64)
    end = 0
    for i in log_places:
        for k in range(indptr[users[i]], indptr[users[i] + 1]):
            if acted[indices[k]] != a:
                edges[end, 0], edges[end, 1] = k, i
                end += 1
    return edges[:end]


@njit(cache=True, nogil=True)
def next_actor(offsets, users, times, indptr, indices, p, tau):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913
    """Return per cascade the sum of the AUCs of its events, and the number of events.

    An event is an action of a user who was exposed before. Candidates are all users who are exposed and
    have not acted at that time; the AUC is the share of them that score below the one who acts, ties half. The
    running time is the events of a cascade times the out-edges of its actors.
    """
    sums = np.zeros((offsets.size - 1, 2))
    acted = np.full(indptr.size - 1, -1, dtype=np.int64)
    exposed = np.full(indptr.size - 1, -1, dtype=np.int64)
    inactive = np.ones(indptr.size - 1)
    reached = np.zeros(indptr.size - 1, dtype=np.int64)
    for a in range(offsets.size - 1):
        exposures = np.zeros((0, 2), dtype=np.int64)
        first, known = offsets[a], 0
        while first < offsets[a + 1]:
            last = first
            while last < offsets[a + 1] and times[last] == times[first]:
                acted[users[last]] = a
                last += 1
            if np.any(exposed[users[first:last]] == a):
                _inactive(exposures, times, indices, p, tau, times[first], inactive)
            for user in users[first:last]:
                auc = _auc(user, reached[:known], acted, a, inactive) if exposed[user] == a else -1.0
                if auc >= 0.0:
                    sums[a, 0] += auc
                    sums[a, 1] += 1
            new = _exposures(np.arange(first, last), users, indptr, indices, acted, a)
            for u in indices[new[:, 0]]:
                if exposed[u] != a:
                    exposed[u] = a
                    reached[known] = u
                    known += 1
            exposures = np.concatenate((exposures, new))
            first = last
    return sums


@njit(cache=True, nogil=True)
def mean_sizes(offsets, initiators, indptr, indices, p, simulations, generator):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913
    """Return per cascade the mean number of active nodes of independent cascades from its initiators."""
    mean = np.zeros(offsets.size - 1)
    active = np.full(indptr.size - 1, -1, dtype=np.int64)
    queue = np.zeros(indptr.size - 1, dtype=np.int64)
    for a in range(offsets.size - 1):
        total = 0
        for run in range(simulations):
            stamp = a * simulations + run
            tail = 0
            for i in range(offsets[a], offsets[a + 1]):
                active[initiators[i]] = stamp
                queue[tail] = initiators[i]
                tail += 1
            head = 0
            while head < tail:
                node = queue[head]
                head += 1
                for k in range(indptr[node], indptr[node + 1]):
                    if active[indices[k]] != stamp and generator.random() < p[k]:
                        active[indices[k]] = stamp
                        queue[tail] = indices[k]
                        tail += 1
            total += tail
        mean[a] = total / simulations
    return mean
