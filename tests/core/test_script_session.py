"""A watched script on its way into the store: what it prints, how it ended, and who is told what."""

from __future__ import annotations

import os

import pytest

from lrtui.core.engine.script_facts import ending_of
from lrtui.core.engine.script_output import LINES, ScriptOutput
from lrtui.core.store import Status
from lrtui.core.store.scripts import Asked
from lrtui.core.watch.observation import Observation

ASKED = Asked(("train.py", "--epochs", "3"), "python", "/home/me", 1 << 20, 60.0)
ERROR = {
    "kind": "exception",
    "type": "ValueError",
    "text": "bad",
    "place": ["/home/me/train.py", 3, "f"],
    "thread": False,
}


@pytest.mark.parametrize(
    ("printed", "lines"),
    [
        ([b"one\ntwo"], ("one", "two")),
        ([b"one\r\ntwo\r\n"], ("one", "two")),
        ([b"10 %\r55", b" %\r100 %\ndone"], ("100 %", "done")),  # as a progress bar does
        ([b"\x1b[31mred\x1b[0m \x1b]0;title\x07x"], ("red x",)),
        ([b"a\x1b[", b"1mb\x1b", b"[0m"], ("ab",)),
        (["ä".encode()[:1], "ä".encode()[1:], b"\xff"], ("ä\ufffd",)),
    ],
)
def test_output_is_kept_as_the_lines_of_a_terminal(printed: list[bytes], lines: tuple[str, ...]) -> None:
    output = ScriptOutput()
    for part in printed:
        output.feed(part)
    assert output.lines == lines


def test_of_much_output_the_last_lines_are_kept() -> None:
    output = ScriptOutput()
    output.feed(b"x" * 10_000_000 + b"\n")
    output.feed("".join(f"{number}\n" for number in range(1000)).encode())
    assert (len(output.lines), output.lines[-1]) == (LINES, "999")


@pytest.mark.parametrize(
    ("seen", "stopped", "status", "words"),
    [
        (Observation(code=0), False, Status.FINISHED, "train.py ended well after 2.0 s."),
        (
            Observation([ERROR], code=1),
            False,
            Status.FAILED,
            "train.py ended with ValueError in line 3: bad.",
        ),
        (Observation(code=3), False, Status.FAILED, "train.py ended with exit code 3 after 2.0 s."),
        (Observation(code=-9), False, Status.FAILED, "train.py was killed by SIGKILL after 2.0 s."),
        (
            Observation(code=-2, stopped="called off"),
            True,
            Status.STOPPED,
            "train.py was stopped after 2.0 s.",
        ),
        (
            Observation(stopped="limit"),
            False,
            Status.STOPPED,
            "train.py did not end, and was ended after 2.0 s.",
        ),
    ],
)
def test_how_a_script_ended_is_a_status_and_a_sentence(
    seen: Observation, stopped: bool, status: Status, words: str
) -> None:
    seen.seconds = 2.0
    found, failure = ending_of(seen, ASKED, stopped=stopped)
    assert (found, failure.what) == (status, words)


def test_a_script_is_called_by_its_whole_path_and_a_module_by_its_name() -> None:
    assert ASKED.source.name == "/home/me/train.py"
    module = Asked(("-m", "package.train", "x"), "python", os.sep, 1, 1.0)
    assert (module.name, module.source.label) == ("package.train", "package.train")
