"""``python -m lrtui.core.engine.script RUN OWNER``: the process that watches one script for an engine.

It takes the run over from the engine that started it, and stays until the doctor has said what is wrong:
neither a dashboard nor an engine that leaves ends the script.
"""

from __future__ import annotations

import fcntl
import logging
import os
import struct
import subprocess
import sys
import termios
import threading

from lrtui.core.engine.__main__ import begin_log
from lrtui.core.engine.background_task import DETAILS
from lrtui.core.engine.owner import new_owner
from lrtui.core.engine.script_output import ScriptOutput
from lrtui.core.engine.script_session import ScriptSession, start_of
from lrtui.core.errors import LrtuiError, StoreError
from lrtui.core.store import Failure, Store
from lrtui.core.watch.watching import watch

ROWS, COLUMNS = 24, 80  # of the terminal that the script sees
log = logging.getLogger("lrtui.engine")


def main() -> None:
    """Run, watch and diagnose the script of a run."""
    begin_log()
    run_id, engine = int(sys.argv[1]), sys.argv[2]
    try:
        owner = new_owner()
        try:
            with Store() as store:
                _watched(store, run_id, engine, owner.token)
        finally:
            owner.release()
    except StoreError as error:
        log.warning("run %s: %s", run_id, error)


def _watched(store: Store, run_id: int, engine: str, owner: str) -> None:
    asked = store.scripts.asked(run_id)
    if not store.runs.hand_over(run_id, engine, owner):  # it was stopped before it began
        return
    if asked is None:
        store.runs.fail(run_id, Failure("Store", "How this script is started cannot be read.", DETAILS))
        return
    session = ScriptSession(store, run_id, owner, asked)
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    output = ScriptOutput()
    reader = threading.Thread(target=output.read, args=(ours,), daemon=True)
    session.open(lambda: output.lines)
    reader.start()
    try:
        seen = watch(
            start_of(asked),
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            limit=asked.limit,
            go_on=session.go_on,
            heard=session.hear,
            reached=False,
        )
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        failure = Failure("Script", f"The script cannot be started: {why}.", "Check its Python.")
        store.runs.fail(run_id, failure)
        return
    finally:
        os.close(theirs)
    reader.join(1.0)  # a child that the script leaves behind may hold the terminal
    session.ended(seen)
    try:
        session.check(seen)
        session.diagnose(seen)
    except LrtuiError as error:  # it is kept
        log.info("run %s: %s", run_id, error)
    except Exception:
        log.exception("the diagnosis of run %s", run_id)


if __name__ == "__main__":
    main()
