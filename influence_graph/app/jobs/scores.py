"""Fusion Scores of a store's bonds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.fusion.applied import applied_points
from influence_graph.analyses.fusion.co_associations import co_associations
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.interactions.digest import digest_of
from influence_graph.app.jobs import kept_scores
from influence_graph.app.jobs.estimate import ResourceEstimate
from influence_graph.app.jobs.job import Inputs, Job, Progress, Record
from influence_graph.app.lookups import require
from influence_graph.errors import InputError
from influence_graph.model.parameters import ScoreParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import BRANDS, PEOPLE
from influence_graph.model.results import SCORE, ResultKind
from influence_graph.stores.base import InteractionFilter, LedgerMark, Shown, Snapshot


@dataclass(frozen=True, eq=False)
class ScoreInputs(Inputs):
    """What scores are calculated from.

    Attributes:
        as_of: The time for which the scores hold.
        interactions: The interactions that count; None where *latest* holds what is needed.
        latest: For all bonds at the latest time: what is new since running sums were kept, or all interactions.
        display_scale: Of the written scores by the same policy, which some bonds alone must not set anew; else None.
        history: All interactions, for a store that shows what they mean once the scores are written; else None.
        shown_before: Whether that store shows the points of the kept sums of *latest*: only what differs is written.
    """

    as_of: datetime | None
    interactions: pa.Table | None = None
    latest: kept_scores.LatestInputs | None = None
    history: pa.Table | None = None
    display_scale: float | None = None
    shown_before: bool = False

    @property
    def digest(self) -> str:
        """Digest of the interactions; where sums are or were kept, the proof of the ledger's mark."""
        if self.latest is None:
            return digest_of(self.interactions)
        mark = self.latest.mark
        return digest_of(self.latest.interactions) if mark is None else mark.proof


class ScoreJob(Job[ScoreParameters, ScoreInputs, pd.DataFrame]):
    """Calculate the Fusion Scores of all bonds, or of some consumers or brands."""

    def kind(self, parameters: ScoreParameters) -> ResultKind:
        """Return the row of Fusion Scores."""
        del parameters
        return SCORE

    def read(self, view: Snapshot, parameters: ScoreParameters) -> ScoreInputs:
        """Read the interactions; spillover crosses brands, so all brands of the consumers are read.

        Raises:
            NotFound: a consumer or brand is not in the store.
        """
        require(view, PEOPLE, parameters.consumers or ())
        require(view, BRANDS, parameters.brands or ())
        as_of = parameters.as_of or view.latest()
        shown = parameters.written and view.shows_meaning
        history = view.interactions(InteractionFilter(history=True)) if shown else None
        if parameters.consumers is None and parameters.as_of is None and parameters.valid_at is None:
            latest = kept_scores.read(view, parameters.policy, keep=parameters.keep)
            before = shown and latest.kept is not None and _shows(view, latest.kept, parameters.policy)
            return ScoreInputs(as_of, latest=latest, history=history, shown_before=before)
        where = InteractionFilter(consumers=parameters.consumers, as_of=as_of, valid_at=parameters.valid_at)
        scale = None if parameters.consumers is None else _written_scale(view, parameters.policy)
        return ScoreInputs(as_of, view.interactions(where), history=history, display_scale=scale)

    def estimate(self, inputs: ScoreInputs, parameters: ScoreParameters) -> ResourceEstimate | None:
        """Return None: a million interactions take a second."""
        del inputs, parameters
        return None

    def calculate(
        self, inputs: ScoreInputs, parameters: ScoreParameters, progress: Progress | None = None
    ) -> pd.DataFrame:
        """Return the columns of ``ig.fusion_scores``.

        All bonds at the latest time are brought up to date from kept running sums where those fit, equal to
        1e-9; with ``keep`` the sums are kept for the next time.
        """
        del progress
        if inputs.latest is not None:
            frame = kept_scores.calculate(inputs.latest).frame
        else:
            policy = parameters.policy
            if inputs.display_scale is not None:
                policy = replace(policy, display_scale=inputs.display_scale)
            frame = fusion_scores(inputs.interactions, inputs.as_of, policy, parameters.valid_at)
        return frame if parameters.brands is None else frame[frame["brand"].isin(list(parameters.brands))]

    def to_write(self, parameters: ScoreParameters) -> ScoreParameters:
        """Return *parameters* by which also what records carry of the scores is read."""
        return replace(parameters, written=True)

    def require_writable(self, parameters: ScoreParameters) -> None:
        """Raise InputError where the scores are only some of all, or in hindsight."""
        if parameters.consumers is not None or parameters.brands is not None:
            raise InputError("only all scores together can be written", remedy="leave out --consumer and --brand")
        if parameters.valid_at is not None:
            raise InputError("scores in hindsight are not written", remedy="leave out --valid-at, or --write")

    def record(self, inputs: ScoreInputs, parameters: ScoreParameters, outcome: pd.DataFrame) -> Record:
        """Return all scores."""
        as_of = outcome.attrs["as_of"]
        if as_of is None:
            raise InputError("the store holds no interactions, and so no scores to write", remedy="ingest some first")
        columns = [name for name in SCORE.schema.names if name != "as_of"]
        table = pa.table({name: pa.array(outcome[name]) for name in columns})
        times = pa.repeat(pa.scalar(as_of, pa.timestamp("us", tz="UTC")), table.num_rows)
        scale = outcome.attrs["display_scale"]
        kept = {"policy": parameters.policy.to_dict(), "as_of": as_of.isoformat(), "display_scale": scale}
        return Record(inputs.digest, kept, table.append_column("as_of", times), _shown(inputs, parameters, as_of))


def _written_scale(view: Snapshot, policy: FusionPolicy) -> float | None:
    """Return the display scale of the latest scores written by *policy*, None where there are none."""
    record = policy.to_dict()
    written = (run for run in view.runs() if run.kind == SCORE.kind and run.parameters.get("policy") == record)
    run = next(written, None)
    return None if run is None else run.parameters.get("display_scale")


def _shown(inputs: ScoreInputs, parameters: ScoreParameters, as_of: datetime) -> Shown | None:
    """Return what the written scores show in a store whose records carry their meaning."""
    if inputs.history is None:
        return None
    associations = co_associations(inputs.history, as_of, parameters.policy)
    events = applied_points(inputs.history, as_of, parameters.policy)
    touched = inputs.latest.touched if inputs.latest is not None and inputs.shown_before else None
    if touched is not None:
        consumers = inputs.history["consumer"].cast(touched.type)
        ids = inputs.history["event_id"].filter(pc.is_in(consumers, touched))
        events = events.filter(pc.is_in(events["event_id"], ids.combine_chunks()))
    return Shown(events, pa.table({name: pa.array(associations[name]) for name in associations}))


def _shows(view: Snapshot, mark: LedgerMark, policy: FusionPolicy) -> bool:
    """Return whether the records of *view* carry what scores by *policy* counted of the ledger at *mark*.

    They do where that is the current run, and no other that is on record has ended halfway.
    """
    runs = [run for run in view.runs() if run.kind == SCORE.kind]
    record = policy.to_dict()
    return all(run.status in ("finished", "superseded") for run in runs) and any(
        run.status == "finished" and run.input_digest == mark.proof and run.parameters.get("policy") == record
        for run in runs
    )
