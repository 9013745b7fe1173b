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
from lrtui.tui.cli.front import ABOUT, COMMANDS, HELP_FLAGS, VERSION, VERSION_FLAG, WIDEST, help_text
from lrtui.tui.cli.known_options import KnownOptions, heed_variables
from lrtui.tui.cli.printing import echo
from lrtui.tui.cli.streams import open_standard_streams, silence
from lrtui.tui.cli.user_config import read_user_config
from lrtui.tui.version import __version__

DASHBOARD = "dashboard"  # the command that needs no name
UNCONFIGURED = ("check", "config", "completion")  # which no config file may keep from working
INTERRUPTED = 130
HELP = "lrtui.help"  # whether somebody asks for it
CONTEXT = {"help_option_names": list(HELP_FLAGS), "max_content_width": WIDEST + 2}


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

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As it is told without click."""
        formatter.write(help_text(formatter.width))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """``lrtui moons --start`` is ``lrtui dashboard moons --start``."""
        own = {*HELP_FLAGS, VERSION_FLAG, *COMMANDS}
        ctx.meta[HELP] = not set(HELP_FLAGS).isdisjoint(args)
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


@click.group(cls=Group, context_settings=CONTEXT, help="\n\n".join(ABOUT))
@click.version_option(__version__, VERSION_FLAG, message=VERSION)
@click.pass_context
def lrtui(ctx: click.Context) -> None:
    """What holds for every command: the person's config file."""
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
