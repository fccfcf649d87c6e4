"""The ways to one answer: the embedded store, Neo4j, and the question's text over HTTP, as the Browser has it."""

from __future__ import annotations

import base64
import json
import math
import urllib.request
from collections import Counter
from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

import influence_graph as ig
from influence_graph.app.jobs.influencers import InfluencersJob
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.learn import LearnJob
from influence_graph.app.jobs.lift import LiftJob
from influence_graph.app.jobs.ranking import RankJob
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.jobs.seeds import SeedsJob
from influence_graph.app.views.ask import _typed, ask
from influence_graph.explore.answers.kept import Kept
from influence_graph.explore.catalogue import Column, Question, catalogue
from influence_graph.explore.parameters import Parameter
from influence_graph.model.parameters import CampaignLiftParameters, InfluencerJobParameters
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.driver import connection_to
from influence_graph.stores.neo4j.home import home_at
from influence_graph.stores.neo4j.store import Neo4jStore

FEW = 3


def by_http(server: Neo4jStore, asked: Question, values: dict[str, Any]) -> pd.DataFrame:
    """Return the rows that the text of *asked* gives over HTTP.

    See https://neo4j.com/docs/query-api/current/query/.
    """
    connection = connection_to(server.url)
    place = urlsplit(server.url)
    home = home_at(place.port or 7687)
    state = None if home is None else home.read_state()
    port = 7474 if state is None else state.http_port
    account = base64.b64encode(f"{connection.username}:{connection.password}".encode()).decode()
    request = urllib.request.Request(
        f"http://{place.hostname}:{port}/db/{connection.database or 'neo4j'}/query/v2",
        json.dumps({"statement": asked.text, "parameters": values}).encode(),
        {"Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Basic {account}"},
    )
    with urllib.request.urlopen(request) as response:
        data = json.load(response)["data"]
    return _typed(from_json(pd.DataFrame(data["values"], columns=data["fields"]), asked.columns), asked.columns)


def from_json(frame: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return *frame* with its texts of days as days."""
    days = {
        each.name: [None if day is None else date.fromisoformat(day) for day in frame[each.name]]
        for each in columns
        if each.type == "day"
    }
    return frame.assign(**days)


def compared(own: EmbeddedStore, server: Neo4jStore, name: str, given: dict[str, Any]) -> tuple[int, list[str]]:
    """Return how many rows the question *name* has, and in words how its answers differ."""
    here, there = ask(own, name, given), ask(server, name, given)
    over_http = by_http(server, here.question, there.parameters)
    wrong = [f"Neo4j: {line}" for line in differences(here.frame, there.frame)]
    wrong += [f"HTTP: {line}" for line in differences(there.frame, over_http)]
    if here.missing != there.missing:
        wrong.append(f"missing {here.missing}, not {there.missing}")
    return len(there.frame), wrong


def differences(one: pd.DataFrame, other: pd.DataFrame) -> list[str]:
    """Return in words where two answers differ, in values or in order; numbers are equal to 1e-9."""
    if list(one.columns) != list(other.columns):
        return [f"columns {list(one.columns)}, not {list(other.columns)}"]
    wrong = [] if len(one) == len(other) else [f"{len(one)} rows, not {len(other)}"]
    for row, (ours, theirs) in enumerate(zip(one.to_dict("records"), other.to_dict("records"), strict=False)):
        unlike = [key for key in ours if not same(ours[key], theirs[key])]
        wrong += [f"row {row}: {key} is {ours[key]!r}, not {theirs[key]!r}" for key in unlike]
    return wrong


def same(one: Any, other: Any) -> bool:
    """Return whether two values are equal, numbers to 1e-9; NaN, NaT and None are nothing."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    nothing = [value is None or (not isinstance(value, list) and bool(pd.isna(value))) for value in (one, other)]
    if any(nothing):
        return all(nothing)
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)


def cases(store: EmbeddedStore, count: int = 4) -> list[tuple[str, dict[str, Any]]]:
    """Return each question with up to *count* choices of what it needs: the busiest, and some of the others.

    Each of its choices and a short ``limit`` are asked once more.
    """
    found = Kept(store)
    events = found.events()
    pools = {
        "brand": _some(_busiest(events["brand"]), count),
        "person": _some(_busiest(found.ties["source"], found.ties["target"], events["consumer"]), count),
        "campaign": _some(
            [id_ for table in store.records("campaigns") for id_ in table["event_id"].to_pylist()], count
        ),
    }
    dealt = _some(events.value_counts(["consumer", "brand"]).index.tolist(), count)
    learned = _some(list(zip(found.influence["source"], found.influence["target"], strict=True)), count)
    every = []
    for asked in catalogue().values():
        given = _given(asked, pools, {("person", "person"): learned, ("person", "brand"): dealt}, count)
        every += [(asked.name, values) for values in given]
        more = [(each.name, value) for each in asked.parameters for value in each.choices]
        more += [(each.name, FEW) for each in asked.parameters if each.name == "limit"]
        every += [(asked.name, {**given[0], name: value}) for name, value in more if given]
    return every


def _given(
    asked: Question, pools: dict[str, list[str]], pairs: dict[tuple[str, ...], list[tuple[str, str]]], count: int
) -> list[dict[str, Any]]:
    needed = [each for each in asked.parameters if each.default is None]
    given = [{} if not needed else _turned(needed, pools, turn) for turn in range(count if needed else 1)]
    names, types = [each.name for each in needed], tuple(each.type for each in needed)
    given += [dict(zip(names, pair, strict=True)) for pair in pairs.get(types, [])]
    return [each for each in given if None not in each.values()]


def _turned(needed: list[Parameter], pools: dict[str, list[str]], turn: int) -> dict[str, Any]:
    """Return values of *needed* parameters, each of its type's pool, begun at the place *turn*."""
    values: dict[str, Any] = {}
    for each in needed:
        pool = pools.get(each.type, [each.example])
        place = turn + sum(other.type == each.type for other in needed[: needed.index(each)])
        values[each.name] = pool[place % len(pool)] if pool else None
    return values


def scored(store: Store) -> None:
    """Write the scores of *store* by its own touchpoint table."""
    run(ScoreJob(), store, ig.ScoreParameters(ig.FusionPolicy(table=store.touchpoints())), write=True)


def kept(store: Store) -> None:
    """Calculate and keep everything that questions read, where *store* has the records for it."""
    scored(store)
    jobs: list[tuple[Any, Any]] = [
        (RankJob(), ig.RankParameters(graph=ig.GraphKind.ALL)),
        *((RankJob(), ig.RankParameters(by=by)) for by in ("hits-authority", "in-degree")),
        (LearnJob(), ig.LearnParameters()),
        (SeedsJob(), ig.SeedsParameters(k=3, seed=1)),
        (InfluencersJob(), InfluencerJobParameters()),
        (LiftJob(), CampaignLiftParameters(days=7)),
    ]
    for job, parameters in jobs:
        with suppress(ig.InputError):  # no ties: nothing to learn, nobody to win
            run(job, store, parameters, write=True)


def _busiest(*ids: pd.Series) -> list[str]:
    return [id_ for id_, _ in Counter(id_ for each in ids for id_ in each).most_common()]


def _some(items: list[Any], count: int) -> list[Any]:
    """Return half of *count* from the start, the rest spread over the others."""
    first, rest = items[: (count + 1) // 2], items[(count + 1) // 2 :]
    return [*first, *rest[:: max(len(rest) // max(count // 2, 1), 1)][: count // 2]]
