"""What lays another dataset on the desk: the chooser, and the inspection of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrtui.tui.inspecting.choice import Chosen
from lrtui.tui.screens.chooser import ChooserScreen
from lrtui.tui.screens.inspect import InspectScreen

if TYPE_CHECKING:
    from lrtui.tui.dashboard import Dashboard


def choose(dashboard: Dashboard) -> None:
    """Open the chooser; what is chosen goes on the desk."""
    desk = dashboard.desk
    dashboard.push_screen(
        ChooserScreen(desk.source, desk.config.drop_columns), lambda chosen: take(dashboard, chosen)
    )


def inspect(dashboard: Dashboard) -> None:
    """Look at the table on the desk; what is chosen of it goes back there."""
    desk = dashboard.desk
    if not desk.source.is_table:
        dashboard.tell(f"{desk.source.label} has its own target and columns. o opens a file to look at.")
        return
    dashboard.push_screen(
        InspectScreen(desk.source, desk.config.drop_columns), lambda chosen: take(dashboard, chosen)
    )


def take(dashboard: Dashboard, chosen: Chosen | None) -> None:
    """Lay what was chosen on the desk; a run stays in sight where nothing was changed."""
    desk = dashboard.desk
    if chosen is None:
        return
    same = chosen.dropped in (None, desk.config.drop_columns)
    if chosen.source != desk.source or not same:
        dashboard.take_source(chosen.source, chosen.dropped)
