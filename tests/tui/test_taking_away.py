"""``E``: the run that is shown, taken away in a format, or a picture of what is on the screen."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, Static

from lrtui.core.export.formats import FORMATS
from lrtui.tui import taking_away
from lrtui.tui.cli.group import main
from lrtui.tui.screens.export import PICTURES, ExportScreen
from lrtui.tui.taking_away import Outcome, outcome_of
from tests.tui.bench import Bench, dashboard


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, and exports in this process: one of its own takes seconds to import."""
    monkeypatch.chdir(tmp_path)

    async def export_run(run_id: int, form: str, path: Path, home: Path) -> Outcome:
        assert str(home) == os.environ["LRTUI_HOME"]
        with pytest.MonkeyPatch.context() as patch, (tmp_path / "out").open("w") as out:
            patch.setattr("sys.stdout", out)
            patch.setattr("sys.stderr", out)
            with pytest.raises(SystemExit) as ended:
                main(("export", "--json", "--", str(run_id), form, str(path)))
        said = (tmp_path / "out").read_bytes()
        return outcome_of(int(ended.value.code or 0), said, said)

    monkeypatch.setattr(taking_away, "export_run", export_run)
    return tmp_path


def said(bench: Bench) -> str:
    return str(bench.app.screen.query_one("#said", Static).visual)


async def test_a_format_is_written_where_the_person_says(here: Path) -> None:
    async with dashboard("moons", size=(80, 24)) as bench:
        await bench.press("E")
        assert "no run to take away" in bench.banner
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("L", "E")
        screen = bench.app.screen
        assert isinstance(screen, ExportScreen)
        assert screen.query_one(OptionList).option_count == len(FORMATS) + len(PICTURES)
        path = screen.query_one(Input)
        assert path.value == "run-1-pytorch.py"
        await bench.press("down")
        assert path.value == "run-1-state-dict.pt"
        for _ in range(list(FORMATS).index("curve") - 1):
            await bench.press("down")
        assert path.value == "run-1-curve.csv"
        await bench.press("enter")
        assert await bench.comes(lambda: "Written to" in said(bench)), said(bench)
        assert (here / "run-1-curve.csv").read_text().startswith('"epoch","train_loss"')
        await bench.press("enter")  # never over a file that is there
        assert await bench.comes(lambda: "is there already. Give another name" in said(bench)), said(bench)
        path.value = "mine.csv"
        await bench.press("pagedown")
        assert path.value == "mine.svg"  # a typed name keeps its stem
        await bench.press("enter")
        await bench.press("up")
        path.value = "pane.svg"
        await bench.press("enter")
        assert await bench.comes(lambda: "pane.svg" in said(bench)), said(bench)
        await bench.press("escape")
        for name in ("mine.svg", "pane.svg"):
            ElementTree.parse(here / name)
        whole, pane = ((here / name).read_text() for name in ("mine.svg", "pane.svg"))
        assert "Hyperparameters" in whole.replace("&#160;", " ")
        assert "Hyperparameters" not in pane
        assert len(pane) < len(whole)


def test_what_a_process_said_becomes_lines() -> None:
    told = json.dumps({"path": "/a\u202eb", "use": "x"}).encode()
    assert outcome_of(0, told, b"").words == "Written to '/a\\u202eb'.\nx"
    wrong = outcome_of(2, b"", b"lrtui: It is wrong.\n       Mend it.\n")
    assert (wrong.done, wrong.words) == (False, "It is wrong. Mend it.")


async def test_the_process_writes_the_file(tmp_path: Path) -> None:
    found = await taking_away.export_run(7, "curve", tmp_path / "a.csv", tmp_path)
    assert (found.done, found.words) == (
        False,
        "There is no run 7. No run is stored yet; lrtui train makes one.",
    )
