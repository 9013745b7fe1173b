"""What others changed in the config of the run that is shown: the form takes it over."""

from __future__ import annotations

from typing import Any

from lrtui.core.config import Config, live_fields


def changes_by_others(now: Config, known: Config, sent: dict[str, Any], *, live: bool) -> dict[str, Any]:
    """The live fields that are otherwise ``now`` than as the run was ``known``, with their values.

    ``sent`` are changes of this dashboard's own on their way to the run, as long as that is ``live``; those
    that arrived, or never will, are taken out of it.
    """
    values = {}
    for name in live_fields():
        value = getattr(now, name)
        if name in sent:
            if value != sent[name] and live:
                continue  # on its way
            if value != sent.pop(name):
                values[name] = value  # it never arrived
        elif value != getattr(known, name):
            values[name] = value
    return values
