"""How a person can be won: by giving the product to those who move others in silence, or by asking for a post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.analyses.influencers.result import FOUND
from influence_graph.analyses.influencers.style import ACTIVE, PASSIVE
from influence_graph.text import NOT_ON_RECORD

if TYPE_CHECKING:
    from collections.abc import Iterable

GIVE, ASK = "give the product", "ask for a post"
DECLARED = "declared"
"""What says so, beside ``FOUND``: the record of the person."""
_WAYS = {PASSIVE: GIVE, ACTIVE: ASK}
_INFLUENCER = "influencer"


def ways_to_win(found: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return how those can be won of whom it is known; what was found goes before what the records declare.

    Args:
        found: id and style of those found; a style that cannot be told says nothing.
        people: id, kind and style, as people records have them; a style says something of declared influencers only.

    Returns:
        how (:data:`GIVE` or :data:`ASK`) and basis (``found`` or ``declared``) by id.
    """
    declared = people[people["kind"] == _INFLUENCER]
    given = [(found, FOUND), (declared, DECLARED)]
    ids = [id_ for frame, _ in given for id_ in frame["id"]]
    how = [_WAYS.get(style) for frame, _ in given for style in frame["style"]]
    basis = [name for frame, name in given for _ in range(len(frame))]
    known = pd.DataFrame({"id": ids, "how": how, "basis": basis}, dtype=object)
    return known[known["how"].notna()].drop_duplicates("id").set_index("id")


def how_to_win(ids: Iterable[str], ways: pd.DataFrame) -> pd.DataFrame:
    """Return the columns how and basis, a row for each of *ids*: ``not on record`` and None where nothing is known.

    Args:
        ids: Ids of people.
        ways: What :func:`ways_to_win` returned.
    """
    rows = ways.reindex(list(ids)).reset_index(drop=True).astype(object)
    return rows.assign(how=rows["how"].fillna(NOT_ON_RECORD), basis=rows["basis"].where(rows["basis"].notna(), None))
