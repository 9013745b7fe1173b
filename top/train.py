"""``torchrun … -m lrtui.train DATASET …``: one of many processes that train a run together."""

from __future__ import annotations

import sys


def main() -> None:
    """Rank 0 is ``lrtui train`` with company; the others do what it says."""
    from lrtui.tui.cli.ranks import from_torchrun

    from_torchrun(sys.argv[1:])


if __name__ == "__main__":
    main()
