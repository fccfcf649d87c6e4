"""Record files in, validated batches out; what cannot be used is named and kept aside.

The way in is :func:`influence_graph.ingest.source.open_source`; what is read goes down this list:

=============  ==========================================================================================
``readers``    bytes to chunks of raw columns: CSV, JSON Lines, Parquet
``detect``     what kind of records the columns make
``values``     each column to the type of its field, faults named
``rules``      what holds across the fields of one record, and its defaults
``validate``   all of this for a chunk: a batch, and rejects
``batching``   small batches to large ones
=============  ==========================================================================================

``importers`` read public data sets as they were published; ``town`` generates one whose truth is known.

Four verdicts are possible, and accepted + rejected = total always:

=============  ==========================================================================================
accept         taken as it is
normalise      taken in the one form that the store knows
quarantine     the record goes to ``rejects.jsonl`` with file, line, column, value, reason and remedy
refuse         the file is not read (:class:`~influence_graph.errors.UnreadableFile`)
=============  ==========================================================================================

==========  =============================================  ==============================================
verdict     of a file                                      of a value
==========  =============================================  ==============================================
accept      header only; reordered columns; line feeds     ids that look like code, formulas, paths or
            within quotes; gzip                            markup; emoji; ids that differ in case only
normalise   UTF-8 mark; UTF-16 and UTF-32 with a mark;     surrounding spaces; NFD to NFC; choices in
            ``;`` and tab; CR and CRLF; case of column     capitals; line breaks in texts; JSON ``1`` and
            names; blank lines; columns that are no        ``"1"`` as ids; ``12.0`` as an integer; lists
            field are ignored and listed                   of ids in order; friend ties in order
quarantine  ragged rows; a quote that is never closed;     broken UTF-8; control characters; direction
            records over 131,072 bytes; lines that are     overrides; in ids also what cannot be seen;
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
Campaigns in the future are accepted: plans are records too. Interactions outside the period of
:class:`~influence_graph.ingest.rules.Period` are kept aside; a validator has no clock, so the command
line sets that period, up to now and ``--allow-skew``. An old event is no fault: history is often loaded late.
An interaction that replaces itself, and a retraction that names no event, are kept aside too.
"""
