"""Influencers: who moves others beyond chance, found in what the people of a store took up after whom."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.analyses.influencers.find import find_influencers
from influence_graph.analyses.influencers.records import Done, done
from influence_graph.analyses.influencers.result import UNTESTED, Influencers
from influence_graph.analyses.interactions.items import require_item
from influence_graph.app.jobs.estimate import ResourceEstimate
from influence_graph.app.jobs.job import Inputs, Job, Progress, Record
from influence_graph.app.lookups import require_ties
from influence_graph.errors import InputError
from influence_graph.ingest.side_tables import read_actions
from influence_graph.model.names import CONSUMER
from influence_graph.model.parameters import InfluencerJobParameters, InfluencerParameters, recorded
from influence_graph.model.records import TIES
from influence_graph.model.results import INFLUENCERS, ResultKind
from influence_graph.stores.base import InteractionFilter, Reader, Snapshot

# A record turned into numbers, a tie in a community, somebody exposed to an adoption looked at.
_NS_PER_RECORD, _NS_PER_TIE, _NS_PER_EXPOSED = 2500.0, 8000.0, 150.0
_BYTES_PER_RECORD, _BYTES_PER_TIE = 300, 400


@dataclass(frozen=True, eq=False)
class InfluencerInputs(Inputs):
    """What influencers are found in: ties (source, target, kind, since), and what people did."""

    ties: pd.DataFrame
    done: Done


@dataclass(frozen=True, eq=False)
class Searched:
    """What was found, and in what."""

    result: Influencers
    inputs: InfluencerInputs


class InfluencersJob(Job[InfluencerJobParameters, InfluencerInputs, Searched]):
    """Find who moves others beyond chance. A run keeps those found."""

    def kind(self, parameters: InfluencerJobParameters) -> ResultKind:
        """Return the row of influencers."""
        del parameters
        return INFLUENCERS

    def read(self, view: Snapshot, parameters: InfluencerJobParameters) -> InfluencerInputs:
        """Read the ties, and what people did."""
        require_item(parameters.item)
        require_ties(view)
        did = _done(view, parameters)
        return InfluencerInputs(_ties(view, parameters.as_of), did, notes=did.notes)

    def estimate(self, inputs: InfluencerInputs, parameters: InfluencerJobParameters) -> ResourceEstimate:
        """Return the estimate, from the number of those exposed to each adoption."""
        del parameters
        ties, taken = inputs.ties, inputs.done.taken
        records = len(taken) + (0 if inputs.done.besides is None else len(inputs.done.besides))
        seen = pd.concat([ties["target"], ties.loc[ties["kind"] == "friend", "source"]]).value_counts()
        exposed = float((taken["user"].value_counts() * seen).sum())
        seconds = 1e-9 * (records * _NS_PER_RECORD + len(ties) * _NS_PER_TIE + exposed * _NS_PER_EXPOSED)
        people = pd.concat([ties["source"], ties["target"]]).nunique()
        memory = records * _BYTES_PER_RECORD + len(ties) * _BYTES_PER_TIE
        return ResourceEstimate(people, len(ties), seconds, memory)

    def calculate(
        self, inputs: InfluencerInputs, parameters: InfluencerJobParameters, progress: Progress | None = None
    ) -> Searched:
        """Find; *progress* is called with the number of people looked at, and of all.

        Raises:
            InputError: as :func:`~influence_graph.analyses.influencers.find.find_influencers` says.
        """
        options = {each.name: getattr(parameters, each.name) for each in fields(InfluencerParameters)}
        did = inputs.done
        found = find_influencers(
            inputs.ties,
            did.taken[["user", "item", "time"]],
            activity=did.besides,
            spoken=did.spoken,
            options=InfluencerParameters(**options),
            progress=None if progress is None else lambda looked_at, of: progress((looked_at, of)),
        )
        if not found.log["actions"]:
            count = f"{len(did.taken):,} actions is of one of the {len(found.table):,} people"
            raise InputError(
                f"none of the {count} with ties", remedy="check that the ids of users are those of the ties"
            )
        return Searched(found, inputs)

    def record(self, inputs: InfluencerInputs, parameters: InfluencerJobParameters, outcome: Searched) -> Record:
        """Return those found, and how many could be tested."""
        del inputs
        own = {name: recorded(parameters)[name] for name in ("item", "kinds", "actions", "as_of")}
        if parameters.actions is not None:
            own |= {"item": None, "kinds": None}  # the file has items of its own
        result = outcome.result
        status = result.table["status"]
        counts = {"people": len(status), "tested": int((status != UNTESTED).sum()), "found": len(result.found)}
        counts["mirrored"] = result.mirrored
        counts |= {f"log_{name}": count for name, count in result.log.items()}
        return Record(result.digest, {**result.parameters, **counts, **own}, _table(result.found))


def _table(found: pd.DataFrame) -> pa.Table:
    rivals = found["rivals"].map(lambda names: names.count("|") + 1 if isinstance(names, str) else 0)
    kept = found.assign(
        label=CONSUMER,
        score=found["caused"].fillna(0.0),
        half_life_high=found["half_life_high"].replace(np.inf, np.nan),
        rivals=rivals.astype(np.int64),
    )
    return pa.Table.from_pandas(kept[INFLUENCERS.schema.names], INFLUENCERS.schema, preserve_index=False)


def among_consumers(inputs: InfluencerInputs, brand: str, people: list[str]) -> pd.DataFrame:
    """Return of each of *people* who took up *brand* how many of their audience did so after them.

    Returns:
        The columns id and followed, in the order of *people*: 1 or more; the rest is left out.
    """
    taken = inputs.done.taken
    first = taken[taken["brand"] == brand].groupby("user")["time"].min()
    ties = inputs.ties
    back = ties[ties["kind"] == "friend"].rename(columns={"source": "target", "target": "source"})
    pairs = pd.concat([ties, back], ignore_index=True)[["target", "source"]].drop_duplicates()
    pairs = pairs[pairs["target"].isin(people) & (pairs["target"] != pairs["source"])]
    own, theirs = (pairs[name].map(first) for name in ("target", "source"))
    followed = pairs[(theirs > own).to_numpy()].groupby("target").size().reindex(people)
    return followed.dropna().astype(int).rename_axis("id").rename("followed").reset_index()


def _ties(view: Reader, as_of: datetime | None) -> pd.DataFrame:
    """Return the ties of all kinds that there were *as_of*."""
    columns = ["source", "target", "kind", "since"]
    frame: pd.DataFrame = pa.concat_tables(
        [TIES.schema.empty_table().select(columns), *(table.select(columns) for table in view.records(TIES))]
    ).to_pandas()
    return frame if as_of is None else frame[frame["since"].isna() | (frame["since"] <= as_of)].reset_index(drop=True)


def _done(view: Reader, parameters: InfluencerJobParameters) -> Done:
    """Return what was taken up, by the store's interactions or by a file, and what else people did.

    Of the items of a file nobody is known to have spoken.
    """
    interactions = view.interactions(InteractionFilter(as_of=parameters.as_of))
    if parameters.actions is not None:
        taken = read_actions(parameters.actions).assign(brand=None)
        frame = interactions.select(["consumer", "at"]).to_pandas().astype({"consumer": object})
        besides = frame.rename(columns={"consumer": "user", "at": "time"})
        is_dated = isinstance(taken["time"].dtype, pd.DatetimeTZDtype)
        return Done(taken, besides if is_dated and len(besides) else None, None)
    if not interactions.num_rows:
        message = f"the store {view.url} holds no interactions: nobody took anything up"
        raise InputError(message, remedy="ingest some, or give a log of user, item, time: --actions FILE")
    return done(interactions, view.touchpoints(), parameters.item, parameters.kinds)
