"""What counts as a failure, and how two of the same kind are told to be the same."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from types import TracebackType

OURS = ("/tui/", "/core/", "/datasets/")


@dataclass(frozen=True)
class Failure:
    """A crash, a hang, garbage on the screen, or a dashboard that cannot be left."""

    kind: str
    where: str  # for telling kinds apart: the error and the innermost line of the product
    detail: str  # for people: the traceback, or what was seen

    @property
    def signature(self) -> str:
        return f"{self.kind}: {self.where}"


def crash(error: BaseException, kind: str = "crash") -> Failure:
    """An error that nobody caught."""
    while True:  # a worker wraps what happened in it
        inner = getattr(error, "error", None)
        if not isinstance(inner, BaseException):
            break
        error = inner
    detail = "".join(traceback.format_exception(error))
    return Failure(kind, f"{type(error).__name__} in {_place(error.__traceback__)}", detail)


def _place(tb: TracebackType | None) -> str:
    frames = traceback.extract_tb(tb)
    ours = [
        f for f in frames if any(part in f.filename for part in OURS) and "site-packages" not in f.filename
    ]
    ours = [f for f in ours if "/tests/" not in f.filename]
    last = frames[-1] if frames else None
    told = [f"{f.filename.rsplit('/', 2)[-2]}/{f.filename.rsplit('/', 1)[-1]}:{f.name}" for f in ours[-1:]]
    if last is not None and (not ours or last is not ours[-1]):
        told.append(f"{last.filename.rsplit('/', 1)[-1]}:{last.name}")
    return " → ".join(told)
