from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given

from influence_graph.analyses.fusion.explain import explain
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.errors import NotFound
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion import naive
from tests.analyses.fusion.events import START, frame, ledgers, policies, quick

END = START + timedelta(days=20)

EVENTS = pd.DataFrame(
    {
        "event_id": ["concert", "blame", "bonus"],
        "at": ["2026-05-01T20:00:00Z", "2026-05-08T20:00:00Z", "2026-05-09T08:00:00Z"],
        "consumer": ["singer"] * 3,
        "brand": ["sweater", "restaurant", "restaurant"],
        "kind": ["concert", "blame", "loyalty_bonus"],
        "points": [3.0, -8.0, 4.0],
        "with_brands": [None, "sweater", None],
    }
)

STAYS = FusionPolicy(link_half_life_days=float("inf"))


def test_each_term_has_its_path_and_share():
    found = explain(EVENTS, "singer", "sweater", policy=STAYS)
    terms = found.contributions.set_index("event_id")
    assert terms["path"].to_dict() == {
        "concert": "singer → sweater",
        "blame": "singer → restaurant ⇢ sweater",
        "bonus": "restaurant → singer ⇢ sweater",
    }
    assert terms["contribution"].to_dict() == {"concert": 3.0, "blame": -2.0, "bonus": 1.0}
    assert terms["term"].tolist() == ["direct", "spillover", "spillover"]
    assert terms["via"].tolist() == ["", "restaurant", "restaurant"]
    assert terms["link_event"].tolist() == ["", "blame", "blame"]
    assert terms["link_at"].dropna().dt.strftime("%d").tolist() == ["08", "08"]
    assert terms["share"].tolist() == [1.0, 0.25, 0.25]
    assert terms["touchpoint"].tolist() == ["brand_experience", "problem_recovery", "engagement"]
    assert (found.score, found.to_brand, found.to_consumer) == (2.0, 1.0, 1.0)


def test_sentences_say_who_did_what_and_why_it_came_here():
    assert explain(EVENTS, "singer", "sweater", policy=STAYS).sentences() == [
        "The Fusion Score of singer and sweater is +2:",
        "+3 on 2026-05-01: positive interaction of the consumer (concert)",
        "-2 on 2026-05-08: negative interaction of the consumer with restaurant (blame); 0.25 of its -8 spilled over "
        "because sweater was worn or named together with restaurant (blame on 2026-05-08)",
        "+1 on 2026-05-09: positive interaction from restaurant (loyalty bonus); 0.25 of its +4 spilled over "
        "because sweater was worn or named together with restaurant (blame on 2026-05-08)",
    ]


def test_sentences_say_what_has_decayed():
    policy = FusionPolicy(half_life_days=7)
    lines = explain(EVENTS, "singer", "sweater", "2026-05-15T20:00:00Z", policy=policy).sentences()
    assert lines[1] == "+0.75 on 2026-05-01: positive interaction of the consumer (concert); decayed to 25.0% of +3"
    assert lines[2].startswith("-1 on 2026-05-08: ")
    assert lines[2].endswith("; decayed to 50.0%")


def test_a_rivals_loss_is_a_gain_and_the_sentence_says_so():
    policy = FusionPolicy(rivals={("sweater", "restaurant"): -1.0})
    found = explain(EVENTS, "singer", "sweater", "2026-05-08T20:00:00Z", policy=policy)
    assert found.score == 5.0
    assert "+2 on 2026-05-08" in found.sentences()[2]
    assert "with reversed sign, as of a rival" in found.sentences()[2]


def test_hindsight_explains_what_was_learned_late():
    late = EVENTS.assign(recorded_at=[None, "2026-06-01T00:00:00Z", None])
    assert explain(late, "singer", "sweater", "2026-05-09T08:00:00Z").score == 3.0
    found = explain(late, "singer", "sweater", valid_at="2026-05-09T08:00:00Z", policy=STAYS)
    assert (found.score, found.valid_at.day, found.as_of.month) == (2.0, 9, 6)
    both = explain(late, "singer", "sweater", "2026-05-31T00:00:00Z", valid_at="2026-05-09T08:00:00Z")
    assert both.score == 3.0


def test_a_correction_left_out_brings_back_what_it_corrected():
    fix = {**EVENTS.iloc[0], "event_id": "fix", "kind": "wear", "points": 0.5, "replaces": "concert"}
    corrected = pd.concat([EVENTS.assign(replaces=None), pd.DataFrame([fix])])
    assert explain(corrected, "singer", "sweater", policy=STAYS).score == -0.5
    assert explain(corrected, "singer", "sweater", without=["fix"], policy=STAYS).score == 2.0


def test_a_retraction_takes_back_and_is_no_term():
    back = {**EVENTS.iloc[1], "event_id": "back", "at": "2026-05-10T00:00:00Z", "kind": "retraction", "consumer": "fan"}
    corrected = pd.concat([EVENTS.assign(replaces=None), pd.DataFrame([{**back, "replaces": "blame"}])])
    assert explain(corrected, "singer", "sweater").contributions["event_id"].tolist() == ["concert"]
    assert len(fusion_scores(corrected)) == 2
    assert explain(corrected, "singer", "sweater", "2026-05-09T23:00:00Z", policy=STAYS).score == 2.0


