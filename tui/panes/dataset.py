"""The dataset at hand, and the catalogue around it where there is room."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.events import Click

from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.source import Source
from lrtui.datasets.text import safe
from lrtui.tui.keys import bind
from lrtui.tui.panes.base import Pane
from lrtui.tui.render.dataset import filled, shape_text, target_words
from lrtui.tui.render.wrapping import fit, in_lines

NAMES = tuple(CATALOGUE)
LONGEST = 600  # columns of what is said of a table


class DatasetPane(Pane):
    """Left and right walk through the catalogue; Enter opens the chooser."""

    NAME = "dataset"
    BINDINGS = [
        bind("left,up,k", "walk(-1)", "other", key_display="←→", tooltip="the dataset before",
                id="dataset.previous"),
        bind("right,down,j", "walk(1)", "next dataset", show=False, id="dataset.next"),
        bind("enter,slash", "app.choose_dataset", "choose", key_display="⏎",
                tooltip="choose a dataset or a file", id="dataset.choose"),
        bind("i", "app.inspect", "inspect", tooltip="look at the table, choose target and columns",
                id="dataset.look"),
    ]  # fmt: skip

    def shows_text(self) -> str:
        """What the dataset shows, or what is wrong with it."""
        described = self.context.described.found
        if described is not None and described.failure is not None:
            return f"{described.failure.what} {described.failure.fix}"
        source = self.session.source
        if source.is_table:
            remark = "" if described is None else filled(described.remark, self.session.config.missing)
            parts = [target_words(source), *([remark] if remark else [])]
            return safe("; ".join(parts), LONGEST)
        entry = CATALOGUE.get(source.name.partition(":")[0])
        return "" if entry is None else entry.shows

    def render(self) -> RenderResult:
        """One line where there is only one; then shape, what it shows, and the catalogue."""
        width, height = self.content_size
        marks = self.glyphs
        name = fit(marks.safe(self.session.source.label), width - 5, marks.ellipsis)
        style = "reverse" if self.has_focus else "bold"
        shown = [Content.styled(f" {marks.previous} {name} {marks.next}", style)]
        if height > 1:
            session, described = self.session, self.context.described.found
            shown.append(Content(f" {shape_text(session.source, session.run, described, marks.times)}"))
        text = self.shows_text()
        if text and (most := height - len(shown)) > 0:
            lines = in_lines(text, width - 2, most, marks.ellipsis).split("\n")
            shown += [Content.styled(f" {line}", "dim") for line in lines]
        room = height - len(shown) - 1
        if room >= 4:
            shown += [Content(""), *self._catalogue(room, width)]
        return Content("\n").join(shown[:height])

    def _catalogue(self, room: int, width: int) -> list[Content]:
        base = self.session.source.name.partition(":")[0]
        here = NAMES.index(base) if base in NAMES else 0
        top = max(0, min(here - room // 2, len(NAMES) - room))
        found = []
        for name in NAMES[top : top + room]:
            entry = CATALOGUE[name]
            shape = f"{entry.rows:,}{self.glyphs.times}{entry.columns}"
            mark = self.glyphs.cursor if name == base else " "
            gap = " " * max(1, width - len(name) - len(shape) - 4)
            found.append(Content.styled(f" {mark} {name}{gap}{shape}", "bold" if name == base else ""))
        return found

    def copied(self) -> tuple[str, str]:
        """The name of the dataset."""
        label = safe(self.session.source.label, LONGEST)
        return f"the dataset: {fit(label, 60, self.glyphs.ellipsis)}", label

    def action_walk(self, by: int) -> None:
        """To the next dataset of the catalogue."""
        base = self.session.source.name.partition(":")[0]
        here = NAMES.index(base) if base in NAMES else (-1 if by > 0 else 0)
        self.context.take_source(Source(NAMES[(here + by) % len(NAMES)]), None, None)

    async def on_click(self, event: Click) -> None:
        """A click on the dataset opens the chooser."""
        await self.run_action("app.choose_dataset")
