"""Excel workbooks and their kin, by the first sheet."""

from __future__ import annotations

from lrtui.datasets.reading.formats.entry import Format, imported

BEFORE_2007 = b"\xd0\xcf\x11\xe0"


def _shows(start: bytes) -> bool:
    zipped = start.startswith(b"PK\x03\x04") and b".npy" not in start[:256]
    return zipped or start.startswith(BEFORE_2007)


FORMATS = (
    Format(
        "excel", "an Excel workbook", 4, (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
        imported("lrtui.datasets.reading.excel:read_excel"), _shows, options=("header",), zipped=True,
    ),
)  # fmt: skip
