"""The group of commands: each is imported only when it is called, and every error is two sentences."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click
from click.shell_completion import CompletionItem

from lrtui.datasets.errors import LrtuiError
from lrtui.datasets.memory_limit import memory_error
from lrtui.datasets.text import quote, safe
from lrtui.tui.cli import bash as bash  # which click then knows
from lrtui.tui.cli.defaults import default_map, refuse_faults, usage_origin
from lrtui.tui.cli.known_options import KnownOptions, heed_variables
from lrtui.tui.cli.printing import echo
from lrtui.tui.cli.streams import open_standard_streams, silence
from lrtui.tui.cli.user_config import read_user_config

# name → its module, and what it does; by text, so that asking for one, or for help, imports no other.
COMMANDS = {
    "train": ("train", "Train on a dataset, and keep the run."),
    "diagnose": ("diagnose", "Say why a run fails, prove it, and name the fix."),
    "watch": ("watch", "Say what is wrong with a training script of yours."),
    "cause": ("cause", "Tell what a cause is that the doctor names, and what to do."),
    "inspect": ("inspect", "Say what stands in a table, and what could be its target."),
    "resume": ("train", "Take up a run where it was interrupted."),
    "datasets": ("listing", "List the datasets, and what each shows."),
    "runs": ("listing", "List the stored runs, newest first."),
    "sweep": ("sweep", "Train many configs at once, and compare."),
    "show": ("show", "Show one run, whole."),
    "inside": ("inside", "Look inside a run: coefficients, ROC, boundary, and more."),
    "rows": ("inside", "Show test rows with their predictions, the most wrong first."),
    "predict": ("predict", "Predict the rows of another file with a run."),
    "export": ("export", "Take a run away: scripts, models, tables, a page."),
    "demo": ("demo", "Ten minutes through the dashboard: what to press and to see."),
    "replay": ("replay", "Show a stored run as it went, changes and all."),
    "record": ("record", "Record lrtui in a terminal, for asciinema."),
    "compare": ("compare", "Set runs side by side: losses, settings, scores."),
    "note": ("labels", "Name a run, write a note or tags on it."),
    "rm": ("labels", "Put runs away; for a week they can be brought back."),
    "serve": ("serve", "Show the dashboard in a browser."),
    "cache": ("cache", "List or clear what large files left on the disk."),
    "presets": ("presets", "List hyperparameters by name: what --preset sets."),
    "config": ("config", "Say which defaults hold, and where each comes from."),
    "completion": ("completion", "Print what lets a shell complete lrtui's words."),
}
DASHBOARD = "dashboard"  # the command that needs no name
UNCONFIGURED = ("config", "completion")  # which no config file may keep from working
INTERRUPTED = 130
HELP = "lrtui.help"  # whether somebody asks for it
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
EPILOG = """\b
Examples:
  lrtui                                  open the dashboard
  lrtui moons:n=500,noise=0.2 --start    open it and train at once
  lrtui data.csv                         a file of yours: look at it, and choose its target
  lrtui inspect data.csv                 the same look without a screen
  lrtui train breast-cancer --lr 0.01    the same without a screen
  lrtui diagnose breast-cancer --scaling none --lr 0.01
                                         why it fails, proved by experiment
  lrtui DATASET -h                       every option of the dashboard
"""


class Group(click.Group):
    """Whatever is no command is a dataset for the dashboard."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in (*COMMANDS, DASHBOARD):
            return None
        module, _ = COMMANDS.get(cmd_name, (DASHBOARD, ""))
        command: click.Command = getattr(importlib.import_module(f"lrtui.tui.cli.{module}"), cmd_name)
        heed_variables(command)
        return command

    def every_command(self) -> Iterator[click.Command]:
        """All of them, imported."""
        for name in (DASHBOARD, *COMMANDS):
            command = self.get_command(click.Context(self), name)
            assert command is not None, "it is in the table"
            yield command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with what they do, never cut."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, does) for name, (_, does) in COMMANDS.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """``lrtui moons --start`` is ``lrtui dashboard moons --start``."""
        own = {"-h", "--help", "--version", *COMMANDS}
        ctx.meta[HELP] = not {"-h", "--help"}.isdisjoint(args)
        completes_first = ctx.resilient_parsing and not args
        if not completes_first and (not args or args[0] not in own):
            args = [DASHBOARD, *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """A command, or what the dashboard would open."""
        from lrtui.tui.cli.completing import first_words

        dashboard = self.get_command(ctx, DASHBOARD)
        assert dashboard is not None, "it is there"
        words = {name: does for name, (_, does) in COMMANDS.items()}
        return first_words(dashboard, words, incomplete)


@click.group(cls=Group, context_settings=CONTEXT, epilog=EPILOG)
@click.version_option(package_name="lrtui", message="%(prog)s %(version)s")
@click.pass_context
def lrtui(ctx: click.Context) -> None:
    """Train logistic regression in the terminal, and watch it.

    Without a command, lrtui opens the dashboard, on DATASET if one is given: a name from
    `lrtui datasets`, or the path of a table of yours.
    """
    name = ctx.invoked_subcommand
    if name is None or name in UNCONFIGURED:
        return
    assert isinstance(ctx.command, Group), "it is lrtui itself"
    command = ctx.command.get_command(ctx, name)
    assert command is not None, "it was resolved"
    ctx.obj = found = read_user_config(KnownOptions(command, ctx.command.every_command))
    ctx.default_map = {name: default_map(command, found)}
    if name != DASHBOARD and not ctx.meta[HELP]:  # which shows what is wrong, and goes on without
        refuse_faults(found, command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exits with 2 where something was wrong with what the person gave."""
    open_standard_streams()
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        result: Any = lrtui.main(arguments, prog_name="lrtui", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except LrtuiError as error:
        return _complain(error.what, error.fix)
    except click.UsageError as error:
        path = "lrtui" if error.ctx is None else error.ctx.command_path
        path = path.removesuffix(" dashboard")
        message = _message(error)
        end = "" if message.endswith("?") else "."
        return _complain(f"{usage_origin(error)}{message}{end}", f"{path} -h shows every option.")
    except click.ClickException as error:
        return _complain(safe(error.format_message()), "lrtui -h shows how to call it.")
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough
        silence(sys.stdout)
        return 128 + signal.SIGPIPE
    except (OSError, MemoryError, ImportError, RuntimeError) as error:
        short = memory_error(error)
        if short is not None:
            return _complain(short.what, short.fix)
        if isinstance(error, ImportError):
            why = safe(str(error)).rstrip(".")
            return _complain(f"A part of lrtui cannot be loaded: {why}.", "Install lrtui anew.")
        if not isinstance(error, OSError):
            raise
        return _complain(*_refused(error))


def _message(error: click.UsageError) -> str:
    """What click says is wrong, in one line; what it says to be missing it sets below one another."""
    text = error.format_message()
    lines = text.split() if isinstance(error, click.MissingParameter) else [text]
    return safe(" ".join(lines)).rstrip(".")


def _refused(error: OSError) -> tuple[str, str]:
    """What the system refused, and what to do: of a file by its name, or of the output."""
    why = (error.strerror or str(error)).lower()
    if error.filename is not None:
        where = quote(os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else "a file")
        return f"{where} cannot be used: {why}.", "Check the path and its permissions."
    silence(sys.stdout)
    return f"The output could not be written: {why}.", "Free some space, or write elsewhere."


def _complain(what: str, fix: str) -> int:
    echo(f"lrtui: {what}\n       {fix}", err=True)
    return 2
