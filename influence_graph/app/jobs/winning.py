"""How the people of a store can be won, and who of them cannot be asked for a post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.influencers.result import FOUND
from influence_graph.analyses.influencers.winning import DECLARED, GIVE, ways_to_win
from influence_graph.model.records import PEOPLE
from influence_graph.model.results import INFLUENCERS
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from influence_graph.model.parameters import SeedsParameters
    from influence_graph.model.runs import Run
    from influence_graph.stores.base import Reader

_NO_RUN = (
    "--passive-ok changes no choice: no run of influencers is kept, and without one nobody is left out for being "
    "passive (`influence-graph influencers --write` keeps one)"
)
_NOBODY = "--passive-ok changes no choice: nobody who may be chosen is found or declared passive"


@dataclass(frozen=True, eq=False)
class Winning:
    """How people can be won.

    Attributes:
        ways: how and basis by id, of those of whom it is known.
        run: The run of influencers that found some of them; None: none is kept.
    """

    ways: pd.DataFrame
    run: Run | None

    @property
    def passive(self) -> list[str]:
        """Ids of those who are won by giving them the product, sorted."""
        return sorted(self.ways.index[self.ways["how"] == GIVE])

    def note(self, passive: Sequence[str], parameters: SeedsParameters) -> str:
        """Return what became of the *passive* who might be chosen, "" where there is nothing to say."""
        if not passive or self.run is None:
            return "" if not parameters.passive_ok else _NO_RUN if self.run is None else _NOBODY
        counts = self.ways["basis"].reindex(list(passive)).value_counts()
        origins = {FOUND: f"found by {self.run.id}{_caveat(self.run, parameters.as_of)}", DECLARED: "declared"}
        by = ", ".join(f"{counts[name]:,} {origin}" for name, origin in origins.items() if name in counts)
        may = "may be chosen" if parameters.passive_ok else "cannot be chosen without --passive-ok"
        return f"{count_text(len(passive), 'passive person', 'passive people')} ({by}) {may}"


def winning(view: Reader, *, passive_ok: bool) -> Winning | None:
    """Return how the people of *view* can be won; None where no run of influencers is kept and not *passive_ok*."""
    current = view.results(INFLUENCERS)
    if current is None and not passive_ok:
        return None
    run, found = (None, INFLUENCERS.schema.empty_table()) if current is None else current
    columns = ["id", "kind", "style"]
    styled = [table.select(columns).filter(pc.field("style").is_valid()) for table in view.records(PEOPLE)]
    people = pa.concat_tables([PEOPLE.schema.empty_table().select(columns), *styled])
    return Winning(ways_to_win(found.select(["id", "style"]).to_pandas(), people.to_pandas()), run)


def left_out(view: Reader, parameters: SeedsParameters) -> list[str]:
    """Return the people of *view* who are not to be chosen as they are passive, sorted."""
    if parameters.passive_ok:
        return []
    known = winning(view, passive_ok=False)
    return [] if known is None else known.passive


def _caveat(run: Run, as_of: datetime | None) -> str:
    """Return what a user should know of a run of another time, or nothing."""
    if as_of is None or run.parameters.get("as_of") == as_of.isoformat():
        return ""
    return f" with another --as-of: `influence-graph influencers --write --as-of {as_of:%Y-%m-%d}` fits"
