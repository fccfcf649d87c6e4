"""HetRec 2011 Last.fm: 1,892 listeners, 17,632 artists, 92,834 play counts, 12,717 friendships.

Artists become brands. A play count becomes the weight of one ``free_use`` interaction, by which the listener
receives music and the artist attention.
Friendships, which the file lists in both directions, become one friend tie each. The set has no
dates: every interaction is at 2011-05-01T00:00:00Z, the month of its release, unless ``at`` is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from influence_graph.ingest.batching import make_batch
from influence_graph.ingest.importers import columns as c
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.model.records import INTERACTIONS, Batch

_TEXT = pa.string()


def read(files: Sequence[Path], options: ImportOptions) -> Iterator[Batch]:
    """Yield people, brands, ties and interactions of *files*.

    Raises:
        UnreadableFile: a file is not the published one.
    """
    artists, plays, friends = files
    played = c.read_delimited(plays, {"userID": _TEXT, "artistID": _TEXT, "weight": pa.float64()}, delimiter="\t")
    pairs = c.read_delimited(friends, {"userID": _TEXT, "friendID": _TEXT}, delimiter="\t")
    named = c.read_delimited(artists, {"id": _TEXT, "name": _TEXT}, delimiter="\t", quoted=False)
    users = c.prefixed(played["userID"], options.prefix)
    left, right = (c.prefixed(pairs[name], options.prefix) for name in ("userID", "friendID"))
    lines, pair_lines = c.lines_of(played), c.lines_of(pairs)

    yield c.people_batch(*c.distinct((users, lines), (left, pair_lines), (right, pair_lines)), plays)
    yield c.brands_batch(
        c.prefixed(named["id"], options.prefix), c.lines_of(named), artists, name=c.clean_text(named["name"])
    )
    yield c.friends_batch(left, right, pair_lines, friends)
    values = {
        "event_id": c.joined("lastfm", played["userID"], played["artistID"]),
        "at": options.date_or(2011, 5, 1),
        "consumer": users,
        "brand": c.prefixed(played["artistID"], options.prefix),
        "kind": "free_use",
        "weight": played["weight"],
        "channel": "online",
        "platform": "Last.fm",
    }
    yield make_batch(INTERACTIONS, values, lines, plays)
