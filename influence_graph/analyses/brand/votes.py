"""How consumers vote for and against a brand: with their feet, their wallet and their voice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.intervals import clustered_mean
from influence_graph.analyses.result import Told
from influence_graph.model.display import short_line
from influence_graph.model.touchpoints import VOTES
from influence_graph.text import count_text

if TYPE_CHECKING:
    from influence_graph.analyses.interactions.ledger import Ledger
    from influence_graph.analyses.interactions.meaning import Meaning

_COLUMNS = ["vote", "votes", "consumers", "against", "share", "low", "high"]
_ACTS = {"feet": "by coming and using", "wallet": "by paying", "voice": "by speaking"}


@dataclass(frozen=True, eq=False, repr=False)
class Votes(Told):
    """The votes of a brand's consumers.

    Attributes:
        frame: vote (feet, wallet, voice), votes and consumers (counts), against (votes of a valence below 0), share
            (of the votes that are against) with low and high, NaN where too few; without rows for ways not used.
        unclear: Interactions of kinds that are no vote, those of the brand included.
    """

    frame: pd.DataFrame
    unclear: int

    def __repr__(self) -> str:
        return short_line("Votes", dict(zip(self.frame["vote"], self.frame["votes"], strict=True)))

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        if self.frame.empty:
            return ["No vote of a consumer, by feet, wallet or voice, is on record."]
        lines = []
        for row in self.frame.to_dict("records"):
            who, times = count_text(row["consumers"], "consumer"), count_text(row["votes"], "time")
            counts = f"{row['votes'] - row['against']:,} for the brand, {row['against']:,} against it"
            lines.append(f"{who} voted {_ACTS[row['vote']]}, {times}: {counts}.")
        return lines


def votes(direct: Ledger, meaning: Meaning) -> Votes:
    """Return how the consumers vote in *direct*, the interactions with the brand, by their *meaning*."""
    rows = []
    for code, name in enumerate(VOTES):
        here = meaning.vote == code
        if not here.any():
            continue
        against = meaning.valence[here] < 0
        consumer = direct.consumer.codes[here]
        share = clustered_mean(against.astype(np.float64), consumer)
        interval = (np.nan,) * 3 if share is None else (share.value, share.low, share.high)
        rows.append((name, int(here.sum()), np.unique(consumer).size, int(against.sum()), *interval))
    return Votes(pd.DataFrame(rows, columns=_COLUMNS), int((meaning.vote < 0).sum()))
