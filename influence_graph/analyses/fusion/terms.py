"""The terms of one bond, event by event, that :mod:`influence_graph.analyses.fusion.scores` adds up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.interactions.ledger import Ledger, to_datetime
from influence_graph.model.records import DIRECTIONS, TOUCHPOINTS

if TYPE_CHECKING:
    from influence_graph.model.policy.policy import FusionPolicy


class Terms:
    """The terms of one consumer's bonds at *valid_at*; *ledger* holds the interactions that count then."""

    def __init__(self, ledger: Ledger, policy: FusionPolicy, valid_at: datetime) -> None:
        self._ledger, self._policy = ledger, policy
        self._points = points_of(ledger, policy, valid_at)
        self._decay = np.broadcast_to(self._points.decay, len(ledger))
        self._gate = np.broadcast_to(self._points.gate, len(ledger)) * policy.spillover
        names = ledger.event_id.to_pylist()
        self._order = sorted(range(len(ledger)), key=lambda event: (ledger.at[event], names[event]))

    def of_brand(self, brand: int) -> Iterator[dict[str, Any]]:
        """Yield the terms of the bond with *brand*, a code, by time; see ``Explanation.contributions``."""
        origin = self._ledger.brand.codes
        together: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for same_time in self._moments():
            for event in same_time:  # links count for all events of the same time
                self._link(event, together)
            for event in same_time:
                if origin[event] == brand:
                    yield self._describe(event, "direct", 1.0, 1.0)
                    continue
                linked = together[origin[event]]
                share = self._gate[event] * linked[brand] / max(linked.total(), 1)
                relation = self._relation(event, brand)
                if share * relation * self._points.points[event] != 0:
                    yield self._describe(event, "spillover", share * relation, relation)

    def _relation(self, event: int, brand: int) -> float:
        names = self._ledger.brand.names
        return self._policy.relation(str(names[self._ledger.brand.codes[event]]), str(names[brand]))

    def _describe(self, event: int, term: str, share: float, relation: float) -> dict[str, Any]:
        ledger, points = self._ledger, self._points
        remaining = float(points.points[event]) * float(self._decay[event])
        return {
            "event_id": ledger.event_id[event].as_py(),
            "at": to_datetime(int(ledger.at[event])),
            "kind": "" if ledger.kind is None else ledger.kind.text(event) or "",
            "touchpoint": TOUCHPOINTS[points.touchpoint[event]],
            "direction": DIRECTIONS[points.side[event]],
            "term": term,
            "via": ledger.brand.names[ledger.brand.codes[event]] if term == "spillover" else "",
            "points": float(points.points[event]),
            "decay": float(self._decay[event]),
            "relation": relation,
            "share": float(share),
            "contribution": remaining * float(share),
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
        brand = int(self._ledger.brand.codes[event])
        for other in self._ledger.named_with(event):
            together[brand][other] += 1
            together[other][brand] += 1
