"""The panes and where they stand; which of them are shown follows size and focus."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Resize

from lrtui.tui.context import Context
from lrtui.tui.layout import MIN_TWO_COLUMNS, OF_FORM, OF_SCRIPT, PANES, arrange, held
from lrtui.tui.panes.base import Pane
from lrtui.tui.panes.dataset import DatasetPane
from lrtui.tui.panes.doctor import DoctorPane
from lrtui.tui.panes.hyperparameters import HyperparametersPane
from lrtui.tui.panes.inside import InsidePane
from lrtui.tui.panes.loss import LossPane
from lrtui.tui.panes.metrics import MetricsPane
from lrtui.tui.panes.predictions import PredictionsPane
from lrtui.tui.panes.runs import RunsPane
from lrtui.tui.panes.script import ScriptPane
from lrtui.tui.plots.view import PlotView


class Body(Container):
    """Places the panes by ``arrange``; resizing moves them and loses nothing."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.loss = LossPane(context)
        self.form = HyperparametersPane(context)
        self.panes: dict[str, Pane] = {
            "dataset": DatasetPane(context),
            "hyperparameters": self.form,
            "loss": self.loss,
            "predictions": PredictionsPane(context),
            "metrics": MetricsPane(context),
            "runs": RunsPane(context),
            "doctor": DoctorPane(context),
            "inside": InsidePane(context),
            "script": ScriptPane(context),
        }
        self._chosen = "hyperparameters"
        self._held = "predictions"
        self._session = context.session
        self._script = False  # whether the panes stand around a script
        self.least = MIN_TWO_COLUMNS  # of room, or one pane is shown at a time
        self.whole = False  # whether the pane with the focus has all the room
        for pane in self.panes.values():
            pane.display = False  # until there is a size to place it by

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield from self.panes.values()

    def on_resize(self, event: Resize) -> None:
        """Place the panes anew."""
        self.settle()
        if self.screen.focused is None:
            self.focus_pane(self._chosen)

    @property
    def focused_pane(self) -> str:
        """The pane that has the focus, or had it last."""
        for name, pane in self.panes.items():
            if pane.has_focus_within:
                self._chosen = name
        return self._chosen

    def shows(self, name: str) -> bool:
        """Whether a pane is on the screen."""
        return bool(self.panes[name].display)

    def focus_pane(self, name: str) -> None:
        """Give a pane the focus; where it has no room, it takes another's."""
        self._chosen = name
        # The pane that has the focus is hidden only once it has lost it: Textual would pass the focus on
        # to a neighbour.
        self._place(name, hide=False)
        # At once, not when the messages have been worked off: the next key may be there already.
        self.screen.set_focus(self.panes[name], scroll_visible=False)

    def turn_whole(self) -> None:
        """The pane with the focus takes all the room, or gives it back."""
        self.whole = not self.whole
        self.settle()

    def settle(self) -> None:
        """Place the panes for the present size and focus."""
        self._place(self.focused_pane)

    def _place(self, focused: str, *, hide: bool = True) -> None:
        width, height = self.size
        if not width or not height:
            return
        self._script = self._session.script is not None
        self._held = held(self._held, focused)
        boxes = arrange(
            width, height, focused, self._held, whole=self.whole, script=self._script, least=self.least
        )
        for name, pane in self.panes.items():
            box = boxes.get(name)
            if box is None and hide:
                pane.display = False
            elif box is not None:
                pane.display = True
                pane.styles.offset = (box.x, box.y)
                pane.styles.width = box.width
                pane.styles.height = box.height
        self.update()

    @property
    def order(self) -> list[str]:
        """The panes that Tab goes through: a script has no form, and whatever else is trained no script."""
        other = OF_FORM if self._session.script is not None else OF_SCRIPT
        return [name for name in PANES if name not in other or name == self.focused_pane]

    def _turn(self) -> None:
        """A script is shown now, or none any more: the panes stand elsewhere, and the focus goes along."""
        self._script = self._session.script is not None
        here = self.focused_pane
        if here in (OF_FORM if self._script else OF_SCRIPT):
            self.focus_pane("script" if self._script else "hyperparameters")
        self.settle()

    def update(self, *, plots: bool = True) -> None:
        """Every pane on the screen shows the present state; without plots it costs next to nothing."""
        if self._script != (self._session.script is not None) and self.size.width:
            self._turn()
            return
        for pane in self.panes.values():
            if pane.display and pane.is_mounted and (plots or not pane.query(PlotView)):
                pane.update()
