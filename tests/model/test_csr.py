import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from influence_graph.model.csr import Csr, both_ways, build, row_of_each, transpose

N = 6
edges = st.lists(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1), st.integers(-5, 5)), max_size=40).map(
    lambda rows: np.array(rows, dtype=np.int64).reshape(-1, 3)
)


def dense(rows):
    values = np.ones(rows.indices.size) if rows.weights is None else rows.weights
    return csr_array((values, rows.indices, rows.indptr), shape=(N, N)).toarray()


@given(edges)
def test_parallel_edges_are_summed(rows):
    expected = np.zeros((N, N))
    np.add.at(expected, (rows[:, 0], rows[:, 1]), rows[:, 2])
    assert dense(build(N, rows[:, 0], rows[:, 1], rows[:, 2].astype(float))).tolist() == expected.tolist()


@given(edges)
def test_targets_ascend_within_a_row_and_indices_take_half_the_memory(rows):
    found = build(N, rows[:, 0], rows[:, 1], None)
    assert found.indices.dtype == np.int32
    assert found.indptr.dtype == np.int64
    for start, end in zip(found.indptr[:-1], found.indptr[1:], strict=True):
        assert (np.diff(found.indices[start:end]) > 0).all()


@given(edges)
def test_weights_are_left_out_where_all_are_1(rows):
    found = build(N, rows[:, 0], rows[:, 1], None)
    repeated = len({(a, b) for a, b, _ in rows.tolist()}) < len(rows)
    assert (found.weights is not None) == repeated


@given(edges)
def test_the_transpose_is_that_of_the_matrix_and_its_own_inverse(rows):
    found = build(N, rows[:, 0], rows[:, 1], rows[:, 2].astype(float))
    assert dense(transpose(found)).tolist() == dense(found).T.tolist()
    again = transpose(transpose(found))
    assert again.indices.tolist() == found.indices.tolist()
    assert again.weights.tolist() == found.weights.tolist()


@given(edges)
def test_both_ways_makes_a_symmetric_matrix_and_keeps_loops_single(rows):
    source, target, weight = both_ways(rows[:, 0], rows[:, 1], rows[:, 2].astype(float))
    loops = int((rows[:, 0] == rows[:, 1]).sum())
    assert source.size == 2 * len(rows) - loops
    matrix = dense(build(N, source, target, weight))
    assert matrix.tolist() == matrix.T.tolist()


@pytest.mark.parametrize("degrees", [[], [0], [2, 0, 3], [0, 0, 1]])
def test_each_entry_has_its_row(degrees):
    indptr = np.concatenate([[0], np.cumsum(degrees)]).astype(np.int64)
    assert row_of_each(indptr).tolist() == [row for row, degree in enumerate(degrees) for _ in range(degree)]
    assert Csr(indptr, np.zeros(sum(degrees), np.int32), None).weights is None
