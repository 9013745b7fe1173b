"""What the next start is made of, and what the keys do with it: no widget in here, only the store.

A session holds the dataset and config of the next start, and the run that is shown. Every action of the
dashboard on a run is a method here; panes and key bindings only call them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from lrtui.core.config import Config, brief_value, changed, knob, live_fields
from lrtui.core.doctor.pages import page_of
from lrtui.core.engine.launch import EngineHandle
from lrtui.core.engine.owner import is_alive
from lrtui.core.errors import EngineError
from lrtui.core.store import Run, Status, Store, Sweep, messages
from lrtui.core.store.loads import Load
from lrtui.core.sweep.plan import GRID_STEPS, Axis, SweepPlan, around
from lrtui.datasets.source import Source
from lrtui.tui.fix import Fix, fix_of, refusal
from lrtui.tui.run_poller import RunPoller, RunView

ORIGIN = "dashboard"
UNDO_DEPTH = 100
NAME_TARGET = "Press i and choose its target column."


@dataclass
class SessionState:
    """The state of one dashboard. Methods may raise ``LrtuiError``."""

    store: Store
    engine: EngineHandle
    source: Source
    config: Config
    poller: RunPoller
    notice: str | None = None  # a passing remark for the banner
    engine_word: str | None = None  # what is wrong with the engine, while it is
    _undo: list[tuple[Source, Config]] = field(default_factory=list)
    _fixed: RunView | None = None  # the run that was sick, as it stood when its fix was applied
    _known: Config | None = None  # the config of the run that is shown, as it was seen last
    _sent: dict[str, Any] = field(default_factory=dict)  # changes on their way to that run

    @property
    def run(self) -> Run | None:
        """The run that is shown."""
        return self.poller.view.run

    @property
    def own_live_run(self) -> Run | None:
        """The run that this dashboard's engine holds, shown or not."""
        mine = (r for r in self.poller.runs if r.owner == self.engine.token and r.status.live)
        return next(mine, None)

    @property
    def load(self) -> Load | None:
        """The reading of the data of the run that is shown, or where none is, of what is chosen."""
        run = self.run
        owner = self.engine.token if run is None else run.owner
        found = None if owner is None else self.poller.loads.get(owner)
        return found if found is not None and found.run == (None if run is None else run.id) else None

    def show(self, run_id: int | None) -> None:
        """Show a run, live or ended, and take its dataset and config."""
        self.poller.show(run_id)
        self.notice = self._known = None
        self._sent.clear()
        if self.run is not None:
            if self.run.config != self.config:
                self._undo.clear()
            self.source, self.config = self.run.source, self.run.config
            self._known = self.config

    def follow(self) -> None:
        """Take over what became of the config of the run that is shown: others may change it too."""
        run, known = self.run, self._known
        if run is None or known is None or (run.config == known and not self._sent):
            return
        values = {}
        for name in live_fields():
            now = getattr(run.config, name)
            if name in self._sent:
                if now != self._sent[name] and run.status.live:
                    continue  # on its way
                if now != self._sent.pop(name):
                    values[name] = now  # it never arrived
            elif now != getattr(known, name):
                values[name] = now
        self._known = run.config
        if values:
            self.config = changed(self.config, **values)

    @property
    def space_word(self) -> str:
        """What Space does at this moment."""
        run = self.run
        if run is None:
            return "start"
        if run.status in (Status.INTERRUPTED, Status.PAUSED):
            return "resume" if run.owner is not None or run.resumable else "start"
        return "pause" if run.status.live else "start"

    @property
    def cause(self) -> str | None:
        """The first cause that the doctor names of the run that is shown, and there is a page of."""
        found = self.poller.view.diagnosed
        told = () if found is None or found.diagnosis is None else found.diagnosis.findings
        return next((finding.cause for finding in told if page_of(finding.cause) is not None), None)

    def idle(self, action: str) -> bool:
        """Whether an action has nothing to act on at this moment."""
        run = self.run
        if action == "fix":
            return refusal(run, self.poller.view.diagnosed) is not None
        if action == "cause":
            return self.cause is None
        if action == "inspect":
            return not self.source.is_table
        if action == "stop":
            return run is None or not (run.status.live or run.status is Status.INTERRUPTED)
        return (action == "undo" and not self._undo) or (action == "reset" and run is None)

    def space(self) -> None:
        """Start, pause or resume, as the run's status says."""
        run = self.run
        if run is None or self.idle("stop") or (run.owner is None and not run.resumable):
            self.start()
        elif run.owner is None:
            self._take_up(run)
        else:
            message = messages.Resume if run.status is Status.PAUSED else messages.Pause
            self._tell_owner(message(run.id))

    @property
    def needs_target(self) -> bool:
        """Whether there is a table of which nobody has said what is to be predicted.

        Some formats say it themselves: a run of theirs shows that.
        """
        run = self.run
        known = run is not None and run.source == self.source and run.problem is not None
        return self.source.is_table and not self.source.target and not known

    def _check_target(self) -> None:
        if self.needs_target:
            raise EngineError(f"{self.source.label} needs a target to train on.", NAME_TARGET)

    def start(self, *, steps: int | None = None) -> None:
        """Begin a new run of what is chosen; with ``steps``, hold after so many epochs."""
        self._check_target()
        before = self.own_live_run
        run_id = self.store.runs.create(self.source, self.config, origin=ORIGIN, owner=self.engine.token)
        self.tell_engine(messages.Start(run_id, steps))
        self.show(run_id)
        if before is not None:
            self.notice = f"Run {before.id} was stopped to make room for run {run_id}."

    def _take_up(self, run: Run, steps: int | None = None) -> None:
        if self.store.runs.claim(run.id, self.engine.token):
            self.tell_engine(messages.Start(run.id, steps))
        self.poller.poll(force=True)

    def step(self) -> None:
        """Train one epoch and hold; begins a run where there is none."""
        run = self.run
        if run is None or not run.status.live:
            self.start(steps=1)
        elif run.owner is not None:
            self._tell_owner(messages.Step(run.id))
        else:
            self._take_up(run, steps=1)

    def stop(self) -> None:
        """End the run that is shown and keep what it learned."""
        run = self.run
        if run is None or self.idle("stop"):
            self.notice = "No run is going on."
        elif run.owner is not None:
            self._tell_owner(messages.Stop(run.id))
        else:
            self.store.runs.update(run.id, status=Status.STOPPED, ended=time.time())
            self.poller.poll(force=True)

    def reset(self) -> None:
        """Back to untrained, with the same config; a run of another process goes on."""
        run, self._fixed = self.run, None
        self.show(None)
        if run is None or not run.status.live:
            return
        if run.owner == self.engine.token:
            self.tell_engine(messages.Stop(run.id))
        elif run.owner is not None:
            self.notice = f"Run {run.id} goes on; it stands under Runs."

    def choose(self, source: Source, dropped: tuple[str, ...] | None = None) -> None:
        """Take another dataset; the run that is shown goes on under Runs.

        ``dropped`` are the columns of a table to leave out. Those of another dataset are forgotten.
        """
        run, before = self.own_live_run, self.source
        self.show(None)
        self.source, self._fixed = source, None
        if dropped is None and source.name != before.name:
            dropped = ()
        if dropped is not None and dropped != self.config.drop_columns:
            self._remember()
            self.config = changed(self.config, drop_columns=dropped)
        if run is not None:
            self.notice = f"Run {run.id} goes on; it stands under Runs."

    def change(self, config: Config) -> None:
        """Take another config; live fields change in the run that goes on, from its next epoch."""
        if config == self.config:
            return
        self._remember()
        self._apply(config)

    def undo(self) -> None:
        """Take the last change of the config back, and that of the positive class by a fix."""
        if not self._undo:
            self.notice = "There is nothing to undo."
            return
        source, config = self._undo.pop()
        if (source.name, source.target) == (self.source.name, self.source.target):
            self.source = source
        self._apply(config)

    def _remember(self) -> None:
        self._undo = [*self._undo[-UNDO_DEPTH:], (self.source, self.config)]

    @property
    def before(self) -> RunView | None:
        """The run that was sick, while what its fix made of it is shown."""
        fixed, run = self._fixed, self.run
        if fixed is None or fixed.run is None or run is None or run.id == fixed.run.id:
            return None
        one, other = fixed.run.source, run.source
        return fixed if (one.name, one.target) == (other.name, other.target) else None

    def fix(self) -> Fix | str:
        """The proved fix of the run that is shown, or why there is none."""
        return fix_of(self.run, self.poller.view.diagnosed, self.source, self.config)

    def heal(self, fix: Fix, arrow: str) -> None:
        """Lay a fix on the form and start the run; the sick one stays in sight."""
        self._remember()
        self._fixed = self.poller.view if self.poller.view.epoch else None  # or there is nothing to see
        self.source, self.config = fix.source, fix.config
        self.start()
        words = ", ".join(change.text(arrow) for change in fix.changes) or "as the doctor found"
        self.notice = f"Fixed: {words}. u takes it back."

    def ask_doctor(self) -> None:
        """Let the doctor look at a run that rests and was not looked at as it stands."""
        run, found = self.run, self.poller.view.diagnosed
        if run is None or run.status in (Status.QUEUED, Status.RUNNING):
            return
        if not run.epoch and run.status is not Status.FAILED:
            return
        if found is None or found.failure is not None or not found.tells_of(run):
            self.tell_engine(messages.Diagnose(run.id))

    def _apply(self, config: Config) -> None:
        before, self.config = self.config, config
        run = self.run
        if run is None or not run.status.live or run.owner is None:
            return
        # Against the session, not the stored run: that one lags behind by a command or two.
        values = {
            name: getattr(config, name)
            for name in sorted(live_fields())
            if getattr(config, name) != getattr(before, name)
        }
        if values:
            self._sent |= values
            self._tell_owner(messages.ChangeConfig(run.id, values))

    def sweep(self, field: str, across: str | None = None, *, limit: float | None = None) -> Sweep:
        """Begin a sweep of a field, or of a second one ``across``, around the config.

        A sweep of the learning rate reaches past ``limit``, what theory says of it.
        """
        axes: tuple[Axis, ...]
        if across is not None:
            axes = around(self.config, field, GRID_STEPS), around(self.config, across, GRID_STEPS)
        else:
            axes = (around(self.config, field, reach=limit if field == "lr" else None),)
        self._check_target()
        plan = SweepPlan(self.source, self.config, axes)
        plan.check()
        sweep_id = self.store.sweeps.create(plan, self.engine.token)
        self.tell_engine(messages.StartSweep(sweep_id))
        return self.store.sweeps.get(sweep_id)

    def stop_sweep(self, sweep: Sweep) -> None:
        """End a sweep that nobody looks at any more."""
        if sweep.owner is not None and sweep.status.live:
            self.store.commands.send(sweep.owner, messages.StopSweep(sweep.id))

    def take(self, values: dict[str, Any]) -> None:
        """Take values from a sweep into the config."""
        config = changed(self.config, **values)
        if config == self.config:
            return
        self.change(config)
        shown = ", ".join(f"{knob(n).label} {brief_value(n, v)}" for n, v in values.items())
        self.notice = f"From the sweep: {shown}. u takes it back."

    def waits(self, name: str) -> bool:
        """Whether a field differs from that of the run that is shown, and waits for the next start."""
        run = self.run
        if run is None or (run.status.live and name in live_fields()):
            return False
        return bool(getattr(self.config, name) != getattr(run.config, name))

    def tell_engine(self, message: messages.Message) -> int:
        """Leave a message for this dashboard's engine; returns its id."""
        return self.store.commands.send(self.engine.token, message)

    def _tell_owner(self, message: messages.RunMessage) -> None:
        """Leave a message for the process that holds the run that is shown."""
        run = self.run
        if run is not None and run.owner is not None:
            self.store.commands.send(run.owner, message)

    def mark_orphans(self) -> bool:
        """Mark runs as interrupted whose process is gone; returns whether there were any."""
        gone = self.store.runs.interrupt_orphans(is_alive)
        swept = self.store.sweeps.interrupt_orphans(is_alive)
        looked_at = self.store.diagnoses.drop_orphans(is_alive)
        if gone or looked_at:
            self.poller.poll(force=True)
        return bool(gone) or swept or looked_at
