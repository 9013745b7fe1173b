"""``lrtui check``: whether lrtui can work here, and what is in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict

import click

from lrtui.core.system.libraries import TOPIC as LIBRARIES
from lrtui.core.system.libraries import Probe, gpu_checks, library_checks
from lrtui.core.system.machine import machine_checks
from lrtui.core.system.packages import extra_checks, version_check
from lrtui.core.system.record import Check, State
from lrtui.core.system.storage import cache_checks, store_checks
from lrtui.tui.cli.check_terminal import terminal_checks
from lrtui.tui.cli.known_options import KnownOptions
from lrtui.tui.cli.printing import echo, echo_json, page_width
from lrtui.tui.cli.user_config import read_user_config
from lrtui.tui.render.glyphs import Glyphs, terminal_glyphs
from lrtui.tui.render.wrapping import wrapped

NAME_ROOM = 14  # columns for the name of a thing
WIDE = 60  # columns from which names stand in a column of their own
LONGEST = 1000  # columns of what is told of one thing
LOUD = "torch"  # of the libraries the one that is told by itself while all is well


@click.command(epilog="\b\nExamples:\n  lrtui check\n  lrtui check --json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def check(context: click.Context, as_json: bool) -> int:
    """Say whether lrtui can work here, and what is in the way.

    Looks at terminal, machine, store, cache, config file, libraries, GPU and extras, and changes nothing.
    The exit code is 1 where something is in the way, and 0 where less is possible at most.
    """
    found: list[Check] = []
    with Probe() as probe:
        for topic, look in _sections(context, probe).items():
            if not as_json:
                echo(f"\n{topic}")  # at once, for some take seconds
            checks = list(look())
            if not as_json:
                _print(topic, checks)
            found += checks
    problems = sum(one.state is State.PROBLEM for one in found)
    if as_json:
        echo_json({"works": not problems, "checks": [asdict(one) for one in found]})
    elif problems:
        things = "one thing is" if problems == 1 else f"{problems} things are"
        echo(f"\nlrtui cannot work here yet: {things} in the way, each with what to do.")
    else:
        echo("\nlrtui works here.")
    return 1 if problems else 0


def _sections(context: click.Context, probe: Probe) -> dict[str, Callable[[], Iterable[Check]]]:
    """What is looked at, in this order: what takes longest goes on from the beginning, and comes last."""
    return {
        "lrtui": lambda: [version_check()],
        "machine": machine_checks,
        "terminal": terminal_checks,
        "store": store_checks,
        "cache": cache_checks,
        "config": lambda: [_config(context)],
        "extras": extra_checks,
        LIBRARIES: lambda: library_checks(probe.answers),
        "GPU": lambda: gpu_checks(probe.answers),
    }


def _config(context: click.Context) -> Check:
    from lrtui.tui.cli.group import Group  # which imports this module

    group = context.find_root().command
    assert isinstance(group, Group), "it is lrtui itself"
    found = read_user_config(KnownOptions(context.command, group.every_command))
    if found.faults:
        first = found.faults[0]
        what = f"{len(found.faults)} faults, the first: {first.what}"
        return Check("config", "file", what, State.PROBLEM, f"{first.fix} lrtui config --check names all.")
    return Check("config", "file", f"{found.path}{'' if found.document is not None else ' (not there)'}")


def _print(topic: str, checks: Iterable[Check]) -> None:
    glyphs, room = terminal_glyphs(), page_width()
    quiet = [one for one in checks if _is_quiet(one)]
    for one in checks:
        if one not in quiet:
            _print_one(one, glyphs, room)
    if quiet:
        words = ", ".join(f"{one.name} {one.found}" for one in quiet)
        _print_one(Check(topic, "others", words), glyphs, room)


def _is_quiet(one: Check) -> bool:
    return one.topic == LIBRARIES and one.state is State.OK and one.name != LOUD


def _print_one(one: Check, glyphs: Glyphs, room: int) -> None:
    marks = {State.OK: glyphs.finished, State.NOTE: glyphs.trouble, State.PROBLEM: glyphs.failed}
    narrow = room < WIDE
    indent = "    " if narrow else " " * (NAME_ROOM + 4)
    head = f"{marks[one.state]} {one.name}{': ' if narrow else ' ' * (NAME_ROOM + 2 - len(one.name))}"
    for line in wrapped(glyphs.safe(one.found, LONGEST), room, head, indent):
        echo(line)
    if one.fix:
        for line in wrapped(glyphs.safe(one.fix, LONGEST), room, f"{indent}{glyphs.arrow} ", f"{indent}  "):
            echo(line)
    if one.command:  # whole, to be copied
        echo(f"{indent}{glyphs.arrow} {glyphs.safe(one.command, LONGEST)}")
