"""Twitter US Airline Sentiment (Crowdflower, February 2015): tweets to six airlines.

The file does not name the authors, so each tweet has its own pseudonymous consumer, named after
the tweet. Sentiment gives the valence: negative -1, neutral 0, positive +1; a negative tweet is a
``complaint``, the others are ``mention``. The stated reason gives the touchpoint (:data:`REASONS`); without
one it is that of the kind.

Times have no zone. They are UTC-8: the time encoded in each tweet id is 28,800 s later in all
14,640 rows, hence the default zone America/Los_Angeles (no clock change in that month).

155 rows repeat a tweet, 47 of them with another annotation. A tweet is one event: its first row
counts, the others are left out with a note, so 14,640 rows are 14,485 interactions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.batching import make_batch
from influence_graph.ingest.importers import columns as c
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.model.records import INTERACTIONS, Batch

_NAMES = ("tweet_id", "airline_sentiment", "negativereason", "airline", "tweet_created")
_VALENCE = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}

REASONS: dict[str, str | None] = {
    "": None,
    "Bad Flight": "brand_experience",
    "Can't Tell": "problem_recovery",
    "Cancelled Flight": "executional_excellence",
    "Customer Service Issue": "problem_recovery",
    "Damaged Luggage": "executional_excellence",
    "Flight Attendant Complaints": "engagement",
    "Flight Booking Problems": "executional_excellence",
    "Late Flight": "expediting",
    "Lost Luggage": "problem_recovery",
    "longlines": "expediting",
}
"""The touchpoint of each stated reason; "" stands for no reason."""


def read(files: Sequence[Path], options: ImportOptions) -> Iterator[Batch]:
    """Yield people, brands and interactions of the one file in *files*.

    Raises:
        InputError: the time zone is not known.
        UnreadableFile: the file is not the published one.
    """
    (file,) = files
    rows = c.read_delimited(file, dict.fromkeys(_NAMES, pa.string()))
    rows = rows.append_column("line", pa.array(c.lines_of(rows)))
    tweets = rows.filter(pa.array(c.repeats(rows["tweet_id"]) == 0)).combine_chunks()
    if rows.num_rows > tweets.num_rows:
        options.note(f"{file.name}: {rows.num_rows - tweets.num_rows:,} rows repeat a tweet and were left out")
    lines = tweets["line"].to_numpy()
    people = c.prefixed(c.joined("tweet", tweets["tweet_id"], separator="-"), options.prefix)
    airlines = c.prefixed(tweets["airline"], options.prefix)

    yield c.people_batch(people, lines, file)
    brands, brand_lines = c.distinct((airlines, lines))
    yield c.brands_batch(brands, brand_lines, file, category="airline")
    values = {
        "event_id": c.joined("airline", tweets["tweet_id"]),
        "at": _times(tweets["tweet_created"], options.timezone or "America/Los_Angeles", file),
        "consumer": people,
        "brand": airlines,
        "kind": pc.if_else(pc.equal(tweets["airline_sentiment"], "negative"), "complaint", "mention"),
        "touchpoint": _mapped(tweets["negativereason"], REASONS, "negativereason", file),
        "valence": _mapped(tweets["airline_sentiment"], _VALENCE, "airline_sentiment", file),
        "channel": "online",
        "platform": "Twitter",
    }
    yield make_batch(INTERACTIONS, values, lines, file)


def _mapped(values: pa.ChunkedArray, table: Mapping[str, str | float | None], column: str, file: Path) -> pa.Array:
    """Return *values* looked up in *table*; an unknown one is an error that names it."""
    index = pc.index_in(values, pa.array(list(table)))
    if index.null_count:
        unknown = values.filter(pc.is_null(index))[0].as_py()
        raise UnreadableFile(f"{file}: {column} {unknown!r} is unknown", remedy=f"known are {', '.join(table)}")
    return pa.array(list(table.values())).take(index.combine_chunks())


def _times(texts: pa.ChunkedArray, zone: str, file: Path) -> pa.Array:
    """Return ``M/D/YYYY H:MM`` of *zone* as UTC times."""
    try:
        local = pc.strptime(texts, "%m/%d/%Y %H:%M", "us")
        return pc.assume_timezone(local, zone).cast(pa.timestamp("us", tz="UTC")).combine_chunks()
    except pa.ArrowInvalid as error:
        if "timezone" in str(error) or "time zone" in str(error):
            raise InputError(
                f"time zone {zone!r} is unknown", remedy="give an IANA name, such as Europe/Berlin"
            ) from error
        raise UnreadableFile(f"{file}: tweet_created: {error}", remedy="times must read M/D/YYYY H:MM") from error
