"""``lrtui presets``: hyperparameters by name, and what each sets."""

from __future__ import annotations

import shutil
import textwrap

import click

from lrtui.core.config.presets import FOLDER, Preset
from lrtui.core.config.presets import presets as known
from lrtui.core.errors import ConfigError
from lrtui.datasets.storage.folder import config_folder
from lrtui.datasets.text import safe, width
from lrtui.tui.cli.printing import complaint, echo, echo_json
from lrtui.tui.cli.types import Here
from lrtui.tui.render.wrapping import pad

UNWRAPPED = 10_000  # columns where there is no terminal
_EPILOG = """\b
Examples:
  lrtui train breast-cancer --preset fast
  mkdir -p "$(lrtui presets --path)"
  lrtui show 12 --config > "$(lrtui presets --path)/mine.toml"
"""


@click.command(epilog=_EPILOG)
@click.option("--path", "as_path", cls=Here, is_flag=True, help="Print the folder of your own.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def presets(as_path: bool, as_json: bool) -> int:
    """List the presets: what --preset NAME sets, and what it is good for.

    Your own are TOML files in a folder beside the config file; they win over those built in.
    """
    if as_path:
        echo(str(config_folder() / FOLDER))
        return 0
    found, wrong = list[Preset](), list[ConfigError]()
    for preset in sorted(known().values(), key=lambda one: one.name):
        try:
            found.append(preset.read())
        except ConfigError as error:
            wrong.append(error)
    if as_json:
        echo_json([_told(preset) for preset in found])
    else:
        _print(found)
    for fault in wrong:
        echo(complaint(fault), err=True)
    return 2 if wrong else 0


def _told(preset: Preset) -> dict[str, object]:
    path = None if preset.path is None else str(preset.path)
    return {"name": preset.name, "about": preset.about, "values": preset.values, "path": path}


def _print(found: list[Preset]) -> None:
    room = max(shutil.get_terminal_size((UNWRAPPED, 24)).columns, 20)
    indent = " " * 2
    for preset in found:
        own = "" if preset.path is None else f"  {safe(str(preset.path))}"
        name = safe(preset.name)
        head = f"{pad(name, max(10, width(name) + 2))}{preset.text or 'sets nothing'}"
        echo(textwrap.fill(head, room, subsequent_indent=indent, break_long_words=False))
        for line in filter(None, (preset.about, own.strip())):
            echo(textwrap.fill(line, room, initial_indent=indent, subsequent_indent=indent))
