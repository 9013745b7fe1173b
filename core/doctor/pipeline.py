"""A diagnosis from its first question to its letter: the causes of the catalogue, asked stage by stage."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.core.doctor import wording
from lrtui.core.doctor.case import HARM, LEARNABLE, Case
from lrtui.core.doctor.catalogue import Kind, asked_at, not_asked
from lrtui.core.doctor.cause import Cause, Found, ProblemCause, RunCause, Setting, Stage
from lrtui.core.doctor.diagnosis import Diagnosis, Finding, Health, RuledOut, Scores, Values
from lrtui.core.doctor.outcome import Outcome
from lrtui.core.doctor.search import search, suspected, values_of
from lrtui.core.doctor.trials import Trial, TrialRunner
from lrtui.datasets.classes import is_binary
from lrtui.datasets.errors import DatasetError

ANSWERS = {"threshold", "class_weight"}  # settings that are about the labels alone


@dataclass
class Pipeline:
    """One diagnosis under way: what was found so far, and the changes that come of it."""

    lab: TrialRunner
    config: Config
    work: float
    notes: list[str] = field(default_factory=list)
    findings: list[tuple[Cause, Finding]] = field(default_factory=list)
    ruled_out: list[RuledOut] = field(default_factory=list)
    fix: Values = field(default_factory=dict)
    settled: Health | None = None  # the verdict, once it stands
    binary: bool = True
    started: float = field(default_factory=time.perf_counter)
    suspects: list[tuple[Cause, Finding]] = field(default_factory=list)  # tried, and does not heal alone
    trained: float = 0.0  # seconds that the run itself took

    def diagnose(self, outcome: Outcome | None) -> Diagnosis:
        """Look at everything in turn, and stop where the verdict is settled.

        Raises:
            DatasetError: the dataset cannot be prepared as the config asks, nor with a change known here.
            Cancelled: somebody else wants the machine.
        """
        config = self._admitted()
        for cause in self._asked(Stage.TARGET, ProblemCause):
            if (found := cause.ask(self.lab, config)) is not None:
                return self._untrained(config, cause, found)
        case = first = self._case(config, outcome if config is self.config else None)
        case = self._answered(Stage.DATA, case, until_settled=True)
        if self.settled is None:
            case = self._answered(Stage.SIGNAL, case)
        case = self._training(case)
        if self.settled is None:
            case = self._answered(Stage.ANSWERS, case)
            case = self._pruned(first, case)
        return self._letter(first, case)

    def _asked(self, stage: Stage, kind: type[Kind]) -> Iterator[Kind]:
        """The causes of a stage whose time has come, by what was found when each is its turn."""
        for cause in asked_at(stage, kind):
            known = {other.id for other, _ in self.findings}
            if cause.applies(binary=self.binary, known=known):
                self.lab.check()
                yield cause

    def _spent(self) -> float:
        return time.perf_counter() - self.started - self.trained

    def _admitted(self) -> Config:
        """The config with which a run can be trained; what the dataset must be for it, it has become."""
        config = self.config
        if self.lab.dataset is not None:
            self.binary = is_binary(len(self.lab.dataset.class_names))
        for cause in self._asked(Stage.ADMISSION, ProblemCause):
            if (found := cause.ask(self.lab, config)) is None:
                continue
            self.findings.append((cause, cause.finding(found)))
            if found.dataset is not None:
                self.lab.dataset = found.dataset
            if found.fix is not None:
                config, self.fix = changed(config, **found.fix), self.fix | found.fix
        return config

    def _untrained(self, config: Config, cause: Cause, found: Found) -> Diagnosis:
        problem = self.lab.problem(config)
        counts = np.bincount(problem.y_train)
        share = float(counts.max() / counts.sum())
        self.findings.append((cause, cause.finding(found)))
        return Diagnosis(
            status=found.settles or Health.UNLEARNABLE,
            verdict=found.sentence,
            single_label=share == 1,
            majority_label=problem.class_names[counts.argmax()],
            majority_share=share,
            findings=tuple(finding for _, finding in self.findings),
            fix=self.fix | (found.fix or {}) or None,
            after=None if found.trial is None else found.trial.scores,
            seconds=self._spent(),
        )

    def _case(self, config: Config, outcome: Outcome | None) -> Case:
        problem = self.lab.problem(config)
        if outcome is None:
            began = time.perf_counter()
            run, outcome = self.lab.first(config)
            self.trained = time.perf_counter() - began
        else:
            done = config.epochs if outcome.stopped_early else outcome.epoch
            run = self.lab.look(config, outcome.theta, done)
        self.lab.begin(self.work)
        analysis = self.lab.analysis(config)
        ended = outcome.diverged_at is not None or outcome.stopped_early
        if not ended and outcome.epoch < config.epochs:
            config, run = self._to_its_end(config, run, outcome)
        self.lab.done[config] = run
        if analysis.sampled is not None:
            rows = f"{analysis.sampled:,} of {len(problem.y_train):,} rows"
            self.notes.append(f"What is not training was measured on {rows}.")
        return Case(self.lab, config, run, outcome, analysis.reference)

    def _to_its_end(self, config: Config, run: Trial, outcome: Outcome) -> tuple[Config, Trial]:
        """A run that stands before its end is judged by where it is going, as far as it can be followed."""
        stands = f"The run stands after {outcome.epoch:,} of {config.epochs:,} epochs"
        ahead = self.lab.run([config], self.work / 2)[0]
        if not ahead.cut:
            self.notes.append(f"{stands}; what is judged is what it comes to if it goes on.")
            return config, ahead
        there = changed(config, epochs=max(ahead.epochs, 1))
        if Case(self.lab, there, ahead, outcome, self.lab.analysis(there).reference).health.fine:
            self.notes.append(f"{stands}; what is judged is what it comes to after {ahead.epochs:,}.")
            return there, replace(ahead, config=there)
        self.notes.append(f"{stands}, and is judged as it stands.")
        config = changed(config, epochs=max(outcome.epoch, 1))
        return config, replace(run, config=config)

    def _answered(self, stage: Stage, case: Case, *, until_settled: bool = False) -> Case:
        """Ask the causes of a stage; where one is found, the case goes on with its change."""
        for cause in self._asked(stage, RunCause):
            if cause.hides and case.gap and not case.health.probabilities:
                continue  # the answers of a run that has learned little say little
            if (found := cause.ask(case)) is None:
                continue
            self.findings.append((cause, cause.finding(found)))
            self.settled = found.settles or self.settled
            if found.trial is not None:
                case = self._moved(case, found.fix or {}, found.trial)
            if until_settled and self.settled is not None:
                break
        return case

    def _moved(self, case: Case, fix: Values, trial: Trial) -> Case:
        """The case of the run with a fix, which is a part of the whole fix from now on."""
        self.fix |= fix
        return case.with_run(self.lab.finished(trial))

    def _training(self, case: Case) -> Case:
        """Whether training got as far as it can, and what to change if rows not seen suffer for it."""
        if not case.gap and not case.health.probabilities:
            case = replace(case, part="test")
        settings = list(self._asked(Stage.TRAINING, Setting))
        train = replace(case, part="train")
        if case.health.fine or not case.gap:
            # Where training got as far as it need, settings are told that are as they should be.
            self.ruled_out += suspected(case, settings)[1]
            return train
        found = search(case, settings)
        whole = None if found.trial is None else self.lab.finished(found.trial)
        if whole is None or not case.heals(whole):  # nothing heals, or not to the end
            found.named, found.ties = [], []
            helpful = [change for change in found.singles if case.closure(change.trial) > 0]
            self.suspects = [(change.setting, wording.suspect(case, change)) for change in helpful]
            self.ruled_out += wording.ruled_out(case, found)
            return train
        if not case.improves(whole) and not _shows_once_answers_are_mended(case, whole):
            self.ruled_out += [wording.harmless(case, change) for change in found.named]
            return train
        self.ruled_out += wording.ruled_out(case, found)
        self.findings += [(c.setting, wording.healed(case, c, found, whole)) for c in found.named]
        return self._moved(train, values_of(found.named), whole)

    def _pruned(self, first: Case, last: Case) -> Case:
        """Without findings whose changes the other changes make needless."""
        before = last
        for entry in list(self.findings):
            cause, finding = entry
            rest = [other for other in self.findings if other is not entry and other[1].fix]
            if cause.stage is Stage.ADMISSION or cause.grave or not finding.fix or not rest:
                continue
            fix = {name: value for _, other in rest for name, value in (other.fix or {}).items()}
            if not fix.keys().isdisjoint(finding.fix):
                continue  # the others change what this one changed first
            try:
                without = first.tried(fix, 4)
            except DatasetError:
                continue  # it cannot even be prepared without
            now, then = last.run.measured, without.measured
            as_good = then.test_balanced_accuracy >= now.test_balanced_accuracy - wording.AS_GOOD
            if as_good and then.test_loss <= now.test_loss + wording.AS_GOOD and first.improves(without):
                self.findings.remove(entry)
                self.ruled_out.append(wording.needless(cause.id, self.config, finding.fix))
                self.fix, last = fix, last.with_run(without)
        if last.run is not before.run:
            self._tell_alone(first)
        return last

    def _tell_alone(self, first: Case) -> None:
        """What is left alone is told of the run itself: it was found on the way, beside what is dropped."""
        (cause, finding), *others = self.findings
        found = None if others or not isinstance(cause, RunCause) else cause.ask(first)
        if found is not None and found.fix == finding.fix:
            self.findings = [(cause, cause.finding(found))]

    def _letter(self, first: Case, last: Case) -> Diagnosis:
        told = sorted(self.findings, key=lambda entry: not entry[0].first)
        findings = [
            replace(finding, proved=True, trial=first.run.scores)  # with which the run went through
            if cause.stage is Stage.ADMISSION
            else finding
            for cause, finding in told
        ]
        settled = self.settled or self._judged(first, last)
        if settled is Health.CANNOT_TELL and self.settled is None:
            findings += [finding for _, finding in self.suspects]
        if settled is Health.HEALTHY:
            asked = [(cause, cause.ask(first)) for cause in self._asked(Stage.INFORMATION, RunCause)]
            findings += [cause.finding(found) for cause, found in asked if found is not None]
        mended = settled is Health.UNLEARNABLE and findings[0].proved  # if no more than its probabilities
        fix = (self.fix or None) if settled in (Health.SICK, Health.IMPROVABLE) or mended else None
        after = last.run if fix else None
        if unasked := not_asked(binary=first.binary):
            self.notes.append(wording.not_looked_at(unasked))
        measured = first.run.measured
        unfit = any(cause.stage is Stage.ADMISSION for cause, _ in told)
        undecided = told[0][0].undecided if told else ""
        blamed = {finding.cause for finding in findings}
        cleared = dict[str, RuledOut]()
        for entry in self.ruled_out:
            if entry.cause not in blamed:
                cleared.setdefault(entry.cause, entry)
        best = first.ridge
        if fix and last.config.features == first.config.features:  # cells that were mended raise it
            best = min(best, last.ridge, key=lambda trial: trial.measured.test_loss)
        lowest = (first if best is first.ridge else last).reference.loss
        return Diagnosis(
            status=settled,
            verdict=(
                wording.untrainable(self.config, findings, fix, after or first.run)
                if unfit and settled is not Health.UNLEARNABLE
                else wording.verdict(settled, self.config, first, findings, fix, after, best, undecided)
            ),
            single_label=measured.one_label,
            majority_label=first.majority_label,
            majority_share=measured.majority_share,
            findings=tuple(findings),
            ruled_out=tuple(cleared.values()),
            fix=fix,
            before=Scores() if unfit else first.run.scores,
            after=None if after is None else after.scores,
            reference=replace(best.scores, train_loss=lowest),
            seconds=self._spent(),
            notes=tuple(self.notes),
            before_histogram=None if unfit else measured.histogram,
            after_histogram=None if after is None else after.measured.histogram,
            class_names=() if first.binary else first.analysis.problem.class_names,
        )

    def _judged(self, first: Case, last: Case) -> Health:
        """The verdict where no cause settles it: by the axes, and by what the fix was seen to win."""
        unfit = any(cause.stage is Stage.ADMISSION for cause, _ in self.findings)
        proved = [cause for cause, finding in self.findings if finding.proved]
        if not proved and not unfit:  # what no change here makes use of is told, and does the run no harm
            return Health.HEALTHY if first.health.fine else Health.CANNOT_TELL
        # By what could be had; what changes that may win more.
        moved = any(getattr(first.config, name) != getattr(last.config, name) for name in LEARNABLE)
        won = moved and first.labels_won(first.run, last.run)
        two = first.run.measured.one_label and not last.run.measured.one_label
        labels = bool(self.fix) and self.fix.keys() <= ANSWERS  # which nothing but the labels gains by
        grave = unfit or any(cause.grave for cause in proved)
        sick = grave or won or two or labels or not first.health.labels
        return Health.SICK if sick else Health.IMPROVABLE


def _shows_once_answers_are_mended(case: Case, whole: Trial) -> bool:
    """Whether a fix shows in the answers only once what hides it is put right too, and not without it."""
    both = _answers_mended(replace(case, config=whole.config, run=whole))
    if both is None:
        return False
    alone, together = (_answers_mended(case) or case.run).measured, both.measured
    won = together.test_balanced_accuracy - case.run.measured.test_balanced_accuracy
    more = together.test_balanced_accuracy - alone.test_balanced_accuracy
    fell = alone.test_loss - together.test_loss
    labels, probabilities = won >= HARM and more >= HARM / 2, fell > case.reference.slack
    return labels or (probabilities and case.improves(both))


def _answers_mended(case: Case) -> Trial | None:
    """The run with what hides its answers put right, if anything does."""
    for cause in asked_at(Stage.ANSWERS, RunCause):
        asked = cause.hides and cause.applies(binary=case.binary, known=set())
        if asked and (found := cause.ask(case)) is not None:
            return found.trial
    return None
