"""The result of the search for influencers: a row for everybody, also for those who cannot be tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.frames import named
from influence_graph.analyses.result import Displayed
from influence_graph.text import count_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOUND, NONE, UNTESTED = "found", "none found", "cannot be tested"
OTHER, AHEAD, ONE = "or another", "ahead of a trend", "rests on one"
"""What is said of a person; ``OTHER``: somebody else explains it, ``AHEAD``: people who cannot see them took up the
same soon after, ``ONE``: it rests on one follower or item."""
_RANKS = {FOUND: 0, OTHER: 1, AHEAD: 2, ONE: 3, NONE: 4, UNTESTED: 5}


@dataclass(frozen=True, eq=False, repr=False)
class Influencers(Displayed):
    """Who moves others beyond what comparable people do, and beyond what their audience liked before.

    Attributes:
        table: One row per person, in the order of ``ids``: see :meth:`to_frame`.
        ids: Id of each person.
        labels: Label of each node, or None.
        priors: Per bin of lags: from_days, to_days, homophily (m: how much more than comparable people audiences take
            up before those they watch do; 1 where the strata explain all), alikeness (k: the larger, the more alike
            audiences are in that), adoptions (before, of which it was learned); missing where too few came before.
        curve: Of each found person and bin: id, from_days, to_days, before, expected_before, after, expected_after,
            excess, watched (the share of the bin that the records cover).
        groups: Share of all influence by how many are exposed to a person, with 95 % intervals; see
            :func:`~influence_graph.analyses.influencers.shares.shares`.
        lorenz: Share of the people by rising following, and of the excess adoptions so far.
        log: How many actions and items were used, and what was left out.
        mirrored: How many the same search finds with before and after exchanged: nobody moves others before they act,
            so these are found by chance, and about as many of the found may be.
        parameters: The parameters, as JSON values.
        digest: Digest of the graph.
    """

    table: pd.DataFrame
    ids: NDArray[np.object_]
    labels: NDArray[np.object_] | None
    priors: pd.DataFrame
    curve: pd.DataFrame
    groups: pd.DataFrame
    lorenz: pd.DataFrame
    log: Mapping[str, int]
    mirrored: int
    parameters: Mapping[str, Any]
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """Return a row per person, found ones first, by rising p, then id.

        Columns: id, label (where there are labels), status (``found``, ``none found``, ``or another``, ``ahead of a
        trend``, ``rests on one``, ``cannot be tested``), reason (in words, where it is neither of the first two), style
        (``active``, ``passive`` or ``cannot be told``; of the found), p (up to 0.01 the worst without any one follower
        or item), q (Benjamini-Hochberg, of the larger of p and the next; 1 for who is ahead of a trend),
        p_without_others (as p, without the pairs that other found people reached), audience, items, after (adoptions of
        the audience later than the person's own), expected (the mean of what the audience would have taken up anyway),
        caused with caused_low and caused_high (median and 95 % of those that would not have come: more than ``after``
        less ``expected`` where fewer than expected came in some bin), gamma (Γ*: hidden homophily that would explain
        it), e_value, half_life_days with half_life_low and half_life_high (within which half of those who follow do,
        95 %), at_least (the records are too short to tell an upper end, which is ∞ then), rivals (ids of those of whom
        it may be instead, joined by ``|``), and p_permuted where permutations were asked for.
        """
        rank = self.table["status"].map(_RANKS)
        frame = pd.concat([pd.DataFrame(named(self.ids, self.labels)), self.table.assign(_rank=rank)], axis=1)
        return frame.sort_values(["_rank", "p", "id"], ignore_index=True).drop(columns="_rank")

    @property
    def found(self) -> pd.DataFrame:
        """The rows of :meth:`to_frame` of those who were found."""
        frame = self.to_frame()
        return frame[frame["status"] == FOUND].reset_index(drop=True)

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        count = {status: int((self.table["status"] == status).sum()) for status in _RANKS}
        tested = len(self.table) - count[UNTESTED]
        who = count_text(tested, "person", "people")
        lines = [
            f"Of {who} tested, {count[FOUND]:,} move others beyond chance; {count[UNTESTED]:,} cannot be tested.",
            f"With before and after exchanged, where nobody can move others, the same search finds {self.mirrored:,}.",
            "This is no proof: a shared taste that nobody recorded can look the same. A randomized test can tell.",
        ]
        if not tested:
            del lines[1]  # nothing was searched in either direction
            why = self.table["reason"].value_counts()
            lines.insert(1, f"The commonest reason: {why.index[0]} ({int(why.iloc[0]):,}).")
        return lines

    def _figures(self) -> Mapping[str, object]:
        status = self.table["status"]
        return {
            "people": len(self.table),
            "tested": int((status != UNTESTED).sum()),
            "found": int((status == FOUND).sum()),
            "mirrored": self.mirrored,
            "fdr": self.parameters["fdr"],
        }
