"""The tour: each page is trained and holds what it says, and the dashboard shows and turns it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import click
import numpy as np
import pytest
from rich.cells import cell_len

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Diagnosis, Health, Scores
from lrtui.core.store import Store
from lrtui.core.training.measurement import Measurement
from lrtui.datasets.dataset import Dataset
from lrtui.tui.cli.demo import demo, pages
from lrtui.tui.demo.app import DemoDashboard, own_home
from lrtui.tui.demo.chapters import CHAPTERS, Chapter, Healed, Verdict
from lrtui.tui.demo.guide import Guide, is_better, place_of, worded
from lrtui.tui.demo.strip import height_of, page_lines
from lrtui.tui.render.glyphs import ASCII, UNICODE, Glyphs
from lrtui.tui.render.numbers import number
from tests.cli.commands import Lrtui, refused
from tests.cli.conftest import lrtui as lrtui
from tests.core.doctor.cases import dataset, examine
from tests.core.letters import Says, letter
from tests.tui.bench import dashboard

NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
OF_NOTHING = {"1", "0.5"}  # of a label, a column's spread, a middle


def numbers(text: str) -> set[str]:
    """Every number that a text tells."""
    return {found.rstrip(",") for found in NUMBER.findall(text)}


def measured(scores: Scores) -> Measurement:
    """What is compared of a run, as the doctor's trial has it."""
    found = {"test_loss": scores.test_loss, "test_balanced_accuracy": scores.test_balanced_accuracy}
    return cast("Measurement", SimpleNamespace(**found))


def scores_of(scores: Scores | None) -> Iterator[str]:
    """Each score as the dashboard rounds it."""
    for value in vars(scores or Scores()).values():
        if value is not None:
            yield from {f"{value:.2f}", f"{value:.3f}", number(value, 2), number(value, 3), f"{value:.3g}"}
            yield from {f"{100 * value:.0f}", f"{value:,.0f}"}


def known_numbers(chapter: Chapter, found: Diagnosis) -> set[str]:
    """All numbers that are true of a page's run."""
    data = dataset(chapter.dataset)
    told = " ".join([found.verdict, *(finding.sentence for finding in found.findings)])
    values = [str(value) for value in chapter.values.values()]
    values += [f"{value:g}" for value in chapter.values.values() if isinstance(value, float)]
    values += [f"{value:,.0f}" for value in chapter.values.values() if isinstance(value, float)]
    values += [f"{value:f}".rstrip("0") for value in chapter.values.values() if isinstance(value, float)]
    values += [str(value) for value in (found.fix or {}).values()]
    shape = [f"{data.n:,}", f"{data.X.shape[1]:,}", f"{round(data.X.max(), -1):,.0f}"]
    scores = [*scores_of(found.before), *scores_of(found.after)]
    return {*numbers(told), *values, *shape, *scores, *OF_NOTHING}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_a_page_shows_what_it_says(chapter: Chapter) -> None:
    found = examine(chapter.dataset, **chapter.values)
    first, *rest = chapter.steps
    assert isinstance(first.seen, Verdict)
    causes = tuple(finding.cause for finding in found.findings)
    assert (found.status, causes) == (first.seen.health, first.seen.causes)
    assert ("one label" in first.see) == found.single_label
    assert {step.seen.field for step in rest if isinstance(step.seen, Healed)} == set(found.fix or {})
    if rest:
        assert found.after is not None
        assert is_better(measured(found.after), measured(found.before))
    said = " ".join([chapter.about, *(step.see for step in chapter.steps), chapter.lesson])
    true = known_numbers(chapter, found) | ALSO.get(chapter.name, set())
    assert numbers(worded(said)) - true == set()


# What is true beside the letter: that of always answering 1, seen on the screen below; and ln 2.
ALSO = {"healthy": {"0.63"}, "example-small-data": {"0.69"}}


def test_what_else_the_lessons_say_is_true() -> None:
    for name, values in (("example-learning-rate", {"lr": 1.0}), ("example-scaling", {"lr": 0.01})):
        assert [finding.cause for finding in examine(name, **values).findings] == ["no-signal"]
    slow = CHAPTERS[place_of("lr-too-low")]
    falls = examine(slow.dataset, **slow.values).findings[0].evidence
    assert falls["share_of_epochs_with_rising_loss"] == 0
    zeros = examine(CHAPTERS[place_of("bad-init")].dataset, init="zeros")
    assert zeros.status is Health.HEALTHY
    labels = [dataset(f"example-{name}").y for name in ("scaling", "learning-rate", "small-data")]
    random = np.random.RandomState(42)
    random.rand(20, 5)
    assert (random.randint(0, 2, 20) == labels[2]).all()  # drawn, whatever stands in the features


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_every_page_has_room_at_80_by_24_and_is_cut_properly_where_there_is_less(
    glyphs: Glyphs, big: bool
) -> None:
    for at, chapter in enumerate(CHAPTERS):
        for done in range(len(chapter.steps) + 1):
            guide = Guide(at, big=big)
            guide.done = done
            for width, rows in ((80, 24), (40, 12), (60, 16), (200, 60)):
                most = height_of(width, rows, big=big)
                lines = [text for text, _ in page_lines(guide, width, most, glyphs)]
                assert len(lines) <= most
                assert max(map(cell_len, lines)) <= width
                if width >= 80:
                    assert not any(line.endswith(glyphs.ellipsis) for line in lines), (chapter.name, lines)
                step = guide.step
                assert step is None or f"ress {worded(step.press)}" in "".join(lines)


