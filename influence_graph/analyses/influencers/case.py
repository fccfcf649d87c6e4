"""The case of one person: what speaks for it that they move others, what against it, and what would tell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.influencers import case_frames as frames_of
from influence_graph.analyses.influencers import evidence as of
from influence_graph.analyses.influencers.amount import SENSITIVE, amount, e_value, gamma_star
from influence_graph.analyses.influencers.attribution import without_each
from influence_graph.analyses.influencers.case_parts import CHECKS
from influence_graph.analyses.influencers.case_result import InfluencerCase
from influence_graph.analyses.influencers.evidence import AFTER, ALONE, BASELINE, BASELINE_VARIANCE, BEFORE, O
from influence_graph.analyses.influencers.find import search
from influence_graph.analyses.influencers.inputs import DAY
from influence_graph.analyses.influencers.pairs import Pairs, around, days_of
from influence_graph.analyses.influencers.prior import mid_p
from influence_graph.analyses.influencers.result import FOUND, NONE, OTHER, UNTESTED
from influence_graph.analyses.influencers.style import UNKNOWN, Style, style_of
from influence_graph.analyses.influencers.trend import TREND_P, trend_of
from influence_graph.analyses.influencers.trial import trial_size
from influence_graph.analyses.learning.log import codes_of, log_frame, users_of
from influence_graph.kernels.influencers.audience import detail
from influence_graph.model.ids import id_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from influence_graph.analyses.influencers.amount import Amount
    from influence_graph.analyses.influencers.find import Search
    from influence_graph.model.frames import Frame
    from influence_graph.model.graph import Graph
    from influence_graph.model.parameters import InfluencerParameters

    Floats = NDArray[np.float64]

_MISSING = (
    *("caused", "caused_low", "caused_high", "gamma", "e_value"),
    *("p_without_follower", "p_without_item", "p_without_one", "follower", "item", "rival"),
)
_ROUNDING = 1e-6  # of a day
_EVEN = 0.5  # p of what is as likely one way as the other
_CERTAIN = 1e9  # shape of a NegBin that is a Poisson
_NO_STYLE = Style(UNKNOWN, np.nan, np.nan, np.nan)
_NO_TIES = "no tie of this person is on record: nobody is known to see them"


def influencer_case(  # noqa: PLR0913 - the person and the records first, the rest by name
    person: str,
    ties: Graph | Frame,
    actions: Frame,
    *,
    activity: Frame | None = None,
    spoken: Frame | None = None,
    strata: ArrayLike | None = None,
    options: InfluencerParameters | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> InfluencerCase:
    """Return the case for and against one person: who came after whom, what else explains it, what would disprove it.

    It makes the search of all people first, as what is usual is learned from everybody. It is no proof: influence and
    a taste that nobody recorded cannot be told apart from such records
    (Shalizi and Thomas 2011, https://doi.org/10.1177/0049124111404820). A randomized test can tell.

    Args:
        person: Id of the person.
        ties: Who is exposed to whom; see :func:`~influence_graph.analyses.influencers.find.find_influencers`.
        actions: Who took up what: user, item, time.
        activity: What people did besides: user, time.
        spoken: What people spoke of: user, item, time. Without it the style cannot be told.
        strata: Group of each person, in the order of the graph's ids, in place of communities.
        options: Level, lags, and resolution of the communities.
        threads: Threads to use; one per processor by default.
        progress: Called with the number of people looked at, and of all; again from 0 for further strata.

    Raises:
        NotFound: The person is neither in the ties nor in the actions.
        InputError: There are no ties or no actions, or as for ``find_influencers``.

    Example:
        >>> import influence_graph as ig
        >>> import pandas as pd
        >>> did = pd.DataFrame({"user": ["june", "annie"], "item": ["jeans", "jeans"], "time": [0, 86400]})
        >>> ties = pd.DataFrame({"source": ["annie", "sam"], "target": ["june", "june"]})
        >>> case = ig.influencer_case("june", ties, did)
        >>> case.status, case.followers[["id", "item", "days"]].values.tolist()
        ('cannot be tested', [['annie', 'jeans', 1.0]])
    """
    frame = log_frame(actions)
    made = search(ties, frame, activity, spoken, strata, options, threads, progress)
    name = id_text(person)
    if name not in set(codes_of(frame["user"])[1].tolist()):
        made.inputs.graph.index_of(name)
    return case_in(made, name, frame, frame)


def case_in(made: Search, person: str, actions: pd.DataFrame, later: pd.DataFrame) -> InfluencerCase:
    """Return the case of *person*, who may have no ties.

    Args:
        made: The search.
        person: Id of the person.
        actions: Those that the search was made from: user, item, time.
        later: All that people did with the items, of which the last time is told: user, item, time.
    """
    if person not in set(made.inputs.graph.ids.tolist()):
        return _untied(made, person)
    return case_of(made, made.inputs.graph.index_of(person), actions, later)


def case_of(made: Search, v: int, actions: pd.DataFrame, later: pd.DataFrame) -> InfluencerCase:
    """Return the case of the person with index *v*; see :func:`case_in`."""
    world, evidence, inputs = made.world, made.evidence, made.inputs
    tested = bool(evidence.testable[v])
    by_item, _ = detail(world, v)
    sums = evidence.sums[v]
    caused = amount(sums, evidence.baselines) if tested else None
    there = around(world, inputs, v)
    pairs = there.pairs
    people, items = without_each(world, evidence, v) if tested else (None, None)
    started = frames_of.started_of(inputs, v, actions)
    said = frames_of.said_of(made, v)
    row: Any = made.result.table.loc[v].to_dict()
    style = style_of(world, evidence, inputs, v) if tested else _NO_STYLE
    figures = _figures(made, v, caused, (people, items)) | _again(made, v, later, (pairs, started))
    item_frame = frames_of.items_frame(made, v, by_item, pairs, (items, started, said))
    other_frame = frames_of.others_frame(made, v, there.others)
    return InfluencerCase(
        person=str(inputs.graph.ids[v]),
        status=row["status"],
        reason=None if pd.isna(row["reason"]) else row["reason"],
        figures=figures,
        style=style,
        items=item_frame,
        audience=frames_of.audience_frame(made, v, pairs, people),
        followers=frames_of.followers_frame(made, v, pairs, started),
        second_hand=frames_of.second_hand_frame(made, v, there),
        curve=frames_of.curve_frame(made, v),
        others=other_frame,
        checks=_checks(made, v, tested, figures["p_without_one"], other_frame),
        trial=trial_size(float(sums[:, AFTER, O].sum()), len(item_frame), caused if row["status"] == FOUND else None),
        parameters={**made.result.parameters, "person": str(inputs.graph.ids[v])},
        digest=made.result.digest,
    )


def _untied(made: Search, person: str) -> InfluencerCase:
    """Return the case of somebody who acted, but has no ties."""
    nobody = int(np.argmin(np.diff(made.world.taken.start)))  # for the columns of the frames
    nothing = pd.DataFrame({"user": [], "item": [], "time": []})
    empty = case_of(made, nobody, nothing, nothing)
    return replace(
        empty,
        person=person,
        status=UNTESTED,
        reason=_NO_TIES,
        figures=dict.fromkeys(empty.figures, None) | {"audience": 0},
        style=_NO_STYLE,
        items=empty.items.iloc[:0],
        audience=empty.audience.iloc[:0],
        followers=empty.followers.iloc[:0],
        second_hand=empty.second_hand.iloc[:0],
        curve=empty.curve.iloc[:0],
        others=empty.others.iloc[:0],
        checks=empty.checks.assign(speaks="cannot tell", p=np.nan, seen=np.nan, usual=np.nan, share=np.nan),
        trial=(None, None),
        parameters={**empty.parameters, "person": person},
    )


def _again(made: Search, v: int, later: pd.DataFrame, known: tuple[Pairs, pd.Series]) -> dict[str, Any]:
    """Return how often those who came after dealt with the same again, and how many days after *v* that was last."""
    pairs, started = known
    if not len(later) or not pairs.after.any():
        return {"again": 0, "last_days": None}
    taken, mine = frames_of.slices(made, v)
    users, _, _ = users_of(made.inputs.graph, later["user"])
    codes, names = codes_of(later["item"])
    what = made.inputs.log.items[made.world.taken.items[taken]]
    came = pd.DataFrame(
        {
            "user": made.world.audience.person[mine][pairs.follower[pairs.after]],
            "item": what[pairs.item[pairs.after]],
            "first": days_of(pairs.lag[pairs.after]),
        }
    )
    rows = pd.DataFrame({"user": users, "item": names[codes], "time": later["time"].array}).merge(came)
    lag = rows["time"] - rows["item"].map(started)
    is_span = pd.api.types.is_timedelta64_dtype(lag) or "duration" in str(lag.dtype)
    days = (lag.astype("timedelta64[us]").dt.total_seconds() if is_span else lag.astype(np.float64)) / DAY
    again = days[days > rows["first"] + _ROUNDING]
    return {"again": len(again), "last_days": float(again.max()) if len(again) else None}


def _figures(
    made: Search, v: int, caused: Amount | None, without: tuple[Floats | None, Floats | None]
) -> dict[str, Any]:
    """Return the numbers of *v* by name, None for what is not known."""
    row: Any = made.result.table.loc[v].to_dict()
    sums = made.evidence.sums[v]
    seen = float(sums[:, AFTER, O].sum())
    taken, mine = frames_of.slices(made, v)
    figures: dict[str, Any] = {
        "tested": int(made.evidence.testable.sum()),
        "audience": int(row["audience"]),
        "items": int(row["items"]),
        "before": int(sums[:, BEFORE, O].sum()),
        "after": int(seen),
        "elsewhere_before": float(sums[:, BEFORE, BASELINE].sum()),
        "elsewhere": float(sums[:, AFTER, BASELINE].sum()),
        "expected": row["expected"],
        "without_comparison": int(sums[:, AFTER, ALONE].sum()),
        "p": made.evidence.p[v],
        **{name: row[name] for name in ("q", "p_without_others")},
        **{name: row.get(name) for name in ("half_life_days", "half_life_low", "half_life_high")},
    }
    if caused is not None and row["status"] == FOUND:
        figures |= {"caused": caused.value, "caused_low": caused.low, "caused_high": caused.high}
        figures |= {"gamma": float(gamma_star(made.evidence, np.array([v]))[0]), "e_value": e_value(seen, caused.low)}
    if row["status"] == OTHER:
        figures["rival"] = row["rivals"]
    people, items = without
    if people is not None and items is not None:
        graph, log = made.inputs.graph, made.inputs.log
        who = made.world.audience.person[mine]
        what = made.world.taken.items[taken]
        figures |= {"p_without_follower": float(people.max()), "p_without_item": float(items.max())}
        figures["p_without_one"] = max(figures["p_without_follower"], figures["p_without_item"])
        figures |= {"follower": str(graph.ids[who[people.argmax()]]), "item": str(log.items[what[items.argmax()]])}
    missing = dict.fromkeys(_MISSING)
    return {name: None if pd.isna(value) else value for name, value in (missing | figures).items()}


def _checks(made: Search, v: int, tested: bool, worst: float | None, others: pd.DataFrame) -> pd.DataFrame:
    """Return each pattern that would speak against *v*, and what the records show of it."""
    evidence, sums = made.evidence, made.evidence.sums[v]
    level = SENSITIVE if made.result.table.loc[v, "status"] == NONE else made.found.level
    before, after = (float(sums[:, side, O].sum()) for side in (BEFORE, AFTER))
    usual_before, usual = (float(sums[:, side, BASELINE].sum()) for side in (BEFORE, AFTER))
    without: Any = made.result.table.loc[v, "p_without_others"]
    if pd.isna(without):
        without = others["p_without"].max() if len(others) else np.nan
    alone = np.nan if worst is None else worst
    trend = trend_of(made.world, made.inputs.log, v)
    mirrored = of.evidence(_reversed(evidence.sums)).p[v]
    more = _more_than_others(sums[:, AFTER]) if tested else np.nan
    if not tested:
        speaks = ["cannot tell"] * len(CHECKS)
    else:
        speaks = [
            _against(np.nan if np.isnan(trend.after) else trend.p, TREND_P),
            _speaks(more, SENSITIVE, after <= usual),
            _speaks(evidence.p[v], SENSITIVE, after * usual_before <= before * usual),
            _against(mirrored, SENSITIVE),
            _speaks(alone, level, evidence.p[v] <= level),
            "for" if pd.isna(without) else _speaks(without, level, evidence.p[v] <= level),
        ]
    return pd.DataFrame(
        {
            "check": list(CHECKS),
            "speaks": speaks,
            "p": [np.nan if np.isnan(trend.after) else trend.p, more, evidence.p[v], mirrored, alone, without],
            "seen": [np.nan, after, before, np.nan, np.nan, np.nan],
            "usual": [np.nan, usual, usual_before, np.nan, np.nan, np.nan],
            "share": [trend.after, np.nan, np.nan, np.nan, np.nan, np.nan],
        }
    )


def _more_than_others(after: Floats) -> float:
    """Return the mid-p of as many adoptions, or more, at the rate of others, which is known from its own adoptions."""
    usual, variance = (float(after[:, column].sum()) for column in (BASELINE, BASELINE_VARIANCE))
    shape = min(usual**2 / variance, _CERTAIN) if variance > 0 else _CERTAIN
    return float(mid_p(*(np.array([value]) for value in (after[:, O].sum(), usual, shape)))[0])


def _speaks(p: float, level: float, against: bool) -> str:
    """Return "for" at a small *p*, else "against" where the records say so, else that they cannot tell."""
    return "for" if p <= level else "against" if against else "cannot tell"


def _against(p: float, level: float) -> str:
    """Return "against" at a small *p* of what speaks so, "for" where the records say the contrary, else neither."""
    return "against" if p <= level else "for" if p >= _EVEN else "cannot tell"


def _reversed(sums: Floats) -> Floats:
    """Return *sums* with what came before in place of what came after."""
    return np.ascontiguousarray(sums[:, :, ::-1])
