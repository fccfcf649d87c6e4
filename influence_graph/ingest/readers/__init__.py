"""Bytes to chunks of raw columns, one reader per format.

``csv_rows`` and ``json_values`` are the careful ways: record by record, for pieces that hold something malformed.
"""
