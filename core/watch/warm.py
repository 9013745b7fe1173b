"""``WarmPython``: the person's Python with torch imported, forked for each run of a script."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from lrtui.core.watch.observation import Observation
from lrtui.core.watch.watching import GRACE, LOOK, OBSERVER, Start, read_frames


class WarmPython:
    """A process that lives for as long as the ``with`` block."""

    def __init__(self, python: str, path: str = "", preload: Sequence[str] = ()) -> None:
        self._ours, theirs = socket.socketpair()
        given = os.pathsep.join(part for part in (path, os.environ.get("PYTHONPATH", "")) if part)
        environment = {
            **os.environ,
            "LRTUI_WATCH": f"serve {theirs.fileno()}",
            "LRTUI_WATCH_PRELOAD": json.dumps(list(preload)),
            "OMP_WAIT_POLICY": "PASSIVE",  # on a busy machine threads that spin take time from each other
            "LRTUI_WATCH_PYTHONPATH": given,
            "PYTHONPATH": os.pathsep.join(part for part in (str(OBSERVER / "bootstrap"), given) if part),
        }
        self._process = subprocess.Popen(  # noqa: S603 - the Python that the person named
            [python, "-c", ""],
            env=environment,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        self._answers = self._ours.makefile("rb")

    def __enter__(self) -> WarmPython:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._answers.close()
        self._ours.close()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def watch(
        self,
        start: Start,
        *,
        limit: float | None = None,
        output: int | None = None,
        seed: int = 0,
        go_on: Callable[[], bool] = lambda: True,
        heard: Callable[[Mapping[str, Any]], None] = lambda frame: None,
    ) -> Observation:
        """A run of a script; ``output`` is the descriptor for what it prints, else nobody sees that.

        With a ``seed`` other than 0 torch's random numbers are others than those that the script asks for.
        """
        seen = Observation()
        reading, writing = os.pipe()
        nothing = os.open(os.devnull, os.O_WRONLY)
        began = time.monotonic()
        request = {**_request(start), "seed": seed}
        socket.send_fds(
            self._ours, [json.dumps(request).encode()], [writing, output or nothing, output or nothing]
        )
        os.close(writing)
        os.close(nothing)
        process = self._answer()["process"]
        reader = threading.Thread(target=read_frames, args=(reading, seen, heard), daemon=True)
        reader.start()
        ended = threading.Event()
        answers: list[Any] = []
        threading.Thread(target=self._await, args=(answers, ended), daemon=True).start()
        while not ended.wait(LOOK):
            late = limit is not None and time.monotonic() - began > limit
            if late or not go_on():
                seen.stopped = "limit" if late else "called off"
                _end(process, ended)
        seen.code = answers[0]["code"] if answers else None
        reader.join(GRACE)
        seen.seconds = time.monotonic() - began
        return seen

    def _await(self, answers: list[Any], ended: threading.Event) -> None:
        try:
            answers.append(self._answer())
        finally:
            ended.set()

    def _answer(self) -> Any:
        line = self._answers.readline()
        if not line:
            raise ChildProcessError("the Python that is forked has ended")
        return json.loads(line)


def _request(start: Start) -> dict[str, Any]:
    arguments = list(start.arguments)
    folder = os.path.abspath(start.folder or ".")
    module = ""
    if arguments[0] == "-m":
        module, path = arguments[1], folder
        arguments = arguments[1:]
    else:
        path = str(Path(folder, arguments[0]).resolve().parent)
    return {
        "arguments": arguments,
        "folder": folder,
        "module": module,
        "path": path,
        "capture": start.capture,
        "environment": {},
    }


def _end(process: int, ended: threading.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(process, number)
        except ProcessLookupError:
            return
        if ended.wait(GRACE):
            return
