"""The world that the sums run over: strata of comparable people, how active each is when, events in groups."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.influencers.inputs import DAY, audience_of
from influence_graph.kernels.influencers import audience as kernel
from influence_graph.kernels.influencers.audience import World
from influence_graph.kernels.influencers.risk_sets import People, events_of
from influence_graph.model.csr import row_of_each

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from influence_graph.analyses.influencers.inputs import Inputs
    from influence_graph.kernels.influencers.audience import Blocks

LEAST_PER_PERIOD = 2.0
"""Records of activity per person and period, on average: shorter periods say more of chance than of activity."""
_MOST_PERIODS = 60
_BITS = 50  # of a sum of the weights of all people: it is exact, and some of such sums, too
_AHEAD = 4  # parts for each thread at a time
_PARTS = 64  # of the scan, after each of which progress is told


def world_of(inputs: Inputs, stratum: NDArray[np.int64], lags: Sequence[float]) -> World:
    """Return the world of *inputs* in the strata given, with bins of lags that end after *lags* days and never."""
    log = inputs.log
    period, people = _people(inputs, stratum)
    events, taken = events_of(row_of_each(log.offsets), log.users, log.times, period, people)
    ends = np.append(np.array(lags, dtype=np.float64) * DAY, np.inf)
    longest = int(np.diff(events.group_start).max(initial=0))
    audience = audience_of(inputs, stratum)
    return World(events, taken, people, audience, ends, float(log.times.min()), float(log.times.max()), longest)


def _people(inputs: Inputs, stratum: NDArray[np.int64]) -> tuple[NDArray[np.int64], People]:
    """Return the period of each event, and how active each person is in each period.

    A weight is the number of records in the period, and as much as one more period would have by the person's mean,
    which itself is drawn to the mean of all. Adoptions are records too, but what a person does on the item in question
    is taken out again (:class:`~influence_graph.kernels.influencers.risk_sets.People`): else who takes it up would be
    more likely to because of that, and influence would look like activity.
    """
    log = inputs.log
    users, times = log.users, log.times
    if inputs.did is not None:
        users, times = np.concatenate([users, inputs.did[0]]), np.concatenate([times, inputs.did[1]])
    first, last = float(log.times.min()), float(log.times.max())
    inside = (times >= first) & (times <= last)
    users, times = users[inside], times[inside]
    nodes = inputs.graph.number_of_nodes
    active = max(int(np.count_nonzero(np.bincount(users))), 1)
    periods = int(np.clip(users.size / active / LEAST_PER_PERIOD, 1, _MOST_PERIODS))
    width = (last - first) / periods
    when = np.minimum((times - first) / width, periods - 1).astype(np.int64)
    counted = np.bincount(users * periods + when, minlength=nodes * periods).reshape(nodes, periods).astype(np.float64)
    mean = users.size / active / periods
    extra = 1.0 / (periods + 1)
    weight = counted + (counted.sum(axis=1, keepdims=True) + mean) * extra
    period = np.minimum((log.times - first) / width, periods - 1).astype(np.int64)
    step = 2.0 ** (np.ceil(np.log2(weight.sum(axis=0).max())) - _BITS)
    same, other = (float(round(each / step) * step) for each in (1.0 + extra, extra))
    return period, People(stratum, np.round(weight / step) * step, same, other)


def scan(
    world: World, threads: int, progress: Callable[[int, int], None] | None = None, every: int = 1
) -> NDArray[np.float64]:
    """Return the sums of all people, or of one in *every*; they do not depend on the number of *threads*.

    Audiences are walked stratum by stratum, so that the events of one stratum are read while they are at hand.

    Args:
        world: All people and events.
        threads: Threads to use.
        progress: Called with how many people's worth of the work is done, and with the number of all.
        every: Of how many people one is looked at.
    """
    people = world.people.stratum.size
    every_block = kernel.blocks_of(world, 0, people)
    blocks = every_block.at(np.flatnonzero(every_block.of % every == 0))
    stratum = world.people.stratum[world.audience.person[blocks.start]]
    blocks = blocks.at(np.argsort(stratum, kind="stable"))
    sums = np.zeros((people, world.lags.size, 2, kernel.SUMS))
    cuts = _cuts(world, blocks)
    parts = [blocks.at(slice(low, high)) for low, high in pairwise(cuts)]
    with ThreadPoolExecutor(threads) as pool:
        try:
            for first in range(0, len(parts), _AHEAD * threads):  # sums of few parts are held at a time
                some = parts[first : first + _AHEAD * threads]
                for n, (part, found) in enumerate(zip(some, pool.map(partial(kernel.scan, world), some), strict=True)):
                    np.add.at(sums, part.of, found)
                    if progress is not None:
                        progress(people * (first + n + 1) // len(parts), people)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return sums[::every]


def _cuts(world: World, blocks: Blocks) -> list[int]:
    """Return where to cut *blocks* into parts of about as many events to look at each."""
    groups, group_stratum = np.diff(world.events.group_start), world.events.group_stratum
    strata = int(world.people.stratum.max()) + 1
    events = np.bincount(group_stratum, groups, strata)
    length = events / np.maximum(np.bincount(group_stratum, minlength=strata), 1)
    stratum = world.people.stratum[world.audience.person[blocks.start]]
    done = np.cumsum(np.diff(world.taken.start)[blocks.of] * length[stratum] + 1)
    cuts = np.searchsorted(done, np.linspace(0, done[-1] if done.size else 0, _PARTS + 1)[1:-1])
    found: list[int] = np.unique(np.concatenate([[0], cuts, [done.size]])).tolist()
    return found
