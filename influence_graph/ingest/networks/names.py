"""Which column of an edge list is which, by the names above it.

The names are those that publishers and tools write: SNAP (``FromNodeId``, ``SrcID``, ``UNIXTS``), Gephi
(``Source``), networkx and pandas (``source``), the MUSAE sets (``node_1``, ``id_1``), and words of trade.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

SOURCES = frozenset(
    {
        "source",
        "sourceid",
        "sourcenode",
        "src",
        "srcid",
        "srcnode",
        "from",
        "fromid",
        "fromnode",
        "fromnodeid",
        "fromuser",
        "fromuserid",
        "start",
        "startid",
        "startnode",
        "follower",
        "followerid",
        "followername",
        "followerusername",
        "subscriber",
        "truster",
        "trustor",
        "sender",
        "citing",
        "rater",
    }
)
"""Names of the column where an edge starts: who follows, trusts, cites or sends."""
TARGETS = frozenset(
    {
        "target",
        "targetid",
        "targetnode",
        "tgt",
        "tgtid",
        "dst",
        "dstid",
        "dstnode",
        "dest",
        "destination",
        "destinationid",
        "to",
        "toid",
        "tonode",
        "tonodeid",
        "touser",
        "touserid",
        "end",
        "endid",
        "endnode",
        "followee",
        "followeeid",
        "followed",
        "followedid",
        "following",
        "follows",
        "friend",
        "friendid",
        "trustee",
        "receiver",
        "recipient",
        "cited",
        "ratee",
    }
)
"""Names of the column where it ends."""
_OTHER_END = frozenset(
    {
        "user",
        "userid",
        "username",
        "node",
        "nodeid",
        "id",
        "person",
        "account",
        "name",
        "page",
        "channel",
        "influencer",
        "handle",
        "member",
    }
)
TIMES = frozenset(
    {
        "time",
        "times",
        "timestamp",
        "timestamps",
        "unixts",
        "unixtime",
        "ts",
        "epoch",
        "date",
        "datetime",
        "since",
        "at",
        "createdat",
    }
)
"""Names of the column of times."""
_PAIR = re.compile(r"(.+?)(?:[ _-]?([12])|[ _-]([ab]))", re.IGNORECASE)


@dataclass(frozen=True)
class Roles:
    """The places of the columns, 0-based; ``certain`` is whether both ends were known by their names."""

    source: int
    target: int
    since: int | None
    certain: bool

    @property
    def ends(self) -> tuple[int, int]:
        """Places of the two ends."""
        return self.source, self.target


def plain_name(name: str) -> str:
    """Return *name* in small letters and digits only.

    Example:
        >>> plain_name("# From_Node Id"), plain_name("x1")
        ('fromnodeid', 'x1')
    """
    return re.sub(r"[\W_]+", "", name).casefold()


def roles_of(names: Sequence[str]) -> Roles:
    """Return the roles of columns named *names*, of which there are at least two.

    Example:
        >>> roles_of(["Id", "Source", "Target"]).ends, roles_of(["user", "follower"]).ends
        ((1, 2), (1, 0))
        >>> roles_of(["ann", "june"]).certain
        False
    """
    plain = [plain_name(name) for name in names]
    sources = [i for i, name in enumerate(plain) if name in SOURCES]
    targets = [i for i, name in enumerate(plain) if name in TARGETS]
    times = [i for i, name in enumerate(plain) if name in TIMES and i not in (*sources, *targets)]
    since = times[0] if times else None
    others = [i for i, name in enumerate(plain) if name in _OTHER_END]
    if len(sources) == 1 and len(targets) == 1:
        return Roles(sources[0], targets[0], since, certain=True)
    if len(sources) == 1 and not targets and len(others) == 1:
        return Roles(sources[0], others[0], since, certain=True)
    if len(targets) == 1 and not sources and len(others) == 1:
        return Roles(others[0], targets[0], since, certain=True)
    return Roles(0, 1, since, certain=numbered(names))


def numbered(names: Sequence[str]) -> bool:
    """Return whether the first two of *names* are one word with 1 and 2, or a and b, as nodes may be called too.

    Example:
        >>> numbered(["node_1", "node_2"]), numbered(["person a", "person b"]), numbered(["x", "y"])
        (True, True, False)
    """
    first, second = (_PAIR.fullmatch(name.strip()) for name in names[:2])
    if not first or not second or first[1].casefold() != second[1].casefold():
        return False
    return ((first[2], second[2]) == ("1", "2")) or ((first[3] or "").lower(), (second[3] or "").lower()) == ("a", "b")


def stem(name: str) -> str:
    """Return *name* without the 1, 2, a or b at its end."""
    match = _PAIR.fullmatch(name.strip())
    return match[1] if match else name
