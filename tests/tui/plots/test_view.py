"""The widget repaints what changed, and only that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.geometry import Region

from lrtui.tui.plots.lines import Frame, Line
from lrtui.tui.plots.view import PlotView, changed_columns
from lrtui.tui.themes import TERMINALS_OWN


class Shower(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[int, int]] = []

    def compose(self) -> ComposeResult:
        yield PlotView()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return TERMINALS_OWN

    def on_plot_view_resized(self, message: PlotView.Resized) -> None:
        self.asked.append(self.plot.frame_size)

    @property
    def plot(self) -> PlotView:
        return self.query_one(PlotView)

    def screen_text(self) -> list[str]:
        size = self.plot.size
        return [self.plot.render_line(y).text for y in range(size.height)]


@contextmanager
def repainted(view: PlotView, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Region]]:
    regions: list[Region] = []
    plain = view.refresh

    def refresh(*args: Region, **options: bool) -> PlotView:
        regions.extend(args or [view.size.region])
        return plain(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(view, "refresh", refresh)
        yield regions


def line(text: str, style: str = "train") -> Line:
    return ((text, style),)


async def test_only_changed_lines_are_repainted(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Shower()
    async with app.run_test(size=(10, 4)) as pilot:
        app.plot.show([line("aaaaaaaaaa"), line("bbbbbbbbbb"), line("cccccccccc"), line("dddddddddd")])
        await pilot.pause()
        with repainted(app.plot, monkeypatch) as regions:
            app.plot.show(
                [
                    line("aaaaaaaaaa"),
                    line("bbbXXbbbbb"),
                    line("cccccccccc"),
                    line("dddddddddd", "test"),
                ]
            )
            await pilot.pause()
        assert regions == [Region(3, 1, 2, 1), Region(0, 3, 10, 1)]
        assert app.screen_text()[1] == "bbbXXbbbbb"


async def test_an_equal_frame_repaints_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Shower()
    async with app.run_test(size=(10, 2)) as pilot:
        app.plot.show([line("aaaaaaaaaa"), line("bbbbbbbbbb")])
        await pilot.pause()
        with repainted(app.plot, monkeypatch) as regions:
            app.plot.show([line("aaaaaaaaaa"), line("bbbbbbbbbb")])
            await pilot.pause()
        assert regions == []


@pytest.mark.parametrize(
    "frame",
    [
        [],
        [line("short")],
        [line("far too long for the widget")] * 9,
        [((("x", "no-such-style")),), ()],
    ],
)
async def test_a_frame_of_another_size_is_cut_or_filled(frame: Frame) -> None:
    app = Shower()
    async with app.run_test(size=(12, 5)) as pilot:
        app.plot.show([line("############")] * 5)
        await pilot.pause()
        app.plot.show(frame)
        await pilot.pause()
        shown = app.screen_text()
        assert [cell_len(text) for text in shown] == [12] * 5
        for y, text in enumerate(shown):
            wanted = "".join(t for t, _ in frame[y]) if y < len(frame) else ""
            assert text == wanted[:12].ljust(12)


async def test_what_reaches_the_screen_is_what_the_frame_says() -> None:
    """The compositor's own picture after many partial repaints, not just the widget's lines."""
    app = Shower()
    async with app.run_test(size=(12, 3)) as pilot:
        for step in range(12):
            frame = [line("." * step + "#" * (12 - step)), line("=" * 12), line(f"{step:>12}")]
            app.plot.show(frame)
            await pilot.pause()
            strips = app.screen._compositor.render_strips()
            assert [strip.text for strip in strips] == ["".join(t for t, _ in row) for row in frame]


async def test_a_resize_asks_for_a_new_frame_and_never_fails() -> None:
    app = Shower()
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        assert app.asked[-1] == (30, 10)
        app.plot.show([line("x" * 30)] * 10)
        await pilot.resize_terminal(12, 3)
        await pilot.pause()
        assert app.asked[-1] == (12, 3)
        assert app.screen_text() == ["x" * 12] * 3
        await pilot.resize_terminal(40, 12)
        await pilot.pause()
        assert app.asked[-1] == (40, 12)
        assert app.screen_text()[0] == "x" * 30 + " " * 10


async def test_text_is_never_read_as_markup() -> None:
    app = Shower()
    async with app.run_test(size=(20, 1)) as pilot:
        app.plot.show([line("[red]no[/red] [x")])
        await pilot.pause()
        assert app.screen_text() == ["[red]no[/red] [x    "]


async def test_the_theme_colours_the_styles() -> None:
    app = Shower()
    async with app.run_test(size=(20, 1)) as pilot:
        app.plot.show([(("a", "class0"), ("b", "class1"))])
        await pilot.pause()
        zero, one = (segment.style for segment in list(app.plot.render_line(0))[:2])
        assert zero is not None
        assert one is not None
        assert zero.color != one.color


def test_changed_columns() -> None:
    assert changed_columns(line("abc"), line("abc")) == (0, 0)
    assert changed_columns(line("abc"), line("aXc")) == (1, 2)
    assert changed_columns(line("abc"), line("abc", "test")) == (0, 3)
    assert changed_columns(line("abc"), line("abcde")) == (3, 5)
    assert changed_columns(line("a  "), line("a  ")) == (0, 0)
    assert changed_columns((("a", "train"), ("  b", "")), (("a  ", "train"), ("b", ""))) == (0, 0)
