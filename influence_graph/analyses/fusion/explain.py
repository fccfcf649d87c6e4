"""The terms of a Fusion Score, one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.fusion.curve import changes_of
from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.fusion.scores import bond_sums
from influence_graph.analyses.fusion.sentences import path_text, term_sentence
from influence_graph.analyses.fusion.terms import Terms
from influence_graph.analyses.interactions import columns
from influence_graph.analyses.interactions.digest import digest_of
from influence_graph.analyses.interactions.ledger import EPOCH, Ledger, read_ledger, to_datetime, to_micros
from influence_graph.analyses.interactions.meaning import unknown_kinds
from influence_graph.analyses.result import Displayed
from influence_graph.errors import NotFound
from influence_graph.model.display import short_line
from influence_graph.model.frames import Frame
from influence_graph.model.ids import id_text
from influence_graph.model.names import BRAND, CONSUMER, NO_NAMES, NodeNames
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import DIRECTIONS
from influence_graph.model.times import Time
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COLUMNS = (
    *("event_id", "at", "kind", "touchpoint", "direction", "term", "via", "link_event", "link_at", "paid"),
    *("points", "decay", "relation", "share", "contribution", "path"),
)


@dataclass(frozen=True, eq=False, repr=False)
class Explanation(Displayed):
    """A Fusion Score and the terms that sum to it.

    Attributes:
        consumer: The consumer's id.
        brand: The brand's id.
        as_of: Only what was known at this time counts; None where there are no interactions.
        valid_at: The time of the score: ``as_of``, or earlier in hindsight.
        score: F = L→ + L←, in points.
        to_brand: L→, the points from the consumer to the brand.
        to_consumer: L←, the points from the brand to the consumer.
        contributions: One row per term, by time: event_id, at, kind, touchpoint, direction, term
            ("direct", "returned": what the other side received in the same event, or "spillover"), via (the brand
            of a spillover's event, else empty), link_event and link_at (the latest event that links the two brands,
            else empty and NaT), paid (whether the consumer was paid for it), points of the
            event, decay (the part of them that remains), relation of the two brands, share (the part that
            reaches this bond, including the relation), contribution = points · decay · share, path.
        parameters: Consumer, brand, times, events left out and policy, as JSON values.
        digest: Digest of the interactions on which the bond depends, those left out included.
        unknown_kinds: Number of the consumer's interactions with the brand, and with brands linked with it, by kind
            that the touchpoint table does not list.
    """

    consumer: str
    brand: str
    as_of: datetime | None
    valid_at: datetime | None
    score: float
    to_brand: float
    to_consumer: float
    contributions: pd.DataFrame
    parameters: Mapping[str, Any]
    digest: str
    unknown_kinds: Mapping[str, int]

    def to_frame(self) -> pd.DataFrame:
        """Return ``contributions``."""
        return self.contributions

    def sentences(self, names: NodeNames = NO_NAMES) -> list[str]:
        """Return the score and each term as one plain line, with *names* beside ids where they are known."""
        bond = f"{names.text(CONSUMER, self.consumer)} and {names.text(BRAND, self.brand)}"
        head = f"The Fusion Score of {bond} is {self.score:+.6g}"
        if self.contributions.empty:
            return [f"{head}: no event counts."]
        return [f"{head}:", *(term_sentence(term, self.brand, names) for term in self.contributions.to_dict("records"))]

    def _figures(self) -> Mapping[str, object]:
        figures = {"consumer": self.consumer, "brand": self.brand, "score": self.score}
        return {**figures, "terms": len(self.contributions)}


def explain(  # noqa: PLR0913 - the score's own parameters, the bond, and what to leave out
    interactions: Frame,
    consumer: str,
    brand: str,
    as_of: Time | None = None,
    without: Collection[str] = (),
    policy: FusionPolicy | None = None,
    valid_at: Time | None = None,
) -> Explanation:
    """Return the terms of the Fusion Score of *consumer* and *brand*.

    Args:
        interactions: Interaction records, as for :func:`~influence_graph.analyses.fusion.scores.fusion_scores`.
        consumer: A consumer that occurs in them.
        brand: A brand that occurs in them, or is named together with one that does.
        as_of: As for ``fusion_scores``; the default is taken before *without* is left out.
        without: Event ids to leave out: the score is replayed without them. Without a correction, the
            event that it corrects counts again, unless another one replaces it.
        policy: Parameters; default ``FusionPolicy()``.
        valid_at: As for ``fusion_scores``.

    Raises:
        NotFound: The consumer, the brand or an event of *without* does not occur.
        InputError: As for ``fusion_scores``.
    """
    return BondPast(interactions, (consumer, brand), policy, without).at(as_of, valid_at)


class BondPast:
    """The interactions on which the score of one bond depends: read once, explained at any time.

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
        interactions: Frame,
        bond: tuple[str, str],
        policy: FusionPolicy | None = None,
        without: Collection[str] = (),
    ) -> None:
        self.consumer, self.brand = (id_text(end) for end in bond)
        self.policy = policy or FusionPolicy()
        events = without if isinstance(without, Iterable) and not isinstance(without, str | bytes) else [without]
        self.without = sorted({id_text(event) for event in events})
        table = columns.as_table(interactions)
        self.all_interactions = read_ledger(table)
        consumer = _code("consumer", self.consumer, self.all_interactions.consumer.names)
        self._brand = _code("brand", self.brand, self.all_interactions.brand.names)
        kept = _without(self.all_interactions, self.without)
        self.ledger = kept.take(kept.consumer.codes == consumer)
        self.digest = _digest(table, self.all_interactions, consumer)

    def __repr__(self) -> str:
        figures = {"consumer": self.consumer, "brand": self.brand, "interactions": len(self.ledger)}
        return short_line("BondPast", figures)

    def at(self, as_of: Time | None = None, valid_at: Time | None = None) -> Explanation:
        """Return the explanation of the score at *valid_at* as known at *as_of*."""
        moment = self.all_interactions.moment(as_of, valid_at)
        valid, known = moment or (EPOCH, EPOCH)
        counting = self.ledger.as_known_at(known, valid)
        terms = Terms(counting, self.policy, valid)
        frame = _frame(list(terms.of_brand(self._brand)), self.consumer, self.brand)
        given, received = (float(frame.loc[frame["direction"] == side, "contribution"].sum()) for side in DIRECTIONS)
        times = (None, None) if moment is None else (known, valid)
        parameters = self.parameters(as_of=times[0], valid_at=times[1]) | {"without": self.without}
        return Explanation(
            consumer=self.consumer,
            brand=self.brand,
            as_of=times[0],
            valid_at=times[1],
            score=given + received,
            to_brand=given,
            to_consumer=received,
            contributions=frame,
            parameters=parameters,
            digest=self.digest,
            unknown_kinds=self._unknown_kinds(counting),
        )

    def _unknown_kinds(self, counting: Ledger) -> dict[str, int]:
        concerned = np.isin(counting.brand.codes, list(self._linked_brands()))
        return unknown_kinds(counting.take(concerned), self.policy.table)

    def parameters(self, **times: datetime | None) -> dict[str, Any]:
        """Return the bond, *times* and the policy as JSON values."""
        texts = {name: None if time is None else time.isoformat() for name, time in times.items()}
        return {"consumer": self.consumer, "brand": self.brand, **texts, "policy": self.policy.to_dict()}

    def score_at(self, moment: datetime) -> float:
        """Return the score of ``at(moment)``, without its terms."""
        _, brands, sums = bond_sums(self.ledger.as_known_at(moment), self.policy, moment)
        return float(sums[brands == self._brand].sum())

    def change_times(self, until: datetime) -> list[datetime]:
        """Return the times up to *until* at which the score may have changed: new, late and corrected events."""
        times, _ = self.changes()
        return [to_datetime(time) for time in np.unique(times[times <= to_micros(until)]).tolist()]

    def changes(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the times (µs) at which the score may change, and about how far; later than all: never."""
        of_bond = self.ledger.take(np.isin(self.ledger.brand.codes, sorted(self._linked_brands())))
        points = points_of(of_bond, self.policy, self.all_interactions.latest() or EPOCH)
        own = of_bond.brand.codes == self._brand
        amount = np.where(own, points.total, self.policy.spillover * points.points)
        return changes_of(of_bond, amount)

    def _linked_brands(self) -> set[int]:
        """Return the codes of the bond's brand and of those that were ever linked with it."""
        linked = {self._brand}
        for row in range(len(self.ledger)):
            together = {int(self.ledger.brand.codes[row]), *self.ledger.named_with(row)}
            linked |= together if self._brand in together else set()
        return linked


def _code(what: str, name: str, names: Collection[str]) -> int:
    place = {other: index for index, other in enumerate(names)}
    if name not in place:
        remedy = did_you_mean(name, names, f"list the {what}s with fusion_scores")
        raise NotFound(f"no {what} {name!r} among the {len(place):,} of the interactions", remedy=remedy)
    return place[name]


def _without(ledger: Ledger, without: Sequence[str]) -> Ledger:
    if not without:
        return ledger
    left_out = pc.is_in(ledger.event_id, pa.array(without, ledger.event_id.type))
    unknown = set(without) - set(ledger.event_id.filter(left_out).to_pylist())
    if unknown:
        first = min(unknown)
        remedy = did_you_mean(first, ledger.event_id.to_pylist(), "name an event of the contributions")
        raise NotFound(f"no event {first!r} among the {len(ledger):,} interactions", remedy=remedy)
    return ledger.without(left_out.to_numpy(zero_copy_only=False))


def _digest(table: pa.Table, ledger: Ledger, consumer: int) -> str:
    """Return the digest of the rows of *consumer*, a code, and of all that replaces them, transitively."""
    if len(ledger) < table.num_rows:
        table = columns.distinct_events(table)
    used = ledger.consumer.codes == consumer
    if ledger.corrections is not None:
        used[ledger.corrections.row[ledger.replacing(used)]] = True
    return digest_of(table.filter(pa.array(used)))


def _frame(terms: list[dict[str, Any]], consumer: str, brand: str) -> pd.DataFrame:
    for term in terms:
        term["path"] = path_text(term, consumer, brand)
    return pd.DataFrame(terms, columns=list(_COLUMNS))
