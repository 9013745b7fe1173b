"""What a fix with several changes would do, before it is done."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from lrtui.datasets.text import width
from lrtui.tui.fixing import Fix
from lrtui.tui.screens.base import Sheet
from lrtui.tui.text import pad


class FixScreen(Sheet[bool | None]):
    """Field, value before and value after, a line each; Enter applies them all."""

    BINDINGS = [
        Binding("enter,f,y", "apply", "apply and start", key_display="⏎", id="fix.apply"),
        Binding("escape,n,q", "dismiss", "leave it", id="fix.leave"),
    ]

    def __init__(self, fix: Fix) -> None:
        super().__init__()
        self._fix = fix

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        changes, arrow = self._fix.changes, self.dashboard.glyphs.arrow
        label = max(len(change.label) for change in changes)
        before = max(width(change.before) for change in changes)
        rows = [
            f"  {c.label:<{label}}  {pad(c.before, before, right=True)} {arrow} {c.after}" for c in changes
        ]
        text = "\n".join(["The next run differs from the form in:", "", *rows, ""])
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = f"Fix run {self._fix.run_id}"
            sheet.border_subtitle = "Enter applies, Esc leaves it"
            yield Static(Content(text))

    def action_apply(self) -> None:
        """Close with a yes."""
        self.dismiss(True)
