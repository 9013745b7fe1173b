"""One watched script between the script itself and the store: what it does is written as it goes.

``lrtui watch`` and the process that an engine starts both drive this class, so a watched run is the same
run in either.
"""

from __future__ import annotations

import linecache
import logging
import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

from lrtui.core.engine.background_task import DETAILS
from lrtui.core.engine.script_facts import LiveAnswers, columns_of, ending_of
from lrtui.core.errors import LrtuiError, StoreError, StoreLostError
from lrtui.core.store import Failure, Status, Store, messages
from lrtui.core.store.diagnoses import Work
from lrtui.core.store.scripts import Asked, Patch, Problem, Progress
from lrtui.core.watch.applying import apply
from lrtui.core.watch.diagnosis import ScriptDiagnosis
from lrtui.core.watch.measured import measured
from lrtui.core.watch.observation import Observation
from lrtui.core.watch.refusals import check_seen
from lrtui.core.watch.watching import Start
from lrtui.datasets.text import safe

WRITE_SECONDS = 0.1
RATE_SECONDS = 2.0  # over which a rate is measured
TRIES, AGAIN_SECONDS = 10, 0.5  # for the last word on a script, where the store is busy
TEXT = 120  # characters of a line of the script
log = logging.getLogger("lrtui.engine")


def start_of(asked: Asked) -> Start:
    """How the script is started."""
    return Start(asked.python, asked.arguments, folder=asked.folder, capture=asked.capture)


