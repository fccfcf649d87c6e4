"""What changed from one state of all results to another: bonds, rankings, seeds and probabilities together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd

from influence_graph.analyses.changes.bonds import BondChanges
from influence_graph.analyses.changes.results import ResultChanges
from influence_graph.analyses.changes.sentences import bond_text
from influence_graph.analyses.result import Displayed
from influence_graph.model.names import NO_NAMES, NodeNames
from influence_graph.model.results import SCORE, kind_of
from influence_graph.text import count_text

_COLUMNS = (
    *("kind", "consumer", "brand", "label", "id", "source", "target", "before", "after", "change"),
    *("rank_before", "rank_after", "events", "unexplained", "cause", "cause_change", "cause_reason"),
)


@dataclass(frozen=True, eq=False, repr=False)
class Changes(Displayed):
    """What changed from the results of one recalculation to those of another, and why.

    Attributes:
        start: The earlier state: id of a recalculation or run, or its time as text.
        end: The later one.
        start_at: When the earlier results became current.
        end_at: When the later ones did.
        bonds: What changed the Fusion Scores; None where they did not change, or were not compared.
        results: What changed of each other kind.
        unchanged: Kinds whose results are the same run, or equal.
        notes: What cannot be told, and why, in sentences.
        names: Names of those that the sentences name.
        parameters: The two states, and the runs compared by kind, as JSON values.
        digest: Digest of the interactions, "" where no scores were compared.
    """

    start: str
    end: str
    start_at: datetime
    end_at: datetime
    bonds: BondChanges | None
    results: tuple[ResultChanges, ...]
    unchanged: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    names: NodeNames = NO_NAMES
    parameters: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Return one row per bond, node, pair or seed that changed, the largest change of its kind first.

        Columns: kind; consumer and brand, label and id, or source and target; before, after, change; rank_before and
        rank_after where nodes are ranked; of bonds events and unexplained, and, of those that changed most, the event
        that moved it most: cause, cause_change, cause_reason.
        """
        parts = [each.rows.assign(kind=each.kind) for each in self.results]
        if self.bonds is not None:
            parts.insert(0, self._bond_rows(self.bonds))
        frame = pd.concat([part for part in parts if len(part)]) if any(map(len, parts)) else pd.DataFrame()
        return frame.reindex(columns=list(_COLUMNS)).reset_index(drop=True)

    def sentences(self, names: NodeNames | None = None, top: int = 3) -> list[str]:
        """Return what changed and why as plain lines, with *names* (default: ``names``) beside ids."""
        known = self.names if names is None else names
        lines = [] if self.bonds is None else self.bonds.sentences(known, top)
        for each in self.results:
            lines += each.sentences(known, top)
        if self.unchanged:
            lines.append(f"Unchanged: {', '.join(kind_of(kind).title for kind in self.unchanged)}.")
        return [*lines, *self.notes]

    def summary(self) -> str:
        """Return the main change of bonds, and how many rose and fell, in one sentence."""
        head = f"Since {self.start_at:%Y-%m-%d %H:%M %Z}"
        parts = []
        if self.bonds is not None and len(self.bonds.bonds):
            change = self.bonds.bonds["change"]
            rose, fell = int((change > 0).sum()), int((change < 0).sum())
            first = bond_text(self.bonds.bonds.iloc[0].to_dict(), self.bonds.terms, self.names)
            parts.append(f"{count_text(rose, 'bond')} rose and {fell:,} fell, most of all {first}")
        for each in self.results:
            if len(each.rows):
                parts.append(f"{kind_of(each.kind).title}: {each.sentences(self.names, 0)[0].partition(': ')[2][:-1]}")
        return f"{head}: {'; '.join(parts)}." if parts else f"{head}, no result changed."

    def _bond_rows(self, bonds: BondChanges) -> pd.DataFrame:
        first = bonds.terms.drop_duplicates(["consumer", "brand"]).set_index(["consumer", "brand"])
        cause = first.rename(columns={"event_id": "cause", "change": "cause_change", "reason": "cause_reason"})
        named = cause[["cause", "cause_change", "cause_reason"]]
        return bonds.bonds.join(named, on=["consumer", "brand"]).assign(kind=SCORE.kind)

    def _figures(self) -> Mapping[str, object]:
        figures: dict[str, object] = {"start": self.start, "end": self.end}
        if self.bonds is not None:
            figures["bonds"] = len(self.bonds.bonds)
        return figures | {each.kind: len(each.rows) for each in self.results}
