"""Hypothesis strategies for ledgers with ties in time, late records, co-brands and missing values."""

from datetime import UTC, datetime, timedelta

import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import INTERACTIONS, TOUCHPOINTS

START = datetime(2026, 1, 1, tzinfo=UTC)
CONSUMERS, BRANDS = ("annie", "june"), ("atlas", "nova", "orbit", "zest")
KINDS = ("giveaway", "complaint", "wear", "recovery", "unheard of", "purchase", "repeat_purchase", "free_use")


# Compiled code is slow once: no example has a deadline. --hypothesis-profile=thorough gives 500 examples.
quick = settings(max_examples=500 if settings.default.max_examples >= 500 else 40, deadline=None)


def optional(strategy):
    return st.none() | strategy


def day(number):
    return (START + timedelta(days=number)).isoformat()


declared_points = st.integers(-8, 8).map(float) | st.floats(-50, 50, allow_subnormal=False)
co_brands = optional(st.sets(st.sampled_from(BRANDS), max_size=3).map(lambda names: "|".join(sorted(names)) or None))


@st.composite
def one_event(draw, declared=False, blame=True, late=True):
    days = draw(st.integers(0, 6))
    return {
        "at": day(days),
        "consumer": draw(st.sampled_from(CONSUMERS)),
        "brand": draw(st.sampled_from(BRANDS)),
        "direction": draw(optional(st.sampled_from(("to_brand", "to_consumer")))),
        "kind": draw(optional(st.sampled_from(KINDS))),
        "touchpoint": draw(optional(st.sampled_from(TOUCHPOINTS))),
        "points": draw(declared_points if declared else optional(declared_points)),
        "valence": draw(optional(st.floats(-1, 1, allow_subnormal=False))),
        "weight": draw(optional(st.floats(0, 5, allow_subnormal=False))),
        "reach": draw(optional(st.integers(0, 10**7).map(float))),
        "confidence": draw(optional(st.floats(0, 1, allow_subnormal=False))),
        "blame": draw(optional(st.sampled_from((0.0, 0.5, 1.0)))) if blame else None,
        "with_brands": draw(co_brands),
        "value": draw(optional(st.floats(-5, 500, allow_subnormal=False))),
        "paid": draw(optional(st.booleans())),
        "recorded_at": day(days + draw(st.integers(0, 4))) if late and draw(st.booleans()) else None,
    }


@st.composite
def ledgers(draw, max_size=14, **options):
    """Return a list of events with distinct ids, in any order."""
    drawn = draw(st.lists(one_event(**options), max_size=max_size))
    return draw(st.permutations([{"event_id": f"e{i}", **event} for i, event in enumerate(drawn)]))


@st.composite
def corrected_ledgers(draw, **options):
    """Return a ledger in which some records replace others, in chains, twice, and across consumers."""
    events = draw(ledgers(**options))
    names = [event["event_id"] for event in events]
    for event in events:
        if draw(st.booleans()):
            event["replaces"] = draw(optional(st.sampled_from([*names, "unknown"])))
            event["kind"] = draw(st.sampled_from((event["kind"], "retraction")))
        if event.get("replaces") == event["event_id"]:
            event["replaces"] = None
    return events


policies = st.builds(
    FusionPolicy,
    half_life_days=st.sampled_from((float("inf"), 3.0, {"engagement": 2.0, "problem_recovery": 30.0})),
    spillover=st.sampled_from((0.25, 1.0, 0.5)),
    outcome=st.sampled_from(("recommend", "loyalty")),
    link_half_life_days=st.sampled_from((float("inf"), 2.0, 365.0)),
    paid=st.sampled_from((0.0, 0.5)),
    value_unit=st.sampled_from((float("inf"), 20.0)),
)

rivalries = st.dictionaries(
    st.sampled_from([(a, b) for a in BRANDS for b in BRANDS if a < b]), st.sampled_from((-1.0, -0.3, 0.0, 0.5))
)
with_rivals = st.builds(
    FusionPolicy,
    half_life_days=st.sampled_from((float("inf"), 3.0, {"engagement": 2.0, "problem_recovery": 30.0})),
    spillover=st.sampled_from((0.25, 1.0, 0.0)),
    link_half_life_days=st.sampled_from((float("inf"), 2.0)),
    rivals=rivalries,
)


def frame(events):
    """Return events as a frame with all columns of the record, also where there are no events."""
    return pd.DataFrame(events, columns=INTERACTIONS.names)
