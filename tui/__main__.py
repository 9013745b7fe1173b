"""``python -m lrtui.tui`` is ``lrtui``."""

from lrtui.tui.cli import main

if __name__ == "__main__":
    main()
