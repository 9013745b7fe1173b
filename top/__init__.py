"""lrtui: installed as the package itself, for ``%load_ext lrtui`` in a notebook."""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers take it; typing itself takes long to import
if TYPE_CHECKING:
    from lrtui.tui.notebook import Shell


def load_ipython_extension(ipython: Shell) -> None:
    """Watch the cells that follow."""
    from lrtui.tui.notebook import load_ipython_extension as load

    load(ipython)


def unload_ipython_extension(ipython: Shell) -> None:
    """Watch no more."""
    from lrtui.tui.notebook import unload_ipython_extension as unload

    unload(ipython)
