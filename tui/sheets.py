"""The sheets over the dashboard. Each is imported when first opened: the first screen needs none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrtui.core.store.messages import Stop
from lrtui.tui.body import Body
from lrtui.tui.context import Context
from lrtui.tui.terminal.app import TerminalApp

if TYPE_CHECKING:
    from lrtui.tui.inspection.choice import Chosen


class SheetApp(TerminalApp):
    """Opens sheets over its panes, and takes what is chosen there."""

    context: Context

    @property
    def body(self) -> Body:
        """The panes."""
        return self.query_one(Body)

    def action_choose_dataset(self) -> None:
        """Open the chooser."""
        from lrtui.tui.screens.chooser import ChooserScreen

        self.push_screen(ChooserScreen(self.context), self._take)

    def action_inspect(self) -> None:
        """Look at the table at hand."""
        session = self.context.session
        if not session.source.is_table:
            self.tell(f"{session.source.label} has its own target and columns. o opens a file to look at.")
            return
        from lrtui.tui.screens.inspect import InspectScreen

        shown = session.source, session.config.drop_columns
        self.push_screen(InspectScreen(self.context, *shown), self._take)

    def _take(self, chosen: Chosen | None) -> None:
        """Take what was chosen; a run stays in sight where nothing was changed."""
        session = self.context.session
        if chosen is None:
            return
        same = chosen.dropped in (None, session.config.drop_columns)
        if chosen.source != session.source or not same:
            self.context.take_source(chosen.source, chosen.dropped)

    def action_cause(self) -> None:
        """The page of the first cause that the doctor names of the run that is shown."""
        from lrtui.tui.screens.cause import CauseScreen

        cause = self.context.session.cause
        if cause is not None:
            self.push_screen(CauseScreen(self.context, cause))

    def action_sweep(self) -> None:
        """Sweep the field under the cursor, and take the value that is chosen."""
        from lrtui.tui.screens.sweep import SweepScreen

        session, context = self.context.session, self.context

        def chosen(values: dict[str, Any] | None) -> None:
            if values:
                context.attempt(lambda: session.take(values))

        def begin() -> None:
            sweep = session.sweep(self.body.form.field, limit=context.limits.rate)
            self.push_screen(SweepScreen(context, sweep), chosen)

        context.attempt(begin)

    def action_help(self) -> None:
        """Every key, made from the bindings."""
        from lrtui.tui.screens.help import HelpScreen, sections

        self.push_screen(HelpScreen(self.context, sections(self.BINDINGS, self.body.panes.values())))

    async def action_quit(self) -> None:
        """Leave; where the engine holds a run, ask first what is to become of it, but once."""
        from lrtui.tui.screens.questions import QuitScreen

        session, context = self.context.session, self.context
        context.attempt(lambda: context.poller.poll(force=True))
        run = session.own_live_run
        if run is None or isinstance(self.screen, QuitScreen):
            self.exit(0)
            return

        def answered(answer: str | None) -> None:
            if answer == "stop" and run.owner is not None:
                owner = run.owner
                context.attempt(lambda: session.store.commands.send(owner, Stop(run.id)))
            if answer is not None:
                self.exit(0)

        self.push_screen(QuitScreen(context, run), answered)
