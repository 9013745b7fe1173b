"""The Textual app: panes, keys, and a look at the store a few times a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.events import DescendantFocus, Event, Key, MouseDown, Paste
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widgets import Input

from lrtui.core.config import Config
from lrtui.core.engine.launch import EngineHandle
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Store
from lrtui.core.store.home import folder_remark
from lrtui.datasets.source import Source
from lrtui.tui.asking_doctor import ask_doctor
from lrtui.tui.bindings import DASHBOARD, NEEDED, key_words
from lrtui.tui.body import Body
from lrtui.tui.context import Context
from lrtui.tui.fix import Fix
from lrtui.tui.keys import KeyBar
from lrtui.tui.pace import LEAST_SECONDS, Pace
from lrtui.tui.palette import REPLACED, own_commands, pane_commands
from lrtui.tui.panes.plot import PlotPane
from lrtui.tui.plain import HARMLESS, IN_ASCII
from lrtui.tui.preferences import Preferences
from lrtui.tui.proposal import Proposal
from lrtui.tui.render.glyphs import ASCII, UNICODE
from lrtui.tui.replay_app import ReplayApp
from lrtui.tui.run_poller import RunPoller
from lrtui.tui.screens.base import Sheet
from lrtui.tui.screens.notice import Notices
from lrtui.tui.script_form import TITLE, take
from lrtui.tui.script_keys import act
from lrtui.tui.session_state import SessionState
from lrtui.tui.status import Banner, StatusLine, SummaryLine
from lrtui.tui.themes import TERMINAL_THEME, UNDIMMED, legible
from lrtui.tui.wishes import Wishes

QUICK_SECONDS = 0.03  # after a key, until the engine has answered

EVERYWHERE = {"interrupt", "redraw"}  # over a sheet too
OWN_ACTIONS = {"focus_pane", *(binding.action.partition("(")[0] for binding in DASHBOARD)} - EVERYWHERE


class Dashboard(ReplayApp):
    """The dashboard. It draws and takes keys; the engine process trains."""

    TITLE = "lrtui"
    ENABLE_COMMAND_PALETTE = True
    CSS = """
    Screen { layout: vertical; background: $background; color: $foreground; overflow: hidden; }
    Body { height: 1fr; width: 100%; }
    Input {  /* Textual's own has the terminal's colours, whatever the theme */
        color: $foreground; background: $background;
        & > .input--cursor { color: $foreground; background: $background; text-style: reverse; }
        & > .input--placeholder { color: $foreground; text-style: dim; }
    }
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
        replay: float | None = None,
        own: bool = False,
        ascii_only: bool = False,
        preferences: Preferences | None = None,
    ) -> None:
        """``own``: the person has said in ``config`` how to train; ``replay``: see ``ReplayApp``."""
        super().__init__()
        self.glyphs = ASCII if ascii_only else UNICODE
        self.poller = RunPoller(store)
        proposal = Proposal(own=own)
        self.session = SessionState(store, engine, source, config, self.poller, proposal, store.notice)
        self.notices = Notices(self.session, self.glyphs.ellipsis)
        self.context = Context(
            self.session, self.glyphs, self.attempt, self.tell, self.take_source, self.show_run, self.copy
        )
        self._keys = KeyBar(self.words_for, ascii_only=self.glyphs.ascii_only, needed=NEEDED)
        self.first_run, self.replay = run_id, replay
        self._plots_are_old = True
        self.pace = Pace()
        self.register_theme(TERMINAL_THEME)
        self.wishes = Wishes(self, preferences or Preferences())

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield StatusLine(self.context)
        yield Body(self.context)
        yield SummaryLine(self.context, lambda: not self.body.shows("metrics"))
        yield Banner(self.context)
        yield self._keys

    def on_mount(self) -> None:
        """Show the first run, and begin to follow the store."""
        self._lay(self.show_first)
        remarks = self.session.notice or self.session.store.notice, self.wishes.remark, folder_remark()
        self.session.notice = next(filter(None, remarks), None)
        self.theme_changed_signal.subscribe(self, lambda theme: self.wishes.chosen(theme.name, self.tell))
        self.body.focus_pane("hyperparameters" if self.session.script is None else "script")
        self.set_timer(LEAST_SECONDS, self._look_on)
        self.call_after_refresh(self.session.engine.begin)
        # Back from Ctrl+Z the terminal is empty; Textual itself would draw only what changes.
        self.app_resume_signal.subscribe(self.screen, lambda _: self.refresh(layout=True))
        if self.session.needs_target and self.session.run is None:
            self.action_inspect()

    def on_resize(self) -> None:
        """What had no room may have some now, in the lines around the panes too."""
        self._plots_are_old = True

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own filters, and last what keeps harm, and where it must all but ASCII, out."""
        plain = [IN_ASCII] if self.glyphs.ascii_only else []
        return [*super().get_line_filters(), UNDIMMED, HARMLESS, *plain]

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, so that all can be read, and some of our own."""
        self.theme_variables = {**super().get_css_variables(), **legible(self.current_theme)}
        return self.theme_variables

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a sheet is open or something is typed, the keys are theirs."""
        if action not in OWN_ACTIONS:
            return True
        if action == "help" and self.screen.has_class("-whole"):
            return True
        if parameters == ("further",) and isinstance(self.focused, PlotPane):
            return False  # where the same key zooms
        if parameters == ("newest",) and self.poller.view.past is None:
            return False  # where the same key closes
        return len(self.screen_stack) == 1 and not isinstance(self.focused, Input) and self.plays(action)

    async def on_event(self, event: Event) -> None:
        """What a person does may bring something new soon."""
        if isinstance(event, (Key, Paste, MouseDown)):
            self.pace.stir()
        await super().on_event(event)

    def _look_on(self) -> None:
        """Look, and again after a while."""
        self.look()
        self.set_timer(self.pace.pause(), self._look_on)

    def look(self, *, force: bool = False) -> None:
        """Look after the engine and at the store, and show what is new."""
        try:
            supervised = self.context.engine_watch.look()
            if self.context.limits.look() and self.is_mounted_fully:
                self.body.update(plots=False)
                self._keys.update()
            if self.is_mounted_fully and self.context.inside.look(shown=self.body.shows("inside")):
                self.body.panes["inside"].update()
            if self.poller.poll(force=force) or supervised or self._plots_are_old:
                self.pace.stir()
                self.session.follow()
                self.context.described.look()
                self.show_all()
            for sheet in self.screen_stack:
                if isinstance(sheet, Sheet):
                    sheet.follow()
        except LrtuiError as error:
            self.tell(str(error))
        if self.is_mounted_fully:
            self.notices.look(self.screen_stack, self.size.width)

    @property
    def is_mounted_fully(self) -> bool:
        """Whether there are widgets to show anything with: not before they are made, nor on the way out."""
        return bool(self.screen_stack) and self._keys.is_attached

    def show_all(self) -> None:
        """Every part of the screen shows what the session and the store say now."""
        if self.is_mounted_fully:
            self._plots_are_old = False
            self.body.update()
            self._show_lines()

    def _show_lines(self) -> None:
        screen = self.screen_stack[0]
        for widget in (StatusLine, SummaryLine, Banner):
            screen.query_one(widget).update()
        self._keys.update()

    def attempt(self, action: Callable[[], object]) -> None:
        """Do something with the session; an error is told in the banner, and nothing is lost."""
        self.pace.stir()
        self.session.notice = None
        try:
            action()
        except LrtuiError as error:
            self.session.notice = str(error)
        # What a person looks at first is cheap to draw; the plots follow in a moment.
        self._plots_are_old = True
        if self.is_mounted_fully:
            self.body.update(plots=False)
            self._show_lines()
        self.set_timer(QUICK_SECONDS, self.look)

    def tell(self, words: str) -> None:
        """Say something in passing, in the banner or on the sheet that lies over it."""
        self.session.notice = words
        self.show_all()

    def _lay(self, action: Callable[[], object]) -> None:
        """Take something else, and ask the engine about the dataset that then lies there."""

        def both() -> None:
            try:
                action()
            finally:
                self.context.described.ask()

        self.attempt(both)

    def words_for(self, binding: Binding) -> str:
        """What a key does at this moment; nothing for one that has nothing to do."""
        return key_words(binding, self.session, suggests=self.body.form.suggests)

    def action_run(self, name: str) -> None:
        """Space, step, reset, stop, undo: what the session does under this name."""
        self.attempt(lambda: act(self.session, name))

    def action_take(self) -> None:
        """Take what the data suggests for the field under the cursor; of a script its data and settings."""
        if self.session.script is None:
            self.body.form.take_suggestion()
            return
        self.attempt(lambda: take(self.session, self.take_source))

    def action_doctor(self) -> None:
        """To the doctor's pane, or where it has no room or the focus already, to the whole letter."""
        self.attempt(lambda: ask_doctor(self.session))
        if self.body.shows("doctor") and self.body.focused_pane != "doctor":
            self.body.focus_pane("doctor")
            return
        from lrtui.tui.screens.doctor import DoctorScreen

        self.push_screen(DoctorScreen(self.context), lambda fix: self.action_fix() if fix else None)

    def action_fix(self) -> None:
        """Apply the fix that is proved, and start the run; several changes are shown first."""
        if self.session.script is not None:
            self.show_patch()
            return
        found = self.session.fix()
        if isinstance(found, str):
            self.tell(found)
        elif len(found.changes) > 1:
            from lrtui.tui.screens.questions import FixScreen

            self.push_screen(FixScreen(self.context, found), lambda yes: self._heal(found) if yes else None)
        else:
            self._heal(found)

    def _heal(self, fix: Fix) -> None:
        if fix.apart:
            self.body.loss.log_scale = True  # or the one curve would be a flat line below the other
        how = self.attempt if fix.source == self.session.source else self._lay
        how(lambda: self.session.heal(fix, self.glyphs.arrow))

    def action_log_scale(self) -> None:
        """The loss plot's other scale."""
        self.body.loss.log_scale = not self.body.loss.log_scale

    def action_whole(self) -> None:
        """The pane with the focus fills the screen, or gives it back."""
        self.body.turn_whole()
        self.show_all()

    def action_copy(self) -> None:
        """The value, the line or the pane that has the focus, to the clipboard of the terminal."""
        self.tell(self.copy(*self.body.panes[self.body.focused_pane].copied()))

    def take_source(
        self,
        source: Source,
        dropped: tuple[str, ...] | None = None,
        codes: tuple[float, ...] | None = None,
    ) -> None:
        """Take a dataset, and of a table the columns to leave out and the codes for missing cells."""
        self._lay(lambda: self.session.choose(source, dropped, codes))

    def show_run(self, run_id: int) -> None:
        """Show a run, with its dataset and config."""
        self._lay(lambda: self.session.show(run_id))

    async def _in_pane(self, name: str, action: str) -> None:
        self.body.focus_pane(name)
        await self.run_action(action, self.body.panes[name])

    def action_pane(self, name: str) -> None:
        """To a pane by name; from the list of runs on to all of them."""
        if name == "runs" and self.body.focused_pane == name:
            self.action_all_runs()
        self.body.focus_pane(name)

    def action_focus_pane(self, direction: int) -> None:
        """To the next pane or the one before."""
        panes = self.body.order
        self.body.focus_pane(panes[(panes.index(self.body.focused_pane) + direction) % len(panes)])

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """A small screen shows the pane that has the focus."""
        if self.is_mounted_fully:
            self.body.settle()

    async def action_interrupt(self) -> None:
        """Ctrl+C leaves from anywhere, with the same question."""
        await self.action_quit()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of the dashboard, then Textual's own."""
        yield SystemCommand("Watch a script…", "Run a PyTorch script, and see it here", self.action_watch)
        yield SystemCommand(TITLE, "The script that they were taken from", self.action_write_back)
        yield from own_commands(self, self.context, self.action_picture)
        yield from pane_commands(self.body.panes, self._in_pane, ascii_only=self.glyphs.ascii_only)
        for command in super().get_system_commands(screen):
            if command.title not in REPLACED:
                yield command
