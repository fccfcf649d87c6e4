"""A world as data frames, with ids as categories and times in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, time

import numpy as np
import pandas as pd

from influence_graph.ingest.town.random import Array
from influence_graph.ingest.worlds.adoptions import SECONDS, WHY
from influence_graph.ingest.worlds.arrays import WorldArrays
from influence_graph.ingest.worlds.doings import KINDS
from influence_graph.ingest.worlds.parameters import WorldParameters
from influence_graph.ingest.worlds.people import CITIES
from influence_graph.model.records import TIE_KINDS


def people_frame(world: WorldArrays) -> pd.DataFrame:
    """Return the columns id, city, community, taste, followers: one row per person."""
    people = world.population
    return pd.DataFrame(
        {
            "id": world.person_ids,
            "city": named(people.city, CITIES),
            "community": people.community,
            "taste": people.taste,
            "followers": world.seen.sizes(),
        }
    )


def ties_frame(world: WorldArrays) -> pd.DataFrame:
    """Return the columns source, target, kind, since: one row per tie; a friendship is one row."""
    ties = world.bonds
    return pd.DataFrame(
        {
            "source": named(ties.source, world.person_ids),
            "target": named(ties.target, world.person_ids),
            "kind": named(ties.kind, TIE_KINDS),
            "since": times(world.parameters, np.floor(ties.since * SECONDS).astype(np.int64)),
        }
    )


def adoptions_frame(world: WorldArrays) -> pd.DataFrame:
    """Return the columns user, item, time, kind: the first use of each person and item."""
    found = world.uptake
    return pd.DataFrame(
        {
            "user": named(found.user, world.person_ids),
            "item": named(found.item, world.brand_ids[: world.parameters.items]),
            "time": times(world.parameters, found.second),
            "kind": named(world.first_use, KINDS),
        }
    )


def activity_frame(world: WorldArrays) -> pd.DataFrame:
    """Return the columns user, item, kind, time: what people do besides adopting."""
    doings = world.doings
    return pd.DataFrame(
        {
            "user": named(doings.user, world.person_ids),
            "item": named(doings.item, world.brand_ids),
            "kind": named(doings.kind, KINDS),
            "time": times(world.parameters, doings.second),
        }
    )


def causes_frame(world: WorldArrays) -> pd.DataFrame:
    """Return the columns cause, why, row by row as the adoptions: who caused each, missing for nobody, and why."""
    found = world.uptake
    return pd.DataFrame({"cause": named(found.cause, world.person_ids), "why": named(found.why, WHY)})


def times(parameters: WorldParameters, second: Array) -> pd.DatetimeIndex:
    """Return the moments *second* after the start."""
    start = int(datetime.combine(parameters.start, time(), UTC).timestamp())
    return pd.DatetimeIndex((start + second).astype("datetime64[s]").astype("datetime64[us]")).tz_localize("UTC")


def named(codes: Array, names: list[str] | tuple[str, ...]) -> pd.Series[str]:
    """Return the names of *codes*; -1 is missing."""
    return pd.Series(pd.Categorical.from_codes(codes.astype(np.int32), pd.Index(list(names), dtype=object)))
