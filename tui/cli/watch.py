"""``lrtui watch``: a training script of one's own, run unmodified, and what is wrong with it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from lrtui.core.doctor.diagnosis import Health
from lrtui.core.errors import ConfigError
from lrtui.core.garbage import collect_again
from lrtui.core.store.scripts import Asked
from lrtui.datasets.text import safe
from lrtui.tui.cli.dashboard import is_terminal, preferences_of
from lrtui.tui.cli.printing import complaint, echo, echo_json, echo_source
from lrtui.tui.cli.train import INTERRUPTED, TERMINATED, Signals
from lrtui.tui.cli.types import Bytes, Once, Seconds
from lrtui.tui.cli.user_config import UserConfig

if TYPE_CHECKING:
    from lrtui.core.engine.script_session import ScriptSession
    from lrtui.core.watch.diagnosis import ScriptDiagnosis
    from lrtui.core.watch.observation import Observation
    from lrtui.core.watch.watching import Start

_EPILOG = """\b
Examples:
  lrtui watch train.py
  lrtui watch train.py --epochs 20           the script's own arguments
  lrtui watch train.py --json > found.json
  lrtui watch --diff train.py | patch -p1
  lrtui watch --apply -m package.train

\b
Exit code: 0 healthy, 1 anything else, 2 bad input.
"""
PATIENCE = 120.0  # seconds for a script that nobody looks at
CONTEXT = {"ignore_unknown_options": True, "allow_interspersed_args": False}


class WatchCommand(click.Command):
    """Options of lrtui stand before SCRIPT or right behind it; what follows is the script's own."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put all options of lrtui first; behind ``--`` is none."""
        left = list(args)
        first = self._options(left)
        script = [] if "-m" in first or not left else [left.pop(0)]
        behind = self._options(left) if script != ["--"] and left[:1] != ["-m"] else []
        if script != ["--"] and left[:1] == ["--"]:
            left.pop(0)
        return super().parse_args(
            ctx, [*first, *behind, *(["--"] if script or left else []), *script, *left]
        )

    def _options(self, left: list[str]) -> list[str]:
        """Take the options of lrtui, with their values, off the beginning."""
        takes = {
            name: not one.is_flag
            for one in self.params
            if isinstance(one, click.Option)
            for name in one.opts
        } | {"-h": False, "--help": False}
        found = list[str]()
        while left and (name := left[0].partition("=")[0]) in takes:
            found.append(left.pop(0))
            if takes[name] and "=" not in found[-1] and left:
                found.append(left.pop(0))
        return found


