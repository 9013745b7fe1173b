"""Findings proved: the script is patched, run again, and judged by its own predictions."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from pathlib import Path

from lrtui.core.doctor.diagnosis import RuledOut
from lrtui.core.watch.diagnosis import Said
from lrtui.core.watch.finding import Finding, Place
from lrtui.core.watch.observation import Observation
from lrtui.core.watch.patches import patch, unified
from lrtui.core.watch.rules import findings
from lrtui.core.watch.scores import Scores, scores
from lrtui.core.watch.scratch import Scratch, scratch
from lrtui.core.watch.sources import read_source
from lrtui.core.watch.warm import WarmPython
from lrtui.core.watch.watching import Start

GAIN = 0.03  # of balanced accuracy: what a suspect's patch must bring
ERRORS = 2.5  # standard errors of a share, beyond which a gain is no chance
LOSS = 0.02  # of it that a certain finding's patch may cost by chance
NATS, SHARE = 0.15, 0.5  # of the loss on rows held back, and of what it then is: the same
LEAST = 0.05  # of it: what a change must save that the doctor of runs found
MOST_NATS = 100.0
OF_LOSS = {"overfitting"}  # what is wrong is the loss of rows held back, and their labels may be luck
SEEDS = (1, 2)  # other random numbers, that a suspect's patch must heal with too
PATCHES = 6  # in a row
SLOWER = 3.0  # times the first run's seconds, that a second may take


@dataclass
class Proof:
    """What became of the patches.

    Attributes:
        said: the findings, the cause first. texts: of the files that changed, with all accepted patches.
        after: scores with all of them. reruns: how often the script was run again.
    """

    said: list[Said] = field(default_factory=list)
    ruled_out: list[RuledOut] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    after: Scores | None = None
    reruns: int = 0
    late: bool = False


@dataclass(frozen=True)
class Tried:
    """A patch that the script was run with."""

    finding: Finding
    changed: Mapping[str, str]
    seen: Observation | None

    @cached_property
    def after(self) -> Scores | None:
        """Its scores; ``None`` where it did not end well."""
        return None if self.seen is None else scores(self.seen)

    def heals(self, now: Scores, noise: float) -> bool:
        """Whether the script is well with it."""
        if self.seen is None or self.after is None:
            return False
        return heals(self.finding, now, self.after, self.seen, noise)

    def worth(self, now: Scores) -> float:
        """How much better it answers: balanced accuracy, and the nats on rows held back, weighed."""
        if self.after is None:
            return -1.0
        nats = 1.0 if self.finding.cause in OF_LOSS else 0.1
        return (_gain(now, self.after) or 0.0) + nats * max(_saved(now, self.after), -1.0)


def _versions(finding: Finding) -> list[Finding]:
    """A finding with each of the values that may be it."""
    given = finding.facts.get("tries")
    if not isinstance(given, Sequence):
        return [finding]
    facts = {name: value for name, value in finding.facts.items() if name != "tries"}
    return [
        Finding(finding.cause, finding.places, {**facts, **one})
        for one in given
        if isinstance(one, Mapping)
    ]


class Prover:
    """One script, run again as often as the budget allows."""

    def __init__(
        self,
        start: Start,
        first: Observation,
        *,
        budget: float,
        go_on: Callable[[], bool] = lambda: True,
        warm: WarmPython | None = None,
    ) -> None:
        self._given = warm
        self._start, self._first = start, first
        self._until = time.monotonic() + budget
        self._go_on = go_on
        self._limit = first.seconds if first.stopped else max(first.seconds * SLOWER, 10.0)
        self.sources = own_sources(start, first)
        self.proof = Proof(before=self.sources)

    def prove(self, found: Sequence[Finding]) -> Proof:
        """Patch after patch, each on top of those that held."""
        with _running(self._start, self._first, self._given) as (warm, place):
            self._warm, self._scratch = warm, place
            self._all(list(found))
        return self.proof

    def _all(self, waiting: list[Finding]) -> None:
        """Each finding in its turn; what a patched run shows anew waits behind."""
        texts, now = dict(self.sources), scores(self._first)
        waiting, ready = self._best_first(waiting, texts, now)
        done: set[str] = set()
        control: Observation | None = None
        while waiting and len(done) < PATCHES:
            finding = waiting.pop(0)
            done.add(finding.cause)
            suspect = bool(finding.facts.get("suspect"))
            if suspect and self.proof.said and any(said.proved for said in self.proof.said):
                continue  # what is certain heals already
            tried = ready.pop(finding.cause, None) if texts == self.sources else None
            tried = list(self._tried(finding, texts, now)) if tried is None else tried
            if not tried:
                if not suspect:
                    self.proof.said.append(Said(finding, None, False, now))
                continue
            if suspect and control is None and tried[0].seen is not None and not self._late():
                control = self._run(texts)
            noise = _noise(now, scores(control)) if control is not None else 0.0
            well = [one for one in tried if one.heals(now, noise)]
            best = max(well, key=lambda one: one.worth(now), default=None)
            if best is None or (suspect and not self._holds(best, texts)):
                self._refused(finding, self.diff(texts, tried[0].changed), now, tried[0].after)
                continue
            finding, changed, then, after = best.finding, best.changed, best.seen, best.after
            assert then is not None and after is not None  # noqa: PT018 - for it heals
            diff = self.diff(texts, changed)
            texts = {**texts, **changed}
            self.proof.said.append(Said(finding, diff, True, now, after))
            now = after
            again = [self._back(one, texts) for one in findings(then)]
            waiting = [one for one in again if one.cause not in done]
            waiting.sort(key=lambda one: bool(one.facts.get("suspect")))
        self.proof.texts = {path: text for path, text in texts.items() if text != self.sources[path]}
        self.proof.after = now if self.proof.texts else None

    def _best_first(
        self, waiting: list[Finding], texts: Mapping[str, str], now: Scores
    ) -> tuple[list[Finding], dict[str, list[Tried]]]:
        """Where the doctor of runs blames several things, the one first that alone heals clearly the most.

        With the runs that told so, by cause.
        """
        asked = [finding for finding in waiting if finding.facts.get("doctor")]
        if len(asked) < 2 or waiting[0] is not asked[0]:
            return waiting, {}
        ready = {finding.cause: list(self._tried(finding, texts, now)) for finding in asked}
        worth = {
            cause: max((one.worth(now) for one in tried if one.heals(now, 0.0)), default=-1.0)
            for cause, tried in ready.items()
        }
        best = max(asked, key=lambda finding: worth[finding.cause])
        if not ready[asked[0].cause] or worth[best.cause] <= worth[asked[0].cause] + GAIN:
            return waiting, ready
        return [best, *(finding for finding in waiting if finding is not best)], ready

    def _tried(self, finding: Finding, texts: Mapping[str, str], now: Scores) -> Iterator[Tried]:
        """The script run with the patch of a finding; where several values may be it, with each."""
        for one in _versions(finding):
            changed = None if self._late() else patch(one, texts)
            if changed is not None:
                yield Tried(one, changed, self._run({**texts, **changed}))

    def _holds(self, tried: Tried, texts: Mapping[str, str]) -> bool:
        """Whether a change heals with other random numbers too, each time against the script without it."""
        for seed in SEEDS:
            if self._late():
                return True
            control = self._run(texts, seed)
            then = Tried(tried.finding, tried.changed, self._run({**texts, **tried.changed}, seed))
            if control is None or then.after is None:
                continue
            before = scores(control)
            if then.worth(before) <= 0 and then.worth(scores(self._first)) <= 0:
                return False
        return True

    def _refused(self, finding: Finding, diff: str, now: Scores, after: Scores | None) -> None:
        blamed = not finding.facts.get("suspect") and not finding.facts.get("doctor")
        if blamed or (after is None and finding.facts.get("doctor")):
            self.proof.said.append(Said(finding, None, False, now, after))
            return
        tried = "could not be run" if after is None else _told(now, after)
        self.proof.ruled_out.append(RuledOut(finding.cause, f"With that alone changed the script {tried}."))

    def _late(self) -> bool:
        self.proof.late |= time.monotonic() > self._until
        return self.proof.late or not self._go_on()

    def _run(self, texts: Mapping[str, str], seed: int = 0) -> Observation | None:
        """The script with these texts; ``None`` where it does not end well."""
        start, self._places = self._scratch.with_sources(texts)
        left = self._until - time.monotonic()
        self.proof.reruns += 1
        try:
            limit = max(min(left, self._limit), 1.0)
            seen = self._warm.watch(start, limit=limit, seed=seed, go_on=self._go_on)
        except (OSError, ChildProcessError):
            return None
        endless = bool(self._first.stopped)  # then as long as the first
        return seen if (seen.code == 0 and not seen.stopped) or endless else None

    def _back(self, finding: Finding, texts: Mapping[str, str]) -> Finding:
        """A finding of a run in the scratch folder, with the person's own paths."""
        own = {place: path for path, place in self._places.items()}
        moved = {
            name: [Place(own.get(place.file, place.file), place.line, place.function) for place in entries]
            for name, entries in finding.places.items()
        }
        return Finding(finding.cause, moved, finding.facts)

    def diff(self, before: Mapping[str, str], changed: Mapping[str, str]) -> str:
        """The patch, with paths as seen from where the script runs."""
        working = Path(os.path.abspath(self._start.folder or "."))
        names = {path: os.path.relpath(path, working) for path in changed}
        names = {path: path if name.startswith("..") else name for path, name in names.items()}
        return unified({path: before[path] for path in changed}, changed, names)


