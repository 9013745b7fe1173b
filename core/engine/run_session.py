"""One run between trainer and store: trains in slices, obeys commands, writes what happened.

The engine and ``lrtui train`` both drive this class, so a run is the same run in either.
"""

from __future__ import annotations

import time
from array import array
from dataclasses import replace

from lrtui.core.config import Config, live_fields
from lrtui.core.engine.beginning import begin
from lrtui.core.engine.dataset_cache import DatasetCache
from lrtui.core.engine.facts import best_of, facts_of, row_of
from lrtui.core.engine.live_measurement import LiveMeasurement
from lrtui.core.engine.owner import Owner, new_owner
from lrtui.core.errors import EngineError, LrtuiError, RanksError, StoreError, UnreadableError
from lrtui.core.store import Failure, Run, Status, Store
from lrtui.core.store.messages import ChangeConfig, Message, Pause, PutDown, Resume, Step, Stop
from lrtui.core.store.rescue import begin_rescue
from lrtui.core.training.device import use_threads
from lrtui.core.training.early_stopping import Best
from lrtui.core.training.measurement import Measurement
from lrtui.core.training.ranks import ALONE, Ranks
from lrtui.core.training.snapshotter import Snapshot
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source

SLICE_SECONDS = 0.03  # a command waits for a slice at most, and must take effect within 0.1 s
WRITE_SECONDS = 0.05
CHECKPOINT_SECONDS = 1.0
LOOK_SECONDS = 0.2  # between measurements of what was due: many at once cost little more than one


