"""``lrtui runs`` and ``lrtui resume`` never contradict each other, whatever became of a run's process."""

from __future__ import annotations

import json
import threading
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.engine.drive import drive
from lrtui.core.engine.owner import new_owner
from lrtui.core.engine.run_session import RunSession
from lrtui.core.store import Status, Store
from lrtui.core.store.rescue import rescues
from lrtui.datasets.source import Source
from tests.cli.commands import Lrtui, refused

MOONS = Source("moons")
CONFIG = changed(Config(), batch_size=0, optimizer="adam", epochs=60)
STORED = [status for status in Status if status is not Status.UNREADABLE]


@pytest.fixture(scope="module")
def whole() -> list[float]:
    """The weights of the run that nobody interrupted."""
    from lrtui.core.training.problem import problem_of
    from lrtui.core.training.trainer import Trainer
    from lrtui.datasets.loading import load

    trainer = Trainer(problem_of(load(MOONS), CONFIG), CONFIG)
    trainer.advance()
    return [*trainer.snapshot().weights]


def begun(store: Store, status: Status, owner: str | None, *, checkpoint: bool) -> int:
    """A run of this status, as a process may leave it at its death."""
    run_id = store.runs.create(MOONS, CONFIG, origin="test", owner="me")
    session = RunSession(store, run_id, "me")
    if checkpoint:
        session.open()
        session.step(20)
    store.runs.update(run_id, status=status, owner=owner)
    return run_id


@pytest.mark.parametrize(("status", "checkpoint"), [*product(STORED, (True, False))])
def test_what_was_interrupted_paused_or_stopped_midway_resume_takes_and_ends_with_the_same_weights(
    lrtui: Lrtui,
    whole: list[float],
    monkeypatch: pytest.MonkeyPatch,
    status: Status,
    checkpoint: bool,
) -> None:
    monkeypatch.setattr("lrtui.tui.cli.runs.ANSWER_SECONDS", 0.0)
    alive = new_owner()
    for owner in (alive.token, "1-dead", None):
        with Store() as store:
            run_id = begun(store, status, owner, checkpoint=checkpoint)
        listed = json.loads(lrtui("runs", "--json")[1])[0]
        shown = json.loads(lrtui("show", str(run_id), "--json")[1])
        assert listed["run_id"] == run_id
        assert listed["status"] == shown["status"]
        held = owner == alive.token and status.live
        code, out, err = lrtui("resume", str(run_id), "--json", "--quiet")
        stopped_midway = (status, owner, checkpoint) == (Status.STOPPED, None, True)
        if listed["status"] not in ("interrupted", "paused") and not stopped_midway:
            assert listed["status"] in refused((code, out, err)) or "another process" in err
        elif held:
            assert "does not answer" in refused((code, out, err))
        elif owner == alive.token:  # interrupted, and its process is just letting go of it
            assert f"Run {run_id}" in refused((code, out, err))
        else:
            found = json.loads(out)
            assert (code, found["status"], found["run_id"], found["epochs"]) == (0, "finished", run_id, 60)
            assert [*found["weights"].values()] == pytest.approx(whole, rel=1e-6)
    alive.release()


def test_a_paused_run_of_another_process_is_put_down_there_and_goes_on_here(
    lrtui: Lrtui, whole: list[float]
) -> None:
    ready, ended = threading.Event(), list[bool]()

    def hold() -> None:
        """As an engine does whose run was paused."""

        class Nobody:
            stop = put_down = False

        owner = new_owner()
        with Store() as store:
            run_id = store.runs.create(MOONS, CONFIG, origin="test", owner=owner.token)
            session = RunSession(store, run_id, owner.token)
            session.open()
            session.step(20)
            ready.set()
            drive(session, Nobody(), lambda _: None)
            ended.append(session.held)
        owner.release()

    thread = threading.Thread(target=hold)
    thread.start()
    ready.wait()
    code, out, _ = lrtui("resume", "1", "--json", "--quiet")
    thread.join()
    assert (code, ended) == (0, [False])
    assert [*json.loads(out)["weights"].values()] == pytest.approx(whole, rel=1e-6)


def test_a_process_whose_run_was_taken_up_by_another_lets_go_of_it(store: Store) -> None:
    session = RunSession(store, store.runs.create(MOONS, CONFIG, origin="test", owner="me"), "me")
    session.open()
    session.step(5)
    store.runs.interrupt_orphans(lambda _: False)  # somebody removed the file that shows its life
    session.step(5)
    assert store.runs.get(session.run_id).owner == "me"  # nobody else took it meanwhile
    store.runs.interrupt_orphans(lambda _: False)
    assert store.runs.claim(session.run_id, "you")
    session.resume()
    assert session.taken
    assert not session.held
    run = store.runs.get(session.run_id)
    assert (run.owner, run.epoch) == ("you", 10)


def test_a_damaged_state_is_said_by_runs_before_resume_refuses_it(lrtui: Lrtui) -> None:
    with Store() as store:
        run_id = begun(store, Status.INTERRUPTED, None, checkpoint=True)
        store.execute("UPDATE checkpoints SET state = x'00' || substr(state, 2)")
    assert json.loads(lrtui("runs", "--json")[1])[0]["status"] == "failed"
    assert "Start the run anew" in refused(lrtui("resume", str(run_id)))
    code, out, _ = lrtui("show", str(run_id))
    assert code == 0
    assert "damaged" in out


