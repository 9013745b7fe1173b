"""Makes ``docs/hyperparameters.md`` from the config: ``python -m scripts.hyperparameters``."""

from __future__ import annotations

from pathlib import Path

from lrtui.core.config import Config, format_value, knobs, limits_text
from lrtui.core.doctor.suggested import FIELDS, WORD

PAGE = Path(__file__).parents[1] / "docs" / "hyperparameters.md"
HEAD = """# Hyperparameters

Each is a field of the form and an option of the command line (`--batch-size` for `batch_size`). Those marked live
change in a run that goes on, from its next epoch; the others at the next start. Where it says `suggested`, the
[data suggests](training.md#what-the-data-suggests) a number: by that word on the command line, by `t` in the form. For
more than 20,000 rows [other values](training.md#large-tables) than these defaults are proposed. This page is made from
the config by `python -m scripts.hyperparameters`.

| field | default | accepts | live | what it does |
| --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    rows = []
    for name, knob in knobs().items():
        default = format_value(name, getattr(Config(), name)) or "empty"
        live = "yes" if knob.live else ""
        word = f", or `{WORD}`" if name in FIELDS else ""
        rows.append(f"| `{name}` | {default} | {limits_text(name)}{word} | {live} | {knob.help} |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
