"""Makes the moving picture of the README: ``python -m scripts.moving``. A real run in the real dashboard.

An SVG that moves by CSS alone, so that pages which run no scripts show it too. A row of the terminal that is
the same in several frames stands in it once; where nothing moves, the last frame is shown.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass, field
from html import escape

from rich.color import blend_rgb
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme

from lrtui.core.doctor import doctor
from scripts.screenshots import FOLDER
from tests.tui.bench import Bench, dashboard

COLUMNS, ROWS = 100, 30
CELL, LINE, EDGE, SIZE = 8.4, 17, 12, 14  # of a cell, a row, the edge and the letters, in pixels
BLANK = "\N{NO-BREAK SPACE}"  # others are joined by whoever draws it
THEME = TerminalTheme(
    (18, 18, 20),
    (214, 214, 220),
    [(60, 60, 66), (240, 100, 100), (120, 200, 120), (220, 180, 90), (110, 160, 240), (200, 130, 220),
     (90, 190, 200), (200, 200, 206)],
    [(120, 120, 128), (255, 130, 130), (150, 225, 150), (240, 205, 120), (140, 185, 255), (225, 160, 240),
     (120, 215, 225), (245, 245, 250)],
)  # fmt: skip


@dataclass
class Film:
    """Frames, each as its rows in SVG, and how long each is shown.

    Attributes:
        styles: CSS of each look, and the class it has.
    """

    frames: list[list[str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    styles: dict[str, str] = field(default_factory=dict)

    def take(self, bench: Bench, seconds: float) -> None:
        """What the screen shows now is the next frame."""
        strips = bench.app.screen._compositor.render_strips()
        self.frames.append([self._row(list(strip), number) for number, strip in enumerate(strips[:ROWS])])
        self.seconds.append(seconds)

    def _row(self, segments: list[Segment], number: int) -> str:
        """One row: backgrounds below, then pieces of text of one look."""
        below, above, at = "", "", 0
        for text, look in _joined(segments):
            front, back = _colours(look)
            x, width = EDGE + at * CELL, len(text) * CELL
            if back != THEME.background_color:
                below += f'<rect x="{x:.1f}" y="{EDGE + number * LINE}" width="{width:.1f}" height="{LINE}" fill="{back.hex}"/>'
            shown = text.rstrip()
            x += (len(shown) - len(shown.lstrip())) * CELL
            if shown := shown.strip():
                css = f"fill:{front.hex}" + (";font-weight:bold" if look.bold else "")
                name = self.styles.setdefault(css, f"s{len(self.styles)}")
                above += (
                    f'<text class="{name}" x="{x:.1f}" y="{EDGE + number * LINE + LINE - 5}" '
                    f'textLength="{len(shown) * CELL:.1f}">{escape(shown).replace(" ", BLANK)}</text>'
                )
            at += len(text)
        return below + above

    def svg(self) -> str:
        """All of it."""
        shown: dict[tuple[int, str], list[int]] = {}
        for frame, rows in enumerate(self.frames):
            for number, row in enumerate(rows):
                if row:
                    shown.setdefault((number, row), []).append(frame)
        groups: dict[tuple[int, ...], str] = {}
        for (_, row), frames in shown.items():
            groups[tuple(frames)] = groups.get(tuple(frames), "") + row
        css = "".join(f".{name}{{{look}}}" for look, name in self.styles.items())
        body, last = "", len(self.frames) - 1
        for number, (frames, rows) in enumerate(groups.items()):
            if len(frames) == len(self.frames):
                body += f"<g>{rows}</g>"
                continue
            css += f"@keyframes k{number}{{{self._steps(set(frames))}}}"
            rest = "" if last in frames else "visibility:hidden;"
            css += f".g{number}{{{rest}animation:k{number} {sum(self.seconds):.1f}s step-end infinite}}"
            body += f'<g class="g{number}">{rows}</g>'
        width, height = 2 * EDGE + COLUMNS * CELL, 2 * EDGE + ROWS * LINE
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
            'aria-label="lrtui trains, the doctor says what is wrong, and its fix heals the run" '
            f'font-size="{SIZE}" font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace">'
            f"<style>{css}@media(prefers-reduced-motion:reduce){{*{{animation:none!important}}}}</style>"
            f'<rect width="100%" height="100%" rx="8" fill="{THEME.background_color.hex}"/>{body}</svg>\n'
        )

    def _steps(self, frames: set[int]) -> str:
        """When a row is seen, as the steps of an animation."""
        whole, at, steps, before = sum(self.seconds), 0.0, "", None
        for frame, seconds in enumerate(self.seconds):
            seen = frame in frames
            if seen != before:
                steps += f"{100 * at / whole:.2f}%{{visibility:{'visible' if seen else 'hidden'}}}"
            before, at = seen, at + seconds
        return steps


def _joined(segments: list[Segment]) -> list[tuple[str, Style]]:
    """Pieces of text, neighbours of one look as one."""
    found: list[tuple[str, Style]] = []
    for text, style, _ in segments:
        look = style or Style.null()
        if found and _look(found[-1][1]) == _look(look):
            found[-1] = found[-1][0] + text, look
        else:
            found.append((text, look))
    return found


def _look(style: Style) -> tuple[object, ...]:
    return *_colours(style), bool(style.bold)


def _colours(style: Style) -> tuple[ColorTriplet, ColorTriplet]:
    """Of the letters, and of what is behind them."""
    front = THEME.foreground_color if style.color is None else style.color.get_truecolor(THEME)
    back = THEME.background_color
    if style.bgcolor is not None and not style.bgcolor.is_default:
        back = style.bgcolor.get_truecolor(THEME, foreground=False)
    front, back = (back, front) if style.reverse else (front, back)
    return (blend_rgb(front, back, 0.45) if style.dim else front), back


async def film() -> Film:
    """Unscaled features, and what the doctor makes of them."""
    os.environ["LRTUI_HOME"] = tempfile.mkdtemp(prefix="lrtui-pictures-")
    found = Film()
    settings = {"scaling": "none", "epochs": 2000}
    async with dashboard("breast-cancer", (COLUMNS, ROWS), doctor=doctor, **settings) as bench:
        found.take(bench, 2.0)
        await bench.press("space")
        for _ in range(5):
            await bench.train()
            found.take(bench, 0.6)
        await bench.train_to_the_end()
        found.take(bench, 1.2)
        await bench.examine()
        found.take(bench, 2.5)
        await bench.press("d")
        found.take(bench, 4.0)
        await bench.press("f")
        found.take(bench, 2.5)
        for _ in range(4):
            await bench.train()
            found.take(bench, 0.6)
        await bench.train_to_the_end()
        await bench.examine()
        found.take(bench, 4.0)
    return found


def main() -> None:
    """Write the picture."""
    text = asyncio.run(film()).svg()
    (FOLDER / "moving.svg").write_text(text)
    print(f"moving.svg, {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main()
