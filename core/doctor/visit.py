"""The visit: the data (A), whether anything can be learned, training (B), then the answers (C)."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from lrtui.core.config import Config, changed
from lrtui.core.doctor import letter
from lrtui.core.doctor.admission import admit
from lrtui.core.doctor.case import HARM, Case
from lrtui.core.doctor.causes import answers, by_class, data
from lrtui.core.doctor.causes.settings import SETTINGS
from lrtui.core.doctor.diagnosis import Diagnosis, Finding, Health, RuledOut, Scores, Values
from lrtui.core.doctor.outcome import Outcome, outcome_of
from lrtui.core.doctor.search import Search, search
from lrtui.core.doctor.trials import Laboratory, Trial, trial_of
from lrtui.core.training.device import use_threads
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.dataset import Dataset, Problem
from lrtui.datasets.text import safe

OTHER_SPLITS = 20  # tried for one that holds both classes


@dataclass
class Visit:
    """One diagnosis under way: what was found so far, and the changes that come of it."""

    dataset: Dataset
    config: Config
    lab: Laboratory
    seconds: float
    findings: list[Finding] = field(default_factory=list)
    ruled_out: list[RuledOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fix: Values = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)
    admitted: set[str] = field(default_factory=set)  # causes that had to be mended before a run could be
    suspects: list[Finding] = field(default_factory=list)  # whose change was tried and does not heal
    named: bool = False  # whether a setting was found that closes the gap
    trained: float = 0.0  # seconds that the run itself took

    def diagnose(self, outcome: Outcome | None) -> Diagnosis:
        """Look at everything in turn, and stop where the verdict is settled."""
        admitted = admit(self.lab, self.config)
        config, self.fix = admitted.config, dict(admitted.fix)
        self.findings += admitted.findings
        self.admitted = {finding.cause for finding in admitted.findings}
        problem = self.lab.problem(config)
        if problem.y_train.min() == problem.y_train.max():
            return self._one_class(config, problem)
        case = self._case(config, problem, None if config is not self.config else outcome)
        first = case
        settled = self._data(case)
        if settled is None:
            case = self._leak(case)
            settled = self._learnable(case)
        case = self._training(case, settled)
        if settled is None:
            case, settled = self._answers(case)
        return self._letter(first, case, settled)

    # --- group A ---

    def _one_class(self, config: Config, problem: Problem) -> Diagnosis:
        label = problem.class_names[int(problem.y_train[0])]
        other = self._other_split(config)
        sentence = (
            f"Every one of the {len(problem.y_train):,} training rows is {safe(label, letter.NAME)}: "
            "nothing to tell apart."
        )
        tail = (
            f" The split with seed {other} holds both classes."
            if other is not None
            else " Choose another target, or bring rows of the other class."
        )
        finding = Finding(
            "one-class", "One class only", sentence + tail, {"training_rows": float(len(problem.y_train))}
        )
        after: Trial | None = None
        if other is not None:
            fix = {"split_seed": other}
            after = self.lab.run([changed(config, **fix)])[0]
            finding = replace(finding, fix=fix, proved=True, trial=after.scores)
            self.fix |= fix
        self.findings.append(finding)
        return Diagnosis(
            status=Health.UNLEARNABLE if after is None else Health.SICK,
            verdict=finding.sentence,
            single_label=True,
            majority_label=label,
            majority_share=1.0,
            findings=tuple(self.findings),
            ruled_out=(),
            fix=self.fix or None,
            before=Scores(),
            after=None if after is None else after.scores,
            reference=None,
            seconds=self._spent(),
        )

    def _other_split(self, config: Config) -> int | None:
        for seed in range(OTHER_SPLITS):
            problem = self.lab.problem(changed(config, split_seed=seed))
            if all(labels.min() != labels.max() for labels in (problem.y_train, problem.y_test)):
                return seed
        return None

    def _case(self, config: Config, problem: Problem, outcome: Outcome | None) -> Case:
        """The run, trained where it has not been, and its case."""
        if outcome is None:
            began = time.perf_counter()
            trainer, losses = Trainer(problem, config), list[float]()
            while not trainer.finished:
                self.lab.check()
                use_threads(trainer.threads)
                losses.extend(trainer.advance(seconds=0.05).losses)
            run = trial_of(config, config.epochs, trainer.snapshot())
            outcome = outcome_of(trainer, losses)
            self.trained = time.perf_counter() - began
        else:
            run = self.lab.look(config, outcome.theta, outcome.epoch)
        self.lab.begin(self.seconds)
        if outcome.diverged_at is None and outcome.epoch < config.epochs:
            config, run = self._to_its_end(config, run, outcome)
        self.lab.know(problem, run)
        ground = self.lab.ground(config)
        if ground.sampled is not None:
            self.notes.append(
                f"What is not training was measured on {ground.sampled:,} of {len(problem.y_train):,} rows."
            )
        return Case(self.lab, config, run, outcome, ground.reference)

    def _to_its_end(self, config: Config, run: Trial, outcome: Outcome) -> tuple[Config, Trial]:
        """A run that stands before its end is judged by where it is going; a long one as it stands."""
        stands = f"The run stands after {outcome.epoch:,} of {config.epochs:,} epochs"
        full = self.lab.run([config], self.seconds / 2)[0]
        if not full.cut:
            self.notes.append(f"{stands}; what is judged is what it comes to if it goes on.")
            return config, full
        self.notes.append(f"{stands}, and is judged as it stands.")
        config = changed(config, epochs=max(outcome.epoch, 1))
        return config, replace(run, config=config)

    def _data(self, case: Case) -> Health | None:
        """Data from which there is nothing more to learn, or that differs between the parts."""
        for finding in (data.no_diversity(case.ground), data.mismatch(case.ground)):
            if finding is not None:
                self.findings.append(finding)
                return Health.UNLEARNABLE
        return None

    def _leak(self, case: Case) -> Case:
        found = data.leak(case)
        if found is None or found.fix is None:
            return case
        without = self._moved(case, found.fix)
        score = without.run.measured.test_balanced_accuracy
        before = case.run.measured.test_balanced_accuracy
        said = f"{found.sentence} Without it balanced accuracy is {score:.2f}, with it {before:.2f}."
        self.findings.append(replace(found, sentence=said, proved=True, trial=without.run.scores))
        return without

    def _moved(self, case: Case, fix: Values, trial: Trial | None = None) -> Case:
        """The case of the run with a fix, which is a part of the whole fix from now on."""
        self.fix |= fix
        config = changed(case.config, **fix)
        run = self.lab.finished(trial or self.lab.run([config])[0])
        same = case.reference if run.config.features == case.config.features else None
        ground = self.lab.ground(config)
        keep = same is not None and config.drop_columns == case.config.drop_columns
        return replace(case, config=config, run=run, reference=case.reference if keep else ground.reference)

    def _learnable(self, case: Case) -> Health | None:
        """Whether the labels depend on the features at all."""
        finding, found = data.unlearnable(case.ground)
        if finding is None or found is None:
            return None
        if self._has("leakage"):  # a form of the answer, or the one column that matters: nobody can tell
            self.fix = {}
            self.findings = [data.alone(f) if f.cause == "leakage" else f for f in self.findings]
            return Health.CANNOT_TELL
        few = found.chance >= data.COULD_HIDE or found.high >= data.IN_SIGHT
        if few:
            self.findings.append(data.too_few_to_tell(case, found))
        if not few or found.p > data.NOTHING:
            self.findings.append(finding)
        return Health.UNLEARNABLE

    # --- group B ---

    def _training(self, case: Case, settled: Health | None) -> Case:
        """Whether training got as far as it can, and what to change if it did not."""
        if not case.gap and case.misses:
            case = replace(case, part="test")
        found = search(case) if case.gap else _nothing_suspected(case)
        if not found.named:
            self.suspects = [letter.suspect(case, change) for change in found.singles]
            self.ruled_out += letter.ruled_out(case, found)
            return replace(case, part="train")
        assert found.trial is not None, "what is named was tried"
        self.named = True
        whole = self.lab.finished(found.trial)
        vain = settled is not None and not whole.measured.test_loss < case.run.measured.test_loss
        if vain or (not case.harmed(whole) and not _hides_behind_threshold(case, whole)):
            self.ruled_out += [letter.harmless(case, change) for change in found.named]
            return replace(case, part="train")
        self.ruled_out += letter.ruled_out(case, found)
        fix: Values = {}
        for change in found.named:
            fix |= change.values
            sentence = change.setting.sentence(case, change.evidence, change.values)
            if len(found.named) > 1:
                sentence += " (Together with the other change.)"
            trial = change.trial if len(found.named) > 1 else whole
            self.findings.append(
                Finding(
                    change.setting.id,
                    change.setting.title,
                    sentence,
                    change.evidence,
                    change.values,
                    proved=True,
                    closure=case.closure(trial),
                    trial=trial.scores,
                    remark=letter.cut_remark(whole),
                )
            )
        return self._moved(replace(case, part="train"), fix, whole)

    # --- group C ---

    def _answers(self, case: Case) -> tuple[Case, Health | None]:
        """Poor answers of a run that got as far as it can."""
        settled: Health | None = None
        if not self.named and case.gap and case.harmed(case.best):
            self.findings += self.suspects
            return case, Health.CANNOT_TELL
        imbalanced = answers.threshold if case.classes <= 2 else by_class.imbalance
        for look in (imbalanced, answers.non_linear, imbalanced, answers.too_little_data):
            if self._has("non-linear") and look is answers.too_little_data:
                continue
            self.lab.check()
            found = look(case) if not self._known(look) else None
            if found is None:
                continue
            finding, trial = found
            self.findings.append(finding)
            if trial is not None and finding.fix is not None:
                case = self._moved(case, finding.fix, trial)
            elif finding.cause == "too-little-data":
                settled = Health.UNLEARNABLE
        return case, settled

    def _known(self, look: object) -> bool:
        about = (answers.threshold, by_class.imbalance)
        return look in about and (self._has("threshold") or self._has("imbalance"))

    def _has(self, cause: str) -> bool:
        return any(finding.cause == cause for finding in self.findings)

    # --- the letter ---

    def _letter(self, first: Case, last: Case, settled: Health | None) -> Diagnosis:
        # What is learned by heart comes before how it was learned.
        self.findings.sort(key=lambda finding: finding.cause != "too-little-data")
        proved = [replace(f, proved=True, trial=first.run.scores) if f.cause in self.admitted else f
                  for f in self.findings]  # fmt: skip
        if settled is None:
            settled = Health.HEALTHY
            if proved:
                settled = Health.SICK if any(f.proved for f in proved) else Health.CANNOT_TELL
        if settled is Health.HEALTHY:
            proved += answers.separable_classes(first)
        fix = self.fix if settled is Health.SICK and self.fix else None
        after = last.run if fix else None
        names = first.ground.problem.class_names
        if first.classes > 2:
            self.notes.append(by_class.NOT_LOOKED_AT)
        measured = first.run.measured
        label = names[measured.majority_label]
        unfit = bool(self.admitted)
        return Diagnosis(
            status=settled,
            verdict=letter.verdict(settled, self.config, first, proved, fix, after, label),
            single_label=letter.single_label(measured),
            majority_label=label,
            majority_share=measured.majority_share,
            findings=tuple(proved),
            ruled_out=tuple(self.ruled_out),
            fix=fix,
            before=Scores() if unfit else first.run.scores,
            after=None if after is None else after.scores,
            reference=first.best.scores,
            seconds=self._spent(),
            notes=tuple(self.notes),
            before_histogram=None if unfit else measured.histogram,
            after_histogram=None if after is None else after.measured.histogram,
            class_names=names if first.classes > 2 else (),
        )

    def _spent(self) -> float:
        return time.perf_counter() - self.started - self.trained


def _nothing_suspected(case: Case) -> Search:
    """Training got as far as it can: the settings that are as they should be."""
    known = [(setting, setting.evidence(case)) for setting in SETTINGS]
    return Search(cleared=[(s, evidence) for s, evidence in known if not s.suspected(case, evidence)])


def _hides_behind_threshold(case: Case, whole: Trial) -> bool:
    """Whether a fix shows in the answers only once the threshold is put right too, and not without it."""
    both = answers.threshold(replace(case, config=whole.config, run=whole))
    if both is None or both[1] is None:
        return False
    alone = answers.threshold(case)
    best = case.run if alone is None or alone[1] is None else alone[1]
    together = both[1].measured.test_balanced_accuracy
    won = together - case.run.measured.test_balanced_accuracy
    return won >= HARM and together - best.measured.test_balanced_accuracy >= HARM / 2
