"""What ``lrtui -h`` and ``lrtui --version`` print: told without click, so that they cost what Python costs.

Nothing is imported here that Python has not imported by itself.
"""

from __future__ import annotations

import os
import sys

from lrtui.tui.version import __version__

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
    "check": ("check", "Say whether lrtui can work here, and what is in the way."),
    "completion": ("completion", "Print what lets a shell complete lrtui's words."),
}
OPTIONS = {
    "--version": "Show the version and exit.",
    "-h, --help": "Show this message and exit.",
}
ABOUT = (
    "Train logistic regression in the terminal, and watch it.",
    "Without a command, lrtui opens the dashboard, on DATASET if one is given: a name from "
    "`lrtui datasets`, or the path of a table of yours.",
)
EXAMPLES = """\
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
VERSION = f"lrtui {__version__}"
NARROWEST, WIDEST = 50, 98  # columns of a help, as click bounds them, for any command
HELP_FLAGS, VERSION_FLAG = ("-h", "--help"), "--version"
COMPLETING = "_LRTUI_COMPLETE"  # the variable by which a shell asks for words


def answers_at_once(arguments: list[str]) -> bool:
    """Print help or version where that is all that is asked for, and can be written; whether it was."""
    if len(arguments) != 1 or arguments[0] not in (*HELP_FLAGS, VERSION_FLAG) or COMPLETING in os.environ:
        return False
    if sys.stdout is None:  # it was closed
        return False
    try:
        sys.stdout.write(f"{VERSION if arguments[0] == VERSION_FLAG else help_text(_columns())}\n")
        sys.stdout.flush()
    except (OSError, ValueError):  # whoever tells of such errors is not imported yet
        return False
    return True


def help_text(width: int) -> str:
    """What ``lrtui -h`` prints, in at most ``width`` columns but for the examples, as click would."""
    parts = ["Usage: lrtui [OPTIONS] COMMAND [ARGS]..."]
    parts += [_wrapped("  ", text, "  ", width) for text in ABOUT]
    commands = {name: does for name, (_, does) in COMMANDS.items()}
    for title, table in (("Options", OPTIONS), ("Commands", commands)):
        indent = max(map(len, table)) + 2
        rows = (
            _wrapped(f"  {name:<{indent}}", does, " " * (indent + 2), width) for name, does in table.items()
        )
        parts.append("\n".join((f"{title}:", *rows)))
    parts.append("\n".join(f"  {line}" for line in EXAMPLES.splitlines()))
    return "\n\n".join(parts)


def _wrapped(head: str, text: str, indent: str, width: int) -> str:
    """The words of a text after its head, further lines under an indent."""
    lines, line = [], head
    for word in text.split():
        if line.strip() and line != head and len(line) + len(word) > width:
            lines.append(line.rstrip())
            line = indent
        line += f"{word} "
    return "\n".join((*lines, line.rstrip()))


def _columns() -> int:
    """Columns for a help: of the terminal as Python's ``shutil`` finds it, which takes long to import."""
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
        except (AttributeError, ValueError, OSError):
            columns = 0
    return max(NARROWEST, min((columns or 80) - 2, WIDEST))
