"""Record files to validated batches; records that cannot be used are rejected with the reason.

The entry point is :func:`influence_graph.ingest.source.open_source`; a file passes through these steps:

=============  ==========================================================================================
``readers``    bytes to chunks of raw columns: CSV, JSON Lines, JSON documents, Parquet, workbooks; packed or not
``detect``     the kind of records, from the column names
``mapping``    columns to fields: by their names, or as a mapping says; constants, joined columns, skipped rows
``values``     each column to the type of its field, with the faults found
``rules``      rules across the fields of one record, and its defaults
``validate``   chunks to batches and rejects, by ``values`` and ``rules``
``batching``   small batches to large ones
``repeats``    ties that a file states several times: one tie, with the sum of the weights and the earliest time
=============  ==========================================================================================

``pseudonyms`` makes keyed hashes of the ids of people, ``discreet`` leaves out what else tells who they are.
``side_tables`` reads small tables beside the store by the same rules. ``importers`` read public data sets as
they were published; ``town`` generates a synthetic one with known truth.

There are five outcomes, and accepted + rejected = total always (rows that a mapping skips are counted apart, and so are
those that name somebody who was forgotten: ``app/door.py``). Of a tie
that a file repeats, in either order if it is of friends, the weights are added, an absent one beside a stated one
counting 1; without any weight the same line twice is one statement. Another file states the tie anew:

=============  ==========================================================================================
accept         stored as it is
normalize      stored in one canonical form
leave out      the record is stored without the value, which goes to ``rejects.jsonl`` and is counted apart
quarantine     the record goes to ``rejects.jsonl`` with file, line, column, value, reason and remedy
refuse         the file is not read (:class:`~influence_graph.errors.UnreadableFile`)
=============  ==========================================================================================

==========  =============================================  ==============================================
outcome     of a file                                      of a value
==========  =============================================  ==============================================
accept      header only; reordered columns; line feeds     ids that look like code, formulas, paths or
            within quotes; gzip, bzip2, xz, zstd, a zip    markup; emoji; ids that differ in case only
            archive of one file; the first sheet of a
            workbook; the only array of objects of a
            JSON document
normalize   UTF-8 mark; UTF-16 and UTF-32 with a mark;     surrounding spaces; NFD to NFC; choices in
            stated encodings; ``;``, ``|`` and tab;        capitals; line breaks in texts; JSON ``1`` and
            Excel's ``sep=;``; CR and CRLF; case of        ``"1"`` as ids; ``12.0`` as an integer; lists
            column names; blank lines; columns that are    of ids in order; friend ties in order; UTC by
            no field are ignored and listed, also twice    name and RFC 2822; no-break spaces and tabs
                                                           around ids, which are said
leave out                                                  what is quarantined below, where the field only
                                                           describes: all of people and brands but the id
quarantine  ragged rows; a quote that is never closed;     broken UTF-8; control characters; direction
            records over 131,072 bytes; lines that are     overrides; in ids also invisible characters;
            no JSON object, name a field twice or are      NaN, infinity, 1e400, 2**63; ``1,234.5``,
            nested too deeply                              ``12%``, ``true``, ``0x10``; beyond the limits
                                                           of the field; no zone without ``--timezone``,
                                                           clock changes, 30 February, before 1900, after
                                                           2200, epoch numbers; empty though required;
                                                           ids over 512 and texts over 8,192 bytes; a tie
                                                           of one person with themselves; ``|`` in the id
                                                           of a brand; ``scarf,hat`` as a list
refuse      empty; no such path, folder, pipe; a required  Parquet columns whose type cannot hold the
            column missing, or there twice; unknown or     field (ids as floats or booleans, nested)
            ambiguous kind; NUL bytes in the header; no
            line break within 16 MiB; text that is not in
            the stated encoding, or in two; a zip archive
            of several files; a JSON document without an
            array of objects, with several, or over
            512 MiB; an encrypted archive or workbook;
            what is damaged or ends early (the message
            says how many records were read)
==========  =============================================  ==============================================

A record with several faults is one reject, for the first faulty column in the order of its kind. Events and ties
are never kept without a bad value: they would count as others, and events stay as they were first stored.
Where a column has a :class:`~influence_graph.ingest.values.notation.Notation`, its values are read by that instead.
Lines count from 1 and include the header, also where fields span lines; of Parquet and of JSON documents the
records count, of a workbook the rows of its sheet.
Campaigns in the future are accepted, since they can be planned. Interactions outside the period of
:class:`~influence_graph.ingest.rules.Period` are rejected; a validator has no clock, so the command line
sets that period, up to now and ``--allow-skew``. Old events are accepted: history is often loaded late.
An interaction that replaces itself, and a retraction that names no event, are rejected too.
"""
