"""What a wheel brings beside the package: ``python scripts/shared.py FOLDER`` makes man page and completions.

Of the commands in this tree, whatever else is installed: setup.py calls it while a wheel is built.
"""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMPLETIONS = {"bash": "lrtui", "zsh": "_lrtui", "fish": "lrtui.fish"}  # a shell → the file it looks for
MANUAL = "lrtui.1"


def take_this_tree() -> None:
    """Let ``lrtui`` be what lies here, though its folders stand under other names than they are installed."""
    places = [str(ROOT / "top"), str(ROOT)]
    spec = spec_from_file_location("lrtui", ROOT / "top" / "__init__.py", submodule_search_locations=places)
    assert spec is not None, "it is a file of Python"
    sys.modules["lrtui"] = module_from_spec(spec)
    sys.path.insert(0, str(ROOT))


def make(folder: Path) -> None:
    """Write all of it into a folder."""
    from lrtui.tui.cli.completion import script
    from lrtui.tui.cli.group import lrtui
    from scripts.manual import manual

    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANUAL).write_text(manual(lrtui), encoding="ascii")
    for shell, name in COMPLETIONS.items():
        (folder / name).write_text(f"{script(shell, lrtui)}\n", encoding="utf-8")


if __name__ == "__main__":
    take_this_tree()
    make(Path(sys.argv[1]))
