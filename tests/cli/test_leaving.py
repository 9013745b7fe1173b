"""What was asked to happen at the end of a process happens, though the process is not taken apart."""

from __future__ import annotations

import subprocess
import sys

BEGIN = """
import atexit, os, sys, threading, time
from lrtui.tui.cli.leaving import leave
atexit.register(lambda: print("asked for"))
class Kept:
    def __del__(self):
        os.write(2, b"taken apart")
kept = Kept()
"""


def ends(code: str) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, "-c", BEGIN + code], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_what_was_printed_arrives_and_what_was_asked_for_happens_and_the_code_is_kept() -> None:
    code = "print('told', end=' '); leave(SystemExit(3))"
    assert ends(code) == (3, "told asked for\n", "")


def test_a_thread_that_works_is_waited_for() -> None:
    work = "threading.Thread(target=lambda: (threading.main_thread().join(), print('done'))).start()\n"
    assert ends(work + "leave(SystemExit(0))") == (0, "done\nasked for\n", "taken apart")
