"""The smallest set of changes that heals: singles first, then greedily more, then without what is idle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from lrtui.core.doctor.case import Case
from lrtui.core.doctor.cause import Setting
from lrtui.core.doctor.diagnosis import RuledOut, Values
from lrtui.core.doctor.figures import Evidence
from lrtui.core.doctor.trials import Trial

CLOSE = 0.0003  # nats: trials that differ by less are as good as each other
MOST = 4  # changes at once

Looked = tuple[Setting, Evidence]


@dataclass(frozen=True)
class Change:
    """A suspect, the values that were best for it, and the trial with this alone changed."""

    setting: Setting
    evidence: Evidence
    values: Values
    trial: Trial


@dataclass
class Search:
    """What came of it.

    Attributes:
        singles: the best trial of each suspect alone. named: the smallest set that heals, or empty.
        trial: with all of it. ties: other suspects that heal alone.
        cleared: settings that were not suspected, and why.
    """

    singles: list[Change] = field(default_factory=list)
    named: list[Change] = field(default_factory=list)
    trial: Trial | None = None
    ties: list[Change] = field(default_factory=list)
    cleared: list[RuledOut] = field(default_factory=list)


def suspected(case: Case, settings: Iterable[Setting]) -> tuple[list[Looked], list[RuledOut]]:
    """The settings whose evidence speaks against them, and the others."""
    suspects, others = list[Looked](), list[RuledOut]()
    for setting in settings:
        evidence = setting.evidence(case)
        why = setting.cleared(case, evidence)
        if why is None:
            suspects.append((setting, evidence))
        else:
            others.append(RuledOut(setting.id, why))
    return suspects, others


def search(case: Case, settings: Sequence[Setting]) -> Search:
    """Find the smallest set of changes of these settings that closes the gap of a case."""
    suspects, cleared = suspected(case, settings)
    found = Search(cleared=cleared)
    for number, (setting, evidence) in enumerate(suspects):
        change = _best(case, case, setting, evidence, case.lab.left / (len(suspects) - number + 2))
        if change is not None:
            found.singles.append(change)
            if case.heals(change.trial) and case.lab.left < 0:
                break  # settled, and the rest would cost more than was asked for
    healing = [change for change in found.singles if case.heals(change.trial)]
    if healing:
        healing.sort(key=lambda change: -change.setting.weight(case))  # stable: the catalogue's order
        found.named, found.ties = healing[:1], healing[1:]
        found.trial = healing[0].trial
    elif found.singles:
        _together(case, settings, found)
        if not found.named:
            _otherwise(case, suspects, found)
    return found


def _otherwise(case: Case, suspects: Sequence[Looked], found: Search) -> None:
    """Where no changes heal: another way of training, of the first suspect that knows one."""
    for setting, evidence in suspects:
        for values in setting.instead(case):
            change = Change(setting, evidence, values, case.tried(values))
            if not found.named and case.heals(change.trial):
                found.named, found.trial = [change], change.trial


def _best(case: Case, now: Case, setting: Setting, evidence: Evidence, work: float) -> Change | None:
    """The best values of one suspect, tried on the config of ``now``; ``None`` where there are none."""
    values = setting.changes(now)
    if not values or not all(case.heals(trial) for trial in now.trials(setting.proof(now), work)):
        return None  # or the experiment that tells this cause from its neighbours speaks against it
    if all(set(item) == {"epochs"} for item in values):
        epochs = [item["epochs"] for item in values]
        trial = case.lab.longer(now.config, epochs, case.enough, work)
        if trial.config.epochs <= now.config.epochs:
            return None  # there was no work left for more
        return Change(setting, evidence, {"epochs": trial.config.epochs}, trial)
    trials = now.trials(values, work)
    return _preferred(case, [Change(setting, evidence, *one) for one in zip(values, trials, strict=True)])


def _preferred(case: Case, changes: Sequence[Change]) -> Change:
    """Of those that heal by the fewest fields, the one of the lowest loss; rows not seen come first.

    Where losses are as good as equal, the first, which is the mildest change.
    """
    healing = [change for change in changes if case.heals(change.trial)]
    healing = [change for change in healing if case.axes(change.trial).fine] or healing
    fewest = min((len(change.values) for change in healing), default=0)
    pool = [change for change in healing if len(change.values) == fewest] or changes
    lowest = min(case.loss(change.trial) for change in pool)
    return next(change for change in pool if case.loss(change.trial) <= lowest + CLOSE)


def _together(case: Case, settings: Sequence[Setting], found: Search) -> None:
    """Pairs, settings of the features first, for they decide what others mean; then more, greedily."""
    order = sorted(found.singles, key=lambda change: not change.setting.of_features)
    best: list[Change] | None = None
    for first in order:
        if (pair := _next(case, settings, [first])) is None:
            continue
        if case.heals(pair[-1].trial):
            _name(case, found, pair)
            return
        if best is None or case.loss(pair[-1].trial) < case.loss(best[-1].trial):
            best = pair
        if case.lab.left < 0:
            return
    while best is not None and len(best) < MOST and case.lab.left > 0:
        best = _next(case, settings, best)
        if best is not None and case.heals(best[-1].trial):
            _name(case, found, best)
            return


def _next(case: Case, settings: Sequence[Setting], members: list[Change]) -> list[Change] | None:
    """The members and the change that helps most beside them; the heaviest of those that heal with them."""
    now = case.with_changes(values_of(members))
    known = {member.setting.id for member in members}
    scaled = any(member.setting.of_features for member in members)
    others = [s for s in settings if s.id not in known and not (s.of_features and scaled)]
    suspects = suspected(now, others)[0]
    found = [_best(case, now, setting, evidence, case.lab.left / 8) for setting, evidence in suspects]
    tried = [change for change in found if change is not None]
    if not tried:
        return None
    healing = [change for change in tried if case.heals(change.trial)]
    if healing:
        return [*members, max(healing, key=lambda change: change.setting.weight(now))]
    return [*members, min(tried, key=lambda change: case.loss(change.trial))]


def _name(case: Case, found: Search, members: list[Change]) -> None:
    """Drop what is not needed of a set that heals, and tell the rest in the catalogue's order."""
    trial = members[-1].trial
    for member in list(members[:-1]):
        rest = [other for other in members if other is not member]
        without = case.trials([values_of(rest)], case.lab.left / 2)[0]
        if case.heals(without):
            members, trial = rest, without
    members = [_told_apart(case, member, members) for member in members]
    members.sort(key=lambda member: member.setting.rank)
    found.named = [replace(m, trial=case.trials([m.values], case.lab.left / 4)[0]) for m in members]
    found.trial = trial


def _told_apart(case: Case, member: Change, members: list[Change]) -> Change:
    """The more particular cause, if beside the other changes its proof heals as well."""
    rather = member.setting.rather
    if rather is None or rather.cleared(case, evidence := rather.evidence(case)) is not None:
        return member
    proof = [{**values_of(members), **values} for values in rather.proof(case)]
    healed = proof and all(case.heals(trial) for trial in case.trials(proof, case.lab.left / 4))
    return replace(member, setting=rather, evidence=evidence) if healed else member


def values_of(members: Sequence[Change]) -> Values:
    """Those of all these changes together."""
    return {name: value for member in members for name, value in member.values.items()}
