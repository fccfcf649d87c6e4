"""The bars that were set before anything was built, each compared with the records of the last run."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from benchmarks.results import pick, rivals

# Published for another machine (AMD EPYC, one core): seconds of IMM(.1) in C++ and the spread of its seeds.
PUBLISHED_IMM = {"nethept": (0.50, 963)}
BIG = 500_000  # edges
NOISE = 0.95  # of two equal programs, one may measure this much slower


# Why a bar is missed, written after profiling; shown where one of its lines is missed.
WHY = {
    "1": "A sweep runs at the speed of its random gather and the passes are few, but scipy's loop is as fast per"
    " edge and needs only twice the passes on R-MAT. The generated retweets spend their time in the fringe and"
    " in the check, where nothing is left to iterate. With weights, 8 bytes more are read per edge.",
    "2": "On graphs of a few thousand nodes the setup takes longer than the sweeps. Skewed graphs converge so fast"
    " that the check of the residual, one pass, is a tenth of all.",
    "3": "More than half of the cold time is sorting the edges into rows, by scipy's own routine. Sweeps on two"
    " threads were not built: to give the same answer every time they would have to be Jacobi's between the"
    " halves.",
    "4": "Personalized power iteration starts near its answer and needs fewer passes. A block of sources reads"
    " each edge once but the value of each source apart: it is bound by memory just the same.",
    "5": "After a change six of ten decades of the error remain, at the same rate, plus the check; the local steps"
    " before are counted. Sets that hold a changed node are the large ones: they are a small share of the sets"
    " and a large one of what is drawn.",
    "6": "On NetHEPT a cascade is so small that the setup of one counts; on facebook linear threshold reads every"
    " edge of every node it reaches, as CyNetDiff does.",
    "7": "The rival is IMM on our own sampler. Our time goes into sampling until the seeds are stable and into the"
    " half that evaluates them, which IMM does not have and which makes the certificate; by the rule of OPIM-C"
    " alone it takes a tenth of the time and leaves some 4 % of the spread. The sets are stored alike, so the"
    " memory is alike.",
    "8": "The candidates of each sentinel are compared on 4,096 sets: for a weak certificate this costs more than"
    " they save.",
    "9": "The default samples until the seeds are stable, far beyond GDS's choice; by the rule of OPIM-C alone it"
    " takes a twentieth of the time.",
    "10": "Learning sorts the log by item and time, more than linear, and leaves the cache from 10⁶ actions on.",
}


class Bar(NamedTuple):
    """A bar, what was measured, and whether it is met; None: nothing was measured here."""

    number: str
    bar: str
    measured: str
    met: bool | None
    note: str = ""


def measured(records):
    """Return all bars."""
    bars = (_ranks, _passes, _cold, _personalized, _changes, _spread, _seeds, _extremes, _gds, _growth)
    return [bar for each in bars for bar in each(records)]


def _at_least(number, text, limit, pairs, note=""):
    """Return the bar that each of *pairs* (name, value) is at least *limit*."""
    return _bar(number, text, pairs, lambda value: value >= limit, note)


def _at_most(number, text, limit, pairs, note=""):
    return _bar(number, text, pairs, lambda value: value <= limit, note)


def _bar(number, text, pairs, good, note):
    if not pairs:
        return Bar(number, text, "not measured", None, note)
    measured = ", ".join(f"{name} {value:.3g}" for name, value in pairs)
    return Bar(number, text, measured, all(good(value) for _, value in pairs), note)


def _best(records, case, wanted):
    """Return (graph and best peer, ratio) for each graph of *case* that *wanted* accepts."""
    pairs = []
    for own in pick(records, part="pagerank", case=case, engine="ours"):
        peers = rivals(records, part="pagerank", case=case, graph=own["graph"])
        if peers and wanted(own):
            pairs.append((f"{own['graph']} ({peers[0]['engine']})", peers[0]["ratio"]))
    return pairs


def _ranks(records):
    def named(*names):
        return lambda own: own["graph"] in names

    def big(own):
        return own["edges"] >= BIG and own["graph"] not in ("rmat18", "rmat20", "rmat22")

    what = "PageRank to 1e-9 against the best peer that reaches it"
    large = _best(records, "plain", named("rmat18", "rmat20", "rmat22"))
    yield _at_least("1", f"{what}: ≥ 3 × from .5 M edges", 3, _best(records, "plain", big))
    yield _at_least("1", f"{what}: ≥ 5 × on R-MAT 18 to 22", 5, large)
    yield _at_least("1", f"{what}: ≥ 15 × on retweets", 15, _best(records, "plain", named("retweets")))
    yield _at_least("1", f"{what}: ≥ 1.5 × on NetHEPT", 1.5, _best(records, "plain", named("nethept")))
    weighted = _best(records, "weighted", lambda own: BIG <= own["edges"] < 15e6)
    yield _at_least("1", "weighted: ≥ 3 × from .5 M edges", 3, weighted)
    yield _at_least("1", "weighted: ≥ 4 × from 16 M edges", 4, _best(records, "weighted", lambda o: o["edges"] > 15e6))


def _passes(records):
    own = pick(records, part="pagerank", case="plain", engine="ours")
    rate = [(r["graph"], r["seconds"] / r["passes"] / r["gather"]) for r in own]
    yield _at_most("2", "seconds per pass ≤ 1.25 × those of the bare gather over the edges", 1.25, rate)
    share = [(r["graph"], r["passes"] / r["power_passes"], r["graph"].startswith("rmat")) for r in own]
    yield _at_most("2", "passes ≤ 35 % of power iteration's", 0.35, [pair[:2] for pair in share if not pair[2]])
    yield _at_most("2", "passes ≤ 50 % of power iteration's on R-MAT", 0.5, [pair[:2] for pair in share if pair[2]])
    yield _at_most("2", "proven L1 error ≤ 1e-9", 1e-9 * (1 + 1e-9), [(r["graph"], r["bound"]) for r in own])


def _cold(records):
    own = pick(records, part="pagerank", case="plain", engine="ours")
    cold = [(r["graph"], r["cold_ratio"]) for r in own if r["edges"] >= BIG]
    yield _at_least("3", "from unsorted arrays to scores ≥ 2.5 × scipy from .5 M edges", 2.5, cold)
    two = [(r["graph"], r["ratio"], r["edges"]) for r in pick(records, case="two", engine="ours") if "ratio" in r]
    large = [pair[:2] for pair in two if pair[2] > 3.5e6]
    yield _at_least("3", "two cores ≥ 1.7 × one from 4 M edges", 1.7, large)
    yield _at_least("3", "two cores never slower than one", NOISE, [pair[:2] for pair in two])


def _personalized(records):
    yield _at_least("4", "personalized: ≥ 4 × the best peer", 4, _best(records, "personalized", lambda _: True))
    sixteen = _best(records, "sixteen", lambda _: True)
    yield _at_least("4", "16 sources together: ≥ 8 × the best peer 16 times", 8, sixteen)


def _changes(records):
    share = [(r["graph"], r["passes"] / r["cold_passes"]) for r in pick(records, part="pagerank", case="warm")]
    yield _at_most("5", "1e-4 of the edges changed: ≤ 60 % of the cold passes", 0.6, share)
    faster = [(r["graph"], r["ratio"]) for r in pick(records, part="seeds", case="repair")]
    yield _at_least("5", "100 edges changed: sets repaired ≥ 8 × faster than drawn again", 8, faster)


def _spread(records):
    def against(case, engine):
        compared = [r for r in pick(records, part="spread", case=case, engine=engine) if "ratio" in r]
        return [(r["graph"], r["ratio"]) for r in compared]

    yield _at_least("6", "IC simulations ≥ 3.5 × cynetdiff on one core", 3.5, against("ic", "cynetdiff"))
    yield _at_least("6", "IC on two cores ≥ 6 × cynetdiff on one", 6, against("ic, two threads", "cynetdiff"))
    yield _at_least("6", "IC ≥ 90 × a naive networkx loop", 90, against("ic", "networkx, naive"))
    yield _at_least("6", "LT ≥ 8 × cynetdiff", 8, against("lt", "cynetdiff"))
    apart = [r for r in pick(records, part="spread") if "apart" in r]
    pairs = [(f"{r['graph']} {r['case']} {r['engine']}", r["apart"]) for r in apart]
    worst = sorted(pairs, key=lambda pair: -pair[1])[:1]
    yield _at_most("6", "means equal to each peer's within 3 standard errors; the farthest", 3, worst)


def _seeds(records):
    reached, faster, smaller = [], [], []
    for imm in pick(records, part="seeds", engine="IMM(.1) on our sampler"):
        own = pick(records, part="seeds", engine="ours", graph=imm["graph"], case=imm["case"])[0]
        name = f"{imm['graph']} {imm['case']}"
        reached.append((name, own["spread"] / imm["spread"]))
        faster.append((name, imm["ratio"]))
        smaller.append((name, own["megabytes"] / imm["megabytes"]))
    note = "in this run: IMM rebuilt on our own sampler, as the C++ is in no registry"
    yield _at_least("7", "50 seeds: spread of IMM(.1)'s or more, less .3 %", 0.997, reached, note)
    yield _at_least("7", "≥ 10 × faster than IMM(.1)", 10, faster, note)
    yield _at_most("7", "≤ 1/5 of its memory", 0.2, smaller, note)
    table = []
    for graph, (seconds, _) in PUBLISHED_IMM.items():
        table += [
            (graph, seconds / r["seconds"]) for r in pick(records, part="seeds", graph=graph, case="wc", engine="ours")
        ]
    yield _at_least("7", "≥ 10 × faster than IMM(.1) in C++", 10, table, "published table, another machine")


def _extremes(records):
    plain = pick(records, part="seeds", case="sentinel", engine="plain sets")
    faster = []
    for r in plain:
        bare = pick(records, part="seeds", case="sentinel", engine="ours, at 1-1/e-ε", graph=r["graph"])[0]
        faster.append((r["graph"], r["seconds"] / bare["seconds"]))
    yield _at_least("8", "high influence (p = .1): ≥ 10 × plain sets at the same certificate", 10, faster)
    pairs = []
    for r in pick(records, part="seeds"):
        if "CELF" in r["engine"]:
            own = pick(records, part="seeds", case=r["case"], engine="ours", graph=r["graph"])
            error = math.hypot(r["std_error"], own[0]["std_error"]) if own else 0.0
            pairs += [(f"{r['case']} p, {r['engine']}", (own[0]["spread"] + 3 * error) / r["spread"])] if own else []
    yield _at_least("8", "spread not below CELF's (beyond 3 standard errors)", 1, pairs)


def _gds(records):
    cold = [(r["graph"], r["ratio"]) for r in pick(records, case="gds with projection")]
    yield _at_least("9", "GDS PageRank with projection ≥ 25 × ours from arrays", 25, cold)
    celf = [(r["graph"], r["ratio"]) for r in pick(records, engine="GDS CELF, 100 worlds")]
    yield _at_least("9", "GDS CELF at p = .1 ≥ 500 × ours", 500, celf)


def slope(records, what, value, least=0):
    """Return the slope of log *value* on log edges over the sizes from *least* edges, or None."""
    sizes = [r for r in pick(records, part="growth", case=what) if r["edges"] >= least]
    if len(sizes) < 2:
        return None
    logs = np.log([[r["edges"], max(r[value], 1e-9)] for r in sizes])
    return float(np.polyfit(*logs.T, 1)[0])


def _growth(records):
    fusion = pick(records, part="fusion")
    largest = sorted(fusion, key=lambda r: r["edges"])[-1:]
    pairs = [(f"{r['edges']:,} events", r["ratio"]) for r in largest]
    yield _at_least("10", "Fusion Scores of 10⁷ events ≥ 5 × a pandas groupby", 5, pairs)
    whats = ("pagerank", "spread", "seeds", "learn")
    times = [(what, slope(records, what, "seconds")) for what in whats]
    yield _at_most("10", "slope of log time on log edges ≤ 1.1", 1.1, [pair for pair in times if pair[1] is not None])
    memory = [(what, slope(records, what, "megabytes", 50_000)) for what in whats]
    note = "from 10⁵ edges: at 10⁴ it is less than what the process holds already"
    yield _at_most("10", "slope of log memory ≤ 1.1", 1.1, [pair for pair in memory if pair[1] is not None], note)
    compiled = pick(records, part="compiling")
    stated = [Bar("10", "compile time cached and stated", _compiled(r), r["later"] < r["seconds"]) for r in compiled]
    yield from stated or [Bar("10", "compile time cached and stated", "not measured", None)]


def _compiled(record):
    first, later = record["seconds"], record["later"]
    return f"{first:.1f} s the first time on a machine, {later:.1f} s later, start of Python included"