def tour(**more: Any) -> Any:
    return partial(DemoDashboard, guide=Guide(**more))


class Remembers(Says):
    """A doctor who says what the pages above were told."""

    def diagnose(self, dataset: Dataset, config: Config, **_: Any) -> Diagnosis:
        return examine(dataset, **config.model_dump())


async def test_a_page_turns_to_its_lesson_once_what_it_tells_of_was_seen() -> None:
    async with dashboard(make=tour(), doctor=Remembers(letter(Health.HEALTHY))) as bench:
        app = bench.app
        assert isinstance(app, DemoDashboard)
        assert "1/14  A run that is well" in bench.screen
        assert all(app.body.shows(name) for name in ("dataset", "hyperparameters", "loss", "predictions"))
        await bench.press("space")
        await bench.train_to_the_end()
        assert "Press Space" in bench.screen  # the doctor has not looked yet
        await bench.examine()
        assert await bench.comes(lambda: "✓ Accuracy is 0.96 on rows not seen" in bench.screen)
        assert "accuracy 0.96 (always 1: 0.63)" in bench.screen
        await bench.press("n", "n", "n", "n")
        assert "5/14  Unscaled features" in bench.screen
        assert (app.session.source.name, app.session.config.scaling) == ("wine-1", "none")
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.examine()
        assert await bench.comes(lambda: "✓ Then press d" in bench.screen)
        assert "f fix it" in bench.screen
        assert "u undo" not in bench.screen  # what was changed belongs to the page before
        await bench.press("d", "escape")
        assert "✓ Then press f" in bench.screen
        bench.app.guide.done = 1  # as who has not read it
        assert "Unscaled features" in bench.banner
        await bench.press("f")
        await bench.train_to_the_end()
        assert await bench.comes(lambda: "balanced accuracy goes from" in bench.screen)
        await bench.press("p", "n")  # again
        assert "Press Space" in bench.screen
        assert app.session.config == changed(Config(), scaling="none")


async def test_pages_are_turned_by_hand_and_what_trains_ends_with_its_page() -> None:
    async with dashboard(make=tour(at=13)) as bench:
        await bench.press("n")
        assert bench.banner == "That was the last page; q leaves."
        bench.app.session.change(changed(bench.app.session.config, epochs=10_000_000))
        await bench.press("space")
        await bench.train(2)
        await bench.press("p")
        await bench.train()
        assert not bench.store.runs.live()
        assert "13/14  Classes that no line parts" in bench.screen
        await bench.press("H", "enter", "n")  # typed into a field it is a letter
        assert "13/14" in bench.screen
        await bench.press("escape", "q")
        assert bench.app.return_value == 0


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
async def test_big_shows_one_pane_and_the_words_alone(size: tuple[int, int]) -> None:
    async with dashboard(make=tour(at=1, big=True), size=size) as bench:
        body = bench.app.body
        assert [name for name in body.panes if body.shows(name)] == ["predictions"]
        assert "2/14  Example" in bench.screen.split("\n")[0]
        assert "Press Space" in bench.screen
        assert "help" not in bench.screen
        assert "usual" not in bench.screen
        await bench.press("p")
        assert [name for name in body.panes if body.shows(name)] == ["loss"]


async def test_a_small_screen_shows_the_pane_that_the_page_is_about() -> None:
    async with dashboard(make=tour(at=6), size=(40, 12), ascii_only=True) as bench:
        assert "P Predictions" in bench.screen
        assert "Press Space" in bench.screen
        assert bench.screen.isascii()


def test_the_store_of_the_tour_goes_with_it_and_a_persons_own_is_let_be(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_home(keep=False):
        with Store() as store:
            folder = store.path.parent
        assert folder != home
    assert not folder.exists()
    assert os.environ["LRTUI_HOME"] == str(home)
    with own_home(keep=True), Store() as store:
        assert store.path.parent == home
    monkeypatch.delenv("LRTUI_HOME")
    with own_home(keep=False):
        pass
    assert "LRTUI_HOME" not in os.environ


def test_pages_are_named_and_asked_for_by_number_or_name(lrtui: Lrtui) -> None:
    code, out, _ = lrtui("demo", "--list")
    assert code == 0
    assert [line.split()[:2] for line in out.splitlines()] == [
        [str(place), chapter.name] for place, chapter in enumerate(CHAPTERS, 1)
    ]
    offered = pages(click.Context(demo), click.Argument(["chapter"]), "example")
    assert [one.value for one in offered] == [chapter.name for chapter in CHAPTERS[1:4]]
    assert (place_of("1"), place_of("14"), place_of("unscaled")) == (0, 13, 4)
    for text in ("0", "15", "99999999999999999999", "scaled", "\x1b[2J", ""):
        assert "has no page" in refused(lrtui("demo", text))
    assert "needs a terminal" in refused(lrtui("demo"))
