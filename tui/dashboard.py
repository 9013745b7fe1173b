"""The Textual app: panes, keys, and a look at the store ten times a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.events import DescendantFocus
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES, ThemeProvider
from textual.widgets import Input

from lrtui.core.config import Config
from lrtui.core.engine.launch import EngineHandle
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Description, Store
from lrtui.core.store.home import folder_remark
from lrtui.datasets.source import Source
from lrtui.tui import opening
from lrtui.tui.bindings import DASHBOARD
from lrtui.tui.body import Body
from lrtui.tui.description import DescriptionWatch
from lrtui.tui.desk import Desk
from lrtui.tui.fixing import Fix
from lrtui.tui.glyphs import ASCII, UNICODE
from lrtui.tui.keys import KeyBar
from lrtui.tui.limits import LimitWatch
from lrtui.tui.option_list import Palette
from lrtui.tui.palette import REPLACED, own_commands, save_picture
from lrtui.tui.plain import AsciiFilter, HarmlessFilter
from lrtui.tui.screens.doctor import DoctorScreen
from lrtui.tui.screens.fix import FixScreen
from lrtui.tui.screens.help import HelpScreen, sections
from lrtui.tui.screens.notice import Notices
from lrtui.tui.screens.quit import leave
from lrtui.tui.screens.sweep import SweepScreen
from lrtui.tui.status import Banner, StatusLine, SummaryLine
from lrtui.tui.supervise import EngineWatch
from lrtui.tui.terminal.app import TerminalApp
from lrtui.tui.watch import Watcher

POLL_SECONDS = 0.1
WITHOUT_STORE = ("log_scale", "help", "quit")  # all that is left to do once the store is lost
QUICK_SECONDS = 0.03  # after a key, until the engine has answered
LAST_FILTERS = (HarmlessFilter(), AsciiFilter())  # made once: Textual keeps what each made of a line
# The terminal's own sixteen colours: right on light and dark ones, and over any connection.
TERMINAL_THEME = replace(BUILTIN_THEMES["ansi-dark"], name="terminal", accent="ansi_cyan")


class Dashboard(TerminalApp):
    """The dashboard. It draws and takes keys; the engine process trains."""

    TITLE = "lrtui"
    ENABLE_COMMAND_PALETTE = True
    CSS = """
    Screen { layout: vertical; background: $background; color: $foreground; overflow: hidden; }
    Body { height: 1fr; width: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*DASHBOARD]

    def __init__(
        self,
        store: Store,
        engine: EngineHandle,
        *,
        source: Source,
        config: Config,
        run_id: int | None = None,
        ascii_only: bool = False,
    ) -> None:
        super().__init__()
        self.glyphs = ASCII if ascii_only else UNICODE
        self.watcher = Watcher(store)
        self.desk = Desk(store, engine, source, config, self.watcher, notice=store.notice)
        self.engine_watch = EngineWatch(self.desk)
        self.limits = LimitWatch(self.desk)
        self.described = DescriptionWatch(self.desk)
        self.notices = Notices(self)
        self._first_run = run_id
        self._plots_are_old = True
        self.register_theme(TERMINAL_THEME)
        self.theme = TERMINAL_THEME.name

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield StatusLine()
        yield Body()
        yield SummaryLine()
        yield Banner()
        yield KeyBar(self.words_for, ascii_only=self.glyphs.ascii_only)

    def on_mount(self) -> None:
        """Show the first run, and begin to follow the store."""
        self._lay(lambda: self.desk.show(self._first_run))
        self.desk.notice = self.desk.notice or self.desk.store.notice or folder_remark()
        self.body.focus_pane("hyperparameters")
        self.set_interval(POLL_SECONDS, self.look)
        # Back from Ctrl+Z the terminal is empty; Textual itself would draw only what changes.
        self.app_resume_signal.subscribe(self.screen, lambda _: self.refresh(layout=True))
        if self.desk.needs_target and self.desk.run is None:
            opening.inspect(self)

    def on_resize(self) -> None:
        """What had no room may have some now, in the lines around the panes too."""
        self._plots_are_old = True

    @property
    def body(self) -> Body:
        """The panes."""
        return self.query_one(Body)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own filters, and last what keeps harm, and where it must all but ASCII, out."""
        return [*super().get_line_filters(), *LAST_FILTERS[: 2 if self.glyphs.ascii_only else 1]]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a sheet is open or something is typed, the keys are theirs."""
        own = {b.action.partition("(")[0] for b in self.BINDINGS if isinstance(b, Binding)}
        if action not in own | {"focus_pane"} or action == "interrupt":
            return True
        if action == "log_scale" and self.body.focused_pane in ("dataset", "hyperparameters"):
            return False  # l is the arrow to the right there
        return len(self.screen_stack) == 1 and not isinstance(self.focused, Input)

    # --- looking at the store ---

    def look(self, *, force: bool = False) -> None:
        """Look after the engine and at the store, and show what is new."""
        try:
            supervised = self.engine_watch.look()
            if self.limits.look() and self.is_mounted_fully:
                self.body.update_texts()
            if self.is_mounted_fully:
                self.screen_stack[0].query_one(KeyBar).update()
            if self.watcher.poll(force=force) or supervised or self._plots_are_old:
                self.desk.follow()
                self.described.look()
                self.show_all()
        except LrtuiError as error:
            self.tell(str(error))
        if self.is_mounted_fully:
            self.notices.look()

    @property
    def is_mounted_fully(self) -> bool:
        """Whether there are widgets to show anything with: not before they are made, nor on the way out."""
        return bool(self.screen_stack) and bool(self.screen_stack[0].query(KeyBar))

    def show_all(self) -> None:
        """Every part of the screen shows what the desk and the store say now."""
        if self.is_mounted_fully:
            self._plots_are_old = False
            self.body.update()
            self._show_lines()

    def _show_lines(self) -> None:
        screen = self.screen_stack[0]
        for widget in (StatusLine, SummaryLine, Banner):
            screen.query_one(widget).update()
        screen.query_one(KeyBar).update()

    def attempt(self, action: Callable[[], object]) -> None:
        """Do something with the desk; an error is told in the banner, and nothing is lost."""
        self.desk.notice = None
        try:
            action()
        except LrtuiError as error:
            self.desk.notice = str(error)
        # What a person looks at first is cheap to draw; the plots follow in a moment.
        self._plots_are_old = True
        if self.is_mounted_fully:
            self.body.update_texts()
            self._show_lines()
        self.set_timer(QUICK_SECONDS, self.look)

    def tell(self, words: str) -> None:
        """Say something in passing, in the banner or on the sheet that lies over it."""
        self.desk.notice = words
        self.show_all()

    def _lay(self, action: Callable[[], object]) -> None:
        """Lay something on the desk, and ask the engine about the dataset that then lies there."""

        def both() -> None:
            try:
                action()
            finally:
                self.described.ask()

        self.attempt(both)

    def words_for(self, binding: Binding) -> str:
        """What a key does at this moment; nothing for one that has nothing to do."""
        if self.desk.store.lost and binding.action not in WITHOUT_STORE:
            return ""
        if binding.action == "space":
            return self.desk.space_word
        if binding.action == "take" and not self.body.form.suggests:
            return ""
        return "" if self.desk.idle(binding.action) else binding.description

    @property
    def description(self) -> Description | None:
        """What the engine found out about the dataset on the desk."""
        return self.described.found

    # --- actions on the run ---

    def action_space(self) -> None:
        """Start, pause or resume."""
        self.attempt(self.desk.space)

    def action_step(self) -> None:
        """One epoch."""
        self.attempt(self.desk.step)

    def action_reset(self) -> None:
        """Back to untrained."""
        self.attempt(self.desk.reset)

    def action_stop(self) -> None:
        """End the run here."""
        self.attempt(self.desk.stop)

    def action_undo(self) -> None:
        """Take the last change of the form back."""
        self.attempt(self.desk.undo)

    def action_take(self) -> None:
        """Take what the data suggests for the field under the cursor."""
        self.body.form.take_suggestion()

    def action_sweep(self) -> None:
        """Sweep the field under the cursor, and take the value that is chosen."""

        def chosen(values: dict[str, Any] | None) -> None:
            if values:
                self.attempt(lambda: self.desk.take(values))

        def begin() -> None:
            sweep_id = self.desk.sweep(self.body.form.field, limit=self.limits.rate)
            self.push_screen(SweepScreen(sweep_id), chosen)

        self.attempt(begin)

    # --- the doctor ---

    def action_doctor(self) -> None:
        """To the doctor's pane, or where it has no room or the focus already, to the whole letter."""
        self.attempt(self.desk.ask_doctor)
        if self.body.shows("doctor") and self.body.focused_pane != "doctor":
            self.body.focus_pane("doctor")
            return

        def left(answer: str | None) -> None:
            if answer == "fix":
                self.action_fix()

        self.push_screen(DoctorScreen(), left)

    def action_fix(self) -> None:
        """Apply the fix that is proved, and start the run; several changes are shown first."""
        found = self.desk.fix()
        if isinstance(found, str):
            self.tell(found)
        elif len(found.changes) > 1:
            self.push_screen(FixScreen(found), lambda yes: self._heal(found) if yes else None)
        else:
            self._heal(found)

    def _heal(self, fix: Fix) -> None:
        if fix.apart:
            self.body.loss.log_scale = True  # or the one curve would be a flat line below the other
        how = self.attempt if fix.source == self.desk.source else self._lay
        how(lambda: self.desk.heal(fix, self.glyphs.arrow))

    def action_log_scale(self) -> None:
        """The loss plot's other scale."""
        self.body.loss.log_scale = not self.body.loss.log_scale

    def take_source(self, source: Source, dropped: tuple[str, ...] | None = None) -> None:
        """Lay a dataset on the desk, and of a table the columns to leave out."""
        self._lay(lambda: self.desk.choose(source, dropped))

    def show_run(self, run_id: int) -> None:
        """Show a run, with its dataset and config."""
        self._lay(lambda: self.desk.show(run_id))

    # --- moving around ---

    def action_pane(self, name: str) -> None:
        """To a pane by name."""
        self.body.focus_pane(name)

    def action_focus_pane(self, direction: int) -> None:
        """To the next pane or the one before."""
        self.body.focus_next(direction)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """A small screen shows the pane that has the focus."""
        if self.is_mounted_fully:
            self.body.settle()

    def action_choose_dataset(self) -> None:
        """Open the chooser."""
        opening.choose(self)

    def action_inspect(self) -> None:
        """Look at the table on the desk."""
        opening.inspect(self)

    def action_help(self) -> None:
        """Every key, made from the bindings."""
        self.push_screen(HelpScreen(sections(self)))

    async def action_interrupt(self) -> None:
        """Ctrl+C leaves from anywhere, with the same question."""
        await self.action_quit()

    async def action_quit(self) -> None:
        """Leave; a run that goes on is asked about first."""
        self.attempt(lambda: self.watcher.poll(force=True))
        leave(self)

    def action_command_palette(self) -> None:
        """Every action by its words."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def search_themes(self) -> None:
        """Every theme by its name."""
        self.push_screen(Palette(providers=[ThemeProvider], placeholder="Search for themes…"))

    def action_picture(self) -> None:
        """Save the screen as SVG where there is surely a folder for it."""

        self.attempt(lambda: save_picture(self))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of the dashboard, then Textual's own."""
        yield from own_commands(self)
        for command in super().get_system_commands(screen):
            if command.title not in REPLACED:
                yield command
