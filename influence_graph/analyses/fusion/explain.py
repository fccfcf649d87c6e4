"""Why a Fusion Score is what it is: its terms, one by one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.fusion.sentences import term_sentence
from influence_graph.analyses.fusion.terms import Terms
from influence_graph.analyses.interactions.ledger import END_OF_TIME, Ledger, read_ledger, to_datetime
from influence_graph.errors import NotFound
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import DIRECTIONS
from influence_graph.text import did_you_mean

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = (
    *("event_id", "at", "kind", "touchpoint", "direction", "term", "via"),
    *("points", "decay", "relation", "share", "contribution", "path"),
)


@dataclass(frozen=True, eq=False)
class Explanation:
    """A Fusion Score and the terms that sum to it.

    Attributes:
        consumer: The consumer's id.
        brand: The brand's id.
        as_of: The time whose knowledge is used, None where there are no interactions.
        valid_at: The time for which the score stands; that of ``as_of`` but in hindsight.
        score: F = L→ + L←, in points.
        to_brand: L→, what the consumer gave the brand.
        to_consumer: L←, what the brand gave the consumer.
        contributions: One row per term, by time: event_id, at, kind, touchpoint, direction, term
            ("direct" or "spillover"), via (the brand the event was on; empty where direct), points of the
            event, decay (what is left of them), relation of the two brands, share (what part comes here,
            with the relation), contribution = points · decay · share, path.
    """

    consumer: str
    brand: str
    as_of: datetime | None
    valid_at: datetime | None
    score: float
    to_brand: float
    to_consumer: float
    contributions: pd.DataFrame

    def sentences(self) -> list[str]:
        """Return the score and each term as one plain line."""
        head = f"The bond of {self.consumer} and {self.brand} stands at {self.score:+.6g}"
        if self.contributions.empty:
            return [f"{head}: nothing has reached it."]
        return [f"{head}:", *(term_sentence(term, self.brand) for term in self.contributions.to_dict("records"))]


def explain(  # noqa: PLR0913 - the score's own parameters, the bond, and what to leave out
    interactions: pd.DataFrame | pa.Table,
    consumer: str,
    brand: str,
    as_of: datetime | str | None = None,
    without: Collection[str] = (),
    policy: FusionPolicy | None = None,
    valid_at: datetime | str | None = None,
) -> Explanation:
    """Return the terms of the Fusion Score of *consumer* and *brand*.

    Args:
        interactions: Interaction records, as for :func:`~influence_graph.analyses.fusion.scores.fusion_scores`.
        consumer: A consumer that occurs in them.
        brand: A brand that occurs in them, or is named together with one that does.
        as_of: As for ``fusion_scores``; the default is taken before *without* is left out.
        without: Event ids to leave out: the score as if they had never happened, replayed. Without a
            correction, what it corrects counts again.
        policy: Parameters; default ``FusionPolicy()``.
        valid_at: As for ``fusion_scores``.

    Raises:
        NotFound: The consumer, the brand or an event of *without* does not occur.
        InputError: As for ``fusion_scores``.
    """
    return BondPast(interactions, (consumer, brand), policy, without).at(as_of, valid_at)


class BondPast:
    """All that the score of one bond ever depended on: read once, explained at any time.

    Args:
        interactions: As for :func:`explain`.
        bond: Consumer and brand.
        policy: Parameters; default ``FusionPolicy()``.
        without: Event ids to leave out.

    Raises:
        NotFound: The consumer, the brand or an event of *without* does not occur.
        InputError: As for ``fusion_scores``.
    """

    def __init__(
        self,
        interactions: pd.DataFrame | pa.Table,
        bond: tuple[str, str],
        policy: FusionPolicy | None = None,
        without: Collection[str] = (),
    ) -> None:
        self.consumer, self.brand = bond
        self._policy = policy or FusionPolicy()
        self.whole = read_ledger(interactions)
        who = _code("consumer", self.consumer, self.whole.consumer.names)
        self._brand = _code("brand", self.brand, self.whole.brand.names)
        kept = _without(self.whole, without)
        self.ledger = kept.take(kept.consumer.codes == who)

    def at(self, as_of: datetime | str | None = None, valid_at: datetime | str | None = None) -> Explanation:
        """Return the explanation of the score at *valid_at* as known at *as_of*."""
        moment = self.whole.moment(as_of, valid_at)
        valid, known = moment or (_EPOCH, _EPOCH)
        terms = Terms(self.ledger.as_known_at(known, valid), self._policy, valid)
        frame = _frame(list(terms.on(self._brand)), self.consumer, self.brand)
        given, got = (float(frame.loc[frame["direction"] == side, "contribution"].sum()) for side in DIRECTIONS)
        at = None if moment is None else valid
        return Explanation(self.consumer, self.brand, at and known, at, given + got, given, got, frame)

    def turning_points(self, until: datetime) -> list[datetime]:
        """Return when what the score is made of may have changed, up to *until*: new, late and corrected events."""
        ledger, near = self.ledger, self._near()
        times: set[int] = set()
        for row in range(len(ledger)):
            if int(ledger.brand.codes[row]) in near:
                times.add(int(max(ledger.at[row], ledger.known[row])))
                times.add(END_OF_TIME if ledger.until is None else int(ledger.until[row]))
        moments = [to_datetime(time) for time in sorted(times - {END_OF_TIME})]
        return [moment for moment in moments if moment <= until]

    def _near(self) -> set[int]:
        """Return the codes of the bond's brand and of those that were ever linked with it."""
        near = {self._brand}
        for row in range(len(self.ledger)):
            linked = {int(self.ledger.brand.codes[row]), *self.ledger.named_with(row)}
            near |= linked if self._brand in linked else set()
        return near


def _code(what: str, name: str, names: Collection[str]) -> int:
    place = {other: index for index, other in enumerate(names)}
    if name not in place:
        remedy = did_you_mean(name, names, f"list the {what}s with fusion_scores")
        raise NotFound(f"no {what} {name!r} among the {len(place):,} of the interactions", remedy=remedy)
    return place[name]


def _without(ledger: Ledger, without: Collection[str]) -> Ledger:
    left_out = {without} if isinstance(without, str) else set(without)
    if not left_out:
        return ledger
    found = pc.is_in(ledger.event_id, pa.array(sorted(left_out), ledger.event_id.type))
    missing = left_out - set(ledger.event_id.filter(found).to_pylist())
    if missing:
        first = min(missing)
        remedy = did_you_mean(first, ledger.event_id.to_pylist(), "name an event of the contributions")
        raise NotFound(f"no event {first!r} among the {len(ledger):,} interactions", remedy=remedy)
    return ledger.without(found.to_numpy(zero_copy_only=False))


def _frame(terms: list[dict[str, Any]], consumer: str, brand: str) -> pd.DataFrame:
    for term in terms:
        origin = term["via"] or brand
        ends = (consumer, origin) if term["direction"] == "to_brand" else (origin, consumer)
        term["path"] = " → ".join(ends) + (f" ⇢ {brand}" if term["via"] else "")
    return pd.DataFrame(terms, columns=list(_COLUMNS))
