"""Where records came from: the files, data sets and stores that gave them.

Each record carries two small integers. ``origin`` is the number of the source that first gave it: 0 on a person or
brand that other records name and no source has declared, null on what was stored before sources were kept: that is not
on record. ``also`` is the number of another source that gave it, too: 0 stands for several, null for none. What a
later source wrote over a value is not kept: from which of its sources a value of a record came cannot be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

NAMED_ONLY = 0
"""``origin`` of a person or brand that no source has declared."""
SEVERAL = 0
"""``also`` of a record that three sources or more gave."""


@dataclass(frozen=True)
class Source:
    """What records came from: a file, a data set, or another store.

    Attributes:
        number: Its number in the store, from 1 in the order first ingested.
        name: How it was called then: a path, ``import NAME``, or the address of a store.
        digest: Of its contents, 32 hexadecimal digits: the same contents are one source, whatever they are called.
        added_at: When it was first ingested.
        rows: How many records it gave when it was last ingested to its end; None: it never was.
    """

    number: int
    name: str
    digest: str
    added_at: datetime
    rows: int | None = None


@dataclass(frozen=True, eq=False)
class Brought:
    """What some sources gave of one kind of record.

    Attributes:
        only: The keys (columns of ``kind.key``, as text or date) of the records that no other source gave.
        shared: How many records others gave, too: they stay, with values that any of their sources may have written.
    """

    only: pa.Table
    shared: int


def matching(sources: Sequence[Source], text: str, digest: str = "") -> list[Source]:
    """Return those of *sources* that *text* means: the one of the *digest*, else by number (``#3``), or by name.

    Args:
        sources: All of a store.
        text: A number with ``#``, or a name as :attr:`Source.name`.
        digest: That of the contents of the file *text*, where there is such a file.
    """
    if digest and (same := [each for each in sources if each.digest == digest]):
        return same
    return [each for each in sources if text in (f"#{each.number}", each.name)]
