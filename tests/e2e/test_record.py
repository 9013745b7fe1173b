"""What ``lrtui record`` writes is what was on the terminal, and any player of asciicast v2 can show it."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import pyte
import pytest

from lrtui.tui.terminal.cast import Cast, CastError, new_file
from tests.cli.commands import refused
from tests.cli.conftest import lrtui as in_process
from tests.e2e.conftest import Open

called = in_process  # the command line in this process


def events(path: Path) -> tuple[dict[str, Any], list[tuple[float, str, str]]]:
    """Header and events, checked by the specification."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header = json.loads(lines[0])
    assert header["version"] == 2
    assert {type(header[name]) for name in ("version", "width", "height", "timestamp")} == {int}
    assert set(header) <= {"version", "width", "height", "timestamp", "command", "env"}
    assert set(header["env"]) <= {"SHELL", "TERM"}
    found = [tuple(json.loads(line)) for line in lines[1:]]
    for at, code, data in found:
        assert isinstance(at, float | int)
        assert code in ("o", "r")
        assert isinstance(data, str)
    assert [one[0] for one in found] == sorted(one[0] for one in found)
    return header, found


def played(path: Path) -> list[str]:
    """The last screen of a recording, as a terminal shows it."""
    header, found = events(path)
    screen = pyte.Screen(header["width"], header["height"])
    stream = pyte.Stream(screen)
    for _, code, data in found:
        if code == "r":
            columns, rows = map(int, re.fullmatch(r"(\d+)x(\d+)", data).groups())  # type: ignore[union-attr]
            screen.resize(rows, columns)
        else:
            stream.feed(re.sub(r"\x1b\[[<>=][0-9;]*[a-zA-Z]", "", data))
    return [*screen.display]


def test_a_recording_of_the_demo_plays_as_it_was_seen_and_nothing_is_left_of_its_store(
    lrtui: Open, tmp_path: Path, home: Path
) -> None:
    path, folder = tmp_path / "out.cast", tmp_path / "temporary"
    folder.mkdir()
    screen = lrtui("record", "out.cast", "demo", TMPDIR=str(folder))
    screen.see("1/14")
    assert len([*folder.glob("lrtui-demo-*")]) == 1
    screen.resize(100, 30)
    screen.press("p", "n", "p", "space")  # keys go in
    screen.see("✓ finished")
    last = cache(lambda _: played(path))  # played again only once there is more of it
    screen.wait(
        lambda: "\n".join(last(path.stat().st_size)) == screen.text, "the recording to show the same"
    )
    header, found = events(path)
    assert (header["width"], header["height"]) == (80, 24)
    assert header["command"] == "lrtui demo"
    assert header["env"]["TERM"] == "xterm-256color"
    assert [data for _, code, data in found if code == "r"] == ["100x30"]
    screen.process.kill(signal.SIGTERM)  # told to what is recorded, which leaves in good order
    assert screen.end() == 128 + signal.SIGTERM
    events(path)  # whole to its last line
    assert [*folder.glob("lrtui-demo-*")] == []
    assert not (home / "lrtui.db").exists()


def test_without_a_terminal_a_command_is_recorded_and_gives_its_exit_code(
    tmp_path: Path, called: Any
) -> None:
    path = tmp_path / "out.cast"
    sized = ("record", "--columns", "60", "--rows", "10", str(path))

    def recorded(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "lrtui.tui", "record", *options, *sized[1:], "show", "99"]
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    result = recorded()
    assert result.returncode == 2
    assert "There is no run 99" in result.stdout  # passed through
    assert result.stderr.startswith("Recorded ")
    header, _ = events(path)
    assert (header["width"], header["height"], header["command"]) == (60, 10, "lrtui show 99")
    assert "lrtui: There is no run 99." in played(path)[0]
    assert "exists already" in refused(called(*sized, "show", "99"))
    assert "no size is given" in refused(called("record", str(tmp_path / "b.cast")))
    assert "'train' is no file" in refused(called("record", "train", "moons"))
    assert "'--colums' is no file" in refused(called("record", "--colums", "80", "a.cast"))
    assert "too many" in refused(called("record", "--columns", "100000", "--rows", "9", str(path)))
    assert not (tmp_path / "b.cast").exists()
    before = path.stat().st_mtime_ns
    assert recorded("--force").returncode == 2
    assert path.stat().st_mtime_ns > before


def test_only_a_recording_is_recorded_over(tmp_path: Path) -> None:
    notes = tmp_path / "notes.cast"
    notes.write_text("mine\n")
    for path in (notes, tmp_path):
        with pytest.raises(CastError, match="is no recording"):
            new_file(path, force=True)
    assert notes.read_text() == "mine\n"


def test_bytes_in_any_pieces_become_whole_characters_and_what_is_none_is_marked() -> None:
    out, into = os.pipe()
    data = "▶ é 🎉".encode() + b"\xff\x00\x1b[0m" + "ü".encode()[:1]
    with io.FileIO(into, "w") as file:
        cast = Cast(file, 80, 24, "lrtui", {"TERM": "x", "HOME": "/secret"})
        for byte in data:
            cast.output(bytes([byte]))
        cast.output(b"", last=True)
    lines = os.read(out, 1 << 16).decode("utf-8").splitlines()
    os.close(out)
    assert json.loads(lines[0])["env"] == {"TERM": "x"}
    assert "".join(json.loads(line)[2] for line in lines[1:]) == data.decode("utf-8", "replace")


def test_on_a_full_disk_a_recording_ends_with_a_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "out.cast"

    class Full(io.FileIO):
        def write(self, data: Any) -> int:
            if self.tell() + len(data) <= 200:
                return super().write(data)
            if self.tell() == 200:
                raise OSError(28, "No space left on device")
            return super().write(data[: 200 - self.tell()])

    with Full(path, "w") as file:
        cast = Cast(file, 80, 24, "lrtui", {})
        for _ in range(20):
            cast.output(b"0123456789")
    assert cast.failure is not None
    _, found = events(path)
    assert {data for _, _, data in found} == {"0123456789"}


def test_ctrl_c_ends_a_recording_in_good_order_and_one_that_is_killed_is_whole_up_to_there(
    lrtui: Open, tmp_path: Path
) -> None:
    screen = lrtui("record", "out.cast", "train", "moons", "--epochs", "1000000")
    screen.see("epochs/s")
    screen.press("ctrl+c")  # a key like any other: it ends what is recorded
    screen.see("run 1: moons, stopped")
    assert screen.end() == 130
    screen = lrtui("record", "--force", "out.cast", "train", "moons", "--epochs", "1000000")
    screen.see("epochs/s")
    screen.process.kill(signal.SIGKILL)
    until = time.monotonic() + 10
    while screen.process.isalive() and time.monotonic() < until:
        screen.read()
    assert "epochs/s" in "\n".join(played(tmp_path / "out.cast"))
