"""Two Fusion Scores of the same bonds compared: who rose, who fell, by how much, and the events behind it.

Both scores are sums over events, so that their difference is one, too: of new events, of those that became known
late, of corrections, and of what decayed meanwhile. Nothing is estimated. Where the recorded scores are not those that
the events give, because records were erased or edited since, the rest is left open: nobody can tell.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.changes.causes import causes_by_brand, events_by_bond
from influence_graph.analyses.changes.reasons import changed_terms
from influence_graph.analyses.changes.sentences import bond_sentences
from influence_graph.analyses.changes.state import LedgerState, merged, score_sums
from influence_graph.analyses.changes.terms import terms_by_bond
from influence_graph.analyses.changes.unusual import with_usual
from influence_graph.analyses.interactions.digest import digest_of
from influence_graph.analyses.interactions.ledger import Ledger, read_ledger
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.model.frames import Frame, as_frame
from influence_graph.model.ids import id_text
from influence_graph.model.names import NO_NAMES, NodeNames
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.times import Time, checked_as_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT = 1e-9
"""How far a recorded score may be from the sum of its terms, relative to the larger of 1 and the scores."""
_ROUNDING = 1e-12
TOP = 10
"""How many rising and how many falling bonds and brands are explained, unless a caller chooses."""
_SCORES = ("consumer", "brand", "fusion_score")


@dataclass(frozen=True, eq=False, repr=False)
class BondChanges(Displayed):
    """The bonds whose Fusion Score changed, and why.

    Attributes:
        start_at: The earlier time. At each time, only what was known then counts.
        end_at: The later time.
        bonds: One row per bond that changed, the largest change first: consumer, brand, before and after (points, NaN
            where there was no such bond), change, unexplained (the part that no event on record gives, in points;
            NaN where the recorded scores are not those of the records, so that nobody can tell), events (how many
            events made the change; those that only decayed are not counted).
        brands: One row per brand with such a bond, the largest change first: brand, rose and fell (bonds), up and down
            (points gained and lost), change, unexplained.
        causes: Why brands changed: brand, reason (as in ``terms``), kind, term ("direct", "returned" or "spillover"),
            via (the brand of a spillover's events, else ""), events, people, change (points), share (of the brand's
            change), largest (the event that moved most), largest_consumer, largest_change, unusual (whether so many,
            or so large, are far beyond what was usual before; None where that cannot be told), usual (the mean
            number of such events in as long a time, NaN where it cannot be told), q_value; the largest cause in the
            direction of each brand's change first.
        terms: Why the bonds that changed most did: consumer, brand, event_id, at, kind, term, via, link_event, before,
            after, change, share (of the bond's change), reason ("new", "became known late", "replaced", "retracted",
            "revived", "share changed", "parameters changed", and "decayed", which stands once per bond), by (the event
            that corrected it), events. Per bond the column change sums to its change less ``unexplained``.
        parameters: Times, policies and how many bonds are explained, as JSON values.
        digest: Digest of the interactions.
    """

    start_at: datetime
    end_at: datetime
    bonds: pd.DataFrame
    brands: pd.DataFrame
    causes: pd.DataFrame
    terms: pd.DataFrame
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return ``bonds``."""
        return self.bonds

    def sentences(self, names: NodeNames = NO_NAMES, top: int = 3) -> list[str]:
        """Return what rose and fell, and why, as plain lines, with *names* beside ids where they are known."""
        return bond_sentences(self, names, top)

    def _figures(self) -> Mapping[str, object]:
        change = self.bonds["change"]
        return {"rose": int((change > 0).sum()), "fell": int((change < 0).sum()), "points": float(change.sum())}


def bond_changes(  # noqa: PLR0913 - records, two times, and what is known of each of them
    interactions: Frame,
    start: Time,
    end: Time,
    policy: FusionPolicy | tuple[FusionPolicy, FusionPolicy] | None = None,
    *,
    new: Collection[str] = (),
    scores: tuple[Frame, Frame] | None = None,
    top: int | None = TOP,
    usual: bool = True,
) -> BondChanges:
    """Return what changed the Fusion Scores from *start* to *end*, by the events that did.

    Args:
        interactions: All interactions of the consumers compared, as for
            :func:`~influence_graph.analyses.fusion.scores.fusion_scores`.
        start: The earlier time; the scores as of then, with what was known then.
        end: The later time, likewise; it may be the same where events of the past were added.
        policy: Parameters, or those of the earlier and those of the later scores; default ``FusionPolicy()``.
        new: Ids of events that were not on record when the earlier scores were calculated, whatever their times.
        scores: The two scores as they were recorded: consumer, brand, fusion_score; default: what the events give.
        top: So many bonds that rose and so many that fell are explained in ``terms``; None: all.
        usual: Whether *interactions* are those of all consumers, so that they tell what is usual.

    Raises:
        InputError: *start* is after *end*, or as for ``fusion_scores``.

    Example:
        >>> events = {"event_id": ["1", "2"], "at": ["2026-06-06T20:00:00Z", "2026-06-13T20:00:00Z"],
        ...           "consumer": ["singer", "singer"], "brand": ["sweater", "restaurant"], "points": [3.0, -8.0],
        ...           "with_brands": [None, "sweater"]}
        >>> bond_changes(events, "2026-06-12", "2026-06-14").bonds[["brand", "change"]].values.tolist()
        [['restaurant', -8.0], ['sweater', -2.0]]
    """
    whole = read_ledger(interactions)
    first, last = checked_as_of(start, "start"), checked_as_of(end, "end")
    if first is None or last is None or first > last:
        raise InputError(f"the time from {start} to {end} is empty", remedy="name an earlier and a later time")
    policies = policy if isinstance(policy, tuple) else (policy or FusionPolicy(),) * 2
    before = LedgerState(whole, _without(whole, new), first, policies[0])
    after = LedgerState(whole, whole, last, policies[1])
    old, now = before.terms(), after.terms()
    changed = changed_terms(before, after, old, now)
    bonds = _bonds(whole, (score_sums(whole, old), score_sums(whole, now)), scores)
    bonds["events"] = events_by_bond(whole, changed, bonds)
    brands = _brands(bonds)
    causes = with_usual(causes_by_brand(whole, changed, brands), before, after, old if usual else None)
    return BondChanges(
        start_at=first,
        end_at=last,
        bonds=bonds,
        brands=brands,
        causes=causes,
        terms=terms_by_bond(whole, changed, bonds if top is None else _most(bonds, top), policies[1]),
        parameters={
            "start": first.isoformat(),
            "end": last.isoformat(),
            "policy": [each.to_dict() for each in policies],
            "top": top,
        },
        digest=digest_of(interactions),
    )


