"""The dataset on the desk, and the catalogue around it where there is room."""

from __future__ import annotations

import re

from textual.app import RenderResult
from textual.content import Content
from textual.events import Click

from lrtui.core.store import Description
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.source import Source
from lrtui.datasets.text import safe
from lrtui.tui.keys import bind
from lrtui.tui.panes.base import Pane, line, lines
from lrtui.tui.text import fit, share

NAMES = tuple(CATALOGUE)
LONGEST = 600  # columns of what is said of a table
MISSING = {  # what becomes of cells in which nothing stands
    "indicator": "median and indicator",
    "median": "median",
    "drop": "their rows dropped",
    "error": "refused",
}


class DatasetPane(Pane):
    """Left and right walk through the catalogue; Enter opens the chooser."""

    NUMBER = 1
    NAME = "dataset"
    BINDINGS = [
        bind(
            "left,h,up,k",
            "walk(-1)",
            "other",
            tooltip="the dataset before",
            key_display="←→",
            id="dataset.previous",
        ),
        bind("right,l,down,j", "walk(1)", "next dataset", show=False, id="dataset.next"),
        bind(
            "enter",
            "choose",
            "choose",
            tooltip="choose a dataset or a file",
            key_display="⏎",
            id="dataset.choose",
        ),
        bind(
            "i",
            "inspect",
            "inspect",
            tooltip="look at the table, choose target and columns",
            id="dataset.look",
        ),
    ]

    def facts(self) -> tuple[int, int, float] | None:
        """Rows, columns and base rate of the dataset on the desk, as far as they are known."""
        source, run, described = self.desk.source, self.desk.run, self.described
        if source.name in CATALOGUE:
            entry = CATALOGUE[source.name]
            return entry.rows, entry.columns, entry.base_rate
        if described is not None and described.rows:
            return described.rows, described.columns, described.base_rate
        if run is not None and run.problem is not None and run.source == source:
            found = run.problem  # whose features may be others than the columns, but that is all there is
            return found.rows, len(found.feature_names), found.base_rate
        return None

    @property
    def described(self) -> Description | None:
        """What the engine found out about a dataset that is not in the catalogue as it stands."""
        return self.dashboard.description

    def shape_text(self) -> str:
        """``569×30, base rate 63 %``."""
        found = self.facts()
        if found is None:
            return ""
        return f"{found[0]:,}{self.glyphs.times}{found[1]}, base rate {share(found[2])}"

    def shows_text(self) -> str:
        """What the dataset shows, or what is wrong with it."""
        described = self.described
        if described is not None and described.error is not None:
            return f"{described.error.what} {described.error.fix}"
        source = self.desk.source
        if source.is_table:
            remark = "" if described is None else filled(described.remark, self.desk.config.missing)
            parts = [target_words(source), *([remark] if remark else [])]
            return safe("; ".join(parts), LONGEST)
        entry = CATALOGUE.get(source.name.partition(":")[0])
        return "" if entry is None else entry.shows

    def render(self) -> RenderResult:
        """One line where there is only one; then shape, what it shows, and the catalogue."""
        width, height = self.content_size
        cut = "..." if self.glyphs.ascii_only else "…"
        name = fit(self.glyphs.safe(self.desk.source.label), width - 5, cut)
        marks = self.glyphs
        style = "reverse" if self.has_focus else "bold"
        shown = [line((f" {marks.previous} {name} {marks.next}", style))]
        if height > 1:
            shown.append(line(f" {self.shape_text()}"))
        text = self.shows_text()
        while text and len(shown) < height:
            last = len(shown) == height - 1
            part = fit(text, width - 2, cut if last else "")
            shown.append(line((f" {part}", "dim")))
            text = text[len(part) :].strip()
        room = height - len(shown) - 1
        if room >= 4:
            shown += [Content(""), *self._catalogue(room, width)]
        return lines(shown[:height])

    def _catalogue(self, room: int, width: int) -> list[Content]:
        base = self.desk.source.name.partition(":")[0]
        here = NAMES.index(base) if base in NAMES else 0
        top = max(0, min(here - room // 2, len(NAMES) - room))
        found = []
        for name in NAMES[top : top + room]:
            entry = CATALOGUE[name]
            shape = f"{entry.rows:,}{self.glyphs.times}{entry.columns}"
            mark = self.glyphs.cursor if name == base else " "
            gap = " " * max(1, width - len(name) - len(shape) - 4)
            found.append(line((f" {mark} {name}{gap}{shape}", "bold" if name == base else "")))
        return found

    def action_walk(self, by: int) -> None:
        """To the next dataset of the catalogue."""
        base = self.desk.source.name.partition(":")[0]
        here = NAMES.index(base) if base in NAMES else (-1 if by > 0 else 0)
        self.dashboard.take_source(Source(NAMES[(here + by) % len(NAMES)]))

    def action_choose(self) -> None:
        """Open the chooser."""
        self.dashboard.action_choose_dataset()

    def action_inspect(self) -> None:
        """Look at the table on the desk."""
        self.dashboard.action_inspect()

    def on_click(self, event: Click) -> None:
        """A click on the dataset opens the chooser."""
        self.action_choose()


def target_words(source: Source) -> str:
    """What is predicted of a table: the column, and which of its values."""
    if not source.target:
        return "no target chosen"
    which = ", all classes" if source.multiclass else f" = {source.positive}" if source.positive else ""
    return f"target {source.target}{which}"


def filled(remark: str, missing: str) -> str:
    """A remark on a table with what the config makes of its missing cells."""
    return re.sub(r"^([\d,]+ cells? missing)", rf"\1: {MISSING[missing]}", remark)
