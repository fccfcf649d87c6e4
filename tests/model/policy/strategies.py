"""Hypothesis strategies for policies."""

import math

from hypothesis import strategies as st

from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import TOUCHPOINTS

positive = st.floats(1e-9, 1e9)
share = st.floats(0, 1)
rows = st.dictionaries(st.sampled_from(TOUCHPOINTS), st.floats(0, 1e9))
half_lives = st.one_of(positive, st.just(math.inf), st.dictionaries(st.sampled_from(TOUCHPOINTS), positive))
brand = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
pairs = st.tuples(brand, brand).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: tuple(sorted(pair)))
policies = st.builds(
    FusionPolicy,
    half_life_days=half_lives,
    spillover=share,
    blame=share,
    loss_aversion=st.floats(0, 100),
    curvature=st.floats(0.01, 1),
    reach_saturation=st.integers(2, 10**9),
    display_scale=positive,
    outcome=st.sampled_from(["recommend", "loyalty"]),
    weights=st.fixed_dictionaries({}, optional={"recommend": rows, "loyalty": rows}),
    rivals=st.dictionaries(pairs, st.floats(-1, 1), max_size=3),
    version=st.text(st.characters(codec="utf-8"), max_size=8).filter(str.isprintable),
)
