"""The six kinds of record that can be ingested, as data: fields, types, limits and keys.

The readers, the validator, both stores and the documentation read :data:`KINDS`; each field is
declared only here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import pyarrow as pa

from influence_graph.errors import NotFound
from influence_graph.text import did_you_mean

BATCH_ROWS = 250_000
"""Records that are read, held and written at once, unless a caller chooses."""
MAX_ID_BYTES = 512
MAX_TEXT_BYTES = 8192
LIST_SEPARATOR = "|"


class FieldType(StrEnum):
    """How a field is read, and the Arrow type it becomes."""

    ID = "id"  # string: trimmed, NFC, not empty, printable, at most MAX_ID_BYTES
    IDS = "ids"  # string: ids joined by "|", each as ID, sorted, without repeats
    TEXT = "text"  # string: NFC, printable, at most MAX_TEXT_BYTES
    CHOICE = "choice"  # string: one of Field.choices, lower case
    NUMBER = "number"  # float64, finite
    INTEGER = "integer"  # int64
    TIME = "time"  # timestamp[us, UTC]
    DATE = "date"  # date32
    TRUTH = "truth"  # bool: true or false


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a record kind.

    Attributes:
        name: What it is called.
        type: How it is read.
        required: Whether every record has it.
        choices: The values that it takes.
        minimum: The least number that it takes.
        maximum: The most that it takes.
        about: What it is, in a line.
        describes: Whether a record without it says the same about all else, and can state it later: where its value is
            bad, the record is kept without it. Any other bad value rejects the record: an event or tie without its
            weight, kind or date would count as another one, and an event stays as it was first stored.
        listed: Whether its ids occur in lists that ``LIST_SEPARATOR`` joins, and so cannot contain it.
        later: Whether there were stores before there was this field: the digest of a record without it is as it was.
    """

    name: str
    type: FieldType
    required: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    about: str = ""
    describes: bool = False
    listed: bool = False
    later: bool = False


