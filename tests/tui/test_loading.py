"""While large data is read, the status line says how far it is."""

from __future__ import annotations

from lrtui.core.store.loads import Load
from lrtui.tui.status import loading_words
from tests.tui.bench import dashboard


def test_the_words_are_a_share_and_the_time_left() -> None:
    assert loading_words(Load("a.csv", "reading", 0.421, 7.4)) == "reading 42 %  0:07 left"
    assert loading_words(Load("a.csv", "preparing", 0.0)) == "preparing 0 %"


async def test_the_status_line_tells_of_the_run_that_waits_for_its_data() -> None:
    async with dashboard() as bench:
        await bench.press("space")
        run = bench.app.session.run
        assert run is not None
        owner = bench.app.session.engine.token
        bench.store.loads.put(owner, Load("higgs.csv", "reading", 0.42, 7.0, run.id))
        bench.app.look(force=True)
        assert bench.status.rstrip().endswith(f"run {run.id}  reading 42 %  0:07 left")
        bench.store.loads.put(owner, Load("higgs.csv", "reading", 0.5, 6.0, run.id + 1))
        bench.app.look(force=True)
        assert "reading" not in bench.status  # another run waits
        bench.store.loads.drop(owner)
        bench.app.look(force=True)
        assert "starting" in bench.status


async def test_the_status_line_tells_of_what_lies_on_the_desk() -> None:
    async with dashboard() as bench:
        bench.store.loads.put(bench.app.session.engine.token, Load("higgs.csv", "preparing", 0.1))
        bench.app.look(force=True)
        assert bench.status.rstrip().endswith("preparing 10 %")
