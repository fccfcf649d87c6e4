"""Bonds explained from a store, where a correction may stand on another consumer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from influence_graph.app.views.bond_story import bond_story, story_page

from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.app.ingest import IngestOptions, ingest
from influence_graph.app.jobs.scores import Question, answer, explain, explain_change, past, score
from influence_graph.errors import InputError, NotFound
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


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Question(), 3.0),
        (Question(as_of=may(12)), 6.0),
        (Question(as_of=may(20)), 8.0),
        (Question(valid_at=may(12)), 3.0),
        (Question(as_of=may(20), valid_at=may(11)), 3.0),
        (Question(without=("fix",)), 8.0),
        (Question(without=("fix", "oops")), 3.0),
    ],
)
def test_a_correction_on_another_consumer_counts_in_every_question(
    store: EmbeddedStore, question: Question, expected: float
) -> None:
    assert answer(store, BOND, POLICY, question).score == expected


def test_scores_and_explanations_agree_at_any_two_times(store: EmbeddedStore) -> None:
    whole = store.interactions(InteractionFilter(history=True))
    for as_of in (may(9), may(21), may(26)):
        for valid_at in (None, may(9), may(13)):
            where = InteractionFilter(consumers=["singer"], brands=["sweater"], as_of=as_of, valid_at=valid_at)
            scored = score(store, POLICY, where)["fusion_score"].item()
            assert answer(store, BOND, POLICY, Question(as_of, valid_at)).score == pytest.approx(scored, abs=1e-12)
            frame = fusion_scores(whole, as_of, POLICY, valid_at).set_index(["consumer", "brand"])
            assert frame.loc[BOND, "fusion_score"] == pytest.approx(scored, abs=1e-12)


def test_a_change_names_what_took_an_event_back(store: EmbeddedStore) -> None:
    found = explain_change(store, BOND, POLICY, may(13), may(26))
    assert (found.start, found.end) == (6.0, 3.0)
    terms = found.terms.set_index("event_id")
    assert terms.loc["oops", ["change", "reason", "by"]].tolist() == [-5.0, "taken back", "fix"]
    assert terms.loc["gift", "reason"] == "became known late"


def test_the_story_has_a_point_at_each_turn_with_what_made_it(store: EmbeddedStore) -> None:
    series = bond_story(past(store, BOND, POLICY), store.latest()).series
    assert series is not None
    marked = series.dropna(subset="event_id")
    assert marked["label"].tolist() == [
        "+3 concert", "-2 complaint", "+5 wear", "+2 giveaway, became known late", "-5 wear, taken back",
    ]  # fmt: skip
    assert marked["score"].tolist() == [3.0, 1.0, 6.0, 8.0, 3.0]
    assert series["score"].iloc[0] == 0.0
    for at, value in zip(series["at"], series["score"], strict=True):
        assert explain(store, BOND, POLICY, at.to_pydatetime()).score == pytest.approx(value, abs=1e-9)


def test_a_fading_story_has_points_between_its_turns(store: EmbeddedStore) -> None:
    policy = FusionPolicy(half_life_days=10)
    series = bond_story(past(store, BOND, policy), may(31)).series
    assert series is not None
    assert len(series) > 20
    assert series["event_id"].notna().sum() == 5


@pytest.mark.parametrize(("suffix", "start"), [(".svg", b"<svg xmlns="), (".png", b"\x89PNG"), (".html", b"<!doctype")])
def test_a_story_is_written_in_the_format_of_its_file(
    store: EmbeddedStore, tmp_path: Path, suffix: str, start: bytes
) -> None:
    file = tmp_path / f"story{suffix}"
    story = bond_story(past(store, BOND, POLICY), store.latest())
    write_story(file, story_page(story, store.url, store.latest(), POLICY.to_dict()))
    written = file.read_bytes()
    assert written.startswith(start)
    assert b"var(--" not in written or suffix == ".html"
    assert suffix == ".png" or b"wear, taken back" in written


def test_scores_in_hindsight_are_not_written(store: EmbeddedStore) -> None:
    with pytest.raises(InputError, match="hindsight"):
        score(store, POLICY, InteractionFilter(valid_at=may(9)), write=True)


def test_an_event_that_is_not_there_cannot_be_left_out(store: EmbeddedStore) -> None:
    with pytest.raises(NotFound, match=r"'fsh'.*'fish'"):
        answer(store, BOND, POLICY, Question(without=("fsh",)))
