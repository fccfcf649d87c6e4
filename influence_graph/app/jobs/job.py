"""One job per result: what it needs, what it will take, how it is calculated; and the one place that writes a run."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from influence_graph.app.jobs.estimate import ResourceEstimate
from influence_graph.ending import in_doubt
from influence_graph.model.parameters import asked
from influence_graph.model.results import ResultKind
from influence_graph.model.runs import ASKED, Run
from influence_graph.stores.base import Shown, Snapshot, Store, Written
from influence_graph.version import __version__

if TYPE_CHECKING:
    import pyarrow as pa

_NOT_ASKED = ("policy", "keep", "written")
Notify = Callable[[str], None]
Progress = Callable[[Any], None]


@dataclass(frozen=True, eq=False, kw_only=True)
class Inputs:
    """What a job read from a snapshot.

    Attributes:
        notes: For the user, before the calculation starts.
        touchpoints: Digest of the store's touchpoint table, which every run records.
    """

    notes: tuple[str, ...] = ()
    touchpoints: str = ""


P = TypeVar("P")  # parameters
In = TypeVar("In", bound=Inputs)
Out = TypeVar("Out")


@dataclass(frozen=True)
class Record:
    """What a run keeps of a result: the digest of its input, its parameters as JSON values, its rows.

    ``shown`` is what records carry of it, in a store whose records carry their meaning.
    """

    digest: str
    parameters: Mapping[str, Any]
    table: pa.Table
    shown: Shown | None = None


class Job(ABC, Generic[P, In, Out]):
    """How one kind of result comes about. Jobs hold no state: all of it is in parameters and inputs."""

    @abstractmethod
    def kind(self, parameters: P) -> ResultKind:
        """Return the row of the table of results that this job fills."""

    @abstractmethod
    def read(self, view: Snapshot, parameters: P) -> In:
        """Read from one snapshot all that the calculation needs."""

    @abstractmethod
    def estimate(self, inputs: In, parameters: P) -> ResourceEstimate | None:
        """Return the time and memory that the calculation will take; None where it is always short."""

    @abstractmethod
    def calculate(self, inputs: In, parameters: P, progress: Progress | None = None) -> Out:
        """Return the result; nothing is read here."""

    def to_write(self, parameters: P) -> P:
        """Return *parameters* with what a result to be written needs."""
        return parameters

    def require_writable(self, parameters: P) -> None:
        """Raise InputError where a result of *parameters* is not one to keep."""
        del parameters

    @abstractmethod
    def record(self, inputs: In, parameters: P, outcome: Out) -> Record | None:
        """Return what a run keeps of *outcome*, None where it is not to be kept."""


def read(job: Job[P, In, Out], store: Store, parameters: P) -> In:
    """Return the inputs of *job*, all from one snapshot of *store*."""
    with store.snapshot() as view:
        return read_in(job, view, parameters)


def read_in(job: Job[P, In, Out], view: Snapshot, parameters: P) -> In:
    """Return the inputs of *job* from *view*, with the touchpoint table in use there."""
    return replace(job.read(view, parameters), touchpoints=view.touchpoints().digest)


def run(
    job: Job[P, In, Out],
    store: Store,
    parameters: P,
    *,
    write: bool = False,
    notify: Notify | None = None,
    progress: Progress | None = None,
) -> Out:
    """Read, calculate and, with *write*, make the result the current run of its kind.

    Args:
        job: What to calculate.
        store: Where the inputs are, and where the result is written.
        parameters: The parameters of *job*.
        write: Keep the result.
        notify: Called with a line for the user: where inputs come from, and what a large run will take.
        progress: Called during the calculation with what the job reports.

    Raises:
        InputError: the store lacks an input, or a parameter is out of its limits.
        NotFound: an id is not in the store.
    """
    started = datetime.now(UTC)
    if write:
        job.require_writable(parameters)
        parameters = job.to_write(parameters)
    inputs = read(job, store, parameters)
    if notify is not None:
        for line in inputs.notes:
            notify(line)
        expected = job.estimate(inputs, parameters)
        if expected is not None and expected.large:
            notify(str(expected))
    outcome = job.calculate(inputs, parameters, progress)
    if write:
        write_run(job, store, parameters, (inputs, outcome), started)
    return outcome


def write_run(
    job: Job[P, In, Out],
    store: Store,
    parameters: P,
    calculated: tuple[In, Out],
    started: datetime,
) -> None:
    """Write the outcome of *job* as the current run of its kind; every result of every job is written here."""
    result = to_be_written(job, parameters, calculated, started)
    if result is not None:
        in_doubt()  # from here on nobody can tell but the store
        store.write(result.run, result.table, shown=result.shown)


def to_be_written(job: Job[P, In, Out], parameters: P, calculated: tuple[In, Out], started: datetime) -> Written | None:
    """Return the outcome of *job* under a new run, None where it is not to be kept.

    A run records the touchpoint table, in its policy, else by the digest of the store's, and under :data:`ASKED` what
    differs from the defaults, from which the result can be calculated again later.
    """
    kept = job.record(calculated[0], parameters, calculated[1])
    if kept is None:
        return None
    kind = job.kind(parameters)
    table = {} if "policy" in kept.parameters else {"touchpoints": calculated[0].touchpoints}
    own = {**kept.parameters, **table, ASKED: asked_of(parameters)}
    return Written(new_run(kind.kind, started, kept.digest, own), kept.table.cast(kind.schema), kept.shown)


def asked_of(parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - the parameters of any job
    """Return what a run was asked for as JSON values, but its policy, which has a record of its own."""
    return {name: value for name, value in asked(parameters).items() if name not in _NOT_ASKED}


def new_run(kind: str, started: datetime, input_digest: str, parameters: Mapping[str, Any]) -> Run:
    """Return a run that ends now; ids sort by time."""
    finished = datetime.now(UTC)
    id_ = f"{kind}-{started:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    return Run(id_, kind, "finished", started, finished, input_digest, __version__, parameters)
