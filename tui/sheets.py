"""The sheets over the dashboard. Each is imported when first opened: the first screen needs none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.theme import ThemeProvider

from lrtui.core.store.scripts import Asked
from lrtui.tui.body import Body
from lrtui.tui.context import Context
from lrtui.tui.going_on import is_long, live_of
from lrtui.tui.palette import Palette
from lrtui.tui.pictures import save_picture
from lrtui.tui.render.key_names import key_name
from lrtui.tui.script_keys import heal, patch_of, says, watch
from lrtui.tui.sweeping import begin_sweep
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

    def action_command_palette(self) -> None:
        """Every action by its words."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(self.context.glyphs.cursor, id="--command-palette"))

    def search_themes(self) -> None:
        """Every theme by its name."""
        self.push_screen(
            Palette(self.context.glyphs.cursor, providers=[ThemeProvider], placeholder="Search for themes…")
        )

    def action_choose_dataset(self) -> None:
        """Open the chooser."""
        from lrtui.tui.screens.chooser import ChooserScreen

        self.push_screen(ChooserScreen(self.context), self._take)

    def show_patch(self) -> None:
        """The patch of the script that is shown; applied, the script runs again."""
        from lrtui.tui.screens.patch import PatchScreen

        session, context = self.context.session, self.context
        run, patch, found = session.script, patch_of(session), context.poller.view.diagnosed
        if isinstance(patch, str) or run is None:
            context.tell(str(patch))
            return

        def answered(yes: bool | None) -> None:
            if yes:
                context.attempt(lambda: heal(session, run, patch))

        verdict = "" if found is None or found.letter is None else found.letter.verdict
        self.push_screen(PatchScreen(context, patch, verdict), answered)

    def action_write_back(self) -> None:
        """The form's values as a patch of the script that its data came from."""
        context = self.context

        def ask() -> None:
            from lrtui.tui.screens.patch import PatchScreen
            from lrtui.tui.script_form import write_back

            found = write_back(context.session)
            if isinstance(found, str):
                context.session.notice = found
                return
            run, patch, words = found

            def answered(yes: bool | None) -> None:
                if yes:
                    context.attempt(lambda: heal(context.session, run, patch))

            self.push_screen(PatchScreen(context, patch, words), answered)

        context.attempt(ask)

    def action_inspect(self) -> None:
        """Look at the table at hand."""
        session = self.context.session
        if session.script is not None:
            self.context.tell(says("inspect"))
            return
        if not session.source.is_table:
            opens = f"{key_name('dataset.open')} opens a file to look at."
            self.tell(f"{session.source.label} has its own target and columns. {opens}")
            return
        from lrtui.tui.screens.inspect import InspectScreen

        shown = session.source, session.config.drop_columns, session.config.missing_codes
        self.push_screen(InspectScreen(self.context, *shown), self._take)

    def action_watch(self) -> None:
        """Ask for a script, and watch it."""
        from lrtui.tui.screens.chooser import ChooserScreen

        self.push_screen(ChooserScreen(self.context, scripts=True), self._take)

    def _take(self, chosen: Chosen | Asked | None) -> None:
        """Take what was chosen; a run stays in sight where nothing was changed."""
        session = self.context.session
        if chosen is None:
            return
        if isinstance(chosen, Asked):
            self.context.attempt(lambda: watch(session, chosen))
            return
        same = chosen.dropped in (None, session.config.drop_columns)
        same = same and chosen.codes in (None, session.config.missing_codes)
        if chosen.source != session.source or not same:
            self.context.take_source(chosen.source, chosen.dropped, chosen.codes)

    def action_cause(self) -> None:
        """The page of the first cause that the doctor names of the run that is shown."""
        from lrtui.tui.screens.cause import CauseScreen

        cause = self.context.poller.view.cause
        if cause is not None:
            self.push_screen(CauseScreen(self.context, cause))

    def action_all_runs(self) -> None:
        """Every run in a table, to be shown, compared, named, put away."""
        from lrtui.tui.screens.runs import RunsScreen

        context = self.context

        def chosen(run_id: int | None) -> None:
            if run_id is not None:
                context.show_run(run_id)

        context.attempt(lambda: self.push_screen(RunsScreen(context), chosen))

    def action_export(self) -> None:
        """Take the run that is shown away, or a picture of a pane."""
        from lrtui.tui.pictures import picture_of
        from lrtui.tui.screens.export import ExportScreen
        from lrtui.tui.taking_away import export_run

        run, body = self.context.session.run, self.body
        if run is None:
            self.context.tell(f"There is no run to take away; {key_name('run.space')} starts one.")
            return
        below, pane = self.screen, body.panes[body.focused_pane]

        def picture(what: str) -> str:
            return picture_of(below, pane.region if what == "pane" else None, f"lrtui, run {run.id}")

        self.push_screen(ExportScreen(self.context, run, export_run, picture))

    def action_sweep(self) -> None:
        """Sweep the field under the cursor, and take the value that is chosen."""
        from lrtui.tui.screens.sweep import SweepScreen

        session, context = self.context.session, self.context
        if session.script is not None:
            context.tell(says("sweep"))
            return

        def chosen(values: dict[str, Any] | None) -> None:
            if values:
                context.attempt(lambda: session.take(values))

        def begin() -> None:
            sweep = begin_sweep(session, self.body.form.found, limit=context.limits.rate)
            self.push_screen(SweepScreen(context, sweep), chosen)

        context.attempt(begin)

    def action_picture(self) -> None:
        """Save the screen as SVG where there is surely a folder for it."""

        def save() -> None:
            self.context.session.notice = f"Saved {save_picture(self.export_screenshot())}."

        self.context.attempt(save)

    def action_help(self) -> None:
        """Every key, made from the bindings."""
        from lrtui.tui.screens.help import HelpScreen, sections

        self.push_screen(HelpScreen(self.context, sections(self.BINDINGS, self.body.panes.values())))

    async def action_quit(self) -> None:
        """Leave; of runs that go on and were shown or begun here ask first what is to become, but once."""
        from lrtui.tui.screens.questions import QuitScreen

        session, context = self.context.session, self.context
        context.attempt(lambda: context.poller.poll(force=True))
        runs = live_of((*context.poller.runs, session.run), session.engine.token, session.met)
        if not runs or isinstance(self.screen, QuitScreen):
            self.exit(0)
            return

        def answered(answer: str | None) -> None:
            if answer == "stop":
                context.attempt(lambda: session.end(*runs))
            if answer is not None:
                self.exit(0)

        self.push_screen(QuitScreen(context, runs), answered)

    def action_reset(self) -> None:
        """Back to untrained; where that ends a run that has trained for long, ask first."""
        from lrtui.tui.screens.questions import ResetScreen

        session, context = self.context.session, self.context
        run = session.run
        if run is None or not run.status.live or run.owner != session.engine.token or not is_long(run):
            context.attempt(session.reset)
            return

        def answered(answer: str | None) -> None:
            if answer is not None:
                context.attempt(session.reset)

        self.push_screen(ResetScreen(context, run), answered)
