"""What a read-only query may do, decided on its plan.

READ access mode alone still lets a query fetch URLs, list users or end other people's transactions.
So the server first returns the plan (EXPLAIN runs nothing), and every operator and procedure in it
must be on a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from influence_graph.errors import InputError

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
    SelectOrSemiApply SemiApply ShortestPath Skip Sort StatefulShortestPath SubtractionNodeByLabelsScan Top
    Top1WithTies Trail TriadicBuild TriadicFilter TriadicSelection UndirectedAllRelationshipsScan
    UndirectedRelationshipByElementIdSeek UndirectedRelationshipByIdSeek UndirectedRelationshipIndexContainsScan
    UndirectedRelationshipIndexEndsWithScan UndirectedRelationshipIndexScan UndirectedRelationshipIndexSeek
    UndirectedRelationshipIndexSeekByRange UndirectedRelationshipTypeScan UndirectedRelationshipUniqueIndexSeek
    UndirectedRelationshipUniqueIndexSeekByRange UndirectedUnionRelationshipTypesScan Union UnionNodeByLabelsScan
    Unwind ValueHashJoin VarLengthExpand
    """
_PROCEDURES = """
    db.info db.labels db.ping db.propertyKeys db.relationshipTypes db.schema.nodeTypeProperties
    db.schema.relTypeProperties db.schema.visualization dbms.components
    db.index.fulltext.queryNodes db.index.fulltext.queryRelationships
    """
_PROCEDURE = re.compile(r"^\s*([\w.]+)\(")
_OWN_PREFIX = re.compile(r"^(?:\s|//[^\n]*\n|/\*.*?\*/)*(?:EXPLAIN|PROFILE|CYPHER)\b", re.IGNORECASE | re.DOTALL)


def check_prefix(text: str) -> None:
    """Refuse a query that brings planner options of its own: EXPLAIN is put in front of it.

    Raises:
        InputError: the text is empty, or starts with EXPLAIN, PROFILE or CYPHER.
    """
    if not text.strip():
        raise InputError("the query is empty", remedy="write Cypher, such as MATCH (n) RETURN count(n)")
    if _OWN_PREFIX.match(text):
        raise InputError("a query here may not start with EXPLAIN, PROFILE or CYPHER", remedy="leave that word out")


def check_plan(plan: Mapping[str, Any] | None) -> None:
    """Refuse a *plan* that does more than reading the graph.

    Raises:
        InputError: an operator or a procedure is not on the list.
    """
    if plan is None:
        raise InputError("the query has no plan: it is an administration command", remedy="use cypher-shell for it")
    for step in _steps(plan):
        operator = re.split(r"[@(]", step["operatorType"])[0]
        if operator not in _OPERATORS.split():
            raise InputError(
                f"the query does more than read the graph (step {operator})",
                remedy="queries here are read-only; use cypher-shell or the Browser to change things",
            )
        if operator == "ProcedureCall":
            _check_procedure(step)


def _check_procedure(step: Mapping[str, Any]) -> None:
    match = _PROCEDURE.match(step["args"].get("Details", ""))
    name = match[1] if match else "?"
    if name not in _PROCEDURES.split():
        raise InputError(
            f"the query calls {name}, which is not among the procedures that only read",
            remedy=f"allowed are {', '.join(sorted(_PROCEDURES.split()))}",
        )


def _steps(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    pending = [plan]
    while pending:
        step = pending.pop()
        yield step
        pending.extend(step.get("children", ()))
