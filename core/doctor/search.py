"""The smallest set of changes that heals: singles first, then greedily more, then without what is idle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lrtui.core.config import Config, changed
from lrtui.core.doctor.case import Case
from lrtui.core.doctor.causes.base import Evidence, Setting
from lrtui.core.doctor.causes.scale import UNCENTRED, UNSCALED
from lrtui.core.doctor.causes.settings import SETTINGS
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.trials import Trial

SCALES = (UNCENTRED, UNSCALED)
CLOSE = 0.0003  # nats: trials that differ by less are as good as each other
MOST = 4  # changes at once


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
        cleared: settings that were not suspected, with their evidence.
    """

    singles: list[Change] = field(default_factory=list)
    named: list[Change] = field(default_factory=list)
    trial: Trial | None = None
    ties: list[Change] = field(default_factory=list)
    cleared: list[tuple[Setting, Evidence]] = field(default_factory=list)


def search(case: Case) -> Search:
    """Find the smallest set of changes that closes the gap of a case."""
    found = Search()
    suspects = []
    for setting in SETTINGS:
        evidence = setting.evidence(case)
        if setting.suspected(case, evidence):
            suspects.append((setting, evidence))
        else:
            found.cleared.append((setting, evidence))
    for number, (setting, evidence) in enumerate(suspects):
        share = case.lab.left / max(1, len(suspects) - number + 2)
        change = _best(case, case, setting, evidence, share)
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
        _together(case, found)
    return found


def _best(case: Case, now: Case, setting: Setting, evidence: Evidence, seconds: float) -> Change | None:
    """The best values of one suspect, tried on the config of ``now``; ``None`` where there are none."""
    values = setting.changes(now)
    if not values:
        return None
    if not _proved_apart(case, now, setting, seconds):
        return None
    if all(set(item) == {"epochs"} for item in values):
        epochs = [item["epochs"] for item in values]
        trial = case.lab.longer(now.config, epochs, case.enough, seconds)
        if trial.config.epochs <= now.config.epochs:
            return None  # there was no time for more
        return Change(setting, evidence, {"epochs": trial.config.epochs}, trial)
    trials = case.lab.run([_with(now.config, item) for item in values], seconds)
    best = _preferred(case, values, trials)
    return Change(setting, evidence, values[best], trials[best])


def _preferred(case: Case, values: Sequence[Values], trials: Sequence[Trial]) -> int:
    """The number of the trial to keep: of those that heal by the fewest fields, the lowest loss.

    Where losses are as good as equal, the first, which is the mildest change.
    """
    healing = [i for i, trial in enumerate(trials) if case.heals(trial)]
    fewest = min((len(values[i]) for i in healing), default=0)
    pool = [i for i in healing if len(values[i]) == fewest] or list(range(len(trials)))
    lowest = min(case.loss(trials[i]) for i in pool)
    return next(i for i in pool if case.loss(trials[i]) <= lowest + CLOSE)


def _proved_apart(case: Case, now: Case, setting: Setting, seconds: float) -> bool:
    """Whether the experiment that tells this cause from its neighbours speaks for it."""
    proof = [_with(now.config, item) for item in setting.proof(now)]
    return all(case.heals(trial) for trial in case.lab.run(proof, seconds))


def _with(config: Config, values: Values) -> Config:
    return changed(config, **values)


def _together(case: Case, found: Search) -> None:
    """Pairs, the scales first, for they decide what the other settings mean; then ever more, greedily."""
    order = sorted(found.singles, key=lambda change: change.setting not in SCALES)
    best: list[Change] | None = None
    for first in order:
        pair = _next(case, [first])
        if pair is None:
            continue
        if case.heals(pair[-1].trial):
            _name(case, found, pair)
            return
        if best is None or case.loss(pair[-1].trial) < case.loss(best[-1].trial):
            best = pair
        if case.lab.left < 0:
            return
    while best is not None and len(best) < MOST and case.lab.left > 0:
        best = _next(case, best)
        if best is not None and case.heals(best[-1].trial):
            _name(case, found, best)
            return


def _next(case: Case, members: list[Change]) -> list[Change] | None:
    """The members and the change that helps most beside them; the heaviest of those that heal with them."""
    now = case
    for member in members:
        now = now.with_changes(member.values)
    known = {member.setting.id for member in members}
    tried = []
    for setting in SETTINGS:
        if setting.id in known or (setting in SCALES and now.config.scaling != case.config.scaling):
            continue
        evidence = setting.evidence(now)
        if not setting.suspected(now, evidence):
            continue
        share = case.lab.left / 8
        change = _best(case, now, setting, evidence, share)
        if change is not None:
            tried.append(change)
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
        without = case.lab.run([_all(case.config, rest)], case.lab.left / 2)[0]
        if case.heals(without):
            members, trial = rest, without
    members = [_told_apart(case, member, members) for member in members]
    order = [setting.id for setting in SETTINGS]
    members.sort(key=lambda member: order.index(member.setting.id))
    alone = [case.lab.run([_with(case.config, m.values)], case.lab.left / 4)[0] for m in members]
    found.named = [replace(m, trial=t) for m, t in zip(members, alone, strict=True)]
    found.trial = trial


def _told_apart(case: Case, member: Change, members: list[Change]) -> Change:
    """Bad scales are far from zero, if beside the other changes centring heals as well."""
    evidence = UNCENTRED.evidence(case)
    if member.setting is not UNSCALED or not UNCENTRED.suspected(case, evidence):
        return member
    proof = [{**_values(members), **values} for values in UNCENTRED.proof(case)]
    trials = case.lab.run([_with(case.config, values) for values in proof], case.lab.left / 4)
    healed = bool(proof) and all(case.heals(trial) for trial in trials)
    return replace(member, setting=UNCENTRED, evidence=evidence) if healed else member


def _values(members: Sequence[Change]) -> Values:
    found: Values = {}
    for member in members:
        found |= member.values
    return found


def _all(config: Config, members: Sequence[Change]) -> Config:
    return _with(config, _values(members))
