"""Whatever comes from a terminal, and however it goes away, nobody loses a dashboard or a run by it."""

from __future__ import annotations

import os
import signal
import sys
import termios
from pathlib import Path

import psutil

from lrtui.core.store import Store
from tests.e2e.conftest import LRTUI, Open
from tests.e2e.terminal import Terminal, stop_engines

LONG = "10000000"
END = b"\x1b[201~"


def status(home: Path) -> str:
    with Store() as store:
        return str(store.runs.recent(1)[0].status)


def settings(screen: Terminal) -> list[object]:
    """How the terminal is set up: raw or not, echo, and so on."""
    return termios.tcgetattr(screen.process.child_fd)[:4]


def without_terminal(screen: Terminal) -> int:
    """Take the terminal away; the exit code of the dashboard, or minus the signal."""
    screen.process.ptyproc.fileobj.close()
    screen.process.ptyproc.closed = True
    return os.waitstatus_to_exitcode(os.waitpid(screen.process.pid, 0)[1])


# --- bytes that are no text, and text that is no key ---


def test_nothing_that_is_typed_pasted_or_sent_does_harm_and_the_keys_always_come_back(lrtui: Open) -> None:
    screen = lrtui("moons", columns=100, rows=30)
    screen.see("untrained")

    # Bytes that are no text, and no keys.
    for data in (b"\x82", b"caf\xe9", b"\xff\xfe", b"\xe2\x82", b"\xed\xa0\x80", b"\x1b\x9b", b"\x1b\xc3"):
        screen.process.send(data)
    screen.press("escape", "?")
    screen.see("Everywhere")
    screen.process.send(b"\x1b[M \xa1\xff\x1b[M\x83\x1bq")  # the mouse as X10 tells of it, far right
    screen.press("j")
    assert "Help" in screen.text

    # Without a shell there is nowhere to go to; stopped from outside it comes back whole.
    os.kill(screen.process.pid, signal.SIGTSTP)
    screen.press("escape")
    screen.gone("╭─ Help")
    screen.press("ctrl+z")
    screen.see("There is no shell to go to")
    raw = settings(screen)
    process = psutil.Process(screen.process.pid)
    process.suspend()
    screen.wait(lambda: process.status() == psutil.STATUS_STOPPED, "a stop")
    screen.screen.reset()
    process.resume()
    screen.see("H Hyperparameters")
    assert settings(screen) == raw

    # Much in one packet.
    screen.process.send(b"\x1b[200~" + b"\x1bx" * 50_000 + END)
    screen.see("Only the first 64 kB")
    clicks = b"".join(b"\x1b[<0;30;%d%c" % (row, end) for row in (9, 9, 9) for end in b"Mm")
    for packet in (
        b"o\r\r\r",
        b"\x10\r\r",
        b"66\r\r",
        b"o" + clicks,
        b"\x10" + clicks,
        b"w\r\r",
        b"2w\r\x10",
    ):
        screen.process.send(packet)
        screen.press("escape")
        screen.read(0.3)
        screen.press("escape")
        screen.read(0.3)

    # A dead engine is told over what is open.
    screen.press("?")
    screen.see("Everywhere")  # the key bar says Help, too
    (engine,) = psutil.Process(screen.process.pid).children()
    engine.kill()
    screen.see("The engine died")
    screen.press("escape")
    screen.gone("╭─ Help")

    # A paste that never ends.
    screen.press("o")
    screen.see(r"moons +\d")
    screen.process.send(b"\x1b[200~wine")
    screen.see(r"│ wine +│")  # in the input: until then, whatever is typed is still pasted
    screen.press("ctrl+c")
    assert screen.end() == 0


def test_neither_a_paste_nor_what_a_terminal_answers_is_ever_a_key_and_a_run_outlives_the_terminal(
    lrtui: Open, home: Path
) -> None:
    screen = lrtui("moons", "--epochs", LONG, "--start")
    screen.see("▶ training")
    screen.process.send(b"\x1b[200~\x1bx\x1bOP\x1b[A\x03 x r q\r" + END)
    screen.press("o")
    screen.see("Choose a dataset")
    screen.process.send(b"\x1b[200~wi\x07n\x1be" + END)
    screen.see(r"wine-1")
    screen.gone("moons +1")
    assert status(home) == "running"
    screen.press("escape")
    screen.gone("Choose a dataset")
    for answer in (b"\x1b]11;rgb:xxxx/rrrr/qqqq\x1b\\", b"\x1bP1$rq\x1b\\", b"\x1b[9999999999u"):
        screen.process.send(answer)
    screen.press("space")
    screen.see("‖ paused")
    assert status(home) == "paused"
    screen.press("space")
    screen.see("▶ training")
    assert without_terminal(screen) == -signal.SIGHUP
    assert status(home) == "running"


# --- the terminal goes away ---


def test_where_hangups_are_ignored_the_dashboard_ends_too(home: Path) -> None:
    command = ["/bin/sh", "-c", f"trap '' HUP; exec {LRTUI} moons --epochs {LONG} --start"]
    with Terminal(command, env={"LRTUI_HOME": str(home)}) as screen:
        screen.see("▶ training")
        assert without_terminal(screen) == 129
    try:
        assert status(home) == "running"
    finally:
        stop_engines(home)


# --- errors that nobody expected ---

BROKEN = """
import sys
from lrtui.tui.panes.runs import RunsPane
def broken(self):
    if self.has_focus:
        raise TypeError("a \\x1b[31mfault")
    return ""
RunsPane.render = broken
from lrtui.tui.cli import main
main(["moons"])
"""


def test_an_error_that_nobody_expected_is_told_and_leaves_the_terminal_as_it_was(home: Path) -> None:
    env = {"LRTUI_HOME": str(home)}
    with Terminal([sys.executable, "-c", BROKEN], columns=200, rows=30, env=env) as screen:
        before = settings(screen)
        screen.see("untrained")
        assert settings(screen) != before
        screen.press("R")
        screen.see(r"lrtui: The dashboard ended by an error of its own \(TypeError: a \\x1b\[31mfault\)")
        screen.see("dashboard.log")
        assert "Traceback" not in screen.text
        assert settings(screen) == before
        assert screen.end() == 1
    log = (home / "dashboard.log").read_text()
    assert "Traceback" in log
    assert "in broken" in log
    assert "\x1b" not in log
    stop_engines(home)


# --- to the shell and back ---


def test_ctrl_z_goes_to_the_shell_and_fg_comes_back(home: Path) -> None:
    env = {"LRTUI_HOME": str(home), "PS1": "shell> ", "HISTFILE": ""}
    with Terminal(["/bin/bash", "--norc", "--noprofile", "-i"], env=env) as screen:
        screen.see("shell>")
        screen.press(f"{LRTUI} example-scaling --ascii\r")
        screen.see("untrained")
        screen.press("ctrl+z")
        screen.see(r"Stopped[^\n]*lrtui")
        screen.press("fg\r")
        screen.see("H Hyperparameters")
        screen.press("right")
        screen.see("< 0.1 >")
        screen.press("q")
        screen.screen.reset()
        screen.see("shell> ")
        assert bytes(screen.raw).isascii()
    stop_engines(home)


def test_ctrl_c_on_the_way_up_ends_it(lrtui: Open, home: Path) -> None:
    screen = lrtui("moons")
    while not (home / "lrtui.db").exists():  # it has begun, and the terminal is not yet its own
        screen.read()
    screen.process.kill(signal.SIGINT)
    assert screen.end() in (1, 130)
