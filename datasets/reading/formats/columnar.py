"""Parquet and Arrow: columns with types of their own."""

from __future__ import annotations

from lrtui.datasets.reading.formats.entry import Format, begins, imported

FORMATS = (
    Format(
        "parquet", "Parquet", 1, (".parquet", ".pq"),
        imported("lrtui.datasets.reading.columnar:read_parquet"), begins(b"PAR1"),
        scan=imported("polars:scan_parquet", glob=False),
        copy=imported("lrtui.datasets.reading.copying:copy_parquet"),
    ),
    Format(
        "arrow", "Arrow", 2, (".arrow", ".feather", ".ipc", ".arrows"),
        imported("lrtui.datasets.reading.columnar:read_arrow"),
        begins(b"ARROW1", b"\xff\xff\xff\xff"),  # a file; a stream: every message begins so
        scan=imported("polars:scan_ipc", glob=False),
        copy=imported("lrtui.datasets.reading.copying:copy_arrow"),
    ),
)  # fmt: skip
