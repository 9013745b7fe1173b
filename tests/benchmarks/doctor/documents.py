"""The place in the docs where the tables of a run stand."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "doctor-benchmark.md"
BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"


def write_docs(text: str, page: Path = PAGE) -> None:
    """Put the tables between the two markers.

    Raises:
        ValueError: the page lacks them.
    """
    whole = page.read_text(encoding="utf-8")
    if BEGIN not in whole or END not in whole:
        raise ValueError(f"{page.name} has no place for the tables")
    before, after = whole.split(BEGIN)[0], whole.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
