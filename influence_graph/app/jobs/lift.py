"""Lift: by how much each campaign of a store raised what is counted, each with its uncertainty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pandas as pd
import pyarrow as pa

from influence_graph.analyses.lift.campaign_result import CampaignLift
from influence_graph.analyses.lift.lags import LEVEL
from influence_graph.analyses.lift.series_result import CANNOT_TELL, UNCLEAR
from influence_graph.app.jobs.estimate import ResourceEstimate
from influence_graph.app.jobs.job import Inputs, Job, Progress, Record
from influence_graph.app.lift.campaign import CampaignLifts, checked
from influence_graph.errors import InputError
from influence_graph.model.parameters import CampaignLiftParameters, recorded
from influence_graph.model.records import BRANDS, CAMPAIGNS, PEOPLE, SALES, TIES, RecordKind, record_kind
from influence_graph.model.results import LIFT, ResultKind
from influence_graph.stores.base import InteractionFilter, Reader, Snapshot
from influence_graph.text import count_text

if TYPE_CHECKING:
    from influence_graph.model.touchpoints import TouchpointTable

_READ = (CAMPAIGNS, SALES, PEOPLE, TIES)
_SECONDS_PER_CAMPAIGN, _BYTES_PER_RECORD = 0.5, 500
_SHOWN_REASONS = 3


@dataclass(frozen=True, eq=False)
class LiftInputs(Inputs):
    """What lift is estimated from.

    Attributes:
        made: What estimates, of what was read of the store.
        said: Note of each record of a campaign, by its id.
        sizes: Number of records of each kind.
        digest: Digest of all records.
    """

    made: CampaignLifts
    said: Mapping[str, str]
    sizes: Mapping[str, int]
    digest: str


@dataclass(frozen=True, eq=False)
class Lifted:
    """The lift of every campaign, by day; *said* is the note of each of their records, by its id."""

    lifts: tuple[CampaignLift, ...]
    said: Mapping[str, str]

    @property
    def table(self) -> pd.DataFrame:
        """A row per campaign.

        Columns: campaign (id of its first record), kind and note (missing for none), and else as
        :meth:`~influence_graph.analyses.lift.campaign_result.CampaignLift.row` says, its total as lift.
        """
        rows = [
            {"kind": each.kind or None, "note": self.said.get(each.campaign) or None, **each.row()}
            for each in self.lifts
        ]
        return pd.DataFrame(rows).rename(columns={"total": "lift"})

    @property
    def tested(self) -> int:
        """How many campaigns could be tested."""
        return len(self.lifts) - self._with(CANNOT_TELL)

    @property
    def clear(self) -> int:
        """How many campaigns clearly raised or lowered what is counted."""
        return self.tested - self._with(UNCLEAR)

    def _with(self, status: str) -> int:
        return sum(each.status == status for each in self.lifts)

    def sentences(self) -> list[str]:
        """Return how many campaigns were tested, how many would look clear by chance alone, and why others were not."""
        line = f"Of {count_text(len(self.lifts), 'campaign')} {self.tested:,} could be tested: "
        lines = [f"{line}{self.clear:,} with a clear difference."]
        if self.tested:
            alone = f"about {LEVEL * self.tested:.2g}"
            lines.append(f"By chance alone {alone} would look clear: {100 * LEVEL:g} % of those tested.")
        shared = sum(bool(each.others) and each.status != CANNOT_TELL for each in self.lifts)
        if shared:
            lines.append(f"Of them {shared:,} had others in these days, too: what each did cannot be told apart.")
        return lines

    def reasons(self) -> list[str]:
        """Return why campaigns could not be tested, the most frequent reasons first, a line each."""
        found = Counter(reason for each in self.lifts if (reason := each.row()["reason"]))
        lines = [f"{count_text(many, 'campaign')}: {why}" for why, many in found.most_common(_SHOWN_REASONS)]
        others = sum(found.values()) - sum(many for _, many in found.most_common(_SHOWN_REASONS))
        return [*lines, f"{count_text(others, 'campaign')}: other reasons"] if others else lines


class LiftJob(Job[CampaignLiftParameters, LiftInputs, Lifted]):
    """Estimate the lift of all campaigns. A run keeps a row for each record of each of them."""

    def kind(self, parameters: CampaignLiftParameters) -> ResultKind:
        """Return the row of lift."""
        del parameters
        return LIFT

    def read(self, view: Snapshot, parameters: CampaignLiftParameters) -> LiftInputs:
        """Read campaigns, what is counted, and who sees whom."""
        checked(parameters)
        records = LiftView(view)
        made = CampaignLifts(cast("Snapshot", records), parameters)
        if not made.campaigns:
            message = f"the store {view.url} holds no campaigns"
            raise InputError(message, remedy="ingest some first: `influence-graph ingest campaigns.csv`")
        return LiftInputs(made, records.said(), view.counts(), view.digest())

    def estimate(self, inputs: LiftInputs, parameters: CampaignLiftParameters) -> ResourceEstimate:
        """Return the estimate, from the number of campaigns."""
        del parameters
        sizes = inputs.sizes
        seconds = len(inputs.made.campaigns) * _SECONDS_PER_CAMPAIGN
        memory = sum(sizes.values()) * _BYTES_PER_RECORD
        return ResourceEstimate(sizes["people"], sizes["ties"], seconds, memory)

    def calculate(
        self, inputs: LiftInputs, parameters: CampaignLiftParameters, progress: Progress | None = None
    ) -> Lifted:
        """Estimate each; *progress* is called with the number of campaigns done, and of all."""
        del parameters
        lifts: list[CampaignLift] = []
        for each in inputs.made.campaigns:
            lifts.append(inputs.made.of(each.ids[0]))
            if progress is not None:
                progress((len(lifts), len(inputs.made.campaigns)))
        return Lifted(tuple(lifts), inputs.said)

    def record(self, inputs: LiftInputs, parameters: CampaignLiftParameters, outcome: Lifted) -> Record:
        """Return a row per record of each campaign, and how many could be tested."""
        counts = {"campaigns": len(outcome.lifts), "tested": outcome.tested, "clear": outcome.clear}
        rows = [
            {**row, "campaign": id_, "first": each.campaign, "lift": row["total"]}
            for each in outcome.lifts
            for row in [each.row()]
            for id_ in each.campaigns
        ]
        return Record(inputs.digest, {**recorded(parameters), **counts}, pa.Table.from_pylist(rows, LIFT.schema))


class LiftView:
    """What lift reads of a view, read at once: it can be asked after the view has ended."""

    def __init__(self, view: Reader) -> None:
        self.url = "the store"  # reasons are kept, and say the same of every store
        self._tables = {kind.name: list(view.records(kind)) for kind in _READ}
        self._interactions, self._kinds = view.interactions(), view.kinds()
        self._touchpoints, self._brands = view.touchpoints(), view.names(BRANDS)

    def records(self, kind: RecordKind | str) -> Iterator[pa.Table]:
        """Yield the records of *kind*."""
        return iter(self._tables[record_kind(kind).name])

    def interactions(self, where: InteractionFilter = InteractionFilter()) -> pa.Table:  # noqa: B008 - frozen
        """Return all interactions that count."""
        del where
        return self._interactions

    def kinds(self) -> dict[str, int]:
        """Return the number of interactions by kind."""
        return self._kinds

    def touchpoints(self) -> TouchpointTable:
        """Return what each kind of interaction means."""
        return self._touchpoints

    def names(self, kind: RecordKind | str, ids: Sequence[str] | pa.Array | None = None) -> Mapping[str, str]:
        """Return the names of brands."""
        del kind, ids
        return self._brands

    def said(self) -> dict[str, str]:
        """Return the note of each record of a campaign, by its id."""
        rows = [table.select(["event_id", "note"]).to_pydict() for table in self.records(CAMPAIGNS)]
        return {id_: note or "" for each in rows for id_, note in zip(each["event_id"], each["note"], strict=True)}
