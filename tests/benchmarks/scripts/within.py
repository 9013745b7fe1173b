"""Scripts put to the doctor within this process: what it says and patches, but no times."""

from __future__ import annotations

import sys
import time
from functools import cache
from pathlib import Path

from lrtui.core.errors import LrtuiError
from lrtui.core.watch.doctor import diagnose_script
from lrtui.core.watch.refusals import check_seen
from lrtui.core.watch.warm import WarmPython
from lrtui.core.watch.watching import Start
from tests.benchmarks.scripts.measuring import NAME
from tests.benchmarks.scripts.watching import LIMIT, Answer


@cache
def warm_python() -> WarmPython:
    """The process that is forked for every run of a script; it ends with this one."""
    return WarmPython(sys.executable, preload=["torch._dynamo"])  # as optimizers do


def ask_within(text: str, folder: Path) -> Answer:
    """What ``lrtui watch train.py --json`` says, but for its seconds."""
    (folder / NAME).write_text(text)
    start, began = Start(sys.executable, [NAME], folder=str(folder)), time.perf_counter()
    try:
        seen = warm_python().watch(start, limit=LIMIT)
        check_seen(NAME, seen, None)
    except (LrtuiError, OSError) as error:
        return Answer(error=str(error), seconds=time.perf_counter() - began)
    found = diagnose_script(start, seen, warm=warm_python())
    causes = tuple(dict.fromkeys(said.finding.cause for said in found.findings))
    return Answer(str(found.status), causes, found.patch, found.reruns, time.perf_counter() - began)
