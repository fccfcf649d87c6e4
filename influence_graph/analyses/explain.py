"""Why a Fusion Score is what it is: its terms, one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.ledger import Ledger, checked_as_of, read_ledger, to_datetime
from influence_graph.analyses.points import Points, points_of
from influence_graph.errors import NotFound
from influence_graph.model.names import did_you_mean
from influence_graph.model.policy import FusionPolicy
from influence_graph.model.records import DIRECTIONS, TOUCHPOINTS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = (
    "event_id",
    "at",
    "kind",
    "touchpoint",
    "direction",
    "term",
    "via",
    "points",
    "decay",
    "share",
    "contribution",
    "path",
)


@dataclass(frozen=True, eq=False)
class Explanation:
    """A Fusion Score and the terms that sum to it.

    Attributes:
        consumer: The consumer's id.
        brand: The brand's id.
        as_of: The time at which the score stands, None where there are no interactions.
        score: F = L→ + L←, in points.
        to_brand: L→, what the consumer gave the brand.
        to_consumer: L←, what the brand gave the consumer.
        contributions: One row per term, by time: event_id, at, kind, touchpoint, direction, term
            ("direct" or "spillover"), via (the brand the event was on; empty where direct), points of the
            event, decay and share (what is left of them, and what part of them comes here),
            contribution = points · decay · share, path.
    """

    consumer: str
    brand: str
    as_of: datetime | None
    score: float
    to_brand: float
    to_consumer: float
    contributions: pd.DataFrame

    def sentences(self) -> list[str]:
        """Return the score and each term as one plain line."""
        head = f"The bond of {self.consumer} and {self.brand} stands at {self.score:+.6g}"
        if self.contributions.empty:
            return [f"{head}: nothing has reached it."]
        return [f"{head}:", *(_sentence(term) for term in self.contributions.to_dict("records"))]


def explain(
    interactions: pd.DataFrame | pa.Table,
    consumer: str,
    brand: str,
    as_of: datetime | str | None = None,
    without: Collection[str] = (),
    policy: FusionPolicy | None = None,
) -> Explanation:
    """Return the terms of the Fusion Score of *consumer* and *brand*.

    Args:
        interactions: Interaction records, as for :func:`~influence_graph.analyses.fusion.fusion_scores`.
        consumer: A consumer that occurs in them.
        brand: A brand that occurs in them, or is named together with one that does.
        as_of: As for ``fusion_scores``; the default is taken before *without* is left out.
        without: Event ids to leave out: the score as if they had never happened, replayed.
        policy: Parameters; default ``FusionPolicy()``.

    Raises:
        NotFound: The consumer, the brand or an event of *without* does not occur.
        InputError: As for ``fusion_scores``.
    """
    policy = policy or FusionPolicy()
    ledger = read_ledger(interactions)
    moment = checked_as_of(as_of) or ledger.latest()
    who, which = _code("consumer", consumer, ledger.consumer.names), _code("brand", brand, ledger.brand.names)
    kept = _without(ledger, without)
    known = kept.take(kept.consumer.codes == who).as_known_at(moment or _EPOCH)
    points = points_of(known, policy, moment or _EPOCH)
    terms = _Terms(known, points, policy.spillover)
    frame = _frame([terms.describe(*term) for term in terms.on(which)], consumer, brand)
    sums = {side: float(frame.loc[frame["direction"] == side, "contribution"].sum()) for side in DIRECTIONS}
    to_brand, to_consumer = sums["to_brand"], sums["to_consumer"]
    return Explanation(consumer, brand, moment, to_brand + to_consumer, to_brand, to_consumer, frame)


def _code(what: str, name: str, names: Collection[str]) -> int:
    place = {other: index for index, other in enumerate(names)}
    if name not in place:
        remedy = did_you_mean(name, names, f"list the {what}s with fusion_scores")
        raise NotFound(f"no {what} {name!r} among the {len(place):,} of the interactions", remedy=remedy)
    return place[name]


def _without(ledger: Ledger, without: Collection[str]) -> Ledger:
    import pyarrow as pa
    import pyarrow.compute as pc

    left_out = {without} if isinstance(without, str) else set(without)
    if not left_out:
        return ledger
    found = pc.is_in(ledger.event_id, pa.array(sorted(left_out), ledger.event_id.type))
    missing = left_out - set(ledger.event_id.filter(found).to_pylist())
    if missing:
        first = min(missing)
        remedy = did_you_mean(first, ledger.event_id.to_pylist(), "name an event of the contributions")
        raise NotFound(f"no event {first!r} among the {len(ledger):,} interactions", remedy=remedy)
    return ledger.take(~found.to_numpy(zero_copy_only=False))


def _frame(terms: list[dict[str, Any]], consumer: str, brand: str) -> pd.DataFrame:
    import pandas as pd

    for term in terms:
        origin = term["via"] or brand
        ends = (consumer, origin) if term["direction"] == "to_brand" else (origin, consumer)
        term["path"] = " → ".join(ends) + (f" ⇢ {brand}" if term["via"] else "")
    return pd.DataFrame(terms, columns=list(_COLUMNS))


def _sentence(term: Mapping[Any, Any]) -> str:
    text = f"{term['contribution']:+.6g} on {term['at']:%Y-%m-%d} by {term['kind'] or 'an interaction'}: {term['path']}"
    if term["term"] == "spillover":
        text += f", {term['share']:.4g} of {term['points']:+.6g}"
    elif term["decay"] < 1:
        text += f", {term['points']:+.6g} on its day"
    return f"{text}, faded to {term['decay']:.1%}" if term["decay"] < 1 else text


class _Terms:
    """The terms of one consumer's bonds."""

    def __init__(self, ledger: Ledger, points: Points, spillover: float) -> None:
        self._ledger, self._points = ledger, points
        self._decay = np.broadcast_to(points.decay, len(ledger))
        self._gate = np.broadcast_to(points.gate, len(ledger)) * spillover
        names = ledger.event_id.to_pylist()
        self._order = sorted(range(len(ledger)), key=lambda event: (ledger.at[event], names[event]))

    def on(self, brand: int) -> Iterator[tuple[int, str, float]]:
        """Yield event, "direct" or "spillover", and share of each term on *brand*, by time."""
        origin = self._ledger.brand.codes
        together: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for same_time in self._moments():
            for event in same_time:  # all links of one moment count for all its events
                self._link(event, together)
            for event in same_time:
                if origin[event] == brand:
                    yield event, "direct", 1.0
                    continue
                linked = together[origin[event]]
                share = self._gate[event] * linked[brand] / max(linked.total(), 1)
                if share * self._points.points[event] != 0:
                    yield event, "spillover", share

    def describe(self, event: int, term: str, share: float) -> dict[str, Any]:
        """Return one term as a row of ``Explanation.contributions``."""
        ledger, points = self._ledger, self._points
        left = float(points.points[event]) * float(self._decay[event])
        direction = DIRECTIONS[points.side[event]]
        return {
            "event_id": ledger.event_id[event].as_py(),
            "at": to_datetime(int(ledger.at[event])),
            "kind": "" if ledger.kind is None else ledger.kind.text(event) or "",
            "touchpoint": TOUCHPOINTS[points.touchpoint[event]],
            "direction": direction,
            "term": term,
            "via": ledger.brand.names[ledger.brand.codes[event]] if term == "spillover" else "",
            "points": float(points.points[event]),
            "decay": float(self._decay[event]),
            "share": float(share),
            "contribution": left * float(share),
        }

    def _moments(self) -> Iterator[list[int]]:
        same: list[int] = []
        for event in self._order:
            if same and self._ledger.at[same[0]] != self._ledger.at[event]:
                yield same
                same = []
            same.append(event)
        if same:
            yield same

    def _link(self, event: int, together: defaultdict[int, Counter[int]]) -> None:
        ledger = self._ledger
        if ledger.with_list is None or ledger.with_list[event] < 0:
            return
        brand, chosen = int(ledger.brand.codes[event]), int(ledger.with_list[event])
        for other in ledger.lists.items[ledger.lists.start[chosen] : ledger.lists.start[chosen + 1]].tolist():
            if other != brand:
                together[brand][other] += 1
                together[other][brand] += 1