def heals(finding: Finding, now: Scores, after: Scores, then: Observation, noise: float) -> bool:
    """Whether a patched run is well where the one before was not.

    What is certain must be gone, and the answers no worse; a suspect's patch must make the answers better.
    """
    gone = finding.cause not in {one.cause for one in findings(then) if not one.facts.get("suspect")}
    gain = _gain(now, after)
    if finding.facts.get("suspect"):
        if gain is None:
            return False
        if finding.facts.get("likely"):  # no script is meant so: what is left to ask is whether it matters
            return gain >= -LOSS / 2 and gain + _saved(now, after) > LOSS / 2
        surer = _surer(now, after, noisy=finding.cause == "batch-too-small") and gain >= -GAIN
        return gain >= max(GAIN, _chance(now, after)) + 2 * noise or surer
    if finding.facts.get("doctor"):
        return gain is not None and (gain >= GAIN or (gain >= -LOSS and _lower(now, after)))
    slack = max(LOSS, _chance(now, after)) if _surer(now, after) else LOSS
    return gone and (gain is None or gain >= -slack)


def _chance(now: Scores, after: Scores) -> float:
    """Of so few rows a share is no surer."""
    shares = [share for share in (now.balanced_accuracy, after.balanced_accuracy) if share is not None]
    spread = max((share * (1 - share) for share in shares), default=0.25)
    return float(ERRORS * (spread / max(after.rows, 1)) ** 0.5)


