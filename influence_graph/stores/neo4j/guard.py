"""What a query may do, decided on the plan that the server makes of it.

READ access mode alone still lets a query fetch URLs, list users or end other people's transactions.
So the server first returns the plan (EXPLAIN runs nothing), and every operator and procedure in it must be on a list.
A plan shows neither functions nor the steps of a subquery inside an expression, such as ``[x IN list | COLLECT {…}]``.
So every function and procedure is also found in the text, read as the server reads it (``words.py``), and must be on a
list too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from influence_graph.errors import InputError
from influence_graph.stores.neo4j.words import Word, functions, procedures, without_escapes, words
from influence_graph.text import one_line

_OPERATORS = """
    AllNodesScan Anti AntiConditionalApply AntiSemiApply Apply Argument ArgumentTracker AssertSameNode
    AssertSameRelationship AssertingMultiNodeIndexSeek CacheProperties CartesianProduct ConditionalApply
    DirectedAllRelationshipsScan DirectedRelationshipByElementIdSeek DirectedRelationshipByIdSeek
    DirectedRelationshipIndexContainsScan DirectedRelationshipIndexEndsWithScan DirectedRelationshipIndexScan
    DirectedRelationshipIndexSeek DirectedRelationshipIndexSeekByRange DirectedRelationshipTypeScan
    DirectedRelationshipUniqueIndexSeek DirectedRelationshipUniqueIndexSeekByRange
    DirectedUnionRelationshipTypesScan Distinct Eager EagerAggregation EmptyResult ExhaustiveLimit Expand Filter
    IntersectionNodeByLabelsScan LeftOuterHashJoin LetAntiSemiApply LetSelectOrAntiSemiApply LetSelectOrSemiApply
    LetSemiApply Limit MultiNodeIndexSeek NodeByElementIdSeek NodeByIdSeek NodeByLabelScan NodeCountFromCountStore
    NodeHashJoin NodeIndexContainsScan NodeIndexEndsWithScan NodeIndexScan NodeIndexSeek NodeIndexSeekByRange
    NodeLeftOuterHashJoin NodeRightOuterHashJoin NodeUniqueIndexSeek NodeUniqueIndexSeekByRange Optional
    OptionalExpand OrderedAggregation OrderedDistinct OrderedUnion PartialSort PartialTop PartitionedAllNodesScan
    PartitionedNodeByLabelScan PartitionedUnwind ProcedureCall ProduceResults ProjectEndpoints Projection
    RelationshipCountFromCountStore Repeat RepeatOptions RightOuterHashJoin RollUpApply SelectOrAntiSemiApply
    SelectOrSemiApply SemiApply ShortestPath ShowConstraints ShowFunctions ShowIndexes ShowProcedures Skip Sort
    StatefulShortestPath SubtractionNodeByLabelsScan Top Top1WithTies Trail TriadicBuild TriadicFilter TriadicSelection
    UndirectedAllRelationshipsScan UndirectedRelationshipByElementIdSeek UndirectedRelationshipByIdSeek
    UndirectedRelationshipIndexContainsScan UndirectedRelationshipIndexEndsWithScan UndirectedRelationshipIndexScan
    UndirectedRelationshipIndexSeek UndirectedRelationshipIndexSeekByRange UndirectedRelationshipTypeScan
    UndirectedRelationshipUniqueIndexSeek UndirectedRelationshipUniqueIndexSeekByRange
    UndirectedUnionRelationshipTypesScan Union UnionNodeByLabelsScan Unwind ValueHashJoin VarLengthExpand
    """
_PROCEDURES = """
    db.info db.labels db.ping db.propertyKeys db.relationshipTypes db.schema.nodeTypeProperties
    db.schema.relTypeProperties db.schema.visualization dbms.components
    db.index.fulltext.queryNodes db.index.fulltext.queryRelationships
    """
_FUNCTIONS = """
    abs acos all allshortestpaths any asin atan atan2 avg btrim ceil char_length character_length coalesce collect
    cos cot count date date.realtime date.statement date.transaction date.truncate datetime datetime.fromepoch
    datetime.fromepochmillis datetime.realtime datetime.statement datetime.transaction datetime.truncate degrees
    duration duration.between duration.indays duration.inmonths duration.inseconds e elementid endnode exists exp
    file floor haversin head id isempty isnan keys labels last left length linenumber localdatetime
    localdatetime.realtime localdatetime.statement localdatetime.transaction localdatetime.truncate localtime
    localtime.realtime localtime.statement localtime.transaction localtime.truncate log log10 lower ltrim max min
    nodes none normalize nullif percentilecont percentiledisc pi point point.distance point.withinbbox properties
    radians rand randomuuid range reduce relationships replace reverse right round rtrim shortestpath sign sin
    single size split sqrt startnode stdev stdevp substring sum tail tan time time.realtime time.statement
    time.transaction time.truncate timestamp toboolean tobooleanlist tobooleanornull tofloat tofloatlist
    tofloatornull tointeger tointegerlist tointegerornull tolower tostring tostringlist tostringornull toupper trim
    type upper valuetype vector.similarity.cosine vector.similarity.euclidean
    """  # all of Neo4j's own but graph.…, which leave the database
_OUTSIDE = {"LoadCSV": "reads a file or an address", "TerminateTransactions": "ends transactions"}
_PROCEDURE = re.compile(r"^\s*([\w.]+)\(")
_READ_ONLY = "queries are read-only here"
_WITH_WRITE = "run it with --access-mode write if that is meant"
_ELSEWHERE = "use cypher-shell or the Browser for that"


class Ask(StrEnum):
    """What is asked for: the answer, the plan, or the plan with what its steps did."""

    ROWS = "rows"
    EXPLAIN = "explain"
    PROFILE = "profile"


@dataclass(frozen=True)
class Asked:
    """A query without its prefix, and what is asked of it."""

    text: str
    ask: Ask = Ask.ROWS


def asked(text: str) -> Asked:
    """Return the query in *text*: EXPLAIN is put in front of it by ourselves.

    Raises:
        InputError: the text is empty, brings options of the planner, or leaves the database.
    """
    found = words(text)
    if not found:
        raise InputError("the query is empty", remedy="write Cypher, such as MATCH (n) RETURN count(n)")
    first = found[0]
    prefix = first.keyword.lower()
    rest, ask = (text[first.end :], Ask(prefix)) if prefix in (Ask.EXPLAIN, Ask.PROFILE) else (text, Ask.ROWS)
    following = found[1:] if ask is not Ask.ROWS else found
    if not following:
        raise InputError(f"nothing follows {first.text}", remedy="write the query behind it")
    for word in (following[0], words(without_escapes(rest))[0]):
        if word.keyword in ("CYPHER", "EXPLAIN", "PROFILE"):
            raise InputError(
                f"a query here may not bring {word.text}", remedy="leave out that word and the options behind it"
            )
    return Asked(rest, ask)


def check_text(query: Asked) -> None:
    """Refuse what a plan may not show: another database, files, and functions and procedures that are not listed.

    Raises:
        InputError: the query names one of these.
    """
    for text in (without_escapes(query.text), query.text):  # whichever way the server reads them
        found = words(text)
        if any(_leaves(found, place) for place, word in enumerate(found) if word.keyword == "USE"):
            raise InputError("the query chooses a database with USE", remedy="name it in NEO4J_DATABASE instead")
        if any(word.keyword == "LOAD" and after.keyword == "CSV" for word, after in pairwise(found)):
            raise InputError(f"the query {_OUTSIDE['LoadCSV']} with LOAD CSV", remedy=f"{_READ_ONLY}; {_ELSEWHERE}")
        for name in procedures(found):
            _check_procedure(name)
        strange = next((name for name in functions(found) if name.lower() not in _FUNCTIONS.split()), None)
        if strange:
            raise InputError(
                f"the query calls the function {one_line(strange)}, which is not among Neo4j's own that only read",
                remedy="leave it out, or use the Browser, if that function is to be trusted",
            )


def _leaves(found: list[Word], place: int) -> bool:
    """Return whether the word USE at *place* is the clause, not a name."""
    before = found[place - 1] if place else None
    after = found[place + 1] if place + 1 < len(found) else None
    starts = before is None or before.text == "{" or before.keyword in ("UNION", "ALL", "DISTINCT")
    return starts and after is not None and after.is_name


def check_plan(plan: Mapping[str, Any], query_type: str) -> None:
    """Refuse a *plan* that does more than reading the graph; *query_type* is the server's own judgment.

    Raises:
        InputError: an operator or a procedure is not on the list.
    """
    writes = "w" in query_type or query_type == "s"
    for step in steps(plan):
        operator, details = operator_of(step), details_of(step)
        if operator == "ProcedureCall":
            match = _PROCEDURE.match(details)
            _check_procedure(match[1] if match else "?")
        if operator not in _OPERATORS.split():
            does = _OUTSIDE.get(operator) or ("would write" if writes else "does more than read the graph")
            raise InputError(
                f"the query {does}: step {operator} {details}".rstrip(),
                remedy=f"{_READ_ONLY}; {_WITH_WRITE if writes else _ELSEWHERE}",
            )
    if "w" in query_type:  # by a step that this version does not know as one that writes
        raise InputError("the query would write, says the server", remedy=f"{_READ_ONLY}; {_WITH_WRITE}")


def check_administration(plan: Mapping[str, Any] | None) -> None:
    """Refuse the *plan* of a command about users, databases or the server, whatever the access.

    Raises:
        InputError: it is one.
    """
    if plan is None or any(operator_of(step) == "AdministrationCommand" for step in steps(plan)):
        raise InputError("the query is an administration command", remedy=_ELSEWHERE)


def commits_by_itself(plan: Mapping[str, Any] | None) -> bool:
    """Return whether a query has transactions of its own (CALL … IN TRANSACTIONS)."""
    return plan is not None and any("Transaction" in operator_of(step) for step in steps(plan))


def operator_of(step: Mapping[str, Any]) -> str:
    """Return the name of a *step* of a plan without the planner's marks."""
    return re.split(r"[@(]", str(step.get("operatorType", "")))[0]


def details_of(step: Mapping[str, Any]) -> str:
    """Return what a *step* of a plan works on."""
    return str(step.get("args", {}).get("Details", ""))


def steps(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the steps of *plan*, each before those that it takes its rows from."""
    pending = [plan]
    while pending:
        step = pending.pop()
        yield step
        pending.extend(reversed(step.get("children", ())))


def _check_procedure(name: str) -> None:
    if name not in _PROCEDURES.split():
        raise InputError(
            f"the query calls {one_line(name)}, which is not among the procedures that only read",
            remedy=f"allowed are {', '.join(sorted(_PROCEDURES.split()))}",
        )