@click.command(epilog=_EPILOG, context_settings=CONTEXT, cls=WatchCommand)
@click.option(
    "-m", "module", cls=Once, metavar="MODULE", help="A module, as python -m runs it, instead of SCRIPT."
)
@click.option(
    "--plain",
    is_flag=True,
    help="The script's own output and the letter at the end, without a dashboard.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object; the script's output goes to stderr."
)
@click.option("--diff", "as_diff", is_flag=True, help="Print the patch alone, as patch -p1 takes it.")
@click.option(
    "--apply", "applied", is_flag=True, help="Apply the patch; the original stays as SCRIPT.orig."
)
@click.option("--no-rerun", is_flag=True, help="Run the script once alone: nothing is proved.")
@click.option("--budget", cls=Once, type=Seconds(), metavar="TIME", help="For second runs in all. [60s]")
@click.option(
    "--timeout",
    cls=Once,
    type=Seconds(),
    metavar="TIME",
    help="For the first run. [none on a terminal, else 120s]",
)
@click.option("--capture", cls=Once, type=Bytes(), metavar="SIZE", help="Of tensors kept, at most. [64MB]")
@click.option(
    "--python", cls=Once, metavar="PATH", help="The Python that it runs in; else the active environment's."
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="SCRIPT [ARGUMENTS]...")
@click.pass_obj
def watch(
    user: UserConfig,
    /,
    module: str | None,
    plain: bool,
    as_json: bool,
    as_diff: bool,
    applied: bool,
    no_rerun: bool,
    budget: float | None,
    timeout: float | None,
    capture: int | None,
    python: str | None,
    arguments: tuple[str, ...],
) -> int:
    """Run SCRIPT as python does, say what is wrong with how it trains, and prove it by a patched run.

    On a terminal the dashboard shows it as it runs. Nothing of yours is changed without --apply, or a key
    there: second runs go into a scratch folder.
    """
    from lrtui.tui.cli.watch_store import kept

    if timeout is None and not sys.stderr.isatty():
        timeout = PATIENCE
    spent = Asked.budget if budget is None else budget
    quiet = as_json or as_diff
    start = _start(module, arguments, python, Asked.capture if capture is None else capture)
    asked = Asked(
        tuple(start.arguments), start.python, os.getcwd(), start.capture, spent, timeout, not no_rerun
    )
    if not (plain or quiet or applied) and is_terminal():
        return _on_screen(user, asked)
    with Signals.listening() as signals, kept(asked, signals.go_on) as session:
        seen = _seen(session, quiet=quiet)
        if signals.put_down:
            return TERMINATED
        if signals.stop and not seen.by_kind.get("backward"):
            return INTERRUPTED
        session.check(seen)
        signals.stop = False  # Ctrl+C has ended the script; the next one ends the diagnosis
        if asked.rerun:
            echo(f"lrtui: {_beforehand(seen, asked)}", err=True)
        found = session.diagnose(seen)
        if signals.put_down:
            return TERMINATED
        _print(asked.name, found, as_json=as_json, as_diff=as_diff)
        if applied and found.sources:
            for kept_as in session.apply(found):
                echo(f"Applied; the original is {os.path.relpath(kept_as)}.", err=quiet)
    return 0 if found.status is Health.HEALTHY else 1


def _beforehand(seen: Observation, asked: Asked) -> str:
    """What second runs there will be."""
    from lrtui.core.watch.doctor import wrote

    if seen.written:
        return f"{safe(wrote(seen.written))} So it is not run again, and nothing is proved."
    return f"patched copies are run for at most {asked.budget:g} s, in a scratch folder."


def _on_screen(user: UserConfig, asked: Asked) -> int:
    """The dashboard on the run of the script."""
    from lrtui.tui.app import run_dashboard
    from lrtui.tui.render.glyphs import wants_ascii
    from lrtui.tui.unexpected_error import DashboardFailedError

    collect_again()
    try:
        return run_dashboard(
            None,
            None,
            own=False,
            start=False,
            ascii_only=wants_ascii(),
            preferences=preferences_of(user, None),
            script=asked,
        )
    except DashboardFailedError as error:
        echo(complaint(error), err=True)
        return 1


def _start(module: str | None, arguments: tuple[str, ...], python: str | None, capture: int) -> Start:
    from lrtui.core.watch.interpreter import interpreter
    from lrtui.core.watch.refusals import check_python, check_script
    from lrtui.core.watch.watching import Start

    if module is not None:
        arguments = ("-m", module, *arguments)
    elif not arguments:
        raise ConfigError("watch needs a script.", "Give its path: lrtui watch train.py.")
    else:
        check_script(arguments[0])
    named = interpreter(python)
    check_python(named)
    return Start(named, arguments, capture=capture)


def _seen(session: ScriptSession, *, quiet: bool) -> Observation:
    from lrtui.core.engine.script_session import start_of
    from lrtui.core.watch.watching import watch as observed

    collect_again()
    sys.stdout.flush()
    session.open()
    seen = observed(
        start_of(session.asked),
        stdout=2 if quiet else None,
        limit=session.asked.limit,
        go_on=session.go_on,
        heard=session.hear,
    )
    session.ended(seen)
    return seen


def _print(shown: str, found: ScriptDiagnosis, *, as_json: bool, as_diff: bool) -> None:
    if as_json:
        echo_json(found.to_json())
    elif as_diff:
        echo_source(found.patch or "")
    else:
        from lrtui.tui.cli.watch_report import script_letter

        echo(script_letter(shown, found))
