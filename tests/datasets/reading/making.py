"""Files of every format, whole: what the tests of reading share."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from lrtui.datasets.reading.table import Table

Cell = str | float | dt.time | None

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def written(write: Callable[[io.BytesIO], Any]) -> bytes:
    """What a function writes into a file."""
    file = io.BytesIO()
    write(file)
    return file.getvalue()


def zipped(members: dict[str, bytes | str]) -> bytes:
    """A zip file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def workbook(*sheets: Sequence[Sequence[Cell]], hidden: int = 0) -> bytes:
    """An Excel workbook of sheets ``Sheet1`` and on, one of which may be ``hidden``."""
    numbers = range(1, len(sheets) + 1)
    states = {hidden: ' state="hidden"'}
    listed = "".join(
        f'<sheet name="Sheet{n}" sheetId="{n}"{states.get(n, "")} r:id="r{n}"/>' for n in numbers
    )
    links = "".join(_link(f"r{n}", f"{_OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
            "_rels/.rels": _links(_link("r1", f"{_OFFICE}/officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets>'
            "</workbook>",
            "xl/_rels/workbook.xml.rels": _links(links + _link("r0", f"{_OFFICE}/styles", "styles.xml")),
            "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="20" applyNumberFormat="1"/></cellXfs></styleSheet>',  # 20 is h:mm
            **{f"xl/worksheets/sheet{n}.xml": _sheet(sheets[n - 1]) for n in numbers},
        }
    )


def npy(name: str, write: Callable[[io.BytesIO], Any]) -> dict[str, bytes | str]:
    """A member of an NPZ file."""
    return {f"{name}.npy": written(write)}


def column(table: Table, name: str) -> list[Any]:
    """The cells of a column."""
    return table.frame[name].to_list()


def texts(frame: pl.DataFrame) -> pl.DataFrame:
    """The table as text, as a text file has it."""
    return frame.with_columns(pl.all().cast(pl.String))


def _links(links: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    inside = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{inside}</sheetData></worksheet>'


def _cell(value: Cell) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    if isinstance(value, dt.time):
        return f'<c s="1"><v>{(value.hour * 60 + value.minute) / 1440!r}</v></c>'
    return f"<c><v>{value}</v></c>"
