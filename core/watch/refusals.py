"""What cannot be watched, in two sentences each."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

from lrtui.core.errors import ConfigError
from lrtui.core.watch.observation import Observation
from lrtui.datasets.text import quote, safe

OLDEST = (2, 1)
ASK = (
    "import sys, json, importlib.util as u\n"
    "try:\n"
    "    from importlib.metadata import version\n"
    "    torch = version('torch') if u.find_spec('torch') else None\n"
    "except Exception: torch = ''\n"
    "print(json.dumps([list(sys.version_info[:2]), torch]))"
)


def check_script(path: str) -> None:
    """That there is a script that can be read and parsed.

    Raises:
        ConfigError: there is not.
    """
    file = Path(path)
    if not file.exists():
        raise ConfigError(f"There is no file {quote(path)}.", "Give the path of a Python script.")
    if file.is_dir():
        raise ConfigError(f"{quote(path)} is a folder.", "Give the path of a Python script in it.")
    try:
        ast.parse(file.read_bytes(), filename=path)
    except SyntaxError as error:
        raise _syntax(path, error.lineno, error.msg) from None
    except ValueError as error:
        raise ConfigError(
            f"{quote(path)} is no Python: {safe(str(error))}.", "Give a Python script."
        ) from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ConfigError(
            f"{quote(path)} cannot be read: {why}.", "Check the path and its permissions."
        ) from None


def _syntax(path: str, line: int | None, why: str) -> ConfigError:
    return ConfigError(
        f"{quote(path)} has a syntax error in line {line}: {safe(why)}.", "Put that right; nothing was run."
    )


def check_python(python: str) -> None:
    """That an interpreter runs, and has a torch that is new enough.

    Raises:
        ConfigError: it does not, or has not.
    """
    if python == sys.executable:
        return
    try:
        answer = subprocess.run(  # noqa: S603 - the Python that the person named
            [python, "-c", ASK],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            stdin=subprocess.DEVNULL,
        )
        version, torch = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        raise ConfigError(
            f"{quote(python)} is no Python that runs.",
            "Give the path of an interpreter: --python .venv/bin/python.",
        ) from None
    if tuple(version) < (3, 9):
        raise ConfigError(
            f"{quote(python)} is Python {version[0]}.{version[1]}.", "Watching needs Python 3.9 or newer."
        )
    if torch is None:
        raise ConfigError(
            f"{quote(python)} has no torch.", "Name the one that the script runs in by --python."
        )
    if torch and _numbers(torch) < OLDEST:
        raise ConfigError(f"{quote(python)} has torch {safe(torch)}.", "Watching needs torch 2.1 or newer.")


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split("+")[0].split(".")[:2]
    return tuple(int(part) for part in parts if part.isdigit())


def check_seen(script: str, seen: Observation, limit: float | None) -> None:
    """That something was seen to train.

    Raises:
        ConfigError: nothing was.
    """
    error = seen.first("exception")
    if error is not None and error["type"] == "SyntaxError":
        raise _syntax(error.get("file") or script, error.get("line"), str(error["text"]).split(" (")[0])
    torch = seen.first("torch")
    if (
        torch is None
        and error is not None
        and error["type"] == "ModuleNotFoundError"
        and "torch" in error["text"]
    ):
        raise ConfigError(
            "The Python of the script has no torch.", "Name the one that it runs in by --python."
        )
    if torch is not None and torch.get("old"):
        raise ConfigError(
            f"That Python has torch {safe(torch['version'])}.", "Watching needs torch 2.1 or newer."
        )
    if seen.by_kind.get("backward") or seen.by_kind.get("step") or seen.by_kind.get("op_failed"):
        return
    if seen.without_backward and not seen.code and error is None and not seen.stopped:
        return
    if seen.stopped == "limit":
        raise ConfigError(
            f"{quote(script)} did not end within {limit:.0f} s, and trained nothing until then.",
            "Give it more time with --timeout, or fewer rows.",
        )
    if error is not None:
        where = f" in line {error['place'][1]}" if error.get("place") else ""
        raise ConfigError(
            f"{quote(script)} ended with {safe(error['type'])}{where} before it trained anything.",
            "Put that right first.",
        )
    if seen.code:
        raise ConfigError(
            f"{quote(script)} ended with exit code {seen.code} before it trained anything.",
            "Give its arguments behind it: lrtui watch SCRIPT ARGUMENTS.",
        )
    if not seen.first("root"):
        raise ConfigError(
            f"{quote(script)} trains nothing with torch.", "Give a script that calls backward() on a loss."
        )
    raise ConfigError(
        f"{quote(script)} calls a model and trains nothing.", "Give a script that trains one."
    )
