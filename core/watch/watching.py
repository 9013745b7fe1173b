"""A script run with the observer in its Python: started, read from, ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from lrtui.core.watch.observation import Observation

OBSERVER = Path(__file__).parent / "observer"
CAPTURE = 64 << 20
GRACE = 3.0  # seconds between asking a script to end and ending it
PASSING = ("pulse", "sample")  # frames for who looks on: nothing is concluded from them
LOOK = 0.05  # seconds between two looks at whether it must end


@dataclass(frozen=True)
class Start:
    """What is started.

    Attributes:
        python: the interpreter. arguments: the script, or ``-m`` and a module, and what follows.
        folder: where it runs; ``None`` for here. path: what ``PYTHONPATH`` has before what it had.
        capture: bytes of tensors that are kept, at most.
    """

    python: str
    arguments: Sequence[str]
    folder: str | None = None
    path: str = ""
    capture: int = CAPTURE


def watch(
    start: Start,
    *,
    stdout: IO[Any] | int | None = None,
    stderr: IO[Any] | int | None = None,
    stdin: IO[Any] | int | None = None,
    limit: float | None = None,
    go_on: Callable[[], bool] = lambda: True,
    heard: Callable[[Mapping[str, Any]], None] = lambda frame: None,
    reached: bool = True,
) -> Observation:
    """Run a script to its end, or until ``limit`` seconds are over or ``go_on`` says no.

    ``reached``: what makes ``go_on`` say no, such as Ctrl+C on a terminal, has reached the script too.
    """
    reading, writing = os.pipe()
    seen = Observation()
    began = time.monotonic()
    with subprocess.Popen(  # noqa: S603 - the Python that the person named
        [start.python, *start.arguments],
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        cwd=start.folder,
        env=_environment(start, writing),
        pass_fds=[writing],
    ) as process:
        os.close(writing)
        reader = threading.Thread(target=read_frames, args=(reading, seen, heard), daemon=True)
        reader.start()
        seen.stopped = _wait(process, began, limit, go_on, reached=reached)
        seen.code = process.returncode
        reader.join(GRACE)
    if seen.stopped:  # what ended it is no error of the script's
        seen.frames = [one for one in seen.frames if one.get("type") != "KeyboardInterrupt"]
    seen.seconds = time.monotonic() - began
    return seen


def _environment(start: Start, writing: int) -> dict[str, str]:
    given = os.environ.get("PYTHONPATH", "")
    own = os.pathsep.join(part for part in (start.path, given) if part)
    return {
        **os.environ,
        "LRTUI_WATCH": json.dumps({"descriptor": writing, "capture": start.capture}),
        "LRTUI_WATCH_PYTHONPATH": own,
        "PYTHONPATH": os.pathsep.join(part for part in (str(OBSERVER / "bootstrap"), own) if part),
    }


def _wait(
    process: subprocess.Popen[Any],
    began: float,
    limit: float | None,
    go_on: Callable[[], bool],
    *,
    reached: bool,
) -> str:
    """Until the process has ended; gives why it was ended, if it was."""
    while True:
        try:
            process.wait(LOOK)
            return ""
        except subprocess.TimeoutExpired:
            late = limit is not None and time.monotonic() - began > limit
            if late or not go_on():
                _end(process, asked=reached and not late)
                return "limit" if late else "called off"


def _end(process: subprocess.Popen[Any], *, asked: bool) -> None:
    """End it, more firmly from time to time; ``asked``: it was asked to already."""
    if asked:
        try:
            process.wait(GRACE)
            return
        except subprocess.TimeoutExpired:
            pass
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        process.send_signal(number)
        try:
            process.wait(GRACE)
            return
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def read_frames(descriptor: int, seen: Observation, heard: Callable[[Mapping[str, Any]], None]) -> None:
    """Frames until the end of the pipe; what is no frame ends it."""
    with os.fdopen(descriptor, "rb") as stream:
        for line in stream:
            told = {}
            try:
                frame = json.loads(line)
                if "bytes" in frame:
                    data = stream.read(frame["bytes"])
                    kind = np.dtype(frame["dtype"])
                    told = {"array": np.frombuffer(data, kind).reshape(frame["shape"])}
                    if frame["kind"] not in PASSING:
                        seen.arrays[frame["id"], frame["use"]] = told["array"]
            except (ValueError, KeyError, TypeError):
                return
            if frame["kind"] not in PASSING:
                seen.frames.append(frame)
            heard({**frame, **told})
