"""Keys, clicks and pastes act one after the other, each on the screen that the one before it left.

Textual hands a key to whatever has the focus when it comes, and that works it off later. Of two Enters in
one packet the second would act on a sheet that is closing. Here the second waits until the first has been
worked off, so that a burst does what the same keys do when they are typed slowly.
"""

from __future__ import annotations

from asyncio import TimerHandle
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.events import Event, Key, MouseMove
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

# The event goes up to the app; then what its handlers sent; then what came of that, a screen at most.
ROUNDS = 3
PATIENCE_SECONDS = 3.0  # for something that does not answer: typing must go on


class InputOrder:
    """Holds what comes while something is being worked off; ``handle`` is what the app does with one."""

    def __init__(self, app: App[Any], handle: Callable[[Event], Awaitable[None]]) -> None:
        self._app, self._handle = app, handle
        self._held: deque[Event] = deque()
        self.number = 0  # of what is being worked off; answers about an earlier one are late
        self._overdue: TimerHandle | None = None

    @property
    def busy(self) -> bool:
        """Whether something is held or being worked off."""
        return bool(self._held) or self._overdue is not None

    async def take(self, event: Event) -> None:
        """Act on an event now, or as soon as the one before has been worked off."""
        self._held.append(event)
        await self._go_on()

    async def _go_on(self) -> None:
        # Nothing acts on an app that is being left: it would open screens that never come to be.
        while self._held and self._overdue is None and self._app.is_running and not self._app._exit:
            event = self._held.popleft()
            before = self._app.screen, self._app.focused
            await self._handle(event)
            if not self._is_done(event, *before):
                await self._await()

    def _is_done(self, event: Event, screen: Screen[Any], focused: Widget | None) -> bool:
        """Whether nothing can come of it any more: most keys act at once, and stay on their screen."""
        stays = self._app.screen is screen and self._app.focused is focused
        acted = isinstance(event, Key) and not event.is_forwarded
        return isinstance(event, MouseMove) or (acted and stays)

    async def _await(self) -> None:
        loop = self._app._loop
        if loop is not None:
            self.number += 1
            self._overdue = loop.call_later(PATIENCE_SECONDS, self._app.call_later, self._done, self.number)
            await self._round(ROUNDS, self.number)

    async def _round(self, left: int, number: int) -> None:
        """Send a word the way that messages go: from the focus up, and from the widget under the mouse."""
        pumps: list[MessagePump] = []
        for start in (self._app._mouse_down_widget, self._app.focused, self._app.screen):
            pump: MessagePump | None = start
            while pump is not None and pump not in pumps:
                pumps.append(pump)
                pump = pump._parent
        # The app is last: what the others sent it is before the word in its queue.
        pumps.sort(key=lambda pump: pump is self._app)
        await self._pass_on(pumps, left, number)

    async def _pass_on(self, pumps: list[MessagePump], left: int, number: int) -> None:
        if number != self.number or self._overdue is None:
            return
        while pumps:
            if pumps.pop(0).call_later(self._pass_on, pumps, left, number):
                return
        await (self._round(left - 1, number) if left > 1 else self._done(number))

    async def _done(self, number: int) -> None:
        if number == self.number and self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None
            await self._go_on()
