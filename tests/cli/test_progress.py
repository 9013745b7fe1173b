"""The bar of a run: what fits is shown whole, what does not is left out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from lrtui.tui.cli.progress import BAR, SHORTEST_BAR, Reading, bar_line, run_parts

MARKS = ("#", ".")
PARTS = ("epoch 123,456/400,000", "0:12 left", "loss  0.0689", "accuracy 0.965", "12,345 epochs/s")


def session(seconds: float) -> Any:
    trainer = SimpleNamespace(epoch=1000, seconds=seconds, config=SimpleNamespace(epochs=400_000))
    return SimpleNamespace(trainer=trainer, last_loss=0.0689, newest=SimpleNamespace(test_accuracy=0.965))


@pytest.mark.parametrize("width", range(1, 140))
def test_no_width_cuts_a_part_or_is_overrun(width: int) -> None:
    line = bar_line(0.5, PARTS, width, MARKS)
    assert len(line) <= width
    bar = line.split(" ")[0] if line[0] in MARKS else ""
    shown = line.removeprefix(bar).strip()
    assert shown in {"  ".join(PARTS[:n]) for n in range(len(PARTS) + 1)}
    assert len(bar) <= BAR
    assert bar.count("#") == len(bar) // 2


def test_at_eighty_columns_the_time_left_and_the_accuracy_are_there() -> None:
    line = bar_line(0.25, PARTS, 79, MARKS)
    assert line.endswith("  ".join(PARTS[:4]))
    assert line.index(" ") >= SHORTEST_BAR


def test_at_forty_columns_a_short_bar_the_epoch_and_the_time_left_remain() -> None:
    assert bar_line(0.5, PARTS, 39, MARKS) == "###... epoch 123,456/400,000  0:12 left"


def test_with_room_the_bar_is_as_long_as_ever() -> None:
    assert bar_line(1.0, PARTS, 120, MARKS) == f"{'#' * BAR} {'  '.join(PARTS)}"


def test_no_time_is_promised_in_the_first_half_second() -> None:
    assert not any("left" in part for part in run_parts(session(0.4)))
    assert run_parts(session(0.5))[1] == "3:19 left"


def test_reading_shows_a_bar_on_a_terminal_and_nothing_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Reading("large.csv") as reading:
        reading.watch.at("reading", 0.4)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with Reading("\x1blarge.csv") as reading:
        reading.watch.at("reading", 0.4)
    shown = capsys.readouterr().err
    assert "reading \\x1blarge.csv  40 %" in shown
    assert shown.endswith("\r\x1b[K")