class RunSession:
    """A run that this process holds. ``open`` it, then ``slice`` while ``running``."""

    def __init__(
        self,
        store: Store,
        run_id: int,
        owner: str,
        problem: Problem | None = None,
        cache: DatasetCache | None = None,
        *,
        fit: bool = False,
        ranks: Ranks = ALONE,
    ) -> None:
        """``problem`` saves loading it; ``cache`` may have it; ``ranks`` have its other rows, if any do.

        ``fit``: a run that begins takes what is proposed for the size of its data.
        """
        self.run_id, self.owner = run_id, owner
        self.running = False
        self.last_loss: float | None = None
        self.taken = False  # by somebody else meanwhile: this process has let go of it
        self.store = store  # or the rescue file that took its place
        self.unwritten = False  # the store has not taken the newest state yet
        self._rescuer: Owner | None = None  # shows that the run in a rescue file is trained
        self._run: Run | None = None  # as it was when it was opened
        self._problem = problem
        self._source: Source | None = None
        self._cache = cache or DatasetCache()
        self._put_down, self._fit, self._ranks = False, fit, ranks
        self._trainer: Trainer | None = None
        self._losses, self._snapshots = array("f"), list[Snapshot]()
        self._status = Status.QUEUED
        self._changes_kept = self._heeded = 0
        self._written_at = self._checkpoint_at = self._looked_at = 0.0
        self._live = LiveMeasurement()

    @property
    def trainer(self) -> Trainer:
        """The trainer of the open run."""
        if self._trainer is None:
            raise EngineError(f"Run {self.run_id} is not open.", "Open it before it is trained.")
        return self._trainer

    @property
    def training(self) -> tuple[Source, Config, Problem] | None:
        """What is trained on, while the run is live."""
        if self._source is None or self._problem is None or not self._status.live:
            return None
        return self._source, self.config, self._problem

    @property
    def held(self) -> bool:
        """This process has the run: it trains, waits for a command, or could not yet write its end."""
        return (self._status.live and not self._put_down) or self.unwritten

    @property
    def config(self) -> Config:
        """The config as it stands."""
        return self.trainer.config

    @property
    def newest(self) -> Measurement | None:
        """The newest measurement."""
        return self._live.newest

    @property
    def best(self) -> Best | None:
        """The epoch shown in place of the last, once the run has ended with patience."""
        return None if self._status.live or self._put_down else self.trainer.best

    def open(self) -> None:
        """Load the data, build the trainer or take it up where it was put down, and start.

        A run that has no stored state begins at its beginning, as the same run. One that cannot be opened
        is marked as failed; a store that cannot be written is no fault of the run.

        Raises:
            LrtuiError: the dataset, its preparation or the device cannot be had, or the state is damaged.
        """
        try:
            self._begin()
        except LrtuiError as error:
            if isinstance(error, RanksError):
                self.break_off(error)
            elif not isinstance(error, StoreError) or isinstance(error, UnreadableError):
                self.store.runs.fail(self.run_id, Failure.of(error))
            raise

    def _begin(self) -> None:
        run = self.store.runs.get(self.run_id)
        self._run = run = replace(run, started=run.started or time.time())
        self._heeded = run.heeded
        problem = self._problem or self._cache.problem(run.source, run.config)
        self._source, self._problem = run.source, problem
        self._run, self._trainer = begin(self.store, run, problem, fit=self._fit, ranks=self._ranks)
        self._changes_kept = len(self._trainer.changes)
        self._status = Status.RUNNING
        self.running = True
        self._written_at = time.monotonic()
        self.store.runs.update(
            self.run_id,
            status=Status.RUNNING,
            started=run.started,
            ended=None,
            failure=None,
            diverged_at=None,
            owner=self.owner,
            epoch=self._trainer.epoch,
            config=self._trainer.config,
            problem=facts_of(problem, self._trainer),
            best=best_of(problem, self._trainer),
        )
        self.store.features.put(self.run_id, problem.feature_names)
        if problem.preparation is not None:
            self.store.preparations.put(self.run_id, problem.preparation.pack())

    def slice(self, seconds: float) -> None:
        """Train for so long, and write what is due."""
        self._train(seconds=seconds)
        now = time.monotonic()
        if not self._finished() and now - self._written_at >= WRITE_SECONDS:
            self._write(checkpoint=now - self._checkpoint_at >= CHECKPOINT_SECONDS)

    def step(self, epochs: int = 1) -> None:
        """Train so many epochs and hold there."""
        self._train(epochs=epochs)
        if not self._finished():
            self.pause()

    def obey(self, message: Message, command: int = 0) -> None:
        """Do what somebody asked of this run; what does not fit its status is ignored.

        ``command`` is its id, which the run's row then tells with what came of it.
        """
        if not self._status.live:
            return
        self._heeded = command
        match message:
            case Pause():
                self.pause()
            case Resume():
                self.resume()
            case Step(epochs=epochs):
                self.step(epochs)
            case ChangeConfig(values=values):
                self._change(values)
            case Stop():
                self.stop()
            case PutDown() if not self.running:
                self.put_down()

    def pause(self) -> None:
        """Hold the run where it is."""
        self._status, self.running = Status.PAUSED, False
        self._write(checkpoint=True)

    def resume(self) -> None:
        """Go on with a paused run."""
        self._status, self.running = Status.RUNNING, True
        self._write()

    def stop(self) -> None:
        """End the run here and keep what it learned."""
        if self._status.live:
            self._end(Status.STOPPED)

    def put_down(self) -> None:
        """Let go of the run in good order, so that anybody can take it up again."""
        if not self.held:
            return
        self._status = Status.INTERRUPTED if self.running else Status.PAUSED
        self.running, self._put_down = False, True
        self._write(checkpoint=True)

    def break_off(self, error: RanksError) -> None:
        """Leave the run as it was last kept, with why: what was trained since is whole on no rank."""
        self._status, self.running, self._put_down, self.unwritten = Status.INTERRUPTED, False, True, False
        told = {"status": self._status, "failure": Failure.of(error), "ended": time.time(), "owner": None}
        self.store.runs.update(self.run_id, **told)

    def _change(self, asked: dict[str, object]) -> None:
        try:
            self.trainer.change(**{name: asked[name] for name in live_fields() if name in asked})
        except LrtuiError as error:
            self.store.runs.update(self.run_id, failure=Failure.of(error), heeded=self._heeded)
            return
        if not self._finished():
            self._write(checkpoint=True)  # what a person did must outlive this process

    def _train(self, *, epochs: int | None = None, seconds: float | None = None) -> None:
        use_threads(self.trainer.threads)
        spilled = self.trainer.spilled
        losses = self.trainer.advance(epochs=epochs, seconds=seconds)
        if self.trainer.spilled and not spilled and self._problem is not None:
            self.store.runs.update(self.run_id, problem=facts_of(self._problem, self.trainer))
        self._losses.extend(losses)
        self.last_loss = losses[-1] if losses else self.last_loss

    def _finished(self) -> bool:
        """Whether the run has come to its end, which is written then."""
        if self.trainer.finished:
            self._end(Status.FINISHED)
        return self.trainer.finished

    def _end(self, status: Status) -> None:
        self._status, self.running = status, False
        found = self.trainer.snapshots()
        if status is Status.STOPPED or not found or found[-1].measurement.epoch < self.trainer.epoch:
            found.append(self.trainer.snapshot())
        if self.best is not None:  # what stands last is measured
            found.append(self.trainer.snapshot_of_best(self.best))
        self._snapshots += found
        self._write()

    def catch_up(self) -> None:
        """Write what the store would not take when it should have been written."""
        if self.unwritten:
            self._write(checkpoint=True)

    def rescue(self) -> Store:
        """Go on in a rescue file beside where the lost store was; returns it.

        Raises:
            StoreError: no such file can be made; the run is held in memory, and this can be tried again.
        """
        if self._run is None or self._problem is None:
            raise EngineError(f"Run {self.run_id} is not open.", "Open it before it is rescued.")
        epoch, problem, owner = self.trainer.epoch, facts_of(self._problem, self.trainer), new_owner()
        run, kept = replace(self._run, config=self.config, problem=problem), epoch - len(self._losses)
        try:
            names, prepared = self._problem.feature_names, self._problem.preparation
            packed = None if prepared is None else prepared.pack()
            store, number = begin_rescue(
                self.store, self.run_id, run, names, packed, owner.token, epoch, kept
            )
        except BaseException:
            owner.release()
            raise
        self.close_rescue()  # an earlier one that was lost too
        self._rescuer = owner
        self.store, self.run_id, self.owner = store, number, owner.token
        self._changes_kept, self.unwritten = 0, True
        self.catch_up()
        return store

    def close_rescue(self) -> None:
        """Leave the rescue file, if there is one, as a single whole file."""
        if self._rescuer is not None:
            self.store.close()
            self._rescuer.release()
            self._rescuer = None

    def _write(self, *, checkpoint: bool = False) -> None:
        """Everything since the last time, in one transaction; kept for the next try if it fails."""
        self.unwritten = True
        trainer, store = self.trainer, self.store
        # What a stored state has passed by is never looked at again: it is kept with it.
        if checkpoint or time.monotonic() - self._looked_at >= LOOK_SECONDS or not self.running:
            self._snapshots += trainer.snapshots()
            self._looked_at = time.monotonic()
        changes = trainer.changes[self._changes_kept :]
        columns: dict[str, object] = {
            "status": self._status,
            "epoch": trainer.epoch,
            "seconds": trainer.seconds,
            "diverged_at": trainer.diverged_at,
            "heeded": self._heeded,
            "best": None if self._problem is None else best_of(self._problem, trainer),
            **({"config": trainer.config} if changes else {}),
        }
        ended = not self._status.live and not self._put_down
        if ended or self._put_down:  # nobody holds it any more
            columns |= {"ended": time.time() if self._status is not Status.PAUSED else None, "owner": None}
        fresh = self.running or ended
        if (measured := self._live.of(self.trainer, self._snapshots, fresh=fresh)) is not None:
            columns["measured"] = measured
        with store.transaction():
            if not self._is_ours(columns):
                return
            first = trainer.epoch - len(self._losses) + 1
            store.losses.append(self.run_id, first, self._losses)
            store.history.add_snapshots(self.run_id, map(row_of, self._snapshots))
            store.history.add_changes(self.run_id, changes)
            # Who stopped it may think better of it, and who saw it end may want more epochs.
            if self._status is Status.FINISHED and trainer.diverged_at is not None:
                store.history.drop_checkpoint(self.run_id)
            elif checkpoint or ended:
                store.history.set_checkpoint(self.run_id, trainer.epoch, trainer.state())
            store.runs.update(self.run_id, **columns)
        self._losses = array("f")
        self._snapshots = []
        self._changes_kept += len(changes)
        self.unwritten = False
        self._written_at = time.monotonic()
        self._checkpoint_at = self._written_at if checkpoint else self._checkpoint_at

    def _is_ours(self, columns: dict[str, object]) -> bool:
        """Whether the run still belongs to this process; one that nobody has any more is taken back.

        Somebody may have thought this process dead, where the file that shows its life was removed.

        Raises:
            StoreLostError: another program has removed it from the store.
        """
        owner = self.store.runs.owner_of(self.run_id)
        if owner is None:
            columns.setdefault("owner", self.owner)
        if owner in (None, self.owner):
            return True
        self._status, self.running = Status.INTERRUPTED, False
        self._put_down = self.taken = True
        self.unwritten = False
        return False
