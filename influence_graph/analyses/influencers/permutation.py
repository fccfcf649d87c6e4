"""An independent check: how many follow within some days, against the same adoptions at shuffled times.

Within each item and stratum the times of the adoptions are dealt anew among those who adopted it: who takes up what,
and when things are taken up, stays; who was before whom does not. It needs no weights and no prior, finds less, and is
misled by people who are early throughout, the more so the longer the window (shuffle test of Anagnostopoulos, Kumar
and Mahdian 2008, https://doi.org/10.1145/1401890.1401897).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaincc

from influence_graph.analyses.influencers.inputs import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.kernels.influencers.audience import World

    Ints = NDArray[np.int64]

WINDOW_DAYS = 180.0
_LEAST = 3
_PART = 4_000_000


def permutation_p(world: World, permutations: int, seed: int, window: float = WINDOW_DAYS) -> NDArray[np.float64]:
    """Return p of each person: how rarely as many of the audience follow within *window* days at shuffled times.

    The tail is that of the Gamma distribution with mean and variance of the permutations, as far smaller p are asked
    for than permutations could count. NaN for who has fewer than three followers of something, at any time.

    Args:
        world: All people and events.
        permutations: How often times are dealt anew; 100 give p to about 20 %.
        seed: Random seed.
        window: Days within which a follower counts.
    """
    rng = np.random.default_rng(seed)
    leader, first, second, since = _pairs(world)
    people, times = world.people.stratum.size, world.events.times
    sizes = np.diff(world.events.group_start)
    group = np.repeat(np.arange(sizes.size), sizes)

    def counted(at: NDArray[np.float64]) -> NDArray[np.float64]:
        lag = at[second] - at[first]
        follows = (lag > 0) & (lag <= window * DAY) & (at[second] >= since)
        return np.bincount(leader[follows], minlength=people).astype(np.float64)

    total, squares = np.zeros(people), np.zeros(people)
    for _ in range(permutations):
        found = counted(times[np.lexsort((rng.random(times.size), group))])
        total += found
        squares += found**2
    mean = total / permutations
    variance = np.maximum(squares / permutations - mean**2, 0.0) * permutations / max(permutations - 1, 1)
    seen = counted(times)
    able = (np.bincount(leader, minlength=people) >= _LEAST) & (mean > 0) & (variance > 0)
    p = np.full(people, np.nan)
    shape = mean[able] ** 2 / variance[able]
    p[able] = gammaincc(shape, np.maximum(seen[able] - 0.5, 0.0) * mean[able] / variance[able])
    return p


def _pairs(world: World) -> tuple[Ints, Ints, Ints, NDArray[np.float64]]:
    """Return, for each adoption that one of the audience made, too: whose, the places of both, since when exposed."""
    taken, audience = world.taken, world.audience
    people = world.people.stratum.size
    items = int(taken.items.max(initial=0)) + 1
    keys = np.repeat(np.arange(people), np.diff(taken.start)) * items + taken.items
    mine = np.diff(taken.start)
    watched = np.repeat(np.arange(people), np.diff(audience.start))
    parts = []
    cuts = np.searchsorted(
        np.cumsum(mine[watched]), np.arange(0, int(mine[watched].sum()) + _PART, _PART), side="right"
    )
    for low, high in pairwise(cuts.tolist()):
        v, f = watched[low:high], audience.person[low:high]
        counts = mine[v]
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        own = np.repeat(taken.start[v], counts) + within
        wanted = np.repeat(f, counts) * items + taken.items[own]
        at = np.minimum(np.searchsorted(keys, wanted), max(keys.size - 1, 0))
        both = keys[at] == wanted if keys.size else np.zeros(0, dtype=np.bool_)
        since = np.repeat(audience.since[low:high], counts)[both]
        parts.append((np.repeat(v, counts)[both], taken.place[own[both]], taken.place[at[both]], since))
    leader, first, second, since = (np.concatenate(column) for column in zip(*parts, strict=True))
    return leader, first, second, since
