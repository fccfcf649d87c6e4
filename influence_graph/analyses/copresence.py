"""Ties from co-presence: who was at the same place on the same day, and so may have seen the other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.types as pt

from influence_graph.analyses.checks import is_whole, require
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.kernels.copresence import Pairs, gatherings, meetings, presences
from influence_graph.model.frames import Frame, as_table
from influence_graph.model.ids import id_codes
from influence_graph.model.parameters import CopresenceParameters
from influence_graph.model.records import TIES
from influence_graph.model.times import zone_named
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from influence_graph.kernels.copresence import Gatherings, Presences

COLUMNS = ("person", "place", "time")
_KIND = "exposed"


@dataclass(frozen=True, eq=False, repr=False)
class CopresenceTies(Displayed):
    """Who may have seen whom, from where they were.

    Attributes:
        ids: Everybody in the records, in order.
        one: int64, index into ``ids`` of one of each pair, the first in order; pairs ascend.
        other: int64, of the other.
        days: int64, days on which they were together.
        since: datetime64[us] in UTC: the start of the first of these days, or of the last that was needed.
        places: Different places.
        records: Records read.
        repeated: Records that say the same of person, place and day again.
        gatherings: Places and days at which two people or more were, without crowds.
        crowds: Places and days left out because too many people were there.
        crowded: Records of these.
        fewer: Pairs left out because they were together on too few days.
        parameters: The parameters, as JSON values.
        digest: Digest of who was where on which day.
    """

    ids: NDArray[np.object_]
    one: NDArray[np.int64]
    other: NDArray[np.int64]
    days: NDArray[np.int64]
    since: NDArray[np.datetime64]
    places: int
    records: int
    repeated: int
    gatherings: int
    crowds: int
    crowded: int
    fewer: int
    parameters: Mapping[str, Any]
    digest: str

    @property
    def table(self) -> pa.Table:
        """Two ties of each pair, in the columns and types of the record, by source, then target."""
        source, target = np.concatenate([self.one, self.other]), np.concatenate([self.other, self.one])
        order = np.lexsort((target, source))
        pair = order % max(self.one.size, 1)
        ids = pa.array(self.ids, pa.string())
        columns = {
            "source": ids.take(pa.array(source[order])),
            "target": ids.take(pa.array(target[order])),
            "kind": pa.repeat(_KIND, order.size),
            "weight": pa.array(self.days[pair].astype(np.float64)),
            "since": pa.array(self.since[pair]).cast(TIES.schema.field("since").type),
        }
        return pa.table(columns, schema=TIES.schema)

    def to_frame(self) -> pd.DataFrame:
        """Return ties as ``ingest`` takes them: source, target, kind (exposed), weight (days together) and since.

        Of each pair both directions, the most days first, then by id.
        """
        frame: pd.DataFrame = self.table.to_pandas()
        return frame.sort_values("weight", ascending=False, kind="stable", ignore_index=True)

    def sentences(self) -> list[str]:
        """Return what was found, and what was left out, in words."""
        limits = self.parameters
        said = [
            f"{count_text(self.one.size, 'pair')} of {self._people_at()}: {count_text(self.one.size * 2, 'tie')}",
        ]
        if self.repeated:
            verb = "says" if self.repeated == 1 else "say"
            said.append(f"{count_text(self.repeated, 'record')} {verb} of a person, a place and a day what others say")
        if self.crowds:
            share = self.crowded / (self.records - self.repeated)
            crowds = count_text(self.crowds, "crowd")
            said.append(
                f"left out {crowds}, a place on a day with more than {limits['most_people']:,} people: {share:.0%} of"
                " what is recorded; who was there need not have seen the others"
            )
        if self.fewer:
            days = count_text(limits["least_days"], "day")
            said.append(f"left out {count_text(self.fewer, 'pair')} together on fewer than {days}")
        return said

    def _people_at(self) -> str:
        return f"{len(self.ids):,} people at {count_text(self.places, 'place')}"

    def _figures(self) -> Mapping[str, object]:
        return {"pairs": int(self.one.size), "people": len(self.ids), "crowds": self.crowds}


def copresence_ties(
    records: Frame,
    *,
    timezone: str = CopresenceParameters.timezone,
    least_days: int = CopresenceParameters.least_days,
    most_people: int = CopresenceParameters.most_people,
    progress: Callable[[int, int], None] | None = None,
) -> CopresenceTies:
    """Return ties of the kind ``exposed``, both ways, between people who were at the same place on the same day.

    Being at a place together is not seeing each other: measured side by side, it links far more pairs than meeting
    face to face does (Génois and Barrat 2018, https://doi.org/10.1140/epjds/s13688-018-0140-1). So crowds are left
    out, and ``least_days`` asks for more than one chance day: few common days and places already tell much of who
    knows whom (Crandall et al. 2010, https://doi.org/10.1073/pnas.1006155107). Places should be as small as a room
    where people see each other, such as a counter, not a city.
    Time and memory: linear in the records and the ties, and in the meetings of two, at most
    records · (most_people - 1) / 2, of which a few million are held at once.

    Args:
        records: Who was where when: person and place (ids), and time: datetimes with a zone, datetimes without one
            (of *timezone*), or dates. More records of a person, place and day are one.
        timezone: IANA zone in which days begin.
        least_days: Days, 1 or more, on which two must have been together; the tie counts from the last of these on.
        most_people: People, 2 or more, of whom a place on a day is not a crowd yet.
        progress: Called with the number of records looked at, and of all.

    Raises:
        InputError: A column or a value is missing, times are text or numbers, there is no such zone, or a number is out
            of its limits.

    Example:
        >>> day = "2026-05-01"
        >>> rows = [("ann", "bar", day), ("june", "bar", day), ("sam", "gym", day)]
        >>> records = pd.DataFrame(rows, columns=["person", "place", "time"])
        >>> seen = copresence_ties(records.assign(time=pd.to_datetime(records["time"])))
        >>> seen.to_frame()[["source", "target", "kind", "weight"]].values.tolist()
        [['ann', 'june', 'exposed', 1.0], ['june', 'ann', 'exposed', 1.0]]
    """
    chosen = _checked(CopresenceParameters(timezone, least_days, most_people))
    zone = zone_named(str(chosen.timezone))
    table = as_table(records, "records", COLUMNS, COLUMNS, COLUMNS[:2])
    for name in COLUMNS:
        if missing := table.column(name).null_count:
            message = f"{missing:,} of {table.num_rows:,} records have no {name}"
            raise InputError(message, remedy="fill them or drop the rows")
    days = _days(table.column("time"), zone)
    (ids, (person,)), (places, (place,)) = (id_codes(table.column(name)) for name in COLUMNS[:2])
    there = presences(person, place, days)
    found = gatherings(there, chosen.most_people)
    pairs, fewer = _pairs(found, len(ids), chosen.least_days, progress)
    return CopresenceTies(
        ids,
        pairs.one,
        pairs.other,
        pairs.days,
        _starts(pairs.since, zone),
        len(places),
        table.num_rows,
        table.num_rows - there.person.size,
        found.number,
        found.crowds,
        found.crowded,
        fewer,
        {**asdict(chosen), "timezone": zone.key},
        _digest(ids, places, there),
    )


def _checked(given: CopresenceParameters) -> CopresenceParameters:
    for name, least, remedy in (("least_days", 1, "use 1"), ("most_people", 2, "use 50")):
        value = getattr(given, name)
        within = is_whole(value) and value >= least
        require(within, name, value, f"a whole number of {least} or more", remedy)
    return given


def _days(times: pa.ChunkedArray, zone: ZoneInfo) -> NDArray[np.int64]:
    """Return the day of each time in *zone*, in days since 1970.

    Raises:
        InputError: They are neither dates nor datetimes.
    """
    if not len(times):
        return np.zeros(0, np.int64)
    if pt.is_date(times.type):
        numbers: NDArray[np.int64] = times.cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)
        return numbers
    if not pt.is_timestamp(times.type):
        message = f"the times are of type {times.type}, such as {times[0].as_py()!r}, must be datetimes or dates"
        raise InputError(message, remedy="convert them first: `pandas.to_datetime(times)`")
    micros = times.cast(pa.timestamp("us", times.type.tz), safe=False).cast(pa.int64()).to_numpy()
    moments = pd.DatetimeIndex(micros.astype("datetime64[us]"))
    if times.type.tz is not None:
        moments = moments.tz_localize("UTC").tz_convert(zone).tz_localize(None)
    days: NDArray[np.int64] = moments.to_numpy().astype("datetime64[D]").astype(np.int64)
    return days


def _starts(days: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.datetime64]:
    """Return when each of *days* begins in *zone*: where clocks skip midnight after it, where it comes twice first."""
    different, place = np.unique(days, return_inverse=True)
    midnight = pd.DatetimeIndex(different.astype("datetime64[D]").astype("datetime64[us]"))
    first = np.ones(different.size, np.bool_)
    begun = midnight.tz_localize(zone, ambiguous=first, nonexistent="shift_forward").tz_convert("UTC")
    starts: NDArray[np.datetime64] = begun.tz_localize(None).to_numpy().astype("datetime64[us]")[place]
    return starts


def _pairs(
    found: Gatherings, people: int, least_days: int, progress: Callable[[int, int], None] | None
) -> tuple[Pairs, int]:
    parts, fewer = [], 0
    for block in meetings(found, people, least_days):
        parts.append(block.pairs)
        fewer += block.fewer
        if progress is not None:
            progress(block.done, found.person.size)
    nothing = np.zeros(0, np.int64)
    joined = [np.concatenate([nothing, *columns]) for columns in zip(*parts, strict=True)] or [nothing] * 4
    return Pairs(*joined), fewer


def _digest(ids: NDArray[np.object_], places: NDArray[np.object_], there: Presences) -> str:
    total = hashlib.blake2b("\0".join([*ids, "", *places]).encode(), digest_size=16)
    for column in there:
        total.update(np.ascontiguousarray(column, dtype="<i8").data)
    return total.hexdigest()
