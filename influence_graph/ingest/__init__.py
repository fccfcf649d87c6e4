"""Record files to validated batches; records that cannot be used are rejected with the reason.

The entry point is :func:`influence_graph.ingest.source.open_source`; a file passes through these steps:

=============  ==========================================================================================
``readers``    bytes to chunks of raw columns: CSV, JSON Lines, Parquet
``detect``     the kind of records, from the column names
``values``     each column to the type of its field, with the faults found
``rules``      rules across the fields of one record, and its defaults
``validate``   chunks to batches and rejects, by ``values`` and ``rules``
``batching``   small batches to large ones
=============  ==========================================================================================

``side_tables`` reads small tables beside the store by the same rules. ``importers`` read public data sets as
they were published; ``town`` generates a synthetic one with known truth.

There are four outcomes, and accepted + rejected = total always:

=============  ==========================================================================================
accept         stored as it is
normalize      stored in one canonical form
quarantine     the record goes to ``rejects.jsonl`` with file, line, column, value, reason and remedy
refuse         the file is not read (:class:`~influence_graph.errors.UnreadableFile`)
=============  ==========================================================================================

==========  =============================================  ==============================================
outcome     of a file                                      of a value
==========  =============================================  ==============================================
accept      header only; reordered columns; line feeds     ids that look like code, formulas, paths or
            within quotes; gzip                            markup; emoji; ids that differ in case only
normalize   UTF-8 mark; UTF-16 and UTF-32 with a mark;     surrounding spaces; NFD to NFC; choices in
            ``;`` and tab; CR and CRLF; case of column     capitals; line breaks in texts; JSON ``1`` and
            names; blank lines; columns that are no        ``"1"`` as ids; ``12.0`` as an integer; lists
            field are ignored and listed                   of ids in order; friend ties in order
quarantine  ragged rows; a quote that is never closed;     broken UTF-8; control characters; direction
            records over 131,072 bytes; lines that are     overrides; in ids also invisible characters;
            no JSON object, name a field twice or are      NaN, infinity, 1e400, 2**63; ``1,234.5``,
            nested too deeply                              ``12%``, ``true``, ``0x10``; beyond the limits
                                                           of the field; no zone without ``--timezone``,
                                                           clock changes, 30 February, before 1900, after
                                                           2200, epoch numbers; empty though required;
                                                           ids over 512 and texts over 8,192 bytes; a tie
                                                           of one person with themselves
refuse      empty; no such path, folder, pipe; a required  Parquet columns whose type cannot hold the
            column missing or a column named twice;        field (ids as floats or booleans, nested)
            unknown or ambiguous kind; JSON array; zip,
            Excel, bzip2, xz, zstd; NUL bytes in the
            header; no line break within 16 MiB; gzip or
            Parquet that is damaged or ends early (the
            message says how many records were read)
==========  =============================================  ==============================================

A record with several faults is one reject, for the first faulty column in the order of its kind.
Lines count from 1 and include the header, also where fields span lines; of Parquet rows count.
Campaigns in the future are accepted, since they can be planned. Interactions outside the period of
:class:`~influence_graph.ingest.rules.Period` are rejected; a validator has no clock, so the command line
sets that period, up to now and ``--allow-skew``. Old events are accepted: history is often loaded late.
An interaction that replaces itself, and a retraction that names no event, are rejected too.
"""
