"""A script that is watched, as the person at the dashboard meets it."""

from __future__ import annotations

import io
import sys
from array import array
from pathlib import Path

import numpy as np
import pytest
from textual.widgets import Input

from lrtui.core.config import Config
from lrtui.core.config import changed as changed_config
from lrtui.core.doctor.diagnosis import PATCH, Diagnosis, Finding, Health, Scores
from lrtui.core.store import Status, Store
from lrtui.core.store.messages import Stop, WatchScript
from lrtui.core.store.scripts import Asked, Patch, Problem, Progress
from lrtui.tui.screens.patch import PatchScreen
from tests.core.watch.scripts import changed
from tests.tui.bench import Bench, dashboard

SICK = changed(
    ("model(X).squeeze(1)\n    loss", "model(X)\n    loss"), ("nn.BCEWithLogitsLoss()", "nn.MSELoss()")
)
OLD, NEW = "loss = f(model(X), y)\n", "loss = f(model(X).squeeze(1), y)\n"
DIFF = f"--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-{OLD}+{NEW}"
LETTER = Diagnosis(
    Health.SICK,
    "One label: shapes differ.",
    single_label=True,
    majority_label="",
    majority_share=1.0,
    findings=(
        Finding("shape-broadcast", "Shapes differ", "They do.", {}, {}, proved=True, trial=Scores()),
    ),
    fix={PATCH: "train.py"},
)


def asked(folder: Path, *arguments: str) -> Asked:
    return Asked(("train.py", *arguments), sys.executable, str(folder), 1 << 20, 60.0)


def running(bench: Bench, folder: Path, *output: str) -> int:
    """The run of a script that another process watches."""
    store, owner = bench.store, bench.app.session.engine.token
    run_id = store.new_script(asked(folder, "--epochs", "3"), owner)
    store.losses.append(run_id, 1, array("f", [0.25] * 128))
    store.runs.update(run_id, status=Status.RUNNING, epoch=128, seconds=2.0)
    now = Progress(str(folder / "train.py"), 7, "loss.backward()", epoch=4, rate=64.0)
    store.scripts.tell(run_id, now)
    store.scripts.put_output(run_id, output)
    return run_id


def ended(bench: Bench, folder: Path) -> int:
    """One that has ended, with the doctor's letter and a patch."""
    run_id, script = running(bench, folder, "done"), folder / "train.py"
    script.write_text(OLD)
    bench.store.runs.update(run_id, status=Status.FINISHED, owner=None)
    bench.store.scripts.put_patch(run_id, Patch(DIFF, {str(script): OLD}, {str(script): NEW}))
    bench.store.diagnoses.note(run_id, 128, LETTER)
    return run_id


def sent(store: Store, token: str) -> list[object]:
    return [command.message for command in store.commands.take(token)]


@pytest.mark.parametrize("size", [(80, 24), (160, 50), (40, 12)])
async def test_a_script_stands_where_the_form_would_with_what_it_prints(
    size: tuple[int, int], tmp_path: Path
) -> None:
    async with dashboard(size=size) as bench:
        bench.app.show_run(running(bench, tmp_path, "epoch 1", "bad \x1b]0;x\x07 \u202e title"))
        await bench.press()
        assert "H Hyperparameters" not in bench.screen
        for words in ("S Script", "train.py", "line 7: loss.backward()", "epoch 1", "▶ running"):
            assert words in bench.screen, words
        assert r"bad \x1b]0;x\x07 \u202e title" in bench.screen
        if size[0] > 40:
            assert "train.py:7 ─ epoch 4 ─ 64 steps/s" in bench.screen
        await bench.press("r")
        assert "H Hyperparameters" in bench.screen


async def test_what_does_not_apply_to_a_script_is_said(tmp_path: Path) -> None:
    async with dashboard() as bench:
        bench.app.show_run(run_id := running(bench, tmp_path))
        for key, words in {
            "space": "A script is not paused: x stops it",
            "s": "not by epochs",
            "w": "cannot be swept here",
            "i": "reads its data itself",
            "u": "nothing to put back",
            "f": "looks when the script has ended",
        }.items():
            await bench.press(key)
            assert words in bench.banner, key
        sent(bench.store, bench.engine.token)
        await bench.press("x")
        assert sent(bench.store, bench.engine.token) == [Stop(run_id)]


