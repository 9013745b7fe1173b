"""The command line: ``lrtui`` and its subcommands."""

from lrtui.tui.cli.group import main

__all__ = ["main"]
