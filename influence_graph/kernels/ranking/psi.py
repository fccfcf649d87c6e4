"""Ψ-score on arrays: the origin of the content of walls, as an absorbing Markov chain.

The chain starts at the wall of a random user. At the wall of j it stops with probability
d_j = λ_j/(λ_j+μ_j): the post is j's own. Else it was re-posted from the newsfeed, and the chain moves to
the wall of its leader there, k with probability w_jk (λ_k+μ_k)/Σ_l w_jl (λ_l+μ_l). Ψ is the
distribution of where it stops, the same as Ψ = (Bᵀs + d)/N of the paper in other variables. With x the
expected visits, x = v + M x and Ψ = d∘x. Remaining mass can at most be absorbed, so
‖Ψ - Ψ*‖₁ ≤ ‖v + M x - x‖₁: the residual is a proven bound of the error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order

from influence_graph.kernels.ranking.krylov import combined, krylov, norm2

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RESTART = 16  # products in a cycle of GMRES


class Chain(NamedTuple):
    """The chain on the users who have a wall.

    ``with_wall`` marks them; the others have no content. ``original`` is d, ``reposted`` 1 - d (both 0 without a wall).
    ``transitions`` are the probabilities of moving from j to k, in the rows of the graph.
    """

    with_wall: NDArray[np.bool_]
    original: NDArray[np.float64]
    reposted: NDArray[np.float64]
    indptr: NDArray[np.int64]
    indices: NDArray[np.integer]
    transitions: NDArray[np.float64]


class Solution(NamedTuple):
    """Scores, whose sum differs from 1 by at most the residual; products with M; ‖v + M x - x‖₁."""

    scores: NDArray[np.float64]
    iterations: int
    residual: float


def chain(
    indptr: NDArray[np.int64],
    indices: NDArray[np.integer],
    weights: NDArray[np.float64] | None,
    posting: NDArray[np.float64],
    reposting: NDArray[np.float64],
) -> Chain:
    """Return the chain of followers (rows) and leaders (columns) with these weights ≥ 0 and rates ≥ 0.

    A user without a leader with content has nothing to re-post: that μ is taken as 0. Only the ratios of rates and
    of weights matter, so each is scaled to at most 1 and no sum can overflow.
    """
    nodes = posting.size
    follower = np.repeat(np.arange(nodes), np.diff(indptr))
    weights = np.ones(indices.size) if weights is None else weights
    weights = weights / max(weights.max(initial=0.0), np.finfo(np.float64).tiny)
    top = max(posting.max(initial=0.0), reposting.max(initial=0.0), np.finfo(np.float64).tiny)
    posting, reposting = posting / top, reposting / top
    with_wall = _with_content(indices, follower, weights, posting > 0.0, reposting > 0.0)
    reads = with_wall[indices] & (weights > 0.0)
    fed = np.bincount(follower[reads], minlength=nodes) > 0
    effective = np.where(fed, reposting, 0.0)
    rate = np.where(with_wall, posting + effective, 0.0)
    arriving = weights * rate[indices]
    total = np.bincount(follower, weights=arriving, minlength=nodes)[follower]
    transitions = np.divide(arriving, total, out=np.zeros_like(arriving), where=total > 0.0)
    original = np.divide(posting, rate, out=np.zeros(nodes), where=with_wall)
    reposted = np.divide(effective, rate, out=np.zeros(nodes), where=with_wall)
    return Chain(with_wall, original, reposted, indptr, indices, transitions)


def _with_content(
    leader: NDArray[np.integer],
    follower: NDArray[np.int64],
    weights: NDArray[np.float64],
    posts: NDArray[np.bool_],
    reposts: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return the users with content on the wall: who post, or re-post from a leader with content."""
    passes = (weights > 0.0) & reposts[follower]
    origin, posters = posts.size, np.flatnonzero(posts)  # one more node, with an edge to each poster
    source = np.concatenate([leader[passes], np.full(posters.size, origin)])
    target = np.concatenate([follower[passes], posters])
    edges = coo_array((np.ones(source.size), (source, target)), shape=(origin + 1, origin + 1)).tocsr()
    with_wall = np.zeros(origin + 1, dtype=bool)
    with_wall[breadth_first_order(edges, origin, return_predecessors=False)] = True
    return with_wall[:origin]


def solve(walls: Chain, tolerance: float, max_iterations: int) -> Solution:
    """Return the Ψ-score to an L1 error of *tolerance*, or the state after at most *max_iterations* products.

    Args:
        walls: A chain with at least one user who has a wall.
        tolerance: L1 residual to reach, > 0.
        max_iterations: Products with M, ≥ 1.
    """
    nodes = walls.with_wall.size
    transitions = csr_array((walls.transitions, walls.indices, walls.indptr), shape=(nodes, nodes)).T.tocsr()
    v = walls.with_wall / np.count_nonzero(walls.with_wall)

    def operator(y: NDArray[np.float64]) -> NDArray[np.float64]:
        image: NDArray[np.float64] = y - transitions @ (walls.reposted * y)
        return image

    x, products = v, 0
    while True:
        x = np.maximum(x, 0.0)  # values below 0 are error, or rounding
        remainder = v - operator(x)
        products += 1
        residual = float(np.abs(remainder).sum())
        size = min(_RESTART, max_iterations - products - 1)  # one product is for the check of the result
        if residual <= tolerance or size < 1:
            return Solution(walls.original * x, products, residual)
        basis, matrix, _ = krylov(operator, remainder, size)  # one cycle of GMRES
        goal = np.eye(len(matrix), 1)[:, 0] * norm2(remainder)
        share = np.linalg.lstsq(matrix, goal, rcond=None)[0].astype(np.float64)
        x = np.add(x, combined(share, basis[:-1]))
        products += matrix.shape[1]
