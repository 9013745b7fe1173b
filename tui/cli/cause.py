"""``lrtui cause``: the page of a cause that the doctor knows, or a list of them all."""

from __future__ import annotations

from difflib import get_close_matches

import click

from lrtui.core.doctor.pages import causes_with_page, page_of, title_of
from lrtui.core.errors import ConfigError
from lrtui.datasets.text import quote
from lrtui.tui.cli.completing import causes
from lrtui.tui.cli.printing import echo, page_width
from lrtui.tui.render.cause_page import page_lines
from lrtui.tui.render.wrapping import wrapped


@click.command(epilog="\b\nExamples:\n  lrtui cause\n  lrtui cause unscaled")
@click.argument("name", required=False, metavar="[CAUSE]", shell_complete=causes)
def cause(name: str | None) -> None:
    """Tell what a CAUSE of the doctor's is: what you see, why, how lrtui proves it, what to do.

    Without CAUSE, list all of them.
    """
    width = page_width()
    if name is None:
        column = max(map(len, causes_with_page())) + 2
        for known in causes_with_page():
            # On a narrow screen the title goes below, where it need not be broken.
            beside = column + len(title_of(known)) <= width
            echo(f"{known:<{column}}{title_of(known)}" if beside else f"{known}\n  {title_of(known)}")
        return
    page = page_of(name)
    if page is None:
        near = get_close_matches(name, causes_with_page(), 1)
        also = f"Perhaps {near[0]} is meant; " if near else ""
        raise ConfigError(f"The doctor knows no cause {quote(name)}.", f"{also}lrtui cause lists them all.")
    echo("\n".join(wrapped(page.title, width)))
    echo()
    for line in page_lines(page, width, whole=True):
        echo("".join(part if isinstance(part, str) else part[0] for part in line))
