"""The terms of one bond, event by event, that :mod:`influence_graph.analyses.fusion.scores` adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.interactions.ledger import MICROS_PER_DAY, Ledger, to_datetime
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
        self._names = ledger.event_id.to_pylist()
        self._order = sorted(range(len(ledger)), key=lambda event: (ledger.at[event], self._names[event]))

    def of_brand(self, brand: int) -> Iterator[dict[str, Any]]:
        """Yield the terms of the bond with *brand*, a code, by time; see ``Explanation.contributions``."""
        origin = self._ledger.brand.codes
        links: defaultdict[int, _Links] = defaultdict(lambda: _Links(self._policy.link_half_life_days))
        for same_time in self._moments():
            for event in same_time:  # links count for all events of the same time
                self._link(event, links)
            for event in same_time:
                if origin[event] == brand:
                    yield from self._direct(event)
                else:
                    yield from self._spilled(event, brand, links[origin[event]])

    def _direct(self, event: int) -> Iterator[dict[str, Any]]:
        yield self._describe(event, "direct")
        if self._points.returned[event] != 0:
            other = 1 - self._points.side[event]
            yield self._describe(event, "returned") | {"direction": DIRECTIONS[other]}

    def _spilled(self, event: int, brand: int, links: _Links) -> Iterator[dict[str, Any]]:
        part, latest = links.share(brand, int(self._ledger.at[event]))
        relation = self._relation(event, brand)
        share = self._gate[event] * part
        if share * relation * self._points.points[event] != 0:
            via = str(self._ledger.brand.names[self._ledger.brand.codes[event]])
            link = {"link_event": self._names[latest], "link_at": to_datetime(int(self._ledger.at[latest]))}
            yield self._describe(event, "spillover", share * relation, relation) | {"via": via, **link}

    def _relation(self, event: int, brand: int) -> float:
        names = self._ledger.brand.names
        return self._policy.relation(str(names[self._ledger.brand.codes[event]]), str(names[brand]))

    def _describe(self, event: int, term: str, share: float = 1.0, relation: float = 1.0) -> dict[str, Any]:
        ledger, points = self._ledger, self._points
        amount = float((points.returned if term == "returned" else points.points)[event])
        decay = float(self._decay[event])
        return {
            "event_id": self._names[event],
            "at": to_datetime(int(ledger.at[event])),
            "kind": "" if ledger.kind is None else ledger.kind.text(event) or "",
            "touchpoint": TOUCHPOINTS[points.touchpoint[event]],
            "direction": DIRECTIONS[points.side[event]],
            "term": term,
            "via": "",
            "link_event": "",
            "link_at": None,
            "paid": ledger.paid is not None and bool(ledger.paid[event] == 1),
            "points": amount,
            "decay": decay,
            "relation": relation,
            "share": float(share),
            "contribution": amount * decay * float(share),
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

    def _link(self, event: int, links: defaultdict[int, _Links]) -> None:
        brand, at = int(self._ledger.brand.codes[event]), int(self._ledger.at[event])
        for other in self._ledger.named_with(event):
            links[brand].add(other, event, at)
            links[other].add(brand, event, at)


class _Links:
    """The links of one brand with others; each counts half after every *half_life* days."""

    def __init__(self, half_life: float) -> None:
        self._half_life = half_life * MICROS_PER_DAY
        self._of_brand: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)

    def add(self, other: int, event: int, at: int) -> None:
        """Add a link with the brand *other* by *event* at a time in µs."""
        self._of_brand[other].append((event, at))

    def share(self, brand: int, now: int) -> tuple[float, int]:
        """Return the share of an event *now* that reaches *brand*, and the latest event that links the two."""
        if brand not in self._of_brand:
            return 0.0, -1
        count = {other: self._count(links, now) for other, links in self._of_brand.items()}
        return count[brand] / max(sum(count.values()), 1.0), self._of_brand[brand][-1][0]

    def _count(self, links: list[tuple[int, int]], now: int) -> float:
        return float(sum(2.0 ** (-(now - at) / self._half_life) for _, at in links))
