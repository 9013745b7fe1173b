"""Where in the person's own files something is called."""

from __future__ import annotations

import os
import sys
import sysconfig
from types import FrameType
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
_own: dict[str, bool] = {}


def _libraries() -> tuple[str, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    found = {os.path.realpath(sysconfig.get_path(name)) + os.sep for name in names}
    found |= {sysconfig.get_path(name) + os.sep for name in names}
    return (*found, HERE + os.sep)


_LIBRARIES = _libraries()


def is_own(file: str) -> bool:
    """Whether a file is the person's: of no library, and a file at all."""
    known = _own.get(file)
    if known is None:
        path = os.path.abspath(file)
        outside = not path.startswith(_LIBRARIES) and not os.path.realpath(path).startswith(_LIBRARIES)
        cell = file.startswith("<ipython-input")
        known = cell or (outside and not file.startswith("<") and "site-packages" not in path)
        _own[file] = known
    return known


def own_frame(skip: int = 1) -> FrameType | None:
    """The nearest frame of the person's."""
    frame: FrameType | None = sys._getframe(skip)
    while frame is not None and not is_own(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def place_of(frame: FrameType | None) -> Any:
    """File, line and function of a frame."""
    if frame is None:
        return None
    code = frame.f_code
    if code.co_filename.startswith("<"):
        return [code.co_filename, frame.f_lineno, code.co_name]
    return [os.path.abspath(code.co_filename), frame.f_lineno, code.co_name]


def here(skip: int = 2) -> Any:
    """The nearest place of the person's."""
    return place_of(own_frame(skip))


def site(frame: Any) -> tuple[int, int, int, int]:
    """What tells one call from another: where its frame and its caller stand, by ids: hashes are slow."""
    back = frame.f_back or frame
    return id(frame.f_code), frame.f_lasti, id(back.f_code), back.f_lasti
