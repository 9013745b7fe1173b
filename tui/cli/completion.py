"""``lrtui completion``: the script that lets a shell complete lrtui's words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from lrtui.tui.cli.front import COMPLETING
from lrtui.tui.cli.printing import echo

_EPILOG = """\b
Install it by one line:
  bash   echo 'eval "$(lrtui completion bash)"' >> ~/.bashrc
  zsh    echo 'eval "$(lrtui completion zsh)"' >> ~/.zshrc
  fish   lrtui completion fish > ~/.config/fish/completions/lrtui.fish

\b
Example:
  eval "$(lrtui completion bash)"
"""


@click.command(epilog=_EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script by which SHELL completes commands, options, datasets, runs and files."""
    echo(script(shell, click.get_current_context().find_root().command))


def script(shell: str, group: click.Command) -> str:
    """What lets ``bash``, ``zsh`` or ``fish`` complete the words of a group."""
    kind = get_completion_class(shell)
    assert kind is not None, "click knows it"
    made = kind(group, {}, "lrtui", COMPLETING)
    # Not source(): that would start a bash to ask for its version.
    return str(made.source_template % made.source_vars())
