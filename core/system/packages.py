"""What lrtui is installed with, and which extras are missing, as the installed package itself says."""

from __future__ import annotations

import operator
import re
import shlex
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import NamedTuple

from lrtui.core.system.record import Check, State

TOPIC = "extras"
FOR_DEVELOPERS = ("dev", "tables")
# What each is for; one that is not named here is told without it.
PURPOSES = {
    "excel": "reads .xlsx, .xls and .ods",
    "serve": "lrtui serve, the dashboard in a browser",
    "export": "lrtui export RUN skops",
}
PIPX = "pipx_metadata.json"  # lies in each environment that pipx made
_REQUIREMENT = re.compile(
    r"([\w.-]+)(?:\[[^\]]*\])?\s*([^;]*?)\s*(?:;.*extra\s*==\s*[\"']([\w.-]+)[\"'].*)?"
)
_BOUND = re.compile(r"(>=|<=|==|<|>)\s*([0-9.]+)")


class Requirement(NamedTuple):
    """A package that lrtui asks for: its name, its versions such as ``>=8.1,<9``, and the extra."""

    name: str
    versions: str
    extra: str | None

    @property
    def text(self) -> str:
        """As pip takes it."""
        return f"{self.name}{self.versions}"


def required() -> list[Requirement]:
    """All that the installed lrtui asks for; nothing where it was not installed as a package."""
    try:
        told = requires("lrtui") or []
    except PackageNotFoundError:
        return []
    found = filter(None, map(_REQUIREMENT.fullmatch, told))
    return [Requirement(one[1], "".join(one[2].split()), one[3]) for one in found]


def installed(name: str) -> str | None:
    """The version of a package that is there; ``None`` where it is not."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def fits(found: str, versions: str) -> bool:
    """Whether a version is within bounds such as ``>=8.1,<9``; of both the numbers alone count."""
    return all(_holds(_numbers(found), sign, _numbers(bound)) for sign, bound in _BOUND.findall(versions))


def install_line(*packages: str) -> str:
    """The one line that puts packages beside this very lrtui, however that was installed."""
    words = " ".join(map(shlex.quote, packages))
    if Path(sys.prefix, PIPX).exists():
        return f"pipx inject lrtui {words}"
    python = shlex.quote(sys.executable)
    if installed("pip") is None:  # as uv leaves it out
        return f"uv pip install --python {python} {words}"
    return f"{python} -m pip install {words}"


def version_check() -> Check:
    """lrtui itself: its version, and where it lies."""
    found = installed("lrtui")
    if found is None:
        what = "not installed as a package, so what it needs is not known"
        return Check(
            "lrtui", "version", what, State.NOTE, "Install its wheel, or its folder: docs/install.md."
        )
    return Check("lrtui", "version", f"{found}, {Path(__file__).parents[2]}")


def extra_checks() -> Iterator[Check]:
    """Each extra: what it is for, and the line that installs what is missing of it."""
    wanted = [one for one in required() if one.extra is not None and one.extra not in FOR_DEVELOPERS]
    for extra in dict.fromkeys(one.extra for one in wanted):
        yield _extra(str(extra), [one for one in wanted if one.extra == extra])


def _extra(name: str, packages: list[Requirement]) -> Check:
    purpose = f" ({PURPOSES[name]})" if name in PURPOSES else ""
    there = {one: installed(one.name) for one in packages}
    missing = [one.text for one, found in there.items() if found is None or not fits(found, one.versions)]
    if missing:
        what = f"not installed{purpose}"
        return Check(TOPIC, name, what, State.NOTE, command=install_line(*missing))
    return Check(TOPIC, name, ", ".join(f"{one.name} {found}" for one, found in there.items()) + purpose)


def _holds(found: tuple[int, ...], sign: str, bound: tuple[int, ...]) -> bool:
    length = max(len(found), len(bound))
    ours, theirs = (one + (0,) * (length - len(one)) for one in (found, bound))
    compare = {">=": operator.ge, "<=": operator.le, "==": operator.eq, "<": operator.lt, ">": operator.gt}
    return bool(compare[sign](ours, theirs))


def _numbers(text: str) -> tuple[int, ...]:
    """``(2, 13, 0)`` of ``2.13.0+cpu``."""
    head = re.match(r"[0-9]+(\.[0-9]+)*", text)
    return tuple(map(int, head[0].split("."))) if head else ()
