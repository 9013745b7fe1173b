"""What nobody expected: a traceback for the log, and a sentence for the person."""

from __future__ import annotations

import os
from datetime import datetime
from traceback import format_exception

from textual.message_pump import CallbackError

from lrtui.core.engine.launch import open_log
from lrtui.core.errors import LrtuiError, StoreError
from lrtui.core.store.home import home
from lrtui.datasets.text import harmless, quote, safe

LOG_NAME = "dashboard.log"
LONGEST = 200  # columns of an error's own words


class DashboardFailedError(LrtuiError):
    """The dashboard ended by an error that nobody expected."""

    title = "Dashboard"


def failure_of(error: BaseException) -> LrtuiError:
    """The error to tell: itself where it has words of its own; others go to the log."""
    if isinstance(error, CallbackError):  # Textual's, around what a timer came upon
        error = error.__context__ or error
    if isinstance(error, LrtuiError):
        return error
    words = safe(f"{type(error).__name__}: {error}", LONGEST)
    log = quote(str(home() / LOG_NAME))
    try:
        _write(error)
    except (OSError, StoreError) as refused:
        fix = f"The log could not be written ({safe(str(refused))}). Start lrtui again."
    else:
        fix = f"Where it happened stands in {log}. Start lrtui again; nothing that was trained is lost."
    return DashboardFailedError(f"The dashboard ended by an error of its own ({words}).", fix)


def _write(error: BaseException) -> None:
    """Append a traceback to the log."""
    found = harmless("".join(format_exception(error)))
    with os.fdopen(open_log(LOG_NAME), "a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"{datetime.now():%Y-%m-%d %H:%M:%S} {found}")