class ScriptSession:
    """A watched script that this process holds. Hand ``hear`` and ``go_on`` to whatever runs it.

    Attributes:
        stopped: a person wants the script ended. left: a person wants the diagnosis ended.
    """

    def __init__(
        self, store: Store, run_id: int, owner: str, asked: Asked, wanted: Callable[[], bool] = lambda: True
    ) -> None:
        """``wanted`` says whether this process itself is to go on."""
        self.run_id, self.owner, self.asked = run_id, owner, asked
        self.stopped = self.left = False
        self._store, self._wanted = store, wanted
        self._lost = False
        self._lock = Lock()
        self._losses = array("f")  # heard, and not yet written
        self._count = 0  # of all losses
        self._progress = Progress()
        self._heard: list[tuple[float, int]] = []  # when how many backward passes were told
        self._passes = 0
        self._living = LiveAnswers()
        self._output: Callable[[], Sequence[str] | None] = lambda: None
        self._printed: Sequence[str] | None = None  # that the store has
        self._written_at = 0.0
        self._began = time.monotonic()
        self._looking = False
        self._sources: dict[str, str] = {}

    # --- while the script runs ---

    def open(self, output: Callable[[], Sequence[str] | None] = lambda: None) -> None:
        """The script is about to be started; ``output`` gives what it has printed."""
        self._output, self._began = output, time.monotonic()
        self._try(self._open)

    def _open(self) -> None:
        now = time.time()
        self._store.runs.update(self.run_id, status=Status.RUNNING, started=now, owner=self.owner)

    def hear(self, frame: Mapping[str, Any]) -> None:
        """A frame of the observer's; in the thread that reads them, which nothing may end."""
        try:
            with self._lock:
                self._hear_pulse(frame) if frame["kind"] == "pulse" else self._living.hear(frame)
        except Exception:
            log.exception("run %s: a frame", self.run_id)

    def _hear_pulse(self, frame: Mapping[str, Any]) -> None:
        place, now = frame["place"], time.monotonic()
        self._losses.extend(frame.get("array", ()))
        recent = (one for one in self._heard if now - one[0] < RATE_SECONDS)
        self._heard = [*recent, (now, self._passes)]
        self._passes = frame["backwards"]
        (then, before), rate = self._heard[0], 0.0
        if now > then:
            rate = (self._passes - before) / (now - then)
        if place is None:  # the last one
            self._progress = replace(self._progress, epoch=frame["epoch"])
        else:
            text = safe(linecache.getline(place[0], place[1]).strip(), TEXT)
            self._progress = Progress(place[0], place[1], text, frame["epoch"], rate)

    def go_on(self) -> bool:
        """Whether the script, or the diagnosis, is to go on; writes meanwhile what is due."""
        now = time.monotonic()
        if now - self._written_at >= WRITE_SECONDS:
            self._written_at = now
            self._try(self._turn)
        return self._wanted() and not (self.left if self._looking else self.stopped)

    def _turn(self) -> None:
        for command in self._store.commands.take(self.owner):
            self.stopped |= isinstance(command.message, messages.Stop)
            self.left |= isinstance(command.message, messages.CallDoctorOff)
        if not self._looking:
            self._write()

    def _write(self, **columns: Any) -> None:
        with self._lock:
            losses, self._losses = self._losses, array("f")
            progress, found = self._progress, self._living.measured(self._count + len(losses), losses)
        try:
            with self._store.transaction():
                if losses:
                    self._store.losses.append(self.run_id, self._count + 1, losses)
                count = self._count + len(losses)
                if found is not None:
                    columns = {**columns_of(found), **columns}
                seconds = columns.pop("seconds", time.monotonic() - self._began)
                self._store.runs.update(self.run_id, epoch=count, seconds=seconds, **columns)
                self._store.scripts.tell(self.run_id, progress)
                if (printed := self._output()) is not None and printed != self._printed:
                    self._store.scripts.put_output(self.run_id, printed)
        except StoreError:
            with self._lock:
                self._losses = losses + self._losses
            raise
        self._count, self._printed = count, printed

    # --- at its end ---

    def ended(self, seen: Observation) -> None:
        """The script is over: what became of it, in a word and a sentence."""
        status, ending = ending_of(seen, self.asked, stopped=self.stopped)
        with self._lock:
            self._progress = Progress(**{**self._progress.to_dict(), "ending": ending.what})
        columns = self._measured(seen)
        columns |= {"status": status, "ended": time.time(), "owner": None, "seconds": seen.seconds}
        if status is Status.FAILED:
            columns["failure"] = ending
        self._insist(lambda: self._write(**columns))

    def _measured(self, seen: Observation) -> dict[str, Any]:
        try:
            found = measured(seen, self._count + len(self._losses))
        except Exception:
            log.exception("run %s: its answers", self.run_id)
            return {}
        return {} if found is None else columns_of(found)

    def check(self, seen: Observation) -> None:
        """See that something was seen to train.

        Raises:
            ConfigError: nothing was; that is kept.
        """
        try:
            check_seen(self.asked.name, seen, self.asked.limit)
        except LrtuiError as error:
            self._failed(error)
            raise

    def diagnose(self, seen: Observation) -> ScriptDiagnosis:
        """Say what is wrong, and keep it, or that it could not be said."""
        self._looks()
        asked = self.asked
        try:
            from lrtui.core.watch.doctor import diagnose_script  # seconds, in which somebody looks on
            from lrtui.core.watch.proof import own_sources

            self._sources = own_sources(start_of(asked), seen)  # what is edited from here on is not patched
            found = diagnose_script(
                start_of(asked), seen, budget=asked.budget, rerun=asked.rerun, go_on=self.go_on
            )
        except Exception as error:
            self._failed(error if isinstance(error, LrtuiError) else None)
            raise
        if self.left:
            self._dropped()
        else:
            self._told(found)
            self._offer(seen)
        return found

    def _looks(self) -> None:
        """The doctor begins to look."""
        self._looking = True
        self._insist(
            lambda: self._store.diagnoses.begin(self.run_id, self._count, Work.LOOKING, self.owner)
        )

    def _told(self, found: ScriptDiagnosis) -> None:
        """The doctor has said what is wrong: the letter, and the patch if there is one."""
        from lrtui.core.watch.record import as_letter

        def write() -> None:
            with self._store.transaction():
                if found.patch and found.sources:
                    self._store.scripts.put_patch(self.run_id, self._patch(found))
                letter = as_letter(found, self.asked.folder)
                self._store.diagnoses.note(self.run_id, self._count, letter)

        self._insist(write)

    def _offer(self, seen: Observation) -> None:
        """Keep what lrtui can train itself of it, if it can."""
        from lrtui.core.watch.taking import taken

        try:
            found = taken(seen)
        except Exception:
            log.exception("taking over run %s", self.run_id)
            return
        if found is not None:
            told = Problem(found.config, found.classes, dict(found.places), self._sources)
            put = self._store.scripts.put_problem
            self._insist(lambda: put(self.run_id, told, found.train, found.test))

    def _failed(self, error: LrtuiError | None) -> None:
        """There is nothing to diagnose, or no diagnosis: why, in two sentences."""
        found = (
            Failure("Engine", "Looking at this script went wrong.", DETAILS)
            if error is None
            else Failure.of(error)
        )
        words = f"{found.what} {found.fix}"
        self._insist(lambda: self._store.diagnoses.fail(self.run_id, self._count, words))

    def _dropped(self) -> None:
        """A person called the diagnosis off."""
        self._insist(lambda: self._store.diagnoses.drop(self.run_id))

    def apply(self, found: ScriptDiagnosis) -> list[str]:
        """Apply the patch; gives the files that the originals are kept in.

        Raises:
            ConfigError: a file is no longer what was run.
        """
        patch = self._patch(found)
        kept = apply(patch.before, patch.after)
        self._insist(lambda: self._store.scripts.put_patch(self.run_id, replace(patch, kept=kept)))
        return list(kept.values())

    def _patch(self, found: ScriptDiagnosis) -> Patch:
        before = {path: self._sources[path] for path in found.sources}
        return Patch(found.patch or "", before, found.sources)

    def _try(self, write: Callable[[], None]) -> bool:
        """Write; a store that is busy or full is tried again later, and nothing of the script's waits."""
        if self._lost:
            return True
        try:
            write()
        except StoreLostError as error:
            log.warning("run %s: %s", self.run_id, error)
            self._lost = True
        except StoreError as error:
            log.warning("run %s: %s", self.run_id, error)
            return False
        return True

    def _insist(self, write: Callable[[], None]) -> None:
        for _ in range(TRIES):
            if self._try(write):
                return
            time.sleep(AGAIN_SECONDS)
