"""One person: what they give to brands and get, their image, whom they move and who moves them, and their history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from influence_graph.analyses.brand.record_frames import record_frame
from influence_graph.analyses.brand.view import plain
from influence_graph.analyses.checks import require
from influence_graph.analyses.fusion.scores import scores_at
from influence_graph.analyses.interactions.columns import as_table
from influence_graph.analyses.interactions.digest import digest_of
from influence_graph.analyses.interactions.ledger import Ledger, read_ledger
from influence_graph.analyses.interactions.meaning import meaning_of
from influence_graph.analyses.interactions.span import span_of
from influence_graph.analyses.intervals import TOO_FEW, Estimate
from influence_graph.analyses.person.circle import Around, Circle, circle
from influence_graph.analyses.person.dealings import Dealings, dealings
from influence_graph.analyses.person.history import History, history
from influence_graph.analyses.person.image import Image, image
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError, NotFound
from influence_graph.model.display import short_line
from influence_graph.model.frames import Frame, as_frame
from influence_graph.model.ids import id_text
from influence_graph.model.names import NO_NAMES, NodeNames
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import PEOPLE, TIES
from influence_graph.model.times import Time, checked_as_of
from influence_graph.text import NOT_ON_RECORD, did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEARNED = ("source", "target", "probability")
_STATED = ("kind", "style", "followers", "platform", "city", "joined")


@dataclass(frozen=True, eq=False, repr=False)
class PersonRecords:
    """Records in addition to the interactions; each may be missing. Frames of any library become pandas frames.

    Attributes:
        people: People records: what is declared of the person.
        ties: Tie records: who sees whom.
        learned: source, target, probability that influence passes, and mean_delay (seconds) where known, as
            :func:`influence_graph.learn` gives them.
        run: What the learned probabilities are from, such as the id of a run.

    Raises:
        InputError: One is no frame, lacks a column that is needed, or an id is refused.
    """

    people: Frame | None = None
    ties: Frame | None = None
    learned: Frame | None = None
    run: str = "learned"

    def __post_init__(self) -> None:
        for kind, required in ((PEOPLE, ("id",)), (TIES, ("source", "target"))):
            given = getattr(self, kind.name)
            if given is not None:
                object.__setattr__(self, kind.name, record_frame(given, kind, required))
        if self.learned is not None:
            object.__setattr__(self, "learned", _learned(self.learned))

    def __repr__(self) -> str:
        frames: dict[str, Any] = {name: getattr(self, name) for name in ("people", "ties", "learned")}
        return short_line("PersonRecords", {name: None if f is None else len(f) for name, f in frames.items()})


def _learned(given: Frame) -> pd.DataFrame:
    frame = as_frame(given, "learned probabilities", [*_LEARNED, "mean_delay"], _LEARNED)
    ids = {name: [id_text(each) for each in frame[name].tolist()] for name in ("source", "target")}
    delay = frame.get("mean_delay")
    numbers = {"probability": frame["probability"], "mean_delay": delay}
    try:
        return pd.DataFrame({**ids, **numbers}).astype(dict.fromkeys(numbers, float))
    except (TypeError, ValueError) as error:
        message = f"the learned probabilities are no numbers: {error}"
        raise InputError(message, remedy="give what `ig.learn(…).to_frame()` gives") from error


@dataclass(frozen=True, eq=False, repr=False)
class PersonView(Displayed):
    """What :func:`person_view` returns.

    Attributes:
        person: Id of the person.
        as_of: Only what had happened and was known by then counts.
        policy: Parameters of the scores, as JSON values.
        stated: What the people records declare: kind, style, followers, platform, city, joined; None where they do not.
        dealings: What the person gives and gets.
        image: How brands shape what the person stands for.
        circle: Whom the person moves and who moves the person.
        history: What happened when.
        unknown_kinds: The person's interactions by kind that the touchpoint table does not list.
        digest: Digest of the interactions.
    """

    person: str
    as_of: datetime
    policy: Mapping[str, Any]
    stated: Mapping[str, Any]
    dealings: Dealings
    image: Image
    circle: Circle
    history: History
    unknown_kinds: Mapping[str, int]
    digest: str

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Person, time and policy, as JSON values."""
        return {"person": self.person, "as_of": self.as_of.isoformat(), "policy": self.policy}

    def to_frame(self) -> pd.DataFrame:
        """Return person, measure, value, low, high, count and method, one row per measure; NaN where not known."""
        rows = [(self.person, name, value, None, None, None, "counted") for name, _, value in self.counts()]
        missing = self.missing()
        for name, _, each in self.estimates():
            numbers = (None,) * 4 if each is None else (each.value, each.low, each.high, each.count)
            rows.append((self.person, name, *numbers, missing[name] if each is None else each.method))
        frame = pd.DataFrame(rows, columns=["person", "measure", "value", "low", "high", "count", "method"])
        return frame.astype({"value": float, "low": float, "high": float, "count": "Int64"})

    def counts(self) -> list[tuple[str, str, float]]:
        """Return name, number format and value of each measure that is counted."""
        brands = self.dealings.brands
        return [
            ("bonds", "{:,.0f}", len(brands)),
            ("sum of bonds", "+", float(brands["fusion_score"].sum())),
            ("given to brands", "+", self.dealings.given),
            ("received from brands", "+", self.dealings.received),
            ("by association of brands", "+", float(brands["spilled"].sum())),
            ("interactions", "{:,.0f}", int(brands["events"].sum())),
            ("votes by voice", "{:,.0f}", self.dealings.spoke),
            ("people who may be moved", "{:,.0f}", len(self.circle.moves)),
            ("people who may move", "{:,.0f}", len(self.circle.moved_by)),
        ]

    def estimates(self) -> list[tuple[str, str, Estimate | None]]:
        """Return name, number format and estimate of each measure that is estimated; None where too few."""
        return [
            ("mean bond", "+", self.dealings.mean),
            ("positive bonds", "{:.1%}", self.dealings.positive),
            ("people who came after", "{:.1%}", self.circle.followed),
        ]

    def missing(self) -> dict[str, str]:
        """Return why each measure that is not estimated is not, by its name."""
        tied = "" if self.circle.tied else f"{NOT_ON_RECORD}: no ties of anybody"
        reasons = {"people who came after": tied or self.circle.undated}
        return {name: reasons.get(name) or TOO_FEW for name, _, each in self.estimates() if each is None}

    def sections(self, names: NodeNames = NO_NAMES) -> dict[str, list[str]]:
        """Return the findings as sentences, by heading, with *names* beside ids where they are known."""
        return {
            "Declared": [self.declaration()],
            "Giving and getting": self.dealings.sentences(names),
            "Image": self.image.sentences(names),
            "Influence": self.circle.sentences(names),
            "History": self.history.sentences(names),
        }

    def declaration(self) -> str:
        """Return what the records declare of the person; nothing of it is calculated."""
        kind, style = self.stated.get("kind"), self.stated.get("style")
        if kind is None and style is None:
            return f"Declared as an influencer, active or passive: {NOT_ON_RECORD}."
        what = f"{'an' if style == 'active' or (style is None and kind == 'influencer') else 'a'} "
        return f"The records declare {what}{' '.join(filter(None, (style, kind or 'person')))}; this is not calculated."

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values; null where observations are too few, or nothing is on record."""
        values: dict[str, Any] = plain(self)
        return values

    def _figures(self) -> Mapping[str, object]:
        figures = {"person": self.person, "as of": self.as_of.isoformat(), "bonds": len(self.dealings.brands)}
        return {**figures, "sum of bonds": float(self.dealings.brands["fusion_score"].sum())}


def person_view(
    interactions: Frame,
    person: str,
    *,
    as_of: Time | None = None,
    policy: FusionPolicy | None = None,
    records: PersonRecords | None = None,
) -> PersonView:
    """Return what *person* gives and gets, the person's image, circle and history.

    A bond is the sum of its recorded events and has no sampling error; means and shares of ten or more bonds or
    people have 95 % intervals.

    Args:
        interactions: Interaction records of everybody: other people's say how a bond stands beside others, and who
            came after whom.
        person: Id of the person.
        as_of: Only what had happened and was known by then counts. Default: the latest time.
        policy: Parameters of the scores; default ``FusionPolicy()``.
        records: Records in addition to the interactions.

    Raises:
        NotFound: *person* occurs neither in the interactions nor in the records.
        InputError: There are no interactions, a column is missing or a value is out of its limits.

    Example:
        >>> import pandas as pd
        >>> events = pd.DataFrame({"event_id": ["1", "2"], "at": "2026-05-01T20:00:00Z", "consumer": "singer",
        ...                        "brand": ["sweater", "hat"], "points": [3.0, -1.0]})
        >>> view = person_view(events, "singer")
        >>> view.dealings.given, view.history.first["brand"]
        (2.0, 'sweater')
    """
    remedy = "write `ig.PersonRecords(ties=frame)`"
    require(isinstance(records, PersonRecords | None), "records", type(records).__name__, "a PersonRecords", remedy)
    person, table, policy = id_text(person), as_table(interactions), policy or FusionPolicy()
    given: Any = records or PersonRecords()  # its frames are pandas'
    ledger = read_ledger(table)
    _require_known(person, ledger, given)
    moment = checked_as_of(as_of) or ledger.latest()
    if moment is None:
        raise InputError("there are no interactions", remedy="ingest some first")
    stated = _stated(person, given.people)
    parts = _parts(ledger, person, policy, moment, (given, stated))
    return PersonView(person, moment, policy.to_dict(), stated, **parts, digest=digest_of(table))


def _parts(
    ledger: Ledger, person: str, policy: FusionPolicy, moment: datetime, records: tuple[Any, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the fields of :class:`PersonView` that are calculated; *records* are those given, and what is stated."""
    given, stated = records
    known = ledger.as_known_at(moment)
    meaning = meaning_of(known, policy.table)
    scores = scores_at(known, policy, moment)
    own = known.take(_of(known, person))
    span = span_of(known.at, moment)
    undated = "" if span.dated else span.lacks()
    around = Around(given.ties, given.learned, given.run, stated["followers"])
    return {
        "dealings": dealings(own, policy, moment, scores[(scores["consumer"] == person).to_numpy()]),
        "image": image(own, policy, moment, scores, person),
        "circle": circle(known, meaning, person, around, undated),
        "history": history(_past(ledger, person), policy, moment, undated),
        "unknown_kinds": meaning_of(own, policy.table).unknown,
    }


