"""The words of a store's language, and the names that this store has for things."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from influence_graph.cli.shell.statements import CYPHER
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.views import columns

_SECONDS, _MOST = 5.0, 2_000
_CYPHER_WORDS = """
    MATCH OPTIONAL WHERE RETURN WITH UNWIND ORDER BY ASC DESC SKIP LIMIT AS AND OR NOT XOR IN IS NULL STARTS ENDS
    CONTAINS DISTINCT CASE WHEN THEN ELSE END CALL YIELD UNION ALL EXISTS COUNT COLLECT EXPLAIN PROFILE SHOW INDEXES
    CONSTRAINTS PROCEDURES FUNCTIONS SHORTEST TRUE FALSE
    avg( coalesce( collect( count( date( datetime( degrees( duration( elementId( endNode( exp( head( keys( labels(
    last( length( log( max( min( nodes( percentileCont( properties( range( relationships( replace( reverse( round(
    shortestPath( sign( size( split( sqrt( startNode( stDev( substring( sum( tail( toFloat( toInteger( toLower(
    toString( toUpper( trim( type(
    """
_SQL_WORDS = """
    SELECT FROM WHERE GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET AS AND OR NOT IN IS NULL LIKE ILIKE BETWEEN DISTINCT
    CASE WHEN THEN ELSE END JOIN LEFT RIGHT FULL INNER CROSS ON USING WITH UNION ALL EXISTS QUALIFY OVER PARTITION
    EXPLAIN ANALYZE DESCRIBE SUMMARIZE TRUE FALSE
    avg( coalesce( count( date_trunc( first( last( length( list( lower( max( median( min( quantile_cont( rank( round(
    row_number( starts_with( stddev( string_agg( strftime( sum( trim( upper(
    """
_NAMES = {
    "labels": "CALL db.labels() YIELD label RETURN label ORDER BY label",
    "types": "CALL db.relationshipTypes() YIELD relationshipType AS type RETURN type ORDER BY type",
    "properties": "CALL db.propertyKeys() YIELD propertyKey AS key RETURN key ORDER BY key",
}


@dataclass(frozen=True)
class Vocabulary:
    """What can be completed in a statement.

    Attributes:
        keywords: Of the language; functions end with a parenthesis.
        labels: Of nodes.
        types: Of relationships.
        properties: Keys of properties.
        tables: Columns by table.
    """

    keywords: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    tables: dict[str, tuple[str, ...]] = field(default_factory=dict)


def keywords(language: str) -> Vocabulary:
    """Return the words of *language* alone; in SQL tables and columns are the same in every store."""
    if language == CYPHER:
        return Vocabulary(tuple(_CYPHER_WORDS.split()))
    tables = {table: tuple('"at"' if name == "at" else name for name in of) for table, of in columns().items()}
    return Vocabulary(tuple(_SQL_WORDS.split()), tables=tables)  # at is a word of SQL: as a column it has quotes


def vocabulary(store: Store) -> Vocabulary:
    """Return the words for *store*.

    Raises:
        StoreError: it cannot be read now.
    """
    words = keywords(store.language)
    if store.language != CYPHER:
        return words
    names = {}
    for what, text in _NAMES.items():
        names[what] = tuple(row[0] for row in store.query(text, timeout=_SECONDS, max_rows=_MOST).rows)
    return replace(words, labels=names["labels"], types=names["types"], properties=names["properties"])