@dataclass(frozen=True)
class RecordKind:
    """A kind of record.

    Attributes:
        name: What it is called.
        fields: Its fields in canonical order.
        key: The fields that identify one record.
        about: What it is, in a line.
        endpoints: The fields that name a record of another kind, and that kind.
        immutable: Whether a record stays as it was first stored; if not, it is merged by its key.
    """

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    about: str
    endpoints: Mapping[str, str] = field(default_factory=dict, hash=False)
    immutable: bool = False

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Fields by name."""
        return {each.name: each for each in self.fields}

    @property
    def names(self) -> list[str]:
        """Column names in canonical order."""
        return [each.name for each in self.fields]

    @property
    def required(self) -> list[str]:
        """Names of the columns that every file must have."""
        return [each.name for each in self.fields if each.required]

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Names of the fields that are ids of people."""
        named = tuple(name for name, of in self.endpoints.items() if of == "people")
        return ("id", *named) if self.name == "people" else named

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema of a validated batch, columns in canonical order."""
        types = {
            FieldType.NUMBER: pa.float64(),
            FieldType.INTEGER: pa.int64(),
            FieldType.TIME: pa.timestamp("us", tz="UTC"),
            FieldType.DATE: pa.date32(),
            FieldType.TRUTH: pa.bool_(),
        }
        return pa.schema([(f.name, types.get(f.type, pa.string())) for f in self.fields])


TOUCHPOINTS = (
    "engagement",
    "executional_excellence",
    "brand_experience",
    "expediting",
    "problem_recovery",
)
DIRECTIONS = ("to_brand", "to_consumer")
TIE_KINDS = ("follows", "friend", "exposed")
RETRACTION = "retraction"
"""Kind of an interaction that only retracts the one it ``replaces``: it never counts itself."""

_ID, _TEXT, _NUMBER, _TIME = FieldType.ID, FieldType.TEXT, FieldType.NUMBER, FieldType.TIME

PEOPLE = RecordKind(
    "people",
    (
        Field("id", _ID, required=True),
        Field("name", _TEXT, describes=True),
        Field("kind", FieldType.CHOICE, choices=("consumer", "influencer"), describes=True),
        Field("style", FieldType.CHOICE, choices=("active", "passive"), describes=True),
        Field("followers", FieldType.INTEGER, minimum=0, describes=True),
        Field("platform", _TEXT, describes=True),
        Field("city", _TEXT, describes=True),
        Field("joined", _TIME, describes=True),
    ),
    key=("id",),
    about="consumers; some are declared influencers, active or passive",
)
BRANDS = RecordKind(
    "brands",
    (
        Field("id", _ID, required=True, listed=True),
        Field("name", _TEXT, describes=True),
        Field("category", _TEXT, describes=True),
    ),
    key=("id",),
    about="brands",
)
TIES = RecordKind(
    "ties",
    (
        Field("source", _ID, required=True),
        Field("target", _ID, required=True),
        Field("kind", FieldType.CHOICE, choices=TIE_KINDS, about="default follows: source follows target"),
        Field("weight", _NUMBER, minimum=0, about="default 1"),
        Field("since", _TIME),
    ),
    key=("source", "target", "kind"),
    about="who follows, knows or is exposed to whom",
    endpoints={"source": "people", "target": "people"},
)
INTERACTIONS = RecordKind(
    "interactions",
    (
        Field("event_id", _ID, required=True),
        Field("at", _TIME, required=True),
        Field("consumer", _ID, required=True),
        Field("brand", _ID, required=True, listed=True),
        Field("direction", FieldType.CHOICE, choices=DIRECTIONS, about="default: that of the kind"),
        Field("kind", _TEXT),
        Field("touchpoint", FieldType.CHOICE, choices=TOUCHPOINTS, about="default: that of the kind"),
        Field("points", _NUMBER, about="declared Fusion points; without them points are derived"),
        Field("valence", _NUMBER, minimum=-1, maximum=1, about="default: that of the kind"),
        Field("weight", _NUMBER, minimum=0, about="strength, not money; default 1"),
        Field("channel", FieldType.CHOICE, choices=("online", "offline")),
        Field("platform", _TEXT),
        Field("reach", _NUMBER, minimum=0, about="people who saw it"),
        Field("confidence", _NUMBER, minimum=0, maximum=1, about="default 1"),
        Field("blame", _NUMBER, minimum=0, maximum=1, about="share of a negative event that spills over; default 1"),
        Field("with_brands", FieldType.IDS, about="brands worn or named together, a|b"),
        Field("recorded_at", _TIME, about="when it became known; default at"),
        Field(
            "replaces",
            _ID,
            about="event that this one corrects: while this is known and not retracted, that does not count",
        ),
        Field("value", _NUMBER, about="money, such as the price paid; the score does not count it"),
        Field("currency", _TEXT, about="of value, such as EUR; one per store"),
        Field("paid", FieldType.TRUTH, about="whether the consumer was paid for it"),
        Field("recognized", FieldType.TRUTH, about="whether the consumer knows whom it owes this to"),
        Field("item", _ID, about="what of the brand it is about, such as a product or SKU", later=True),
    ),
    key=("event_id",),
    about="dated, signed things between a consumer and a brand, in one direction",
    endpoints={"consumer": "people", "brand": "brands"},
    immutable=True,
)
CAMPAIGN_DAY = Field(
    "day",
    FieldType.DATE,
    about="the day where it took place, as that of sales; default: the date of at as it is written",
    later=True,
)
"""The field of campaigns. The date of ``at`` in UTC says no more than none: it is what times in UTC give."""
CAMPAIGNS = RecordKind(
    "campaigns",
    (
        Field("event_id", _ID, required=True),
        Field("at", _TIME, required=True),
        Field("brand", _ID, required=True, listed=True),
        Field("kind", _TEXT),
        Field("segment", _TEXT),
        Field("note", _TEXT),
        CAMPAIGN_DAY,
    ),
    key=("event_id",),
    about="things a brand did on a day",
    endpoints={"brand": "brands"},
    immutable=True,
)
SALES = RecordKind(
    "sales",
    (
        Field("brand", _ID, required=True, listed=True),
        Field("date", FieldType.DATE, required=True),
        Field("value", _NUMBER, required=True),
        Field("segment", _TEXT),
    ),
    key=("brand", "date", "segment"),
    about="what happened to a brand per segment and day",
    endpoints={"brand": "brands"},
)

KINDS: dict[str, RecordKind] = {k.name: k for k in (PEOPLE, BRANDS, TIES, INTERACTIONS, CAMPAIGNS, SALES)}


def record_kind(kind: RecordKind | str) -> RecordKind:
    """Return the kind of record that *kind* names.

    Raises:
        NotFound: There is none; the message gives the nearest names.
    """
    if isinstance(kind, RecordKind):
        return kind
    if kind not in KINDS:
        raise NotFound(f"no kind of record {kind!r}", remedy=did_you_mean(str(kind), KINDS, f"use {', '.join(KINDS)}"))
    return KINDS[kind]


@dataclass(frozen=True)
class Batch:
    """Validated records of one kind.

    ``table`` has exactly ``kind.schema``; ``lines`` is an int64 array, the 1-based line (row for
    Parquet) of each record in ``file``. Defaults that are part of a record's identity are filled
    in: a tie has a ``kind``, a friend tie has ``source < target``, a sale has a ``segment`` (""
    for none). Other missing values stay null: what an interaction does not say is looked up when it is read.
    ``source`` is the number of the source in the store that the records are for, None where that is not kept.
    """

    kind: RecordKind
    table: pa.Table
    lines: pa.Array
    file: str = ""
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """What was rejected: its place, the reason, and the remedy.

    Attributes:
        file: The file.
        line: Line of the record, from 1; its row in a file without lines.
        column: The column; "" where the whole line is meant.
        value: The value, printable and short.
        reason: What is wrong with it.
        remedy: What to do.
        value_only: Whether the record was kept without this value; otherwise it was rejected.
    """

    file: str
    line: int
    column: str
    value: str
    reason: str
    remedy: str = ""
    value_only: bool = False
