"""The observer is not noticed by the script, and tells how it ended."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from lrtui.core.watch.doctor import diagnose_script
from lrtui.core.watch.watching import Start, watch
from tests.core.watch.conftest import Observe
from tests.core.watch.scripts import HEALTHY, SGD, changed

LOOKS = """\
import argparse, os, sys, threading, traceback
import helper
print(__name__, __file__, sys.argv, sys.path[0] == os.getcwd(), helper.WORD, input())
print(sorted(name for name in os.environ if "LRTUI_W" in name or name == "PYTHONPATH"))
print([place for place in sys.path if "observer" in place], sys.flags, sys.stdin.isatty())
thread = threading.Thread(target=print, args=["from a thread"])
thread.start(); thread.join()
def deep():
    raise ValueError("deep in the script")
try:
    deep()
except ValueError:
    traceback.print_exc(file=sys.stdout)
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
print(parser.parse_args(), flush=True)
if __name__ == "__main__":
    if len(sys.argv) > 3:
        deep()
    sys.exit(7)
"""


def both(folder: Path, *arguments: str) -> tuple[tuple[int | None, str, str], tuple[int | None, str, str]]:
    """Exit code, output and errors of a script, by itself and watched."""
    (folder / "train.py").write_text(LOOKS)
    (folder / "helper.py").write_text("WORD = 'beside'\n")
    given = ["train.py", *arguments]
    alone = subprocess.run(
        [sys.executable, *given], input="typed\n", text=True, capture_output=True, cwd=folder, check=False
    )
    with (
        (folder / "in").open("w+") as stdin,
        (folder / "out").open("w") as out,
        (folder / "err").open("w") as err,
    ):
        stdin.write("typed\n")
        stdin.seek(0)
        seen = watch(Start(sys.executable, given, folder=str(folder)), stdin=stdin, stdout=out, stderr=err)
    watched = (seen.code, (folder / "out").read_text(), (folder / "err").read_text())
    return (alone.returncode, alone.stdout, alone.stderr), watched


def test_a_script_runs_as_it_does_by_itself(tmp_path: Path) -> None:
    alone, watched = both(tmp_path, "--epochs", "3")
    assert alone == watched
    assert alone[0] == 7


def test_arguments_that_are_wrong_are_told_by_the_script(tmp_path: Path) -> None:
    alone, watched = both(tmp_path, "--rounds", "3")
    assert alone == watched
    assert alone[0] == 2


def test_a_traceback_shows_the_persons_frames_alone(observe: Observe, tmp_path: Path) -> None:
    seen = observe(changed(("loss_fn(out, y)", "loss_fn(out, y[:7])")))
    output = (tmp_path / "output.txt").read_text()
    assert seen.code == 1
    assert "observer" not in output
    assert "overrides.py" not in output
    assert output.count("Traceback") == 1
    error = seen.first("exception")
    assert error is not None
    assert error["type"] == "ValueError"
    assert "loss_fn" in HEALTHY.splitlines()[error["place"][1] - 1]


def test_a_warning_stands_where_it_would_stand_and_once(observe: Observe, tmp_path: Path) -> None:
    observe(
        changed(
            ("model(X).squeeze(1)\n    loss", "model(X)\n    loss"),
            ("nn.BCEWithLogitsLoss()", "nn.MSELoss()"),
        )
    )
    output = (tmp_path / "output.txt").read_text()
    assert "observer" not in output
    assert output.count("UserWarning") == 1


def test_randomness_and_weights_are_the_same(observe: Observe, tmp_path: Path) -> None:
    text = HEALTHY + "print(torch.rand(1).item(), model[0].weight.sum().item())\n"
    observe(text)
    watched = (tmp_path / "output.txt").read_text()
    alone: dict[str, object] = {}
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(text, "train.py", "exec"), alone)
    assert printed.getvalue() == watched


def test_a_script_without_end_is_ended_and_what_it_did_is_known(observe: Observe) -> None:
    steps: list[str] = []
    endless = HEALTHY.replace("range(12)", "iter(int, 1)")
    seen = observe(
        endless, heard=lambda frame: steps.append(frame["kind"]), go_on=lambda: steps.count("step") < 4
    )
    assert seen.stopped == "called off"
    assert len(seen.by_kind["backward"]) >= 4
    assert seen.first("end") is not None


def test_operations_are_looked_at_in_a_few_steps_and_wherever_a_script_without_modules_answers(
    observe: Observe,
) -> None:
    by_hand = (
        "import torch\n"
        "X = torch.randn(40, 3)\n"
        "y = (X[:, 0] > 0).float()\n"
        "w = torch.zeros(3, requires_grad=True)\n"
        "for step in range(40):\n"
        "    loss = ((torch.sigmoid(X @ w) - y) ** 2).mean()\n"
        "    loss.backward()\n"
        "    with torch.no_grad():\n"
        "        w -= 0.1 * w.grad\n"
        "        w.grad.zero_()\n"
        "with torch.no_grad():\n"
        "    print(((X @ w > 0) == y).float().mean())\n"
    )
    seen = observe(by_hand)
    sigmoids = [op for op in seen.ops if op.name == "sigmoid"]
    assert 5 < len(sigmoids) < 20
    assert [frame["name"] for frame in seen.by_kind["decision"]] == ["gt", "__eq__"]
    end = seen.first("end")
    assert end is not None
    assert end["backwards"] == 40


def test_files_that_are_written_elsewhere_are_told_and_those_beside_the_script_are_not(
    observe: Observe,
) -> None:
    seen = observe(
        HEALTHY
        + "open('beside.txt', 'w').write('x')\n"
        + "for name, how in (('log.txt', 'a'), ('__pycache__/helper.cpython-311.pyc.139771', 'wb')):\n"
        + "    try:\n        open('/no-such-folder/' + name, how)\n    except OSError:\n        pass\n"
        + "try:\n    torch.save(model.state_dict(), '/no-such-folder/model.pt')\n"
        + "except (OSError, RuntimeError):\n    pass\n"
    )
    assert seen.written == ["/no-such-folder/log.txt", "/no-such-folder/model.pt"]


def test_a_compiled_model_is_run_as_it_is_and_that_is_said(observe: Observe) -> None:
    seen = observe(changed((SGD, "model = torch.compile(model)\n" + SGD)))
    assert seen.code == 0
    found = diagnose_script(Start(sys.executable, ["train.py"]), seen, rerun=False)
    assert any("torch.compile was left out" in note for note in found.notes)
    assert len(seen.by_kind["backward"]) >= 4
