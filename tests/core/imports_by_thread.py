"""``python -m tests.core.imports_by_thread``: an engine does all that it can, and tells who imports what.

Prints a JSON object: ``before``, the modules that were there when the first thread could begin, and
``threads``, those that were imported anywhere but in the engine's own thread.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

found: list[str] = []


def hear(event: str, given: tuple[object, ...]) -> None:
    """Python's own word that a module is being looked for."""
    if event == "import" and threading.current_thread() is not threading.main_thread():
        found.append(str(given[0]))


def main() -> None:
    """As a dashboard would: look at a file at once; train, ask the doctor, sweep, read what is large."""
    sys.addaudithook(hear)
    from lrtui.core.garbage import collect_later
    from lrtui.core.lean_torch import import_torch

    collect_later()  # both as an engine does
    import_torch()
    from lrtui.core.config import Config, changed
    from lrtui.core.doctor.suggested import Suggestions
    from lrtui.core.engine.loop import Engine
    from lrtui.core.engine.owner import new_owner
    from lrtui.core.store import Description, Store
    from lrtui.core.store.messages import Describe, Inspect, Start, StartSweep, Suggest
    from lrtui.core.sweep.plan import Axis, SweepPlan
    from lrtui.datasets.inspection.record import Inspection
    from lrtui.datasets.source import Source

    table = Path("table.csv")
    rows = [f"{i % 7},{(i * i) % 11},{'abc'[i % 3]},{(i * 7) % 13 > 5:d}" for i in range(120)]
    table.write_text("\n".join(["a,b,c,y", *rows]) + "\n")
    file = Source(str(table.absolute()), target="y")
    config = changed(Config(), epochs=10)
    with Store() as store:
        owner = new_owner()
        engine = Engine(owner.token, gone=lambda seconds: bool(time.sleep(seconds)))
        send = store.commands.send

        def until(done: Callable[[], object]) -> None:
            for _ in range(20_000):
                engine.turn()
                if done():
                    return
            raise AssertionError(f"never: {done}")

        def run(source: Source, config: Config) -> None:
            run_id = store.runs.create(source, config, origin="test", owner=owner.token)
            send(owner.token, Start(run_id))
            until(lambda: not store.runs.get(run_id).status.live)
            until(lambda: (known := store.diagnoses.get(run_id)) is not None and known.letter is not None)

        inspect = send(owner.token, Inspect(file))  # as for lrtui FILE, while everything else begins
        suggest = send(owner.token, Suggest(file, config))
        describe = send(owner.token, Describe(file))
        until(lambda: engine.imports.complete)
        before = [*sys.modules]
        until(lambda: store.answers.get(inspect, Inspection))
        until(lambda: store.answers.get(describe, Description))
        until(lambda: store.answers.get(suggest, Suggestions))
        run(file, config)
        run(Source("circles:n=40"), changed(config, lr=1e-6, optimizer="adam", features="rbf"))
        whole = changed(config, optimizer="lbfgs", batch_size=0, epochs=5)
        run(Source(str(file.name), "c", multiclass=True), whole)
        from lrtui.datasets import loading

        loading.LARGE_BYTES = 0  # the same file, read as one that does not fit into memory
        table.write_text("\n".join(["a,b,c,y", *rows, *rows]) + "\n")
        run(file, config)
        plan = SweepPlan(file, config, (Axis("lr", (0.1, 0.5)),))
        sweep_id = store.sweeps.create(plan, owner.token)
        send(owner.token, StartSweep(sweep_id))
        until(lambda: store.sweeps.get(sweep_id).status.value == "finished")
        owner.release()
    imported = [module for module in dict.fromkeys(found) if module in sys.modules]
    print(json.dumps({"before": before, "threads": imported}))


if __name__ == "__main__":
    main()
