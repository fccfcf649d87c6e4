"""The sums of risk sets by their definition, person by person, in plain Python."""

from __future__ import annotations

import math
from collections import defaultdict


def weights(people, acts, did, periods, first, last):
    """Return the weight of each person in each period, and what their own act takes from it: same period, others."""
    records = [(u, t) for u, _, t in acts] + [(u, t) for u, t in did or () if first <= t <= last]
    active = max(len({u for u, _ in records}), 1)
    count = max(1, min(int(len(records) / active / 2.0), periods))
    width = (last - first) / count

    def period(t):
        return min(int((t - first) / width), count - 1)

    counted = defaultdict(int)
    for u, t in records:
        counted[u, period(t)] += 1
    mean, extra = len(records) / active / count, 1 / (count + 1)
    total = {u: sum(counted[u, b] for b in range(count)) for u in people}
    table = {(u, b): counted[u, b] + (total[u] + mean) * extra for u in people for b in range(count)}
    return table, period, (1 + extra, extra)


def sums(  # noqa: C901 - a definition
    people, ties, acts, stratum, lags, did=None, until=None, begin=None
):
    """Return {(v, bin, after): [O, E, V, baseline, its variance, alone]}.

    Args:
        people: All people.
        ties: {(v, f): since}: f is exposed to v.
        acts: (user, item, time), each user and item once.
        stratum: {person: group}.
        lags: Ends of the bins, the last infinite.
        did: Records of activity (user, time), or None.
        until: {(v, item, f): time} from when on a pair counts for nothing; None: none ever does.
        begin: {(v, item): time} from when on later events count; an item that is not in it is left out; None: all.
    """
    ends = until or {}
    when = {(u, i): t for u, i, t in acts}
    times = [t for _, _, t in acts]
    table, period, (same, other) = weights(people, acts, did, 60, min(times), max(times))
    found = defaultdict(lambda: [0.0] * 6)
    for v, item, at in acts:
        if begin is not None and (v, item) not in begin:
            continue
        after_from = at if begin is None else max(at, begin[v, item])
        for u, i, t in acts:
            ended = t >= ends.get((v, item, u), math.inf)
            if i != item or u == v or t == at or at < t <= after_from or ended:
                continue

            def weight(w, t=t, item=item):
                now = period(t)
                value = table[w, now]
                if (w, item) in when:
                    value -= same if period(when[w, item]) == now else other
                return value

            def exposed(w, t=t, at=at, v=v):
                return (v, w) in ties and w != v and (t < at or ties[v, w] <= t)

            risk = [
                w
                for w in people
                if w != v
                and stratum[w] == stratum[u]
                and when.get((w, item), math.inf) >= t
                and t < ends.get((v, item, w), math.inf)
            ]
            audience = [w for w in risk if exposed(w)]
            if not audience:
                continue
            cell = found[v, next(b for b, end in enumerate(lags) if abs(t - at) <= end), int(t > at)]
            if len(audience) == len(risk):
                cell[5] += 1
                continue
            mass, total = sum(map(weight, audience)), sum(map(weight, risk))
            p = mass / total
            cell[0] += u in audience
            cell[1] += p
            cell[2] += p * (1 - p)
            if u not in audience:
                cell[3] += mass / (total - mass)
                cell[4] += (mass / (total - mass)) ** 2
    return dict(found)
