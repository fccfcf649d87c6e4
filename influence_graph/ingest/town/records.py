"""The town as record batches and as CSV files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from influence_graph.ingest.batching import event_ids, make_batch, moments, sliced
from influence_graph.ingest.datasets import story_batches
from influence_graph.ingest.town.events import BROADCASTS, KINDS, ONLINE
from influence_graph.ingest.town.parameters import brand_ids, person_ids
from influence_graph.ingest.town.people import FOLLOWS, FRIEND
from influence_graph.ingest.town.random import Array, stream
from influence_graph.ingest.town.sales import SEGMENTS, daily_sales
from influence_graph.ingest.town.truth import planted_concerts
from influence_graph.ingest.town.world import World
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, PEOPLE, SALES, TIE_KINDS, TIES, Batch

CSV_COLUMNS: dict[str, list[str]] = {
    "people": ["id", "name", "kind", "style", "followers", "platform", "city", "joined"],
    "brands": ["id", "name", "category"],
    "ties": ["source", "target", "kind", "weight", "since"],
    "interactions": [
        *("event_id", "at", "consumer", "brand", "kind", "points", "valence"),
        *("channel", "platform", "reach", "blame", "with_brands", "recorded_at"),
    ],
    "campaigns": ["event_id", "at", "brand", "kind", "segment", "note", "day"],
    "sales": ["brand", "date", "value", "segment"],
}
"""The columns of each file that :func:`write_csv` writes."""

_FIRST = (
    "Ada Ben Cleo Dan Elsa Finn Gwen Hugo Ines Jan Kira Leo Mara Nils Orla Pia Quin Rosa Sven Tara Uma Vito Wim Zoe"
)
_LAST = "Abel Berg Costa Dahl Ekman Frey Gruber Holt Ibsen Jung Kurz Lind Moss Nagy Oslo Pohl Reis Stein Toth Vale Wolf"
_MANUFACTURERS = (
    "Amber Birch Cobalt Dune Ember Fjord Grove Heron Iris Juniper Kestrel Linden Maple Nova Opal Pine Quartz Reed"
)
_PRODUCTS = "Knitwear Coats Boots Coffee Bakery Records Cosmetics Phones Bicycles Books"
_STORY_FOLLOWERS_SHARE = {"singer": 0.08, "annie": 0.04}
_TOWN = "town"


def batches(town: World, batch_rows: int) -> Iterator[Batch]:
    """Yield the records of *town* kind by kind, those of the story, where it is included, before the others."""
    story = {batch.kind.name: batch for batch in story_batches()} if town.parameters.story else {}
    columns = _InteractionColumns(town)
    parts = (
        _people(town),
        _brands(town),
        _ties(town),
        _interactions(columns, batch_rows),
        _campaigns(town),
        _sales(town),
    )
    for name, part in zip(CSV_COLUMNS, parts, strict=True):
        if name in story:
            yield story[name]
        for batch in part:
            yield from sliced(batch, batch_rows)


def write_csv(records: Iterator[Batch], files: Mapping[str, Path]) -> None:
    """Write *records* to one CSV file per kind, times as ISO 8601 in UTC."""
    writers: dict[str, pv.CSVWriter] = {}
    options = pv.WriteOptions(quoting_style="needed")
    try:
        for batch in records:
            name = batch.kind.name
            table = _iso_times(batch.table.select(CSV_COLUMNS[name]))
            if name not in writers:
                writers[name] = pv.CSVWriter(files[name], table.schema, write_options=options)
            writers[name].write_table(table)
    finally:
        for writer in writers.values():
            writer.close()


def _iso_times(table: pa.Table) -> pa.Table:
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            whole = table.column(place).cast(pa.timestamp("s", tz="UTC"))
            table = table.set_column(place, field.name, pc.strftime(whole, "%Y-%m-%dT%H:%M:%SZ"))
    return table


def _people(town: World) -> Iterator[Batch]:
    parameters, people = town.parameters, town.population
    rng = stream(parameters.seed, "names")
    by_number = np.argsort(people.number)
    names = np.array([f"{first} {last}" for first in _FIRST.split() for last in _LAST.split()])
    values = {
        "id": person_ids(parameters),
        "name": pa.array(names[rng.integers(0, len(names), people.size)]),
        "kind": "consumer",
        "followers": people.followers()[by_number],
        "city": pa.array(np.array(SEGMENTS)[people.community[by_number] % len(SEGMENTS)]),
    }
    yield make_batch(PEOPLE, values, np.arange(1, people.size + 1), _TOWN)


def _brands(town: World) -> Iterator[Batch]:
    ids, manufacturers, products = brand_ids(town.parameters), _MANUFACTURERS.split(), _PRODUCTS.split()
    kinds = [products[n % len(products)] for n in range(len(ids))]
    rounds = [n // (len(manufacturers) * len(products)) for n in range(len(ids))]
    names = [
        f"{manufacturers[n % len(manufacturers)]} {kinds[n]}" + (f" {rounds[n] + 1}" if rounds[n] else "")
        for n in range(len(ids))
    ]
    values = {"id": ids, "name": names, "category": [kind.lower() for kind in kinds]}
    yield make_batch(BRANDS, values, np.arange(1, len(ids) + 1), _TOWN)


def _ties(town: World) -> Iterator[Batch]:
    people = town.population
    ids = pa.array(person_ids(town.parameters))
    source, target = people.number[people.source], people.number[people.target]
    swap = (people.kind == FRIEND) & (source > target)
    source, target = np.where(swap, target, source), np.where(swap, source, target)
    values = {
        "source": ids.take(pa.array(source)),
        "target": ids.take(pa.array(target)),
        "kind": pa.array(TIE_KINDS).take(pa.array(people.kind)),
    }
    yield make_batch(TIES, values, np.arange(1, len(source) + 1), _TOWN)
    if town.parameters.story:
        rng = stream(town.parameters.seed, "fans")
        for person, share in _STORY_FOLLOWERS_SHARE.items():
            fans = np.flatnonzero(rng.random(people.size) < share)
            fan_values = {"source": ids.take(pa.array(fans)), "target": person, "kind": TIE_KINDS[FOLLOWS]}
            yield make_batch(TIES, fan_values, np.arange(1, len(fans) + 1), _TOWN)


def _interactions(columns: _InteractionColumns, rows: int) -> Iterator[Batch]:
    for start in range(0, columns.size, rows):
        stop = min(start + rows, columns.size)
        yield make_batch(INTERACTIONS, columns.slice(start, stop), np.arange(start + 1, stop + 1), _TOWN)


class _InteractionColumns:
    """Columns of interactions; ids are prepared once for all slices."""

    def __init__(self, town: World) -> None:
        self.size = len(town.events)
        self._town = town
        self._people, self._brands = pa.array(person_ids(town.parameters)), pa.array(brand_ids(town.parameters))
        self._kinds = pa.array(KINDS)
        self._channels = pa.array(["online" if kind in ONLINE else "offline" for kind in KINDS])
        self._broadcasts = np.array([kind in BROADCASTS for kind in KINDS])
        self._followers = town.population.followers()

    def slice(self, start: int, stop: int) -> dict[str, pa.Array | str]:
        """Return the columns of events *start* to *stop*."""
        events, number = self._town.events, self._town.population.number
        part = slice(start, stop)
        user, kind, other = events.user[part], pa.array(events.kind[part]), events.other[part]
        reach = np.where(self._broadcasts[events.kind[part]], self._followers[user].astype(np.float64), np.nan)
        return {
            "event_id": event_ids(f"t{self._town.parameters.seed}", np.arange(start + 1, stop + 1)),
            "at": moments(self._town.parameters.start, events.second[part]),
            "consumer": self._people.take(pa.array(number[user])),
            "brand": self._brands.take(pa.array(events.brand[part])),
            "kind": self._kinds.take(kind),
            "channel": self._channels.take(kind),
            "reach": pa.array(reach, from_pandas=True),
            "with_brands": self._brands.take(pa.array(other, mask=other < 0)),
        }


def _campaigns(town: World) -> Iterator[Batch]:
    concerts = planted_concerts(town)
    days = [town.parameters.start + pd.Timedelta(days=int(day)) for day in town.concerts.day]
    values = {
        "event_id": [concert["event_id"] for concert in concerts],
        "at": [datetime.combine(day, time(20), UTC) for day in days],
        "brand": [concert["brand"] for concert in concerts],
        "kind": "concert",
        "segment": [concert["segment"] for concert in concerts],
        "day": days,
    }
    yield make_batch(CAMPAIGNS, values, np.arange(1, len(concerts) + 1), _TOWN)


def _sales(town: World) -> Iterator[Batch]:
    parameters = town.parameters
    sales = daily_sales(parameters, town.concerts)
    brand, segment, day = (index.ravel() for index in np.indices(sales.shape))
    start = np.datetime64(parameters.start, "D")
    values = {
        "brand": pa.array(brand_ids(parameters)).take(pa.array(brand)),
        "date": pa.array(start + day.astype("timedelta64[D]")),
        "value": sales.ravel(),
        "segment": pa.array(SEGMENTS).take(pa.array(segment)),
    }
    yield make_batch(SALES, values, _lines(sales), _TOWN)


def _lines(values: Array) -> Array:
    return np.arange(1, values.size + 1)
