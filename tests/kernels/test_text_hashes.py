import numpy as np

from influence_graph.kernels.text_hashes import hashes


def fnv1a(text):
    state = 0xCBF29CE484222325
    for byte in text:
        state = (state ^ byte) * 0x100000001B3 % 2**64
    return state


def test_known_answers_of_fnv1a():
    assert fnv1a(b"a") == 0xAF63DC4C8601EC8C  # test vectors of the authors' page
    assert fnv1a(b"foobar") == 0x85944171F73967E8


def test_hash_is_fnv1a_with_its_halves_mixed():
    texts = [b"", b"a", b"foobar", "café".encode(), b"a"]
    offsets = np.cumsum([0, *map(len, texts)])
    with np.errstate(over="ignore"):  # the product wraps on purpose; only plain Python says so
        found = hashes(offsets, np.frombuffer(b"".join(texts), np.uint8))
    assert found.tolist() == [fnv1a(text) ^ (fnv1a(text) >> 32) for text in texts]
