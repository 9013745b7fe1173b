"""What the next start is made of, and what the keys do with it: no widget in here, only the store.

A session holds the dataset and config of the next start, and the run that is shown. Every action of the
dashboard on a run is a method here; panes and key bindings only call them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from lrtui.core.config import Config, brief_value, changed, knob, live_fields
from lrtui.core.config.proposal import is_plain, proposal_text
from lrtui.core.engine.launch import EngineHandle
from lrtui.core.errors import EngineError
from lrtui.core.store import Description, Run, Status, Store, messages
from lrtui.core.store.loads import Load
from lrtui.datasets.source import Source
from lrtui.tui.fix import Fix, fix_of
from lrtui.tui.following import Sent, changes_by_others
from lrtui.tui.going_on import goes_on, is_long, room_words, space_word, stopped_words
from lrtui.tui.proposal import Proposal
from lrtui.tui.render.key_names import key_name
from lrtui.tui.run_poller import RunPoller, RunView
from lrtui.tui.undo import Undo

ORIGIN = "dashboard"


def name_target() -> str:
    """What to do about a table without a target."""
    return f"Press {key_name('dataset.inspect')} and choose its target column."


@dataclass
class SessionState:
    """The state of one dashboard. Methods may raise ``LrtuiError``."""

    store: Store
    engine: EngineHandle
    source: Source
    config: Config
    poller: RunPoller
    proposal: Proposal = field(default_factory=Proposal)
    notice: str | None = None  # a passing remark for the banner
    engine_word: str | None = None  # what is wrong with the engine, while it is
    met: set[int] = field(default_factory=set)  # the runs that were shown here, or begun
    _undo: Undo = field(default_factory=Undo)
    _fixed: tuple[RunView, int] | None = None  # the sick run as it stood, and the run of its fix
    _known: Config | None = None  # the config of the run that is shown, as it was seen last
    _sent: dict[str, Sent] = field(default_factory=dict)  # changes on their way to that run

    @property
    def run(self) -> Run | None:
        """The run that is shown."""
        return self.poller.view.run

    @property
    def script(self) -> Run | None:
        """The run that is shown, if it is a script of the person's own."""
        return self.run if self.run is not None and self.run.watched else None

    @property
    def own_live_run(self) -> Run | None:
        """The run that this dashboard's engine holds, shown or not."""
        mine = (r for r in self.poller.runs if r.owner == self.engine.token and r.status.live)
        mine = (run for run in mine if not run.watched)  # which is in a process of its own
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
            self.met.add(self.run.id)
        if self.run is not None and self.script is None:  # which has no config of lrtui's
            if self.run.config != self.config:
                self._undo.clear()
            if self.run.source != self.source:
                self.proposal.forget()
            self.source, self.config = self.run.source, self.run.config
            self.proposal.recognize(self.run)
            self._known = self.config

    def follow(self) -> None:
        """Take over what became of the config of the run that is shown: others may change it too."""
        run, known = self.run, self._known
        if run is None or known is None or (run.config == known and not self._sent):
            return
        values = changes_by_others(run, known, self._sent)
        self._known = run.config
        if run.config.optimizer != known.optimizer == self.config.optimizer:
            self.proposal.recognize(run)
            self._propose(changed(self.config, optimizer=run.config.optimizer, **values))
        elif values:
            self.config = changed(self.config, **values)

    def describe(self, found: Description) -> None:
        """The dataset at hand is known now: of a large one it is proposed how to train."""
        self.proposal.described = found
        if self.run is None and (config := self.proposal.laid(self.config)) != self.config:
            self._propose(config)

    def _propose(self, config: Config) -> None:
        if is_plain(self.config):  # or an earlier proposal gives way to a better one
            self._remember()
        self.config = config
        if note := self.proposal.note(config):
            self.notice = (
                f"{note.capitalize()}: {proposal_text(config)}. {key_name('form.undo')} takes it back."
            )

    @property
    def space_word(self) -> str:
        """What Space does at this moment."""
        return space_word(self.run, self.source, self.config)

    @property
    def stoppable(self) -> bool:
        """Whether there is a run to end."""
        run = self.run
        return run is not None and (run.status.live or run.status is Status.INTERRUPTED)

    @property
    def undoable(self) -> bool:
        """Whether a change of the form can be taken back."""
        return bool(self._undo)

    def space(self) -> None:
        """Start, pause or resume, as the run's status says."""
        run = self.run
        if run is None or not goes_on(run, self.source, self.config):
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

    def check_target(self) -> None:
        """See that it is said what is to be predicted.

        Raises:
            EngineError: it is not.
        """
        if self.needs_target:
            raise EngineError(f"{self.source.label} needs a target to train on.", name_target())

    def start(self, *, steps: int | None = None) -> None:
        """Begin a new run of what is chosen; with ``steps``, hold after so many epochs."""
        self.check_target()
        before, self._fixed = self.own_live_run, None
        run_id = self.store.runs.create(self.source, self.config, origin=ORIGIN, owner=self.engine.token)
        self.tell_engine(messages.Start(run_id, steps, fit=self.proposal.is_open(self.config)))
        self.show(run_id)
        self.made_room(before, run_id)

    def made_room(self, before: Run | None, run_id: int) -> None:
        """Say which run was stopped because another begins."""
        if before is not None:
            self.notice = room_words(before, run_id)

    def _take_up(self, run: Run, steps: int | None = None) -> None:
        before = self.own_live_run
        if self.store.runs.claim(run.id, self.engine.token):
            self.tell_engine(messages.Start(run.id, steps))
            self.made_room(before, run.id)
        self.poller.poll(force=True)

    def step(self) -> None:
        """Train one epoch and hold; begins a run where none can go on."""
        run = self.run
        if run is None or not goes_on(run, self.source, self.config):
            self.start(steps=1)
        elif run.owner is not None:
            self._tell_owner(messages.Step(run.id))
        else:
            self._take_up(run, steps=1)

    def stop(self) -> None:
        """End the run that is shown and keep what it learned."""
        run = self.run
        if run is None or not self.stoppable:
            self.notice = "No run is going on."
            return
        self.notice = stopped_words(run, changed=any(map(self.waits, Config.model_fields)))
        self.end(run)

    def end(self, *runs: Run) -> None:
        """End any runs and keep what they learned."""
        for run in runs:
            if run.owner is not None:
                self.store.commands.send(run.owner, messages.Stop(run.id))
            else:
                self.store.runs.update(run.id, status=Status.STOPPED, ended=time.time())
        self.poller.poll(force=True)

    def reset(self) -> None:
        """Back to untrained, with the same config; a run of another process goes on."""
        run, self._fixed = self.run, None
        self.show(None)
        if run is None:
            return
        if is_long(run):
            show = key_name("runs.show")
            self.notice = f"Run {run.id} stands under Runs; {show} there shows it again."
        if not run.status.live:
            return
        if run.owner == self.engine.token:
            self.tell_engine(messages.Stop(run.id))
        elif run.owner is not None:
            self.notice = f"Run {run.id} goes on; it stands under Runs."

    def choose(
        self, source: Source, dropped: tuple[str, ...] | None = None, codes: tuple[float, ...] | None = None
    ) -> None:
        """Take another dataset; the run that is shown goes on under Runs.

        ``dropped`` are the columns of a table to leave out; those of another dataset are forgotten, and so
        is what was proposed for it. ``codes`` are the numbers in it that stand for a missing cell.
        """
        run, before = self.own_live_run, self.source
        self.show(None)
        self.source, self._fixed = source, None
        if source.name != before.name:
            self.config = self.proposal.without(self.config)
            self._undo.replace(self.proposal.without, self.config)
            self.proposal.forget()
            dropped = dropped or ()
        asked = {"drop_columns": dropped, "missing_codes": codes}
        config = changed(self.config, **{name: value for name, value in asked.items() if value is not None})
        if config != self.config:
            self._remember()
            self.config = config
        if run is not None:
            self.notice = f"Run {run.id} goes on; it stands under Runs."

    def change(self, config: Config) -> None:
        """Take another config; live fields change in the run that goes on, from its next epoch."""
        if config == self.config:
            return
        self._remember()
        self.proposal.judge(self.config, config)
        if self.run is None and self.proposal.holds(config):
            config = self.proposal.laid(config)  # other features may make it too large
        self._apply(config)

    def undo(self) -> None:
        """Take the last change of the config back, and that of the positive class by a fix."""
        if not self._undo:
            self.notice = "There is nothing to undo."
            return
        source, config = self._undo.back()
        if (source.name, source.target) == (self.source.name, self.source.target):
            self.source = source
        self.proposal.judge(self.config, config)
        self._apply(config)

    def begin_anew(self) -> None:
        """What was changed so far is not to be taken back."""
        self._undo.clear()

    def _remember(self) -> None:
        self._undo.remember(self.source, self.config)

    @property
    def before(self) -> RunView | None:
        """The run that was sick, while the run of its fix is shown; the next start ends that."""
        run = self.run
        return self._fixed[0] if self._fixed and run is not None and run.id == self._fixed[1] else None

    def fix(self) -> Fix | str:
        """The proved fix of the run that is shown, or why there is none."""
        return fix_of(self.run, self.poller.view.diagnosed, self.source, self.config)

    def heal(self, fix: Fix, arrow: str) -> None:
        """Lay a fix on the form and start the run; the sick one stays in sight."""
        self._remember()
        sick = self.poller.view
        self.source, self.config = fix.source, fix.config
        self.start()
        self.show_beside(sick)
        words = ", ".join(change.text(arrow) for change in fix.changes) or "as the doctor found"
        self.notice = f"Fixed: {words}. {key_name('form.undo')} takes it back."

    def show_beside(self, sick: RunView) -> None:
        """Keep a run in sight beside the one that is shown, which is that of its fix."""
        if sick.epoch and self.run is not None:  # or there is nothing to see
            sick.past = None
            self._fixed = sick, self.run.id

    def _apply(self, config: Config) -> None:
        before, self.config = self.config, config
        run = self.run
        if run is None or run.watched or not run.status.live or run.owner is None:
            return
        # Against the session, not the stored run: that one lags behind by a command or two.
        live = sorted(live_fields())
        values = {name: new for name in live if (new := getattr(config, name)) != getattr(before, name)}
        if values:
            command = self.store.commands.send(run.owner, messages.ChangeConfig(run.id, values))
            self._sent |= dict.fromkeys(values, Sent(command, run.owner))

    def take(self, values: dict[str, Any]) -> None:
        """Take values from a sweep into the config."""
        config = changed(self.config, **values)
        if config == self.config:
            return
        self.change(config)
        shown = ", ".join(f"{knob(n).label} {brief_value(n, v)}" for n, v in values.items())
        self.notice = f"From the sweep: {shown}. {key_name('form.undo')} takes it back."

    def waits(self, name: str) -> bool:
        """Whether a field differs from that of the run that is shown, and waits for the next start."""
        run = self.run
        if run is None or run.watched or (run.status.live and name in live_fields()):
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