def _without(whole: Ledger, new: Collection[str]) -> Ledger:
    """Return the interactions that were on record before those of the ids *new*."""
    ids = new if isinstance(new, pa.Array | pa.ChunkedArray) else pa.array([id_text(each) for each in new], pa.string())
    if not len(ids):
        return whole
    added = pc.is_in(whole.event_id, value_set=ids.cast(whole.event_id.type))
    return whole.without(added.to_numpy(zero_copy_only=False))


_Sums = tuple["NDArray[np.int32]", "NDArray[np.int32]", "NDArray[np.float64]"]


def _bonds(whole: Ledger, sums: tuple[_Sums, _Sums], scores: tuple[Frame, Frame] | None) -> pd.DataFrame:
    """Return the bonds that differ: as recorded, and how much of it the terms do not give."""
    frames = [] if scores is None else [as_frame(each, "scores", _SCORES, _SCORES) for each in scores]
    consumers, brands = (
        _all_ids(coded.names, [frame[name] for frame in frames])
        for name, coded in zip(_SCORES, (whole.consumer, whole.brand), strict=False)
    )
    replayed = [(one.astype(np.int64) * len(brands) + two, values) for one, two, values in sums]
    recorded = [_recorded(frame, consumers, brands) for frame in frames] or replayed
    keys = merged(*(codes for codes, _ in (*recorded, *replayed)))
    before, after, old, new = (_spread(keys, *each) for each in (*recorded, *replayed))
    change = np.nan_to_num(after) - np.nan_to_num(before)
    scale = np.maximum(1, np.maximum(np.abs(np.nan_to_num(before)), np.abs(np.nan_to_num(after))))
    moved = np.flatnonzero((np.abs(change) > _ROUNDING * scale) | (np.isnan(before) != np.isnan(after)))
    keys, change, scale = keys[moved], change[moved], scale[moved]
    before, after, old, new = before[moved], after[moved], np.nan_to_num(old[moved]), np.nan_to_num(new[moved])
    off = (np.abs(np.nan_to_num(before) - old) > EXACT * scale) | (np.abs(np.nan_to_num(after) - new) > EXACT * scale)
    columns = {"consumer": consumers[keys // max(len(brands), 1)], "brand": brands[keys % max(len(brands), 1)]}
    values = {"before": before, "after": after, "change": change, "unexplained": np.where(off, change - new + old, 0.0)}
    return _largest_first(pd.DataFrame(columns | values), ["consumer", "brand"])


def _all_ids(names: NDArray[np.object_], recorded: list[pd.Series]) -> pd.Index:
    """Return *names*, and after them the ids that only *recorded* ones have: of those erased since."""
    known = pd.Index(names, dtype=object)
    others = [column[~column.isin(known)].astype(str) for column in recorded]
    return known.append(pd.Index(pd.concat(others).unique(), dtype=object)) if others else known


def _recorded(
    frame: pd.DataFrame, consumers: pd.Index, brands: pd.Index
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return consumer · brands + brand of each recorded bond, ascending, and its score."""
    ids = (pd.Index(frame[name].astype(str), dtype=object) for name in _SCORES[:2])
    consumer, brand = (every.get_indexer(own) for every, own in zip((consumers, brands), ids, strict=True))
    codes = consumer.astype(np.int64) * len(brands) + brand
    order = np.argsort(codes, kind="stable")
    return codes[order], frame[_SCORES[2]].to_numpy(np.float64)[order]


def _spread(keys: NDArray[np.int64], codes: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values at *keys*, NaN where there is none."""
    found = np.full(keys.size, np.nan)
    found[np.searchsorted(keys, codes)] = values
    return found


def _largest_first(frame: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    """Return *frame* by the size of the change, equals by *ids*."""
    size = -frame["change"].abs()
    ordered: pd.DataFrame = frame.assign(_size=size).sort_values(["_size", *ids], ignore_index=True)
    return ordered.drop(columns="_size")


def _most(bonds: pd.DataFrame, top: int) -> pd.DataFrame:
    """Return the *top* bonds that rose most and the *top* that fell most."""
    rose, fell = bonds[bonds["change"] > 0].head(top), bonds[bonds["change"] < 0].head(top)
    return pd.concat([rose, fell])


def _brands(bonds: pd.DataFrame) -> pd.DataFrame:
    change = bonds["change"]
    columns = {
        "brand": bonds["brand"],
        "rose": change > 0,
        "fell": change < 0,
        "up": change.clip(lower=0),
        "down": change.clip(upper=0),
        "change": change,
        "unexplained": bonds["unexplained"],
    }
    return _largest_first(pd.DataFrame(columns).groupby("brand", as_index=False).sum(), ["brand"])