async def test_f_shows_the_patch_enter_applies_it_and_u_puts_the_original_back(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    async with dashboard() as bench:
        bench.app.show_run(ended(bench, tmp_path))
        await bench.press()
        assert "One label: Shapes differ. d why  f fix it" in bench.banner
        await bench.press("f")
        assert isinstance(bench.app.screen, PatchScreen)
        assert f"-{OLD.strip()}" in bench.screen
        await bench.press("escape")
        assert script.read_text() == OLD
        sent(bench.store, bench.engine.token)
        await bench.press("f", "enter")
        assert (script.read_text(), (tmp_path / "train.py.orig").read_text()) == (NEW, OLD)
        run = bench.app.session.run
        assert run is not None
        assert WatchScript(run.id) in sent(bench.store, bench.engine.token)
        assert bench.store.scripts.asked(run.id) == asked(tmp_path, "--epochs", "3")
        assert bench.app.session.before is not None
        await bench.press("u")
        assert "is as it was. Space runs it again." in bench.banner
        assert script.read_text() == OLD
        assert not (tmp_path / "train.py.orig").exists()


async def test_what_was_changed_by_hand_is_neither_patched_nor_put_back(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    async with dashboard() as bench:
        bench.app.show_run(ended(bench, tmp_path))
        script.write_text("by hand")
        await bench.press("f", "enter")
        assert "was changed since it was run. Watch it again." in bench.banner
        script.write_text(OLD)
        await bench.press("f", "enter")
        script.write_text("by hand")
        await bench.press("u")
        assert "was changed since it was patched." in bench.banner
        assert script.read_text() == "by hand"


async def test_space_runs_a_script_again_and_old_runs_are_shown_from_the_list(tmp_path: Path) -> None:
    async with dashboard() as bench:
        bench.app.show_run(first := ended(bench, tmp_path))
        await bench.press("space")
        run = bench.app.session.run
        assert run is not None
        assert (run.id, run.status, run.watched) == (first + 1, Status.QUEUED, True)
        bench.store.runs.update(run.id, status=Status.INTERRUPTED, owner=None)
        bench.app.look(force=True)
        assert "was ended from outside. Space runs it again." in bench.banner
        bench.store.execute("UPDATE scripts SET asked = '[' WHERE run_id = ?", (run.id,))
        bench.app.show_run(run.id)
        await bench.press("space")
        assert "cannot be read: its row in the store is damaged" in bench.screen
        assert "How train.py was started cannot be read." in bench.banner
        await bench.press("R", "j", "enter")
        assert bench.app.session.run is not None
        assert bench.app.session.run.id == first
        assert "done" in bench.screen or await bench.comes(lambda: "sick" in bench.screen)


async def test_a_script_is_found_in_its_folder_or_typed_with_its_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my train.py").write_text(SICK)
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    async with dashboard() as bench:

        async def watched(*keys: str) -> tuple[str, ...]:
            await bench.press(*keys)
            run = bench.app.session.run
            assert run is not None, bench.screen
            assert bench.app.body.focused_pane == "script"
            script = bench.store.scripts.get(run.id)
            assert script is not None
            return script.asked.arguments

        bench.app.action_watch()
        await bench.press()
        assert "Watch a script" in bench.screen
        assert "table.csv" not in bench.screen
        await bench.press(*"none.py", "enter")
        assert "There is no file './none.py'. Give the path of a Python script." in bench.screen
        bench.app.screen.query_one(Input).value = "./"
        await bench.press()
        assert await watched("enter") == ("./my train.py",)
        typed = "'my train.py' --epochs 3"
        await bench.press("o")
        bench.app.screen.query_one(Input).value = typed
        await bench.press()
        assert await watched("enter") == ("my train.py", "--epochs", "3")


async def test_t_takes_a_regression_to_the_form_and_its_values_are_written_back(tmp_path: Path) -> None:
    script, rows = tmp_path / "train.py", io.BytesIO()
    text = "import torch\n\noptimizer = torch.optim.SGD(model.parameters(), lr=0.001)\n"
    np.savez(rows, X=np.arange(40.0).reshape(20, 2), y=np.arange(20) % 2)
    async with dashboard() as bench:
        session = bench.app.session
        bench.app.show_run(run_id := ended(bench, tmp_path))
        await bench.press("t")
        assert "Only a regression is taken to the form" in bench.banner
        script.write_text(text)
        config = changed_config(Config(), lr=0.001, scaling="none").model_dump(mode="json")
        problem = Problem(config, 2, {"optimizer": [[str(script), 3, "<module>"]]}, {str(script): text})
        bench.store.scripts.put_problem(run_id, problem, rows.getvalue(), None)
        bench.app.look(force=True)
        await bench.press("t")
        assert (session.config.lr, session.config.scaling, session.source.target) == (0.001, "none", "y")
        assert session.source.name == str(bench.store.path.parent / f"script-{run_id}.npz")
        assert "The data and settings of 'train.py'." in bench.banner
        await bench.press("space")
        await bench.train_to_the_end()
        assert "20×2" in bench.status
        bench.app.action_write_back()
        assert "has the script's own values" in bench.banner
        session.change(changed_config(session.config, lr=0.5, features="poly2"))
        bench.app.action_write_back()
        await bench.press()
        assert "features poly2." in bench.screen
        await bench.press("enter")
        assert script.read_text() == text.replace("0.001", "0.5")
        assert session.script is not None
        session.show(None)
        bench.app.action_write_back()
        assert "was changed since it was run. Watch it again first." in bench.banner
