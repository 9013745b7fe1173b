"""A Python that has imported torch once, and is forked for each run: second runs cost no import.

It is told what to run through a socket: a line of JSON, and with it the descriptors for frames, standard
output and standard error. It answers with the process, and later with how that ended.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import socket
import sys
import threading
from typing import Any


def serve(connection: socket.socket) -> None:
    """One run after another, until the other end is closed."""
    import torch

    preload = json.loads(os.environ.pop("LRTUI_WATCH_PRELOAD", "[]"))
    for name in preload:
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001, S112 - the script will say what is wrong with it
            continue
    gc.freeze()  # what all runs share: no search for garbage writes to it, so that each would have its own
    while True:
        message, descriptors, _, _ = socket.recv_fds(connection, 1 << 20, 3)
        if not message:
            return
        request = json.loads(message)
        child = os.fork()
        if child == 0:
            connection.close()
            _run(torch, request, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        _answer(connection, {"process": child})
        _, status = os.waitpid(child, 0)
        _answer(connection, {"code": os.waitstatus_to_exitcode(status)})


def _answer(connection: socket.socket, answer: Any) -> None:
    try:
        connection.sendall(json.dumps(answer).encode() + b"\n")
    except OSError:
        os._exit(0)


def _run(torch: Any, request: Any, descriptors: Any) -> None:
    """In the child: the script, as Python runs it, and then the end of the process."""
    code = 1
    try:
        frames, out, err = descriptors
        empty = os.open(os.devnull, os.O_RDONLY)
        for descriptor, standard in ((empty, 0), (out, 1), (err, 2)):
            os.dup2(descriptor, standard)
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        sys.argv[:] = request["arguments"]
        from . import start

        settings = {"descriptor": frames, "capture": request["capture"], "seed": request.get("seed", 0)}
        start.start(json.dumps(settings))
        start.torch_came(torch)
        code = _main(request)
    except BaseException as error:  # noqa: BLE001 - a child must never go on as the parent
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        import atexit

        try:
            threading._shutdown()  # type: ignore[attr-defined]
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)


def _main(request: Any) -> int:
    import builtins
    import runpy
    import types

    try:
        if request["module"]:
            sys.path.insert(0, request["path"])
            runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
            return 0
        sys.path.insert(0, request["path"])
        main = types.ModuleType("__main__")
        main.__dict__.update(__file__=sys.argv[0], __builtins__=builtins)
        sys.modules["__main__"] = main
        with open(sys.argv[0], "rb") as file:
            program = compile(file.read(), sys.argv[0], "exec", dont_inherit=True)
        exec(program, main.__dict__)  # noqa: S102 - it is what the person runs
    except SystemExit as leaving:
        return _exit_code(leaving)
    except BaseException as error:  # noqa: BLE001 - said as Python says it
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0


def _exit_code(leaving: SystemExit) -> int:
    if leaving.code is None:
        return 0
    if isinstance(leaving.code, int):
        return leaving.code & 0xFF
    print(leaving.code, file=sys.stderr)  # noqa: T201
    return 1
