import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.fusion.names import Names

batches = st.lists(st.lists(st.text(max_size=2), unique=True, max_size=6), max_size=6)


def of_batches(batches):
    names = Names()
    for batch in batches:
        names, _ = names.with_texts(np.array(batch, dtype=object))
    return names


@given(st.lists(st.lists(st.text(max_size=2), unique=True, max_size=6), max_size=6))
def test_names_keep_their_codes_and_know_their_rank(batches):
    names, codes = Names(), {}
    for batch in batches:
        names, found = names.with_texts(np.array(batch, dtype=object))
        for text, code in zip(batch, found.tolist(), strict=True):
            assert codes.setdefault(text, code) == code
    assert names.texts.tolist() == sorted(codes, key=codes.get)
    rank = np.arange(len(names)) if names.rank is None else names.rank
    assert names.texts[np.argsort(rank)].tolist() == sorted(codes)


@given(batches)
def test_names_by_code_are_the_same_names(batches):
    names = of_batches(batches)
    again = Names.of(names.texts)
    assert again.texts.tolist() == names.texts.tolist()
    assert again.find(names.texts).tolist() == list(range(len(names)))


def test_unknown_names_have_no_code():
    names = Names.of(np.array(["ann", "bob"], dtype=object))
    assert names.find(np.array(["bob", "cy", "ann"], dtype=object)).tolist() == [1, -1, 0]
    assert Names().find(np.array(["ann"], dtype=object)).tolist() == [-1]


@pytest.mark.parametrize("size", [1, 9, 100])
def test_many_small_parts_are_joined(size):
    names = of_batches([[f"{i}-{k}" for k in range(size)] for i in range(50)])
    assert len(names) == 50 * size
    assert len(names.parts) <= 4
