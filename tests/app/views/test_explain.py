"""Bonds explained from a store, where a correction may stand on another consumer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from influence_graph.analyses.fusion.curve import COLUMNS
from influence_graph.analyses.fusion.explain import Explanation
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.app.ingest import IngestOptions, ingest
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.views.explain import LABELED, Bond, read_bond, story_page
from influence_graph.errors import NotFound
from influence_graph.model.parameters import ExplainParameters, ScoreParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.reports.pages.story import write_story
from influence_graph.stores.base import InteractionFilter
from influence_graph.stores.embedded.store import EmbeddedStore

EVENTS = """event_id,at,consumer,brand,kind,points,with_brands,recorded_at,replaces
concert,2026-05-01T20:00:00Z,singer,sweater,concert,3,,,
fish,2026-05-08T20:00:00Z,singer,restaurant,complaint,-8,sweater,,
gift,2026-05-10T20:00:00Z,singer,sweater,giveaway,2,,2026-05-20T00:00:00Z,
oops,2026-05-12T20:00:00Z,singer,sweater,wear,5,,,
fix,2026-05-25T20:00:00Z,ann,boots,retraction,,,,oops
"""
BOND = ("singer", "sweater")
POLICY = FusionPolicy()


def may(day: int, hour: int = 23) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    file = tmp_path / "events.csv"
    file.write_text(EVENTS)
    store = EmbeddedStore(tmp_path / "store")
    ingest(store, [file], IngestOptions(rejects=tmp_path / "rejects.jsonl"))
    return store


def read(store: EmbeddedStore, **parameters: Any) -> Bond:
    with store.snapshot() as view:
        return read_bond(view, ExplainParameters(*BOND, **parameters))


def explained(store: EmbeddedStore, valid_at: datetime | None = None, **parameters: Any) -> Explanation:
    return read(store, **parameters).explanation(valid_at)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({}, 3.0),
        ({"as_of": may(12)}, 6.0),
        ({"as_of": may(20)}, 8.0),
        ({"valid_at": may(12)}, 3.0),
        ({"as_of": may(20), "valid_at": may(11)}, 3.0),
        ({"without": ("fix",)}, 8.0),
        ({"without": ("fix", "oops")}, 3.0),
    ],
)
def test_a_correction_on_another_consumer_counts_in_every_question(
    store: EmbeddedStore, question: dict[str, Any], expected: float
) -> None:
    assert explained(store, **question).score == expected


def test_scores_and_explanations_agree_at_any_two_times(store: EmbeddedStore) -> None:
    whole = store.interactions(InteractionFilter(history=True))
    for as_of in (may(9), may(21), may(26)):
        for valid_at in (None, may(9), may(13)):
            parameters = ScoreParameters(POLICY, ("singer",), ("sweater",), as_of, valid_at)
            scored = run(ScoreJob(), store, parameters)["fusion_score"].item()
            assert explained(store, valid_at, as_of=as_of).score == pytest.approx(scored, abs=1e-12)
            frame = fusion_scores(whole, as_of, POLICY, valid_at).set_index(["consumer", "brand"])
            assert frame.loc[BOND, "fusion_score"] == pytest.approx(scored, abs=1e-12)


def test_a_change_names_what_took_an_event_back(store: EmbeddedStore) -> None:
    change = read(store).change(may(13), may(26))
    assert (change.start, change.end) == (6.0, 3.0)
    terms = change.terms.set_index("event_id")
    assert terms.loc["oops", ["change", "reason", "by"]].tolist() == [-5.0, "retracted", "fix"]
    assert terms.loc["gift", "reason"] == "became known late"


def assert_scores(store: EmbeddedStore, series: pd.DataFrame, **parameters: Any) -> None:
    """Check each row; the first of two of the same time is that just before it."""
    for at, value, before in zip(series["at"], series["score"], series["at"].duplicated(keep="last"), strict=True):
        time = at.to_pydatetime() - before * timedelta(microseconds=1)
        assert explained(store, as_of=time, **parameters).score == pytest.approx(value, abs=1e-9)


def test_the_story_has_a_point_at_each_turn_with_what_made_it(store: EmbeddedStore) -> None:
    series = read(store).story().series
    assert series is not None
    marked = series.dropna(subset="event_id")
    assert marked["label"].tolist() == [
        "+3 concert", "-2 complaint", "+5 wear", "+2 giveaway, became known late", "-5 wear, retracted",
    ]  # fmt: skip
    assert marked["score"].tolist() == [3.0, 1.0, 6.0, 8.0, 3.0]
    assert series["score"].iloc[0] == 0.0
    assert_scores(store, series)


def test_a_fading_story_has_points_between_its_turns(store: EmbeddedStore) -> None:
    series = read(store, policy=FusionPolicy(half_life_days=10), as_of=may(31)).story().series
    assert series is not None
    assert len(series) > 20
    assert series["event_id"].notna().sum() == 5
    assert_scores(store, series, policy=FusionPolicy(half_life_days=10))


def test_of_many_events_the_largest_are_named(tmp_path: Path) -> None:
    lines = [f"e{n},{may(1) + timedelta(hours=n):%Y-%m-%dT%H:00:00Z},singer,sweater,wear,1" for n in range(900)]
    lines[500] = lines[500].removesuffix("1") + "-40"
    file = tmp_path / "events.csv"
    file.write_text("\n".join(["event_id,at,consumer,brand,kind,points", *lines]))
    store = EmbeddedStore(tmp_path / "store")
    ingest(store, [file], IngestOptions(rejects=tmp_path / "rejects.jsonl"))
    series = read(store).story().series
    assert series is not None
    assert len(series) <= 2 * COLUMNS + 4
    assert series["event_id"].notna().sum() == LABELED
    assert series.set_index("event_id").loc["e500", "label"] == "-40 wear"
    assert_scores(store, series.iloc[::50])


@pytest.mark.parametrize(("suffix", "start"), [(".svg", b"<svg xmlns="), (".png", b"\x89PNG"), (".html", b"<!doctype")])
def test_a_story_is_written_in_the_format_of_its_file(
    store: EmbeddedStore, tmp_path: Path, suffix: str, start: bytes
) -> None:
    file = tmp_path / f"story{suffix}"
    write_story(file, story_page(read(store)))
    written = file.read_bytes()
    assert written.startswith(start)
    assert b"var(--" not in written or suffix == ".html"
    assert suffix == ".png" or b"wear, retracted" in written


def test_an_event_that_is_not_there_cannot_be_left_out(store: EmbeddedStore) -> None:
    with pytest.raises(NotFound, match=r"'fsh'.*'fish'"):
        explained(store, without=("fsh",))


def test_a_consumer_or_brand_that_is_not_there_is_refused(store: EmbeddedStore) -> None:
    for bond in (("singr", "sweater"), ("singer", "sweeter")):
        with pytest.raises(NotFound, match="did you mean"), store.snapshot() as view:
            read_bond(view, ExplainParameters(*bond))
