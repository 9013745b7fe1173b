"""What others changed in the config of the run that is shown: the form takes it over."""

from __future__ import annotations

from typing import Any, NamedTuple

from lrtui.core.config import Config, live_fields
from lrtui.core.store import Run


class Sent(NamedTuple):
    """A change of this dashboard's own on its way: the id of its command, and who is to obey it."""

    command: int
    owner: str

    def waits(self, run: Run) -> bool:
        """Whether the run as it is known does not yet tell what came of it.

        By its value that cannot be told: one that is set and put back finds the run as it was all along.
        """
        return run.status.live and run.owner == self.owner and run.heeded < self.command


def changes_by_others(run: Run, known: Config, sent: dict[str, Sent]) -> dict[str, Any]:
    """The live fields that the form has to take over, with their values.

    These are the ones that are otherwise now than as the run was ``known``, and those of which a change was
    ``sent`` that arrived, or never will: they are taken out of it. What is on its way is let be.
    """
    values = {}
    for name in live_fields():
        value = getattr(run.config, name)
        if name in sent:
            if sent[name].waits(run):
                continue
            del sent[name]
            values[name] = value
        elif value != getattr(known, name):
            values[name] = value
    return values
