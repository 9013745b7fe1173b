"""The patch of a script as a coloured diff; Enter applies it and runs the script again."""

from __future__ import annotations

from textual.content import Content

from lrtui.core.store.scripts import Patch
from lrtui.datasets.text import safe
from lrtui.tui.context import Context
from lrtui.tui.keys import bind
from lrtui.tui.render.wrapping import wrapped
from lrtui.tui.screens.base import PageSheet

LONGEST = 2000
STYLES = {"+++": "bold", "---": "bold", "+": "$success", "-": "$error", "@@": "dim"}


class PatchScreen(PageSheet[bool | None]):
    """Scrolls with the arrow keys; Enter applies, Esc leaves everything as it is."""

    BINDINGS = [
        bind("enter,f", "dismiss(True)", "apply and run again", key_display="⏎", id="patch.apply"),
        bind("up,k", "scroll(-1)", "scroll", key_display="↑↓", id="patch.up"),
        bind("down,j", "scroll(1)", "a line down", show=False, id="patch.down"),
        bind("escape,n,q", "dismiss(None)", "leave it", key_display="Esc", id="patch.leave"),
    ]

    def __init__(self, context: Context, patch: Patch, proof: str) -> None:
        """``proof``: what came of the script with it, in a sentence."""
        super().__init__(context)
        self._patch, self._proof = patch, proof

    def on_mount(self) -> None:
        """Say what it is."""
        super().on_mount()
        self.set_title("Patch", below="the original stays as .orig")

    def lines(self, width: int) -> list[Content]:
        """What it does in words, then the diff; what is too long goes on below."""
        found = [Content(line) for line in wrapped(safe(self._proof, LONGEST), max(width, 12))]
        found.append(Content(""))
        for line in self._patch.diff.splitlines():
            style = next((style for mark, style in STYLES.items() if line.startswith(mark)), "")
            text = self.glyphs.safe(line.replace("\t", "    "), LONGEST)
            room = max(width, 12)
            parts = [text[at : at + room] for at in range(0, max(len(text), 1), room)]
            found += [Content.styled(part, style) for part in parts]
        return found
