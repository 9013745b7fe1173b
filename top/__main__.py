"""``python -m lrtui`` is ``lrtui``."""

from lrtui.tui.cli import program

if __name__ == "__main__":
    program()
