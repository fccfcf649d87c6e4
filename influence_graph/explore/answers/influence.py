"""Questions about who moves whom: learned influence, seeds and measures of people."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from influence_graph.analyses.influencers.winning import how_to_win, ways_to_win
from influence_graph.explore.answers.kept import Kept, best_first, names_of
from influence_graph.model.results import INFLUENCERS, RESULTS, Shape
from influence_graph.stores.base import Reader

_LONGEST_CHAIN = 4
_UNDECLARED = "undeclared"


def current_seeds(view: Reader) -> pd.DataFrame:
    """Return the people that the current run of seeds chose, and how each can be won."""
    kept = Kept(view)
    rows = kept.current("seeds")[1]
    if not len(rows):
        return rows
    how = how_to_win(rows["id"], ways_to_win(kept.current(INFLUENCERS.kind)[1], kept.people))
    return pd.concat([rows.assign(name=names_of(kept.people, rows["id"])), how], axis=1)


def influences(view: Reader, person: str, limit: int) -> pd.DataFrame:
    """Return whom a person influences, most probable first."""
    return _influence(view, "source", "target", person, limit)


def influenced_by(view: Reader, person: str, limit: int) -> pd.DataFrame:
    """Return who influences a person, most probable first."""
    return _influence(view, "target", "source", person, limit)


def influence_paths(view: Reader, source: str, target: str, limit: int) -> pd.DataFrame:
    """Return the most probable chains of up to four learned influences."""
    kept = Kept(view)
    onward = _onward(kept.influence)
    far = _hops_to(kept.influence, target)
    chains: list[tuple[float, int, list[str]]] = []
    pending = [(1.0, [source])] if source != target else []
    while pending:
        probability, chain = pending.pop()
        if chain[-1] == target:
            chains.append((-probability, len(chain) - 1, chain))
            continue
        room = _LONGEST_CHAIN - len(chain)
        pending += [
            (probability * each, [*chain, person])
            for person, each in onward[chain[-1]]
            if far.get(person, _LONGEST_CHAIN) <= room and person not in chain
        ]
    chains = sorted(chains)[:limit]
    return pd.DataFrame(
        [(-p, hops, people, _called(kept, people)) for p, hops, people in chains],
        columns=["probability", "hops", "people", "names"],
    )


def paths_to_city(view: Reader, person: str, city: str, limit: int) -> pd.DataFrame:
    """Return the people of a city who are fewest influences away, and the most probable shortest chain to each."""
    kept = Kept(view)
    onward = _onward(kept.influence)
    best = {person: (-1.0, [person])}
    there = set(kept.people.loc[kept.people["city"] == city, "id"]) - {person}
    rows: list[tuple[str, int, float, list[str]]] = []
    level = dict(best)
    for hops in range(1, _LONGEST_CHAIN + 1):
        reached: dict[str, tuple[float, list[str]]] = {}
        for here, (probability, chain) in level.items():
            for other, each in onward[here]:
                if other not in best:
                    step = probability * each, [*chain, other]
                    reached[other] = min(reached.get(other, step), step)
        best |= reached
        level = reached
        rows += sorted((id_, hops, -reached[id_][0], reached[id_][1]) for id_ in reached.keys() & there)
        if len(rows) >= limit or not level:
            break
    frame = pd.DataFrame(rows[:limit], columns=["id", "hops", "probability", "people"])
    called = [_called(kept, people) for people in frame["people"]]
    return frame.assign(name=names_of(kept.people, frame["id"]), names=pd.Series(called, dtype=object))


def top_influencers(view: Reader, limit: int) -> pd.DataFrame:
    """Return the people of the highest PageRank."""
    return top_by(view, "rank", limit).rename(columns={"score": "pageRank"})


def top_by(view: Reader, measure: str, limit: int) -> pd.DataFrame:
    """Return the people of the highest measure, by its name, its kind of run or its property."""
    kept = Kept(view)
    named = [
        row.kind
        for row in RESULTS.values()
        if row.shape is Shape.NODES and measure in (row.kind, row.neo4j, row.measure and row.measure.name)
    ]
    rows = pd.concat([kept.current(kind)[1] for kind in named])
    if not len(rows):
        return rows
    rows = rows[rows["label"] == "Consumer"]
    people = kept.people.reindex(rows["id"])
    frame = rows.assign(name=people["name"].to_numpy(), style=people["style"].to_numpy())
    return best_first(frame, "score", "id").head(limit)


def movers_of_brand(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return the people whose influence reaches most of a brand's consumers."""
    kept = Kept(view)
    return best_first(_movers(kept, brand), "expected", "id").head(limit)


