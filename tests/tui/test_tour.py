"""The tour of the README, key by key, with what it promises: text and product cannot part."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.widgets import OptionList

from lrtui.core.config import knob, shown_value
from lrtui.core.doctor import doctor
from lrtui.core.store import Store, Work
from lrtui.tui.app import newest_run
from lrtui.tui.bindings import DASHBOARD
from lrtui.tui.keys import NAMES, PLAIN
from lrtui.tui.panes.base import Pane
from lrtui.tui.screens.doctor import DoctorScreen
from lrtui.tui.screens.inspect import InspectScreen
from lrtui.tui.screens.questions import QuitScreen
from lrtui.tui.screens.sweep import SweepScreen
from tests.tui.bench import Bench, dashboard
from tests.tui.inspection_bench import looked_at, passenger_file

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
TOUR = " ".join(README.partition("## Five minutes")[2].partition("## Keys")[0].split())
KEYS = {
    "Space": "space",
    "Enter": "enter",
    "Esc": "escape",
    "↑": "up",
    "↓": "down",
    "←": "left",
    "→": "right",
}
PRESSED = re.compile(r"\*\*(.+?)\*\*(?: to (?:\*(.+?)\*|`(.+?)`))?")
SHORT = 1000  # epochs: such a run is trained to its end
AGAIN = "Start `lrtui` again"
Check = Callable[..., object]


def accuracy(bench: Bench) -> str:
    view = bench.app.poller.view
    assert view.measurement is not None
    return f"{view.measurement.test_accuracy:.4f}"[:4]


def verdict(bench: Bench) -> str:
    found = bench.app.poller.view.diagnosed
    assert found is not None
    assert found.diagnosis is not None
    return f"{found.diagnosis.status} {found.diagnosis.verdict}"


# What is promised, as it stands in the text, and how it is seen.
PROMISES: dict[str, Check] = {
    r"opens on `(\S+)`": lambda bench, name: name in bench.status,
    r"(\d+) epochs later the test accuracy is ([\d.]+), beside ([\d.]+)": lambda bench, epochs, *found: (
        f"epoch {epochs}/{epochs}" in bench.screen
        and found[0] == accuracy(bench)
        and f"{found[1]}" in bench.screen
    ),
    r"loss jumps about by the hundreds": lambda bench: max(bench.app.poller.view.curve.highest) > 200,
    r"draws it on a (log)arithmic scale": lambda bench, word: word in str(bench.app.body.loss.border_title),
    r"the doctor says why, in the banner": lambda bench: "Unscaled features" in bench.banner,
    r"shows the proof": lambda bench: (
        isinstance(bench.app.screen, DoctorScreen) and "proved" in bench.screen
    ),
    r"(before) and (after) side by side": lambda bench, *words: all(word in bench.screen for word in words),
    r"each change is marked in the plot": lambda bench: "lr 0.05→0.02" in bench.screen,
    r"takes the last one back": lambda bench: bench.app.session.config.lr == 0.02,
    r"stops the run": lambda bench: "■ stopped" in bench.status,
    r"Every row gets the same label": lambda bench: "Every test row is predicted" in bench.banner,
    r"doctor says that too": lambda bench: "unlearnable" in verdict(bench),
    r"trained at once and drawn": lambda bench: isinstance(bench.app.screen, SweepScreen),
    r"with what is (slower), (good), (unstable) and gives (one label)": lambda bench, *zones: any(
        zone in bench.screen for zone in zones
    ),
    r"takes it, and": lambda bench: bench.app.session.config.lr != 0.01,
    r"takes it back\.": lambda bench: bench.app.session.config.lr == 0.01,
    r"narrow the list to it": lambda bench: (
        bench.app.screen.query_one(OptionList).options[0].id == "scaling"
    ),
    r"take it, ": lambda bench: "scaling" in bench.screen and isinstance(bench.app.screen, SweepScreen),
    r"closes\.": lambda bench: len(bench.app.screen_stack) == 1,
    r"no line can do better than chance": lambda bench: "circles" in bench.status,
    r"accuracy ([\d.]+\d)\.": lambda bench, reached: reached == accuracy(bench),
    r"while it trains: ": lambda bench: isinstance(bench.app.screen, QuitScreen),
    r"lets it run on": lambda bench: bench.app.return_value == 0,
    r"there it is, (live)": lambda bench, _: "▶ training" in bench.status,
    r"`lrtui (\S+)` shows its columns": lambda bench, name: f"Inspect ─ {name}" in bench.screen,
    r"with the likeliest target under the cursor": lambda bench: re.search(
        "▸ Survived.*target", bench.screen
    ),
    r"trains\. ": lambda bench: "✓ finished" in bench.status,
    r"make another column the target": lambda bench: "target Survived" not in bench.screen,
    r"find one by its name": lambda bench: "▸ Fare" in bench.screen and "Age" not in bench.screen,
    r"leaves it out": lambda bench: "left out by you" in bench.screen,
}


def happenings(text: str) -> list[tuple[int, re.Match[str], Check | None]]:
    """Keys and promises in the order in which they are read."""
    found: list[tuple[int, re.Match[str], Check | None]] = []
    for promise, check in PROMISES.items():
        matches = [*re.finditer(promise, TOUR)]
        assert len(matches) == 1, f"the tour says {len(matches)} times: {promise}"
        found += [(match.start(), match, check) for match in re.finditer(promise, text)]
    found += [(match.start(), match, None) for match in PRESSED.finditer(text)]
    return sorted(found, key=lambda event: event[0])


async def pressed(bench: Bench, what: str, field: str | None, value: str | None) -> None:
    """Press a key, once or until the cursor is on a field or the field has a value; or type a text."""
    if what not in KEYS and len(what) > 1:
        await bench.press(*what)
        return
    key = KEYS.get(what, {"/": "slash"}.get(what, what))
    form = bench.app.body.form
    for _ in range(50):
        here = (
            knob(form.field).label,
            shown_value(form.field, getattr(bench.app.session.config, form.field), 20),
        )
        if (field or value) and (here[0] if field else here[1]) == (field or value):
            return
        await bench.press(key)
        if not field and not value:
            return
    pytest.fail(f"{what} does not lead to {field or value}")


async def worked_off(bench: Bench) -> None:
    """Let the engine do what there is to do: a sweep, an inspection, a short run, a part of a long one."""
    screen, run = bench.app.screen, bench.app.session.run
    if isinstance(screen, SweepScreen):
        await bench.sweep()
    elif isinstance(screen, InspectScreen) and screen.waits:
        await looked_at(bench)
    elif run is not None and run.status.live:
        await (bench.train_to_the_end() if run.config.epochs <= SHORT else bench.train(3))


async def walked(bench: Bench, text: str) -> None:
    """Do what a part of the tour says, and see what it promises."""
    for _, match, check in happenings(text):
        if check is None:
            await pressed(bench, *match.groups())
            await worked_off(bench)
            continue
        if "doctor says" in match[0]:
            await bench.examine(Work.DONE)
        said = f"{match[0]}\n{bench.screen}\n{bench.banner}"
        assert await bench.comes(partial(check, bench, *match.groups())), said


async def test_every_key_of_the_tour_does_what_the_tour_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again, rest = TOUR.partition(AGAIN)
    live, table, last = rest.partition("With a table of yours")
    async with dashboard("breast-cancer", doctor=doctor) as bench:
        await walked(bench, first)
        async with dashboard("breast-cancer") as next_one:
            with Store() as store:
                newest = newest_run(store)
            assert newest is not None
            next_one.app.show_run(newest.id)
            await bench.train()
            await walked(next_one, again + live)
    monkeypatch.chdir(tmp_path)
    passenger_file(tmp_path)
    async with dashboard(str(tmp_path / "titanic.csv")) as bench:
        await worked_off(bench)
        await walked(bench, table + last)


def test_the_table_of_keys_lists_every_key_of_the_dashboard_and_of_its_panes() -> None:
    rows = re.findall(r"^\| (.+?) \| ", README.partition("## Keys")[2].partition("\n## ")[0], re.MULTILINE)
    listed = {word.strip(",") for row in rows for word in row.split()}
    bound = [*DASHBOARD, *(b for pane in Pane.__subclasses__() for b in vars(pane).get("BINDINGS", ()))]
    for binding in bound:
        assert isinstance(binding, Binding)
        for key in binding.key.split(","):
            text = PLAIN.get(NAMES.get(key, key), key)
            shown = f"Ctrl+{key[5:].upper()}" if key.startswith("ctrl+") else NAMES.get(key, key)
            assert listed & {text, shown, key}, binding
