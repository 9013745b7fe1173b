"""The run that ``lrtui watch`` keeps of a script; without a store the script runs all the same."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lrtui.core.engine.owner import new_owner
from lrtui.core.engine.script_session import ScriptSession
from lrtui.core.errors import StoreError
from lrtui.core.store import Store
from lrtui.core.store.scripts import Asked
from lrtui.tui.cli.printing import echo
from lrtui.tui.cli.remarks import open_store


@contextmanager
def kept(asked: Asked, wanted: Callable[[], bool]) -> Iterator[ScriptSession]:
    """A session for a script, whose run stands in the store."""
    with ExitStack() as stack:
        try:
            owner = new_owner()
            stack.callback(owner.release)
            store, token = stack.enter_context(open_store()), owner.token
            run_id = store.new_script(asked, token)
        except StoreError as error:
            echo(f"lrtui: {error.what} This run is not kept.", err=True)
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="lrtui-watch-"))
            store, token = stack.enter_context(Store(Path(folder, "lrtui.db"))), f"{os.getpid()}-00000000"
            run_id = store.new_script(asked, token)
        yield ScriptSession(store, run_id, token, asked, wanted)
