import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.kernels.text_hashes import hashes
from tests.kernels.naive import quick


def fnv1a(text):
    state = 0xCBF29CE484222325
    for byte in text:
        state = (state ^ byte) * 0x100000001B3 % 2**64
    return state


def test_known_answers_of_fnv1a():
    assert fnv1a(b"a") == 0xAF63DC4C8601EC8C  # test vectors of the authors' page
    assert fnv1a(b"foobar") == 0x85944171F73967E8


def hashed(texts):
    offsets = np.cumsum([0, *map(len, texts)])
    with np.errstate(over="ignore"):  # the product wraps on purpose; only plain Python warns of it
        return hashes(offsets, np.frombuffer(b"".join(texts), np.uint8)).tolist()


def test_hash_is_fnv1a_with_its_halves_mixed():
    texts = [b"", b"a", b"foobar", "café".encode(), b"a"]
    assert hashed(texts) == [fnv1a(text) ^ (fnv1a(text) >> 32) for text in texts]


@given(st.lists(st.binary(max_size=20), max_size=20))
@quick
def test_a_hash_depends_on_the_bytes_of_its_text_alone(texts):
    found = hashed(texts)
    assert found == [hashed([text])[0] for text in texts]
    assert len(set(found)) == len(set(texts))


def test_thousands_of_similar_ids_have_no_collision():
    assert len(set(hashed([b"person-%d" % i for i in range(5000)]))) == 5000
