"""``lrtui demo``: a guided tour through the dashboard."""

from __future__ import annotations

from dataclasses import replace

import click
from click.shell_completion import CompletionItem

from lrtui.core.config import Config
from lrtui.core.garbage import collect_again
from lrtui.tui.cli.dashboard import check_terminal, preferences_of
from lrtui.tui.cli.printing import complaint, echo
from lrtui.tui.cli.types import Here, Once
from lrtui.tui.cli.user_config import UserConfig
from lrtui.tui.preferences import remembered_theme

_EPILOG = """\b
Examples:
  lrtui demo
  lrtui demo --big          in a talk
  lrtui demo unscaled       begins with that page
"""


def pages(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names of the pages, for a shell."""
    from lrtui.tui.demo.chapters import CHAPTERS

    return [
        CompletionItem(page.name, help=page.title) for page in CHAPTERS if page.name.startswith(incomplete)
    ]


@click.command(epilog=_EPILOG)
@click.argument("chapter", required=False, shell_complete=pages)
@click.option("--big", cls=Here, is_flag=True, help="Only what can be read from the back row.")
@click.option("--list", "listed", cls=Here, is_flag=True, help="Name the pages.")
@click.option("--keep", cls=Here, is_flag=True, help="Keep what is trained in your store.")
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with plain ASCII alone.")
@click.option("--theme", cls=Once, metavar="NAME", help="Colours; else those chosen in the dashboard last.")
@click.pass_obj
def demo(
    user: UserConfig,
    /,
    chapter: str | None,
    big: bool,
    listed: bool,
    keep: bool,
    ascii_only: bool,
    theme: str | None,
) -> int:
    """Ten minutes through the dashboard: what to press, what to see, and what it means.

    From a run that is well, over three examples that cannot be learned, to each way in which training
    fails, and what the doctor says of it. CHAPTER is the number or name of a page. The demo has a store of
    its own, which is gone afterwards.
    """
    from lrtui.tui.demo.chapters import CHAPTERS
    from lrtui.tui.demo.guide import Guide, place_of

    if listed:
        for number, page in enumerate(CHAPTERS, 1):
            echo(f"{number:>2}  {page.name:<22} {page.title}")
        return 0
    at = 0 if chapter is None else place_of(chapter)
    check_terminal()
    from lrtui.tui.app import run_dashboard
    from lrtui.tui.demo.app import own_home
    from lrtui.tui.render.glyphs import wants_ascii
    from lrtui.tui.unexpected_error import DashboardFailedError

    collect_again()
    preferences = preferences_of(user, theme)
    if preferences.theme is None and (last := remembered_theme()) is not None:  # in the person's own store
        preferences = replace(preferences, theme=(last, "Your last choice"))
    try:
        with own_home(keep=keep):
            return run_dashboard(
                None,
                Config(),
                own=True,
                start=False,
                ascii_only=ascii_only or wants_ascii(),
                preferences=preferences,
                guide=Guide(at, big=big, keep=keep),
            )
    except DashboardFailedError as error:
        echo(complaint(error), err=True)
        return 1
