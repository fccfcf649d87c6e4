"""Which column of an edge list is which, by the names above it.

The names are those that publishers and tools write: SNAP (``FromNodeId``, ``SrcID``, ``UNIXTS``), Gephi
(``Source``), networkx and pandas (``source``), the MUSAE sets (``node_1``, ``id_1``), and words of trade.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

SOURCES = frozenset(
    {"source", "src", "from", "origin", "follower", "subscriber", "fan", "truster", "trustor"}
    | {"sender", "citing", "rater", "caller"}
)
"""Words for the end where an edge starts: who follows, trusts, cites or sends."""
TARGETS = frozenset(
    {"target", "tgt", "dst", "dest", "destination", "to", "followee", "followed", "following", "follows"}
    | {"friend", "trustee", "receiver", "recipient", "cited", "ratee", "callee"}
)
"""Words for the end where it ends."""
_BOUNDS = frozenset({"start", "end"})  # of an edge, unless other columns are its ends: then of a time
_ENDS = frozenset(
    {"id", "user", "userid", "username", "node", "nodeid", "vertex", "person", "account", "name", "page", "channel"}
    | {"influencer", "handle", "member", "actor", "agent", "author", "artist", "label", "key", "screen"}
)
"""Words for an end without its direction, alone or beside one with it: ``FromNodeId``, ``user, follower``."""
TIMES = frozenset(
    {"time", "times", "timestamp", "timestamps", "unixts", "unixtime", "ts", "epoch", "date", "datetime", "since"}
    | {"at", "createdat"}
)
"""Names of the column of times."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\da-zA-Z_]+")
_PAIR = re.compile(r"(.+?)(?:[ _-]?([12])|[ _-]([abAB])|(?<=[a-z])([AB]))")


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
        >>> roles_of(["FromNodeId", "ToNodeId"]).certain, roles_of(["ann", "june"]).certain
        (True, False)
    """
    kinds = [_kind(name) for name in names]
    since = next((i for i, name in enumerate(names) if plain_name(name) in TIMES), None)
    places = {kind: [i for i, each in enumerate(kinds) if each == kind] for kind in "sStTn"}
    sources, targets, others = places["s"] or places["S"], places["t"] or places["T"], places["n"]
    if len(sources) == 1 and len(targets) == 1:
        return Roles(sources[0], targets[0], since, certain=True)
    if len(sources) == 1 and not targets and len(others) == 1:
        return Roles(sources[0], others[0], since, certain=True)
    if len(targets) == 1 and not sources and len(others) == 1:
        return Roles(others[0], targets[0], since, certain=True)
    return Roles(0, 1, since, certain=numbered(names))


def _kind(name: str) -> str:
    """Return s for a source, t for a target, n for a node, "" for another; S and T by the words start and end."""
    words = {plain_name(name)} if plain_name(name) in _ENDS else {_end(w.casefold()) for w in _WORD.findall(name)}
    known = words - {""}
    if not known or not known <= SOURCES | TARGETS | _ENDS | _BOUNDS:
        return ""
    starts, ends = known & (SOURCES | {"start"}), known & (TARGETS | {"end"})
    if bool(starts) == bool(ends):
        return "" if starts else "n"
    kind = "s" if starts else "t"
    return kind.upper() if known & _BOUNDS else kind


def _end(word: str) -> str:
    """Return *word* without what only says that it is the id of a node: tonodeid is to."""
    for more in ("id", "node", "user", "name"):
        word = word if word in _ENDS else word.removesuffix(more)
    return word


def numbered(names: Sequence[str]) -> bool:
    """Return whether the first two of *names* are one word with 1 and 2, or a and b, as nodes may be called too.

    Example:
        >>> numbered(["node_1", "node_2"]), numbered(["nodeA", "nodeB"]), numbered(["x", "y"])
        (True, True, False)
    """
    first, second = (_PAIR.fullmatch(name.strip()) for name in names[:2])
    if not first or not second or first[1].casefold() != second[1].casefold():
        return False
    return (_mark(first), _mark(second)) in (("1", "2"), ("a", "b"))


def _mark(match: re.Match[str]) -> str:
    return (match[2] or match[3] or match[4]).casefold()


def stem(name: str) -> str:
    """Return *name* without the 1, 2, a or b at its end."""
    match = _PAIR.fullmatch(name.strip())
    return match[1] if match else name