def test_a_link_fades_with_its_own_half_life():
    fades = FusionPolicy(link_half_life_days=0.5)  # the bonus comes half a day after the link
    terms = explain(EVENTS, "singer", "sweater", policy=fades).contributions.set_index("event_id")
    assert terms["share"].to_dict() == {"concert": 1.0, "blame": 0.25, "bonus": 0.125}


def test_a_purchase_is_one_event_with_two_terms():
    bought = {"event_id": "1", "at": "2026-05-01T20:00:00Z", "consumer": "ann", "brand": "atlas", "kind": "purchase"}
    found = explain(pd.DataFrame([bought, {**bought, "event_id": "2", "at": "2026-06-01T20:00:00Z"}]), "ann", "atlas")
    terms = found.contributions
    assert terms["term"].tolist() == ["direct", "returned"] * 2
    assert terms["direction"].tolist() == ["to_brand", "to_consumer"] * 2
    assert terms["points"].tolist() == pytest.approx([1, 0.5**0.88, 2**0.88, 0.5**0.88])  # the second is a repetition
    assert found.score == pytest.approx(terms["contribution"].sum())


def test_what_was_paid_for_is_shown_and_does_not_count():
    praised = {"event_id": "1", "at": "2026-05-01T20:00:00Z", "consumer": "ann", "brand": "atlas", "kind": "recommend"}
    paid = pd.DataFrame([{**praised, "paid": True}, {**praised, "event_id": "2", "paid": False}])
    found = explain(paid, "ann", "atlas")
    assert found.contributions["paid"].tolist() == [True, False]
    assert found.contributions["contribution"].tolist() == pytest.approx([0.0, 3**0.88])
    half = explain(paid, "ann", "atlas", policy=FusionPolicy(paid=0.5))
    assert half.score == pytest.approx(1.5 * 3**0.88)


def test_an_event_left_out_never_happened_and_links_nothing():
    found = explain(EVENTS, "singer", "sweater", without=["blame"])
    assert found.score == 3.0
    assert found.contributions["event_id"].tolist() == ["concert"]


def test_leaving_out_the_latest_event_keeps_the_time():
    policy = FusionPolicy(half_life_days=7)
    whole = explain(EVENTS, "singer", "sweater", policy=policy)
    assert explain(EVENTS, "singer", "sweater", without=["bonus"], policy=policy).as_of == whole.as_of


@quick
@given(ledgers(), policies)
def test_leaving_out_an_event_is_a_replay_without_it(events, policy):
    left_out = events[: len(events) // 2]
    rest = events[len(events) // 2 :]
    expected = naive.scores(rest, END, policy)
    for event in events[:3]:
        bond = event["consumer"], event["brand"]
        found = explain(frame(events), *bond, END, [e["event_id"] for e in left_out], policy)
        sides = expected.get(bond, (0.0, 0.0))
        assert (found.to_brand, found.to_consumer) == pytest.approx(sides, rel=1e-9, abs=1e-9)


@quick
@given(ledgers(), policies)
def test_terms_are_those_of_the_definition(events, policy):
    table = frame(events)
    expected = {}
    for event, consumer, brand, _, amount in naive.terms(events, END, policy):
        expected[consumer, brand, event] = expected.get((consumer, brand, event), 0.0) + amount
    for consumer, brand in {(c, b) for c, b, _ in expected}:
        terms = explain(table, consumer, brand, END, policy=policy).contributions
        found = {(consumer, brand, e): x for e, x in terms.groupby("event_id")["contribution"].sum().items()}
        wanted = {key: x for key, x in expected.items() if key[:2] == (consumer, brand)}
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_a_known_pair_without_events_stands_at_nothing():
    more = pd.concat([EVENTS, EVENTS.iloc[:1].assign(event_id="other", consumer="fan", brand="nova")])
    found = explain(more, "singer", "nova")
    assert found.score == 0.0
    assert found.sentences() == ["The Fusion Score of singer and nova is +0: no event counts."]


def test_the_default_time_is_that_of_all_scores():
    policy = FusionPolicy(half_life_days=30)
    more = pd.concat([EVENTS, EVENTS.iloc[:1].assign(event_id="x", consumer="fan", at="2026-07-01T00:00:00Z")])
    scores = fusion_scores(more, policy=policy).set_index(["consumer", "brand"])["fusion_score"]
    assert explain(more, "singer", "sweater", policy=policy).score == pytest.approx(scores["singer", "sweater"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("singr", "sweater"), "no consumer 'singr'.*did you mean 'singer'"),
        (("singer", "swetter"), "no brand 'swetter'.*did you mean 'sweater'"),
        (("singer", "sweater", None, ["blam"]), "no event 'blam'.*did you mean 'blame'"),
    ],
)
def test_unknown_names_are_not_found(arguments, message):
    with pytest.raises(NotFound, match=message):
        explain(EVENTS, *arguments)
