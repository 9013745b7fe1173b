"""Excel workbooks and their kin."""

from __future__ import annotations

import re

from lrtui.datasets.reading.formats.entry import Format, imported

BEFORE_2007 = b"\xd0\xcf\x11\xe0"


# The names that zip files of workbooks hold: those of Excel, and of OpenDocument.
_INSIDE = re.compile(
    rb"PK\x03\x04.{26}(\[Content_Types\]|_rels/|docProps/|xl/|mimetype|META-INF/|customXml/)", re.DOTALL
)


def _shows(start: bytes) -> bool:
    return _INSIDE.match(start) is not None or start.startswith(BEFORE_2007)


FORMATS = (
    Format(
        "excel", "an Excel workbook", 5, (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
        imported("lrtui.datasets.reading.excel:read_excel"), _shows,
        options=("header", "skip_rows", "comment"), zipped=True,
    ),
)  # fmt: skip
