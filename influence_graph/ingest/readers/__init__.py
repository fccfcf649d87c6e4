"""Bytes to chunks of raw columns, one reader per format, chosen by ``open``.

Well-formed blocks take the fast path, parsed as a whole by Arrow; ``csv_rows`` and ``json_values`` are the slow path,
record by record, for pieces with something malformed.
"""
