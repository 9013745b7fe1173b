"""What people write on runs: a name, a note, tags; and runs that were put away, until they go for good."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Sequence
from functools import partial

from lrtui.core.errors import StoreError
from lrtui.core.store.database import Table
from lrtui.core.store.reading import attempted, parsed
from lrtui.core.store.records import Labels
from lrtui.datasets.text import quote

KEPT_SECONDS = 7 * 24 * 3600.0  # for which a run that was put away can be brought back
LONGEST = {"name": 60, "note": 2000, "tag": 30}  # characters
MOST_TAGS = 20


def labels_of(name: str, note: str, tags: Collection[str]) -> Labels:
    """Labels of what was typed: on one line, without blanks around them, each tag once.

    Raises:
        StoreError: a name could be taken for a number, for ``last`` or for an epoch of one (``12@40``), a
            tag holds blanks, a comma or a double quote, or something is too long.
    """
    found = Labels(_line("name", name), _line("note", note), tuple(_line("tag", tag) for tag in tags))
    found = Labels(found.name, found.note, tuple(dict.fromkeys(filter(None, found.tags))))
    before, sign, epoch = found.name.rpartition("@")
    run = before if sign and epoch.isdigit() else found.name
    if run == "last" or run.isdigit():
        raise StoreError(
            f"{quote(found.name)} is no name for a run: that means one by itself.",
            "Give another name, such as baseline.",
        )
    for tag in found.tags:
        if '"' in tag:  # by which a filter tells where a word ends
            raise StoreError(f"The tag {quote(tag)} holds a double quote.", "Leave it out.")
        if any(one.isspace() or one == "," for one in tag):
            raise StoreError(f"The tag {quote(tag)} is more than one word.", "Give it without blanks.")
    if len(found.tags) > MOST_TAGS:
        raise StoreError(f"A run has at most {MOST_TAGS} tags.", "Take some away first.")
    return found


def _line(what: str, text: str) -> str:
    found = " ".join(text.split())
    if len(found) > LONGEST[what]:
        raise StoreError(
            f"A {what} has at most {LONGEST[what]:,} characters, and this one {len(found):,}.",
            "Give a shorter one.",
        )
    return found


def read_labels(text: object) -> Labels:
    """Labels from their column; a damaged one is no harm to the run."""
    if text is None:
        return Labels()
    data = attempted(partial(parsed, text)) or {}
    tags = data.get("tags", ())
    found = attempted(lambda: Labels(data.get("name", ""), data.get("note", ""), tuple(tags)))
    return found or Labels()


class LabelTable(Table):
    """The columns of the runs that people fill."""

    def set(self, run_id: int, labels: Labels) -> None:
        """Write them on a run; they take the place of what stood there."""
        text = None if labels == Labels() else json.dumps(labels.to_dict())
        self._database.execute("UPDATE runs SET labels = ? WHERE id = ?", (text, run_id))

    def named(self, name: str, *, removed: bool = False) -> list[int]:
        """The runs of a name, newest first; with ``removed`` those that were put away."""
        rows = self._database.rows(
            "SELECT id, labels FROM runs WHERE labels IS NOT NULL AND (removed IS NOT NULL) = ?"
            " ORDER BY id DESC",
            (removed,),
        )
        return [row["id"] for row in rows if read_labels(row["labels"]).name == name]

    def put_away(self, run_ids: Sequence[int]) -> None:
        """Take runs that have ended off every list; they can be brought back for ``KEPT_SECONDS``."""
        self._mark(run_ids, time.time())

    def bring_back(self, run_ids: Sequence[int]) -> None:
        """Put them on the lists again."""
        self._mark(run_ids, None)

    def _mark(self, run_ids: Sequence[int], when: float | None) -> None:
        with self._database.transaction():
            for run_id in run_ids:
                self._database.execute("UPDATE runs SET removed = ? WHERE id = ?", (when, run_id))

    def discard(self) -> None:
        """Remove for good what was put away long enough ago, with everything that hangs on it."""
        until = time.time() - KEPT_SECONDS
        if self._database.row("SELECT 1 FROM runs WHERE removed < ?", (until,)) is not None:
            self._database.execute("DELETE FROM runs WHERE removed < ?", (until,))
