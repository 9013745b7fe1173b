"""The screen below all sheets, or a part of it, as SVG, and saving such a picture."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.segment import Segment, Segments
from textual.geometry import Region
from textual.screen import Screen

from lrtui.core.errors import StoreError
from lrtui.core.store.home import home


def picture_of(screen: Screen[Any], region: Region | None, title: str) -> str:
    """An SVG of a screen, or of a region of it, as it was last drawn."""
    strips = screen._compositor.render_strips()
    part = region or Region(0, 0, screen.size.width, len(strips))
    console = Console(
        width=max(part.width, 1),
        height=max(part.height, 1),
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
        safe_box=False,
    )
    for strip in strips[part.y : part.bottom]:
        line = [*strip.crop(part.x, part.right), Segment.line()]
        console.print(Segments(line), end="", soft_wrap=True)
    return console.export_svg(title=title)


def save_picture(picture: str, path: Path | None = None) -> Path:
    """Save an SVG, beside the store where no path is given; returns where.

    Raises:
        StoreError: it cannot be written, or something is there already.
    """
    path = path or home() / f"lrtui_{datetime.now():%Y-%m-%dT%H_%M_%S_%f}.svg"
    try:
        with path.open("x", encoding="utf-8") as file:  # never over another
            file.write(picture)
    except FileExistsError:
        raise StoreError("There is a file of this name already.", "Give another name.") from None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise StoreError(f"The picture cannot be saved: {why}.", "Name another place.") from None
    return path
