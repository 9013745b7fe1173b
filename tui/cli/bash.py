"""Completing in bash: click's script and words, with what they make of odd names mended."""

from __future__ import annotations

from typing import ClassVar

from click.shell_completion import BashComplete, add_completion_class

# A name with * or \ in it is offered as it stands, and nothing that a command says lands on the prompt.
_MENDED = {
    "    local IFS=$'\\n'\n": "    local IFS=$'\\n'\n    local -; set -o noglob\n",
    "read type value": "read -r type value",
    "bash_complete $1)": "bash_complete $1 2>/dev/null)",
}


def _mended() -> str:
    script = BashComplete.source_template
    for theirs, ours in _MENDED.items():
        script = script.replace(theirs, ours)
    return script


@add_completion_class
class Bash(BashComplete):
    """Bash, which takes ``--scaling=min`` for three words."""

    source_template: ClassVar[str] = _mended()

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is completed, and that one."""
        words, incomplete = super().get_completion_args()
        return [word for word in words if word != "="], incomplete