def silent_movers(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return the movers of a brand's consumers whose own interactions are all offline."""
    kept = Kept(view)
    movers = _movers(kept, brand)
    own = kept.events(consumers=movers["id"].tolist())
    own = own[own["direction"] == "to_brand"]
    loud = own.loc[own["channel"] != "offline", "consumer"]
    counted = own["consumer"].value_counts().reindex(movers["id"]).fillna(0)
    movers = movers.assign(ownInteractions=counted.to_numpy())
    return best_first(movers[~movers["id"].isin(loud)], "expected", "id").head(limit)


def bridges(view: Reader, brand: str, other: str, limit: int) -> pd.DataFrame:
    """Return the people whose influence reaches the consumers of two brands."""
    kept = Kept(view)
    one, two = (_movers(kept, each) for each in (brand, other))
    both = one.rename(columns={"expected": "ofBrand"}).merge(
        two[["id", "expected"]].rename(columns={"expected": "ofOther"}), on="id"
    )
    both = both.assign(least=both[["ofBrand", "ofOther"]].min(axis=1))
    return best_first(both, "least", "id").head(limit)


def found_influencers(view: Reader, limit: int) -> pd.DataFrame:
    """Return the people whom the current run of influencers found."""
    return best_first(_found(Kept(view)), "caused", "id").head(limit)


def found_not_declared(view: Reader, limit: int) -> pd.DataFrame:
    """Return the people found whose record does not call them influencers."""
    found = _found(Kept(view))
    return best_first(found[found["declared"] == _UNDECLARED], "caused", "id").head(limit)


def declared_not_found(view: Reader, limit: int) -> pd.DataFrame:
    """Return the declared influencers whom the current run did not find."""
    kept = Kept(view)
    run, found = kept.current(INFLUENCERS.kind)
    people = kept.people[kept.people["kind"] == "influencer"]
    if run is None:
        people = people.head(0)
    rows = people[~people["id"].isin(found["id"])].reset_index(drop=True)
    rows = rows.rename(columns={"followers": "statedFollowers"})
    return best_first(rows[["id", "name", "style", "statedFollowers"]], "statedFollowers", "id").head(limit)


def found_of_brand(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return the people found to whom most consumers of *brand* are exposed."""
    kept = Kept(view)
    found = _found(kept)
    events = kept.events(brands=[brand])
    consumers = events.loc[events["direction"] == "to_brand", "consumer"].unique()
    ties = kept.ties[["source", "target", "kind"]]
    friends = ties[ties["kind"] == "friend"].rename(columns={"source": "target", "target": "source"})
    pairs = pd.concat([ties, friends])[["source", "target"]].drop_duplicates()
    exposed = pairs[pairs["source"].isin(consumers)].groupby("target").size().rename("consumers")
    return best_first(found.merge(exposed, left_on="id", right_index=True), "consumers", "id").head(limit)


def _found(kept: Kept) -> pd.DataFrame:
    """Return who was found: id, name, foundStyle, declared, caused, causedLow, causedHigh, q, audience, rivals."""
    rows = kept.current(INFLUENCERS.kind)[1]
    people = kept.people.reindex(rows["id"])
    declared = people["style"].fillna("declared without a style").where(people["kind"] == "influencer", _UNDECLARED)
    names = {"style": "foundStyle", "score": "caused", "caused_low": "causedLow", "caused_high": "causedHigh"}
    return rows.rename(columns=names).assign(name=people["name"].to_numpy(), declared=declared.to_numpy())


def _movers(kept: Kept, brand: str) -> pd.DataFrame:
    """Return who influences the consumers who gave *brand* something: id, name, style, expected, consumers."""
    events = kept.events(brands=[brand])
    consumers = events.loc[events["direction"] == "to_brand", "consumer"].unique()
    ties = kept.influence
    columns = ["id", "name", "style", "expected", "consumers"]
    if not len(ties):
        return pd.DataFrame(columns=columns)
    found = ties[ties["target"].isin(consumers)].groupby("source")["probability"].agg(["sum", "size"])
    people = kept.people.reindex(found.index)
    values = found.index, people["name"].to_numpy(), people["style"].to_numpy(), found["sum"].round(6).to_numpy()
    return pd.DataFrame(dict(zip(columns, (*values, found["size"].to_numpy()), strict=True)))


def _influence(view: Reader, here: str, there: str, person: str, limit: int) -> pd.DataFrame:
    kept = Kept(view)
    ties = kept.influence
    if not len(ties):
        return ties
    rows = ties[ties[here] == person].rename(columns={there: "id"})
    frame = rows.assign(name=names_of(kept.people, rows["id"]))
    return best_first(frame, "probability", "id").head(limit)


def _onward(ties: pd.DataFrame) -> defaultdict[str, list[tuple[str, float]]]:
    """Return whom each person influences, with the probability."""
    onward: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    if len(ties):
        for source, target, probability in ties[["source", "target", "probability"]].itertuples(index=False):
            onward[source].append((target, probability))
    return onward


def _hops_to(ties: pd.DataFrame, target: str) -> dict[str, int]:
    """Return how many influences each person is from *target*, at most the longest chain less one."""
    back: defaultdict[str, list[str]] = defaultdict(list)
    if len(ties):
        for source, to in ties[["source", "target"]].itertuples(index=False):
            back[to].append(source)
    far, level = {target: 0}, [target]
    for hops in range(1, _LONGEST_CHAIN):
        level = list({source for each in level for source in back[each] if source not in far})
        far |= dict.fromkeys(level, hops)
    return far


def _called(kept: Kept, people: list[str]) -> list[str]:
    """Return the name of each of *people*, else the id."""
    names = kept.people["name"].reindex(people)
    return [id_ if pd.isna(name) else name for id_, name in zip(people, names, strict=True)]
