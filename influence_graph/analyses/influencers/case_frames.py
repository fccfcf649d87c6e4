"""The frames of the case of one person: items, followers, lags, and who else was there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.frames import named
from influence_graph.analyses.influencers import evidence as of
from influence_graph.analyses.influencers.amount import background
from influence_graph.analyses.influencers.attribution import Reach, p_unreached
from influence_graph.analyses.influencers.evidence import AFTER, ALONE, BASELINE, BEFORE, E, O
from influence_graph.analyses.influencers.inputs import DAY
from influence_graph.analyses.influencers.pairs import days_of
from influence_graph.analyses.influencers.persistence import watched
from influence_graph.analyses.influencers.style import first_spoken
from influence_graph.analyses.learning.log import codes_of, users_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.influencers.find import Search
    from influence_graph.analyses.influencers.inputs import Inputs
    from influence_graph.analyses.influencers.pairs import Around, Pairs

    Floats = NDArray[np.float64]


def slices(made: Search, v: int) -> tuple[slice, slice]:
    """Return where the items and the audience of *v* are."""
    taken, audience = made.world.taken, made.world.audience
    return slice(taken.start[v], taken.start[v + 1]), slice(audience.start[v], audience.start[v + 1])


def started_of(inputs: Inputs, v: int, actions: pd.DataFrame) -> pd.Series:
    """Return when *v* first took up each item, by item, as it was given."""
    if not len(actions):
        return pd.Series(dtype=object)
    users, _, _ = users_of(inputs.graph, actions["user"])
    codes, names = codes_of(actions["item"])
    mine = users == v
    times = actions["time"].reset_index(drop=True)[mine]
    first: pd.Series = times.groupby(names[codes[mine]]).min()
    return first


def said_of(made: Search, v: int) -> Floats:
    """Return how many seconds after taking up each item *v* first spoke of it; NaN for never or not known."""
    taken, _ = slices(made, v)
    own = made.world.events.times[made.world.taken.place[taken]]
    if made.inputs.spoken is None:
        return np.full(own.size, np.nan)
    first = first_spoken(made.world, made.inputs.spoken, v)
    return np.where(np.isinf(first), np.nan, first - own)


def items_frame(
    made: Search, v: int, by_item: Floats, pairs: Pairs, more: tuple[Floats | None, pd.Series, Floats]
) -> pd.DataFrame:
    """Return what *v* took up; *more*: p without each item, when each was taken up, and spoken of after how long."""
    without, started, said = more
    taken, _ = slices(made, v)
    names = made.inputs.log.items[made.world.taken.items[taken]]
    soonest = pd.Series(pairs.lag[pairs.after]).groupby(pairs.item[pairs.after]).agg(["min", "median"])
    soonest = soonest.reindex(range(len(names)))
    return pd.DataFrame(
        {
            "item": names,
            "at": started.reindex(names).to_numpy() if len(started) else None,
            "spoken_days": days_of(said),
            "before": by_item[:, :, BEFORE, O].sum(axis=1).astype(np.int64),
            "after": by_item[:, :, AFTER, O].sum(axis=1).astype(np.int64),
            "expected": by_item[:, :, AFTER, BASELINE] @ _taste(made, v),
            "elsewhere": by_item[:, :, AFTER, BASELINE].sum(axis=1),
            "without_comparison": by_item[:, :, AFTER, ALONE].sum(axis=1).astype(np.int64),
            "first_days": days_of(soonest["min"].to_numpy()),
            "median_days": days_of(soonest["median"].to_numpy()),
            "p_without": np.nan if without is None else without,
        }
    ).pipe(_by_time)


def _by_time(items: pd.DataFrame) -> pd.DataFrame:
    return items.sort_values(["at", "item"] if items["at"].notna().all() else ["item"], ignore_index=True)


def _taste(made: Search, v: int) -> Floats:
    """Return by bin how much more the audience takes up anyway than the unexposed, as what came before tells."""
    sums = made.evidence.sums[v]
    mean, _ = background(sums[None], made.evidence.baselines)
    rate = sums[:, AFTER, BASELINE]
    return np.where(np.isnan(mean[0]), np.nan, mean[0] / np.where(rate > 0, rate, 1.0))


def audience_frame(made: Search, v: int, pairs: Pairs, without: Floats | None) -> pd.DataFrame:
    """Return who of the audience took up an item of *v*, most of them after first."""
    _, mine = slices(made, v)
    people = made.world.audience.person[mine]
    after, before = (np.bincount(pairs.follower[w], minlength=people.size) for w in (pairs.after, pairs.lag < 0))
    lags = pd.Series(pairs.lag[pairs.after]).groupby(pairs.follower[pairs.after]).agg(["min", "median"])
    lags = lags.reindex(range(people.size))
    frame = pd.DataFrame(
        {
            **_named(made, people),
            "after": after,
            "before": before,
            "first_days": days_of(lags["min"].to_numpy()),
            "median_days": days_of(lags["median"].to_numpy()),
            "p_without": np.nan if without is None else without,
        }
    )
    frame = frame[(after > 0) | (before > 0)]
    return frame.sort_values(["after", "first_days", "id"], ascending=[False, True, True], ignore_index=True)


def _named(made: Search, people: NDArray[np.int64]) -> dict[str, Any]:
    graph = made.inputs.graph
    return named(graph.ids[people], None if graph.labels is None else graph.labels[people])


def followers_frame(made: Search, v: int, pairs: Pairs, started: pd.Series) -> pd.DataFrame:
    """Return who took up what later, the soonest first."""
    taken, mine = slices(made, v)
    names = made.inputs.log.items[made.world.taken.items[taken]]
    kept = pairs.after
    item = names[pairs.item[kept]]
    at = started.reindex(item).reset_index(drop=True) if len(started) else pd.Series(dtype=object)
    lag = pairs.lag[kept]
    later = at + pd.to_timedelta(lag, unit="s") if pd.api.types.is_datetime64_any_dtype(at) else at + lag
    frame = pd.DataFrame(
        {
            "item": item,
            **_named(made, made.world.audience.person[mine][pairs.follower[kept]]),
            "at": at,
            "their_at": later,
            "days": days_of(lag),
            "others": pairs.others[kept],
        }
    )
    return frame.sort_values(["days", "item", "id"], ignore_index=True)


def second_hand_frame(made: Search, v: int, there: Around) -> pd.DataFrame:
    """Return who took it up after a follower, without seeing *v*."""
    taken, _ = slices(made, v)
    further, graph = there.second_hand, made.inputs.graph
    person, via = (further[name].to_numpy(dtype=np.int64) for name in ("person", "via"))
    names = made.inputs.log.items[made.world.taken.items[taken]]
    return pd.DataFrame(
        {
            "item": names[further["item"].to_numpy(dtype=np.int64)],
            **_named(made, person),
            "follower": graph.ids[via],
            "days": days_of(further["lag"].to_numpy(dtype=np.float64)),
        }
    )


def curve_frame(made: Search, v: int) -> pd.DataFrame:
    """Return what came before and after by bins of lags."""
    world, evidence = made.world, made.evidence
    sums = evidence.sums[v]
    mean, _ = background(sums[None], evidence.baselines)
    beyond = sums[:, AFTER, O] - mean[0]
    ends = world.lags / DAY
    alone = np.zeros((ends.size, *sums.shape))
    alone[np.arange(ends.size), np.arange(ends.size)] = sums
    counted = sums[:, AFTER, E] >= of.LEAST_COUNTED
    known = np.array([prior is not None for prior in evidence.priors])
    return pd.DataFrame(
        {
            "from_days": np.concatenate([[0.0], ends[:-1]]),
            "to_days": ends,
            "before": sums[:, BEFORE, O].astype(np.int64),
            "expected_before": sums[:, BEFORE, E],
            "elsewhere_before": sums[:, BEFORE, BASELINE],
            "after": sums[:, AFTER, O].astype(np.int64),
            "expected_after": sums[:, AFTER, E],
            "elsewhere": sums[:, AFTER, BASELINE],
            "expected": mean[0],
            "excess": beyond,
            "watched": watched(world, v),
            "p": np.where(counted & known, evidence.p_of(alone), np.nan),
        }
    )


def others_frame(made: Search, v: int, others: pd.DataFrame) -> pd.DataFrame:
    """Return who else the audience saw with the items before it took them up; found ones with the p without them."""
    table, standing = made.result.table, made.found.standing
    reach, tested = Reach(made.world), bool(made.evidence.testable[v])
    rivals = {*standing.kept, *standing.dropped} - {v}
    people = others["person"].to_numpy(dtype=np.int64)
    p = [
        p_unreached(made.world, made.evidence, v, reach.already([u], v)) if tested and u in rivals else np.nan
        for u in people.tolist()
    ]
    return pd.DataFrame(
        {
            **_named(made, people),
            "status": table["status"].to_numpy()[people],
            "reached": others["reached"].to_numpy(),
            "already": others["already"].to_numpy(),
            "p_without": np.array(p, dtype=np.float64),
        }
    )
