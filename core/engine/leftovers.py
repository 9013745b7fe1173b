"""What processes leave behind that died: forgotten, or put right, when the next engine arrives."""

from __future__ import annotations

from contextlib import suppress

from lrtui.core.engine.owner import is_alive, remove_stale
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Store
from lrtui.datasets.disk.cache import Cache


def clear_leftovers(store: Store) -> None:
    """Engines and examinations that ended untold, states that nobody could take up, locks, drafts.

    Raises:
        StoreError: the store cannot be written; it can be tried again.
    """
    store.engines.sweep(is_alive)
    store.diagnoses.drop_orphans(is_alive)
    store.runs.fail_damaged()
    remove_stale()
    with suppress(LrtuiError, OSError):  # whoever needs the cache is told
        Cache().remove_stale()