def test_a_run_that_was_stopped_and_cannot_go_on_stays_as_it_was_stopped(lrtui: Lrtui) -> None:
    with Store() as store:
        run_id = begun(store, Status.RUNNING, None, checkpoint=False)
        session = RunSession(store, run_id, "me")
        session.open()
        session.slice(0.0)
        session.stop()
        assert store.runs.get(run_id).resumable
        assert f"lrtui resume {run_id} goes on with it." in lrtui("show", str(run_id))[1]
        store.execute("UPDATE checkpoints SET state = x'00' || substr(state, 2)")
    assert "damaged" in refused(lrtui("resume", str(run_id)))
    assert json.loads(lrtui("show", str(run_id), "--json")[1])["status"] == "stopped"
    with Store() as store:
        store.history.drop_checkpoint(run_id)
        assert not store.runs.get(run_id).resumable
    assert "stopped and cannot be resumed" in refused(lrtui("resume", str(run_id)))


def test_an_unreadable_run_is_listed_and_shown_in_two_sentences(lrtui: Lrtui) -> None:
    with Store() as store:
        good = begun(store, Status.FINISHED, None, checkpoint=False)
        bad = begun(store, Status.FINISHED, None, checkpoint=False)
        store.execute("UPDATE runs SET config = '{' WHERE id = ?", (bad,))
    code, out, _ = lrtui("runs")
    assert code == 0
    assert "unreadable" in out
    assert "finished" in out
    listed = {run["run_id"]: run["status"] for run in json.loads(lrtui("runs", "--json")[1])}
    assert listed == {good: "finished", bad: "unreadable"}
    for command in ("show", "resume"):
        assert f"Run {bad} cannot be read" in refused(lrtui(command, str(bad)))
    code, out, err = lrtui("show", str(bad), "--json")
    assert (code, json.loads(out)["status"]) == (2, "unreadable")
    assert "cannot be read" in err
    assert f"Run {bad} cannot be read" in refused(lrtui("diagnose", "--run", str(bad)))
    assert lrtui("show", str(good))[0] == 0


def test_train_ends_with_two_sentences_that_name_the_rescue_file_and_resume_takes_it_in(
    lrtui: Lrtui, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lrtui.tui.cli import progress

    def lose(self: progress.ProgressBar, session: RunSession) -> None:
        if session.trainer.epoch > 100:
            (home / "lrtui.db").unlink(missing_ok=True)

    with monkeypatch.context() as patch:
        patch.setattr(progress.ProgressBar, "show", lose)
        options = ("moons", "--batch-size", "0", "--epochs", "100000", "--json")
        code, out, err = lrtui("train", *options)
    (rescue,) = rescues(home)
    first, last = err.strip().split("lrtui: ")[1:]
    assert code == 2
    assert "removed" in first
    assert f"lrtui resume {rescue} puts it" in last
    assert json.loads(out)["epochs"] == 100000  # training came to its end all the same
    _, _, told = lrtui("runs")
    assert f"lrtui resume {rescue.name} takes" in told
    code, again, _ = lrtui("resume", rescue.name, "--json")
    assert code == 0
    assert json.loads(again)["weights"] == json.loads(out)["weights"]
    assert "no file" in refused(lrtui("resume", str(rescue)))


@pytest.mark.parametrize(
    "options", ["--batch-size 32", "--optimizer adam --batch-size 0", "--optimizer lbfgs --batch-size 0"]
)
def test_a_run_that_has_ended_goes_on_to_the_weights_that_it_would_have_had(
    lrtui: Lrtui, options: str
) -> None:
    def told(*arguments: str) -> dict[str, Any]:
        code, out, _ = lrtui(*arguments, "--json", "--quiet")
        assert code == 0
        return json.loads(out)  # type: ignore[no-any-return]

    whole = told("train", "moons", *options.split(), "--epochs", "20")
    told("train", "moons", *options.split(), "--epochs", "8")
    told("resume", "last", "--epochs", "+4")
    lrtui("note", "last", "--name", "cut")
    more = told("resume", "cut", "--epochs", "20")
    assert (more["weights"], more["bias"]) == (whole["weights"], whole["bias"])
    assert [(c["epoch"], c["old"], c["new"]) for c in more["changes"]] == [(8, 8, 12), (12, 12, 20)]
    assert (more["run_id"], more["status"], more["config"]["epochs"]) == (2, "finished", 20)
    assert "on the way" not in lrtui("show", "cut")[1]  # its line alone gives the same


def test_what_cannot_go_on_for_more_epochs_is_said(lrtui: Lrtui, store: Store) -> None:
    lrtui("train", "moons", "--epochs", "8", "--quiet")
    assert "lrtui resume 1 --epochs +8 trains it for as many more." in refused(lrtui("resume", "1"))
    assert "Run 1 has 8 epochs already" in refused(lrtui("resume", "1", "--epochs", "8"))
    for wrong in ("many", "+0", "-5", "1.5"):
        assert "is no number of epochs" in refused(lrtui("resume", "1", f"--epochs={wrong}"))
    assert "The epochs cannot be '99999999'." in refused(lrtui("resume", "1", "--epochs", "99999999"))
    diverges = ("--scaling", "none", "--lr", "1e6", "--weight-decay", "100", "--quiet")
    lrtui("train", "example-scaling", *diverges)
    assert store.runs.get(2).diverged_at is not None
    assert "Run 2 diverged at epoch 2, and cannot go on." in refused(lrtui("resume", "2", "--epochs", "+5"))
    store.history.drop_checkpoint(1)
    assert "Run 1 is finished and cannot be resumed." in refused(lrtui("resume", "1", "--epochs", "+5"))


def test_a_default_of_epochs_is_none_of_resume(lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LRTUI_EPOCHS", "8")
    lrtui("train", "moons", "--quiet")
    assert "Run 1 is finished, after 8 epochs." in refused(lrtui("resume", "1"))
