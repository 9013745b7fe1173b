"""The dashboard while it shows a stored run as it went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.actions import ActionParseResult
from textual.app import SystemCommand
from textual.dom import DOMNode
from textual.screen import Screen

from lrtui.tui.replaying import begin_replay, heard, refusal
from lrtui.tui.sheets import SheetApp


class ReplayApp(SheetApp):
    """Begins replays, moves them, and lets nothing else come between.

    Attributes:
        first_run: what is shown first, by its id.
        replay: that as it went, so many times as fast, or with 0 in ten seconds; with ``None`` as it is.
    """

    first_run: int | None = None
    replay: float | None = None

    def show_first(self) -> None:
        """Show the first run, or its replay."""
        session = self.context.session
        session.show(self.first_run)
        if self.replay is not None:
            begin_replay(session, self.first_run, self.replay or None)

    def plays(self, action: str) -> bool:
        """Whether there is a replay for the keys that move one."""
        return action != "replay" or self.context.poller.playing is not None

    def action_replay(self, way: str) -> None:
        """Back and on."""
        self.context.attempt(lambda: heard(self.context.session, way))

    def action_begin_replay(self) -> None:
        """The run that is shown, as it went."""
        self.context.attempt(lambda: begin_replay(self.context.session, None))

    def action_reset(self) -> None:
        """From the beginning again, or as ever where nothing is replayed."""
        if self.context.poller.playing is None:
            super().action_reset()
        else:
            self.action_replay("reset")

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do something; of what has to wait for the end of a replay it is said."""
        why = refusal(self.context.session, action) if isinstance(action, str) else None
        if why is not None and len(self.screen_stack) == 1:
            self.context.tell(why)
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """One more: it has no key."""
        yield SystemCommand("Replay the run", "As it went, in ten seconds", self.action_begin_replay)
        yield from super().get_system_commands(screen)
