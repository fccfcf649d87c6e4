"""The bonds with one brand at any time, by replay of the ledger as it was known then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.brand.customers import Customers, purchases_of
from influence_graph.analyses.fusion.points import Points, points_of
from influence_graph.analyses.fusion.scores import scores_at
from influence_graph.analyses.interactions.ledger import Ledger, to_datetime, to_micros
from influence_graph.analyses.interactions.span import Span, span_of
from influence_graph.errors import NotFound
from influence_graph.model.display import short_line
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from influence_graph.model.policy.policy import FusionPolicy


@dataclass(frozen=True, eq=False, repr=False)
class BrandLedger:
    """The interactions on which the bonds with one brand depend: all in ``history``, those ``known`` at ``as_of``.

    ``own`` selects the rows of ``known`` between a consumer and the brand itself.
    """

    brand: str
    code: int
    as_of: datetime
    policy: FusionPolicy
    history: Ledger
    known: Ledger
    own: NDArray[np.bool_]

    def __repr__(self) -> str:
        figures = {"brand": self.brand, "as of": self.as_of.isoformat(), "interactions": len(self.known)}
        return short_line("BrandLedger", figures)

    def direct(self) -> Ledger:
        """Return the known interactions with the brand itself."""
        return self.known.take(self.own)

    @cached_property
    def points(self) -> Points:
        """Meaning and points of the interactions of :meth:`direct`, at ``as_of``."""
        return points_of(self.direct(), self.policy, self.as_of)

    @cached_property
    def customers(self) -> Customers:
        """Who bought the brand, as known at ``as_of``."""
        return Customers(purchases_of(self.direct(), self.policy.table), to_micros(self.as_of))

    def bonds(self, time: datetime) -> pd.DataFrame:
        """Return the bonds with the brand at *time*: the numbers of ``fusion_scores``, by consumer."""
        known = self.history.as_known_at(time)
        frame = scores_at(known, self.policy, time)
        return frame[(frame["brand"] == self.brand).to_numpy()].drop(columns="brand").set_index("consumer")

    def first(self) -> datetime:
        """Return the time of the first interaction with the brand, or that names it."""
        at = self._concerning()
        return to_datetime(int(at.min())) if at.size else self.as_of

    def span(self) -> Span:
        """Return how far back the interactions with the brand, or that name it, reach from ``as_of``.

        They are dated where those in ``history`` are: many may share the time of one campaign.
        """
        everything = span_of(self.history.at, self.as_of)
        return replace(everything, length=self.as_of - self.first())

    def _concerning(self) -> NDArray[np.int64]:
        return self.known.at[self.own | naming(self.known, self.code)]


def brand_ledger(ledger: Ledger, brand: str, policy: FusionPolicy, as_of: datetime) -> BrandLedger:
    """Return the part of *ledger* on which the bonds with *brand* depend.

    These are the interactions with the brand, and all interactions of consumers who showed or named it
    together with another brand, because they may spill over to it.

    Raises:
        NotFound: No interaction was with *brand* or named it.
    """
    names = ledger.brand.names.tolist()
    if brand not in names:
        raise NotFound(
            f"no interaction is with the brand {brand!r}", remedy=did_you_mean(brand, names, "check the spelling")
        )
    code = names.index(brand)
    history = ledger.take((ledger.brand.codes == code) | _linked(ledger, code)[ledger.consumer.codes])
    known = history.as_known_at(as_of)
    return BrandLedger(brand, code, as_of, policy, history, known, known.brand.codes == code)


def naming(ledger: Ledger, code: int) -> NDArray[np.bool_]:
    """Return which rows name the brand *code* together with another one."""
    if ledger.with_list is None:
        return np.zeros(len(ledger), np.bool_)
    sizes = np.diff(ledger.lists.start)
    lists = np.zeros(sizes.size + 1, np.bool_)  # the last one is "none", where the code -1 points
    lists[np.repeat(np.arange(sizes.size), sizes)[ledger.lists.items == code]] = True
    named: NDArray[np.bool_] = lists[ledger.with_list]
    named[(ledger.brand.codes == code) & (ledger.with_list >= 0)] = True
    return named


def _linked(ledger: Ledger, code: int) -> NDArray[np.bool_]:
    """Return which consumers ever named the brand together with another one."""
    linked = np.zeros(len(ledger.consumer.names), np.bool_)
    linked[ledger.consumer.codes[naming(ledger, code)]] = True
    return linked