def _saved(now: Scores, after: Scores) -> float:
    """Nats a row, on rows that are not learned from."""
    if now.test_loss is None or after.test_loss is None or not isfinite(after.test_loss):
        return 0.0
    return min(now.test_loss, MOST_NATS) - after.test_loss if isfinite(now.test_loss) else MOST_NATS


def _surer(now: Scores, after: Scores, noisy: bool = False) -> bool:
    """Whether the loss of rows held back is so much lower that a label more or less is chance.

    Of steps that are known to be noisy less does.
    """
    part = 0.5 if noisy else 1.0
    return _saved(now, after) > part * max(NATS, SHARE * (after.test_loss or 0.0))


def _lower(now: Scores, after: Scores) -> bool:
    """Whether the loss fell: that of rows held back, where it is known; of the last batch it is luck."""
    if now.test_loss is not None and after.test_loss is not None:
        return _saved(now, after) > LEAST
    return now.loss is not None and after.loss is not None and after.loss < now.loss


def _gain(now: Scores, after: Scores) -> float | None:
    if after.balanced_accuracy is None:
        return None
    before = now.balanced_accuracy
    return after.balanced_accuracy - (1 / max(after.classes, 2) if before is None else before)


def _noise(one: Scores, other: Scores) -> float:
    if one.balanced_accuracy is None or other.balanced_accuracy is None:
        return 0.0
    return abs(one.balanced_accuracy - other.balanced_accuracy)


def _told(now: Scores, after: Scores) -> str:
    if now.balanced_accuracy is None or after.balanced_accuracy is None:
        return "answers no better"
    return (
        f"answers no better (balanced accuracy {now.balanced_accuracy:.2f} → {after.balanced_accuracy:.2f})"
    )


@contextmanager
def _running(
    start: Start, first: Observation, given: WarmPython | None
) -> Iterator[tuple[WarmPython, Scratch]]:
    preload = (first.first("end") or {}).get("modules", [])
    made = nullcontext(given) if given else WarmPython(start.python, start.path, preload)
    with made as warm, scratch(start) as place:
        yield warm, place


def own_sources(start: Start, seen: Observation) -> dict[str, str]:
    """The person's own files that take part, by their paths: the script, and what of theirs it calls."""
    paths = set()
    if start.arguments[0] != "-m":
        paths.add(os.path.abspath(Path(start.folder or ".", start.arguments[0])))
    for frame in seen.frames:
        place = frame.get("place")
        if place:
            paths.add(str(place[0]))
    found = {}
    for path in sorted(paths):
        try:
            found[path] = read_source(Path(path))
        except (OSError, UnicodeDecodeError):
            continue
    return found
