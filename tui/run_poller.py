"""What the store says of the run that is shown: read a little at a time, a few times a second."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from lrtui.core.config import Change
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.doctor.pages import page_of
from lrtui.core.store import Diagnosed, ProblemFacts, Run, Script, SnapshotRow, Status, Store
from lrtui.core.store.diagnoses import Verdicts
from lrtui.core.store.loads import Load
from lrtui.core.store.reading import attempted
from lrtui.core.store.run_rows import measurement_of
from lrtui.core.store.runs import RecentRuns
from lrtui.core.training.measurement import Measurement
from lrtui.tui.plots.curve import Curve
from lrtui.tui.replay import Replay
from lrtui.tui.run_curve import WHOLE_LIMIT

RECENT = 50


@dataclass(frozen=True)
class Past:
    """An epoch that a person went back to: its weights, and what was measured of them."""

    snapshot: SnapshotRow
    measurement: Measurement

    @property
    def epoch(self) -> int:
        """After which it was so."""
        return self.snapshot.epoch


@dataclass
class RunView:
    """Everything that the panes show of one run."""

    run: Run | None = None
    measurement: Measurement | None = None  # by which it is judged: the newest, or its best
    past: Past | None = None  # shown in place of that
    curve: Curve = field(default_factory=Curve)
    test: list[tuple[int, float]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    diagnosed: Diagnosed | None = None
    doctor_stamp: tuple[object, ...] = ()  # of what was read of it
    script: Script | None = None  # what a watched one has beside
    script_stamp: tuple[object, ...] = ()
    patched: int | None = None  # the run whose patch is applied to the same script
    epoch: int = 0  # of the last loss read

    @property
    def problem(self) -> ProblemFacts | None:
        """What is known of the problem, once the run has begun."""
        return None if self.run is None else self.run.problem

    @property
    def shown(self) -> Measurement | None:
        """What the panes show of it."""
        return self.measurement if self.past is None else self.past.measurement

    @property
    def cause(self) -> str | None:
        """The first cause that the doctor names of it, and there is a page of."""
        found = self.diagnosed
        told = () if found is None or found.diagnosis is None else found.diagnosis.findings
        return next((finding.cause for finding in told if page_of(finding.cause) is not None), None)


class RunPoller:
    """Follows one run, and the list of recent runs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen = -1
        self._recent = RecentRuns(store.runs, RECENT)
        self._letters = Verdicts(store.diagnoses)
        self.view = RunView()
        self.replay: Replay | None = None  # of the run that is shown
        self._unrolled: RunView | None = None  # what was shown of it last
        self.runs: list[Run] = []
        self.verdicts: dict[int, Health] = {}  # the doctor's, by the id of the run
        self.loads: dict[str, Load] = {}  # what each process reads, by owner

    @property
    def playing(self) -> Replay | None:
        """The replay that is shown in place of the run as it is."""
        return None if self.replay is None or self.replay.over else self.replay

    def show(self, run_id: int | None) -> None:
        """Follow another run, or none; one that cannot be read changes nothing.

        Raises:
            StoreError: it cannot be read.
        """
        self.view = RunView(None if run_id is None else self._store.runs.get(run_id))
        self.replay = None
        self._read()
        self._list()

    def poll(self, *, force: bool = False) -> bool:
        """Read what is new; returns whether there was anything."""
        played = self._play()
        version = self._store.version()
        if version == self._seen and not force:
            return played
        self._seen = version
        self._list()
        self.loads = self._store.loads.all()
        if self.view.run is not None and self.playing is None:
            self.view.run = self._newest(self.view.run.id)
            self._read()
        return True

    def _play(self) -> bool:
        """Show how far a replay is, and at its end the run as it is; returns whether there is one."""
        replay = self.replay
        if replay is None or (replay.over and self.view is not self._unrolled):
            return False
        replay.look()
        if replay.over:
            self._unrolled = None
            self.view = RunView(self._store.runs.get(replay.run.id))
            self._read()
            return True
        self.view = self._unrolled = RunView(
            replay.run,
            replay.measurement,
            curve=replay.curve,
            test=replay.test,
            changes=replay.changes,
            script=replay.script,
            epoch=replay.epoch,
        )
        return True

    def _list(self) -> None:
        self.runs = self._recent.read()
        self.verdicts = self._letters.read(self.runs)

    def _newest(self, run_id: int) -> Run:
        """The run that is shown, as it is now; most of the time it is one of the newest."""
        listed = (run for run in self.runs if run.id == run_id and run.status is not Status.UNREADABLE)
        return next(listed, None) or self._store.runs.get(run_id)

    def _read(self) -> None:
        view = self.view
        run = view.run
        if run is None:
            return
        if run.epoch < view.epoch:  # resumed from an earlier state
            self.view = view = RunView(run)
        self._read_losses(view, run)
        last = view.test[-1][0] if view.test else -1
        for snapshot in self._store.history.snapshots(run.id, last):
            found = attempted(partial(measurement_of, snapshot.measurement))
            if found is not None:
                view.measurement = found
                view.test.append((snapshot.epoch, found.test_loss))
        if run.measured is not None:
            newest = Measurement.from_json(run.measured)
            if view.measurement is None or run.shown_best or newest.epoch >= view.measurement.epoch:
                view.measurement = newest
        view.changes = self._store.history.changes(run.id)
        stamp = self._store.diagnoses.stamp(run.id)
        if stamp != view.doctor_stamp:
            view.diagnosed, view.doctor_stamp = self._store.diagnoses.get(run.id), stamp
        if run.watched:
            view.patched = self._store.scripts.patched(run.source.name)
        if run.watched and (stamp := self._store.scripts.stamp(run.id)) != view.script_stamp:
            view.script, view.script_stamp = self._store.scripts.get(run.id), stamp

    def _read_losses(self, view: RunView, run: Run) -> None:
        if run.epoch - view.epoch > WHOLE_LIMIT and view.epoch == 0:
            for chunk in self._store.losses.summary(run.id)[:-1]:
                view.curve.extend_summary(chunk.first_epoch, chunk.count, chunk.lowest, chunk.highest)
                view.epoch = chunk.first_epoch + chunk.count - 1
        for chunk in self._store.losses.read(run.id, view.epoch):
            view.curve.extend(chunk.first_epoch, chunk.values)
            view.epoch = chunk.first_epoch + chunk.count - 1
