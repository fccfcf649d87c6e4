"""What the library itself answers to each named query, from records and results read of an embedded store."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

import influence_graph as ig
from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.interactions.ledger import read_ledger, to_datetime
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.learn import LearnJob
from influence_graph.app.jobs.ranking import RankJob
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.jobs.seeds import SeedsJob
from influence_graph.model.records import DIRECTIONS, TOUCHPOINTS
from influence_graph.stores.base import InteractionFilter, Store
from influence_graph.stores.neo4j.queries import named_queries

Row = Mapping[str, Any]
T = TypeVar("T")
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Answer:
    """All rows, best first by the column ``order``; a query gives the first ``limit``; ``key`` names a row.

    ``free`` are columns that may hold one of several right answers.
    """

    rows: list[Row]
    key: tuple[str, ...]
    order: str | None = None
    limit: int = 10**9
    free: tuple[str, ...] = ()


class Library:
    """The answers for the records and kept results of *store*, scored by *policy*."""

    def __init__(self, store: Store, policy: ig.FusionPolicy | None = None) -> None:
        self.store, self.policy = store, policy or ig.FusionPolicy(table=store.touchpoints())
        self.history = store.interactions(InteractionFilter(history=True))

    @cached_property
    def people(self) -> dict[str, Row]:
        return self._records("people")

    @cached_property
    def brands(self) -> dict[str, Row]:
        return self._records("brands")

    @cached_property
    def campaigns(self) -> list[Row]:
        return [row for table in self.store.records("campaigns") for row in table.to_pylist()]

    @cached_property
    def scores(self) -> list[Row]:
        frame = ig.fusion_scores(self.history, policy=self.policy)
        as_of = frame.attrs["as_of"]
        names = {"fusion_score": "fusionScore", "to_brand": "toBrand", "to_consumer": "toConsumer"}
        rows = frame.drop(columns="display").rename(columns=names).to_dict("records")
        return sorted(({**row, "asOf": as_of} for row in rows), key=lambda r: -r["fusionScore"])

    @cached_property
    def events(self) -> list[Row]:
        """The interactions that count, with what they mean."""
        ledger = read_ledger(self.history)
        as_of = ledger.latest()
        assert as_of is not None
        known = ledger.as_known_at(as_of)
        points = points_of(known, self.policy, as_of)
        ids, told = known.event_id.to_pylist(), points.meaning.known
        stated = np.zeros(len(known)) if known.touchpoint is None else known.touchpoint.codes >= 0
        return [
            {
                "at": to_datetime(int(known.at[i])), "eventId": ids[i], "brand": known.brand.text(i),
                "consumer": known.consumer.text(i), "kind": None if known.kind is None else known.kind.text(i),
                "direction": DIRECTIONS[points.side[i]],
                "touchpoint": TOUCHPOINTS[points.touchpoint[i]] if told[i] or stated[i] else None,
                "points": float(points.points[i]), "valence": float(points.meaning.valence[i]) if told[i] else None,
            }
            for i in range(len(known))
        ]  # fmt: skip

    @cached_property
    def with_brands(self) -> dict[str, list[str] | None]:
        ids, texts = (self.history[name].to_pylist() for name in ("event_id", "with_brands"))
        return {id_: text and text.split("|") for id_, text in zip(ids, texts, strict=True)}

    @cached_property
    def of_brand(self) -> dict[str, list[Row]]:
        grouped = defaultdict(list)
        for row in self.events:
            grouped[row["brand"]].append(row)
        return grouped

    @cached_property
    def influence(self) -> list[Row]:
        found = self.store.results("learn")
        return [] if found is None else found[1].to_pylist()

    @cached_property
    def ties(self) -> dict[str, set[str]]:
        around = defaultdict(set)
        for row in self._ties():
            around[row["source"]].add(row["target"])
            around[row["target"]].add(row["source"])
        return around

    def answer(self, query: str, **parameters: str) -> Answer:
        """Return the answer to the named query *query*."""
        answers: Mapping[str, Callable[..., Answer]] = {
            "audience": self.audience, "brand-bonds": self.brand_bonds, "brand-health": self.brand_health,
            "campaign-echo": self.campaign_echo, "co-associated": self.co_associated,
            "consumer-bonds": self.consumer_bonds, "current-seeds": self.seeds, "influence-paths": self.influence_paths,
            "influenced-by": self.influenced_by, "influences": self.influences, "path": self.path,
            "recent-events": self.recent_events, "shared-consumers": self.shared_consumers,
            "strained-bonds": self.strained_bonds, "top-brands": self.top_brands, "top-by": self.top_by,
            "top-influencers": self.top_influencers, "touchpoint-mix": self.touchpoint_mix, "two-hops": self.two_hops,
        }  # fmt: skip
        return answers[query](**parameters)

    def audience(self, person: str) -> Answer:
        rows = []
        for row in self._ties():
            ends = [("source", "target")] if row["kind"] == "friend" else []
            for here, there in [("target", "source"), *ends]:
                if row[here] == person:
                    tie = {"follows": "FOLLOWS", "friend": "KNOWS", "exposed": "EXPOSED_TO"}[row["kind"]]
                    weight = 1.0 if row["weight"] is None else row["weight"]
                    rows.append({"id": row[there], "name": self._name(row[there]), "tie": tie, "weight": weight})
        return Answer(sorted(rows, key=lambda r: -r["weight"]), ("id", "tie"), "weight", 1000)

    def brand_bonds(self, brand: str) -> Answer:
        rows = [{**row, "name": self._name(row["consumer"])} for row in self.scores if row["brand"] == brand]
        return Answer(_without(rows, "brand"), ("consumer",), "fusionScore", 100)

    def consumer_bonds(self, consumer: str) -> Answer:
        rows = [
            {**row, "name": self.brands[row["brand"]]["name"]} for row in self.scores if row["consumer"] == consumer
        ]
        return Answer(_without(rows, "consumer"), ("brand",), "fusionScore")

    def strained_bonds(self) -> Answer:
        rows = [
            {
                "consumer": row["consumer"], "consumerName": self._name(row["consumer"]), "brand": row["brand"],
                "brandName": self.brands[row["brand"]]["name"], "fusionScore": row["fusionScore"], "asOf": row["asOf"],
            }
            for row in reversed(self.scores)
            if row["fusionScore"] < 0
        ]  # fmt: skip
        return Answer(rows, ("consumer", "brand"), "fusionScore", 100)

    def brand_health(self, brand: str) -> Answer:
        months = _grouped(self.of_brand[brand], lambda row: row["at"].date().replace(day=1))
        return Answer([{"month": month, **_judged(months[month])} for month in sorted(months)], ("month",), "month")

    def campaign_echo(self, campaign: str) -> Answer:
        at, brand = next((row["at"], row["brand"]) for row in self.campaigns if row["event_id"] == campaign)
        near = [row for row in self.of_brand[brand] if at - WEEK <= row["at"] < at + WEEK]
        periods = _grouped(near, lambda row: "before" if row["at"] < at else "after")
        rows = [{"period": period, **_judged(periods[period])} for period in sorted(periods, reverse=True)]
        return Answer(rows, ("period",), "period")

    def touchpoint_mix(self, brand: str) -> Answer:
        kinds = _grouped(self.of_brand[brand], lambda row: (row["touchpoint"], row["kind"], row["direction"]))
        rows = []
        for (touchpoint, kind, direction), events in kinds.items():
            judged = _judged(events)
            del judged["negative"]
            rows.append({"touchpoint": touchpoint, "kind": kind, "direction": direction, **judged})
        rows.sort(key=lambda r: -r["interactions"])
        return Answer(rows, ("touchpoint", "kind", "direction"), "interactions")

    def recent_events(self, brand: str) -> Answer:
        rows = [
            {**row, "name": self._name(row["consumer"]), "withBrands": self.with_brands[row["eventId"]]}
            for row in sorted(self.of_brand[brand], key=lambda r: (-r["at"].timestamp(), r["eventId"]))
        ]
        return Answer(_without(rows, "brand", "touchpoint"), ("eventId",), "at", 100)

    def shared_consumers(self, brand: str, other: str) -> Answer:
        one, two = (_grouped(self.of_brand[each], lambda row: row["consumer"]) for each in (brand, other))
        rows = [
            {"consumer": id_, "name": self._name(id_), "withBrand": len(one[id_]), "withOther": len(two[id_])}
            for id_ in one.keys() & two.keys()
        ]
        rows.sort(key=lambda r: -r["withBrand"] - r["withOther"])
        return Answer(rows, ("consumer",), None, 1000)

    def co_associated(self, brand: str) -> Answer:
        frame = ig.co_associations(self.history, policy=self.policy)
        rows = (
            frame[frame["brand"] == brand].drop(columns="brand").rename(columns={"other": "brand"}).to_dict("records")
        )
        named = [{**row, "name": self.brands[row["brand"]]["name"]} for row in rows]
        return Answer(sorted(named, key=lambda r: -r["strength"]), ("brand",), "strength", 100)

    def seeds(self) -> Answer:
        found = self.store.results("seeds")
        rows = [] if found is None else found[1].to_pylist()
        return Answer([{**row, "name": self._name(row["id"])} for row in rows], ("rank",), "rank")

    def influences(self, person: str) -> Answer:
        return self._influence("source", "target", person)

    def influenced_by(self, person: str) -> Answer:
        return self._influence("target", "source", person)

    def influence_paths(self, source: str, target: str) -> Answer:
        onward = _grouped(self.influence, lambda row: row["source"])
        chains: list[tuple[float, list[str]]] = []

        def follow(chain: list[str], probability: float) -> None:
            if chain[-1] == target:
                chains.append((probability, chain))
            elif len(chain) <= 4:
                for row in onward.get(chain[-1], []):
                    if row["target"] not in chain:
                        follow([*chain, row["target"]], probability * row["probability"])

        follow([source], 1.0)
        rows = [
            {"probability": p, "hops": len(ids) - 1, "people": ids, "names": [self._name(i) or i for i in ids]}
            for p, ids in sorted(chains, key=lambda chain: -chain[0])
        ]
        return Answer(rows, ("people",), "probability", 10)

    def path(self, source: str, target: str) -> Answer:
        graph = self.store.graph("ties")
        chain = ig.shortest_path(graph, source, target)["id"].tolist()
        return Answer([{"hops": len(chain) - 1}] if chain else [], ("hops",), free=("people", "names"))

    def two_hops(self, person: str) -> Answer:
        near = self.ties[person] - {person}
        far = {other for each in near for other in self.ties[each]} - near - {person}
        rows = [
            {"id": id_, "name": self._name(id_), "hops": n} for n, ids in ((1, near), (2, far)) for id_ in sorted(ids)
        ]
        return Answer(rows, ("id",), "hops", 1000)

    def top_brands(self) -> Answer:
        rows = self._ranked("rank", "Brand", "pageRank", self.brands, "category")
        return Answer(rows, ("id",), "pageRank", 20)

    def top_influencers(self) -> Answer:
        return Answer(self._ranked("rank", "Consumer", "pageRank", self.people, "style"), ("id",), "pageRank", 20)

    def top_by(self, measure: str) -> Answer:
        return Answer(self._ranked(measure, "Consumer", "score", self.people, "style"), ("id",), "score", 20)

    def _ranked(self, kind: str, label: str, score: str, records: Mapping[str, Row], more: str) -> list[Row]:
        found = self.store.results(kind)
        rows = [] if found is None else [row for row in found[1].to_pylist() if row["label"] == label]
        rows.sort(key=lambda r: -r["score"])
        return [
            {"id": r["id"], "name": records[r["id"]]["name"], more: records[r["id"]][more], score: r["score"]}
            for r in rows
        ]

    def _influence(self, here: str, there: str, person: str) -> Answer:
        rows = [
            {
                "id": r[there],
                "name": self._name(r[there]),
                "probability": r["probability"],
                "meanDelay": r["mean_delay"],
            }
            for r in self.influence
            if r[here] == person
        ]
        return Answer(sorted(rows, key=lambda r: -r["probability"]), ("id",), "probability", 1000)

    def _name(self, person: str) -> str | None:
        name: str | None = self.people[person]["name"]
        return name

    def _records(self, kind: str) -> dict[str, Row]:
        return {row["id"]: row for table in self.store.records(kind) for row in table.to_pylist()}

    def _ties(self) -> list[Row]:
        return [row for table in self.store.records("ties") for row in table.to_pylist()]


def cases(library: Library, count: int = 5) -> list[tuple[str, dict[str, str]]]:
    """Return each named query with up to *count* choices of its parameters: the busiest, and some of the others."""
    brands = _some([brand for brand, _ in _busiest(row["brand"] for row in library.events)], count)
    consumers = _some([id_ for id_, _ in _busiest(row["consumer"] for row in library.events)], count)
    people = _some(sorted(library.ties, key=lambda id_: -len(library.ties[id_])), count)
    learned = _some(library.influence, count)
    ends = [{"source": row["source"], "target": row["target"]} for row in learned]
    ends += [{"source": one["source"], "target": two["target"]} for one, two in itertools.pairwise(learned)]
    walks = [{"source": one, "target": two} for one, two in itertools.pairwise(people)]
    of_query: dict[str, list[dict[str, str]]] = {
        "campaign-echo": [{"campaign": row["event_id"]} for row in _some(library.campaigns, 2 * count)],
        "influence-paths": [pair for pair in ends if pair["source"] != pair["target"]],
        "path": walks,
        "shared-consumers": [{"brand": one, "other": two} for one, two in itertools.permutations(brands[:3], 2)],
        "top-by": [{"measure": name} for name in ("authority", "in-degree")],
        "consumer-bonds": [{"consumer": id_} for id_ in consumers],
    }
    for name in ("audience", "two-hops", "influences", "influenced-by"):
        of_query[name] = [{"person": id_} for id_ in people]
    for name in ("brand-bonds", "brand-health", "co-associated", "recent-events", "touchpoint-mix"):
        of_query[name] = [{"brand": id_} for id_ in brands]
    return [(query.name, each) for query in named_queries() for each in of_query.get(query.name, [{}])]


def scored(store: Store) -> None:
    """Write the scores of *store* by its own touchpoint table."""
    run(ScoreJob(), store, ig.ScoreParameters(ig.FusionPolicy(table=store.touchpoints())), write=True)


def kept(store: Store) -> None:
    """Calculate and keep everything that named queries read, where *store* has the records for it."""
    scored(store)
    jobs: list[tuple[Any, Any]] = [
        *((RankJob(), ig.RankParameters(by=by)) for by in ("pagerank", "hits-authority", "in-degree")),
        (LearnJob(), ig.LearnParameters()),
        (SeedsJob(), ig.SeedsParameters(k=3, seed=1)),
    ]
    for job, parameters in jobs:
        with suppress(ig.InputError):  # no ties: nothing to learn, nobody to win
            run(job, store, parameters, write=True)


def _busiest(ids: Iterable[str]) -> list[tuple[str, int]]:
    return Counter(ids).most_common()


def _some(items: list[T], count: int) -> list[T]:
    """Return half of *count* from the start, the rest spread over the others."""
    first, rest = items[: (count + 1) // 2], items[(count + 1) // 2 :]
    return [*first, *rest[:: max(len(rest) // max(count // 2, 1), 1)][: count // 2]]


def differences(columns: list[str], found: list[tuple[Any, ...]], answer: Answer) -> list[str]:
    """Return in words how the rows of a query differ from *answer*; rows of equal rank may stand in any order."""
    rows = [dict(zip(columns, row, strict=True)) for row in found]
    expected = min(len(answer.rows), answer.limit)
    wrong = [] if len(rows) == expected else [f"{len(rows)} rows, not {expected}"]
    by_key = {_key(row, answer.key): row for row in answer.rows}
    if len({_key(row, answer.key) for row in rows}) < len(rows):
        wrong.append("a row is repeated")
    if answer.rows and set(columns) != {*answer.rows[0], *answer.free}:
        wrong.append(f"the columns {columns}, not {list(answer.rows[0])}")
    for row, in_place in zip(rows, answer.rows, strict=False):
        own = by_key.get(_key(row, answer.key))
        if own is None or any(not same(row.get(name), value) for name, value in own.items()):
            wrong.append(f"{row}, not {own}")
        elif answer.order is not None and not same(row[answer.order], in_place[answer.order]):
            wrong.append(f"{row} is out of its place")
    return wrong


def same(one: Any, other: Any) -> bool:
    """Return whether two values are equal, numbers to 1e-9; a missing number is NaN or None."""
    if isinstance(one, float | np.floating) or isinstance(other, float | np.floating):
        a, b = (math.nan if each is None else float(each) for each in (one, other))
        return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one.timestamp() == other.timestamp()
    return bool(one == other)


def _key(row: Row, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value := row[name], list) else value for name in names)


def _judged(events: list[Row]) -> dict[str, Any]:
    valence = [row["valence"] for row in events if row["valence"] is not None]
    negative = sum(value < 0 for value in valence)
    mean = float(np.mean(valence)) if valence else None
    return {"interactions": len(events), "negative": negative, "meanValence": mean}


def _grouped(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _without(rows: Iterable[Row], *names: str) -> list[Row]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]