def _of(ledger: Ledger, person: str) -> NDArray[Any]:
    """Return which rows of *ledger* are the person's."""
    rows: NDArray[Any] = (ledger.consumer.names == person)[ledger.consumer.codes] if len(ledger) else ledger.at > 0
    return rows


def _past(ledger: Ledger, person: str) -> Ledger:
    return ledger.take(_of(ledger, person))


def _stated(person: str, people: pd.DataFrame | None) -> dict[str, Any]:
    """Return what the record of *person* says, None where it does not."""
    own = people[people["id"] == person] if people is not None else pd.DataFrame()
    row = own.iloc[0].to_dict() if len(own) else {}
    known = {name: None if pd.isna(row.get(name)) else row[name] for name in _STATED}
    return known | {"followers": None if known["followers"] is None else int(known["followers"])}


def _require_known(person: str, ledger: Ledger, records: Any) -> None:  # noqa: ANN401 - with pandas' frames
    """Raise NotFound unless *person* occurs in the interactions, the people or the ties."""
    parts = [ledger.consumer.names.tolist()]
    if records.people is not None:
        parts.append(records.people["id"].tolist())
    if records.ties is not None:
        parts += [records.ties[end].tolist() for end in ("source", "target")]
    if any(person in part for part in parts):
        return
    remedy = did_you_mean(person, {name for part in parts for name in part}, "check the spelling")
    raise NotFound(f"no interaction, person or tie is of {person!r}", remedy=remedy)
