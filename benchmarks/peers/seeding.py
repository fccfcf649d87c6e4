"""Rivals of ours in choosing seeds that no registry carries, written on *our* sampler, which flatters them.

IMM (Tang, Shi, Xiao 2015, https://doi.org/10.1145/2723372.2723734) with fresh sets in its second phase (Chen 2018,
https://arxiv.org/abs/1808.09363), and plain OPIM-C (Tang, Tang, Xiao, Yuan 2018) without sentinel sets.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from influence_graph.kernels.maximize import coverage, rr_sets

_GREEDY = 1 - 1 / math.e


class Chosen(NamedTuple):
    """Node indices, number of sets and their bytes."""

    seeds: np.ndarray
    sets: int
    bytes: int


def sampler(graph, model="ic"):
    """Return the sampler of *graph*, every node a root alike."""
    reverse = rr_sets.reverse_of(graph.indptr, graph.indices, graph.edge_weights())
    return rr_sets.sampler_of(reverse, model, 1.0, None)


def drawn(source, seed, first, last):
    """Return the sets *first* to *last* - 1 of *seed*, by one thread."""
    return rr_sets.draw(source, seed, np.arange(first, last), 1)


def imm(graph, k, epsilon=0.1, seed=1, model="ic"):
    """Return the seeds of IMM, right with probability 1 - 1/n."""
    n, source = graph.number_of_nodes, sampler(graph, model)
    allowed = np.ones(n, bool)
    log_n = math.log(n) + math.log(2)  # ℓ = 1, raised as the paper does for the union of both phases
    log_choices = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    wide = math.sqrt(2) * epsilon
    unit = (2 + 2 / 3 * wide) * (log_choices + log_n + math.log(math.log2(n))) * n / wide**2
    sets, bound = drawn(source, seed, 0, 0), 1.0
    for step in range(1, int(math.log2(n))):
        guess = n / 2**step
        sets = rr_sets.concatenated(sets, drawn(source, seed, sets.count, math.ceil(unit / guess)))
        share = coverage.greedy(sets, n, k, allowed).gains.sum() / sets.count
        if n * share >= (1 + wide) * guess:
            bound = n * share / (1 + wide)
            break
    alpha, beta = math.sqrt(log_n), math.sqrt(_GREEDY * (log_choices + log_n))
    count = math.ceil(2 * n * (_GREEDY * alpha + beta) ** 2 / (bound * epsilon**2))
    fresh = drawn(source, seed + 1, 0, count)
    return Chosen(coverage.greedy(fresh, n, k, allowed).chosen, count, fresh.nbytes)


def plain_opimc(graph, k, epsilon=0.1, seed=1, model="ic"):
    """Return the seeds at which 1 - 1/e - ε is first certified, with whole sets."""
    n, source = graph.number_of_nodes, sampler(graph, model)
    allowed, rounds = np.ones(n, bool), 30
    eta = math.log(3 * rounds * n)
    choose, judge, count = drawn(source, seed, 0, 0), drawn(source, seed + 1, 0, 0), 256
    for _ in range(rounds):
        choose = rr_sets.concatenated(choose, drawn(source, seed, choose.count, count))
        judge = rr_sets.concatenated(judge, drawn(source, seed + 1, judge.count, count))
        coverage_ = coverage.greedy(choose, n, k, allowed)
        wanted = np.zeros(n, bool)
        wanted[coverage_.chosen] = True
        hits = np.count_nonzero(coverage.hit(judge.offsets, judge.members, wanted))
        lower = (math.sqrt(hits + 2 * eta / 9) - math.sqrt(eta / 2)) ** 2 - eta / 18
        upper = (math.sqrt(coverage_.upper + eta / 2) + math.sqrt(eta / 2)) ** 2
        if lower / upper >= _GREEDY - epsilon:
            break
        count = choose.count
    return Chosen(coverage_.chosen, 2 * choose.count, choose.nbytes + judge.nbytes)
