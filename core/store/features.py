"""The names of a run's features: as many as the data has columns, and so in a table of their own."""

from __future__ import annotations

import json
from collections.abc import Sequence

from lrtui.core.store.checksums import checksum_of, holds
from lrtui.core.store.database import Table
from lrtui.core.store.reading import attempted, conforms


class FeatureTable(Table):
    """Names of features by run, in the order of the weights."""

    def put(self, run_id: int, names: Sequence[str]) -> None:
        """Keep the names in place of earlier ones."""
        text = json.dumps(list(names))
        kept = checksum_of(text)
        self._database.insert("features", replace=True, run_id=run_id, names=text, checksum=kept)

    def get(self, run_id: int) -> list[str]:
        """The names; none where there are none yet, or where they are damaged."""
        row = self._database.row("SELECT names, checksum FROM features WHERE run_id = ?", (run_id,))
        if row is None or not holds(row["checksum"], checksum_of(row["names"])):
            return []
        found = attempted(lambda: json.loads(row["names"]))
        return found if isinstance(found, list) and conforms(found, list[str]) else []
