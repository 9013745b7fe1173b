"""A page for a colleague, and its first plot."""

from __future__ import annotations

from lrtui.core.export.formats.entry import ExportFormat, written_by

FORMATS = (
    ExportFormat(
        "html",
        "a page with plots and the doctor's letter",
        92,
        (".html",),
        written_by("page:write_html"),
        scripts=True,
    ),
    ExportFormat(
        "markdown",
        "the same page in Markdown",
        94,
        (".md",),
        written_by("page:write_markdown"),
        scripts=True,
    ),
    ExportFormat(
        "svg", "the plot of the losses", 96, (".svg",), written_by("page:write_svg"), scripts=True
    ),
)
