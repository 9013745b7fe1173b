"""Whether a letter contradicts itself: what it finds, rules out, proves, advises and calls its verdict.

A letter is what ``dataclasses.asdict`` makes of a diagnosis, or ``lrtui diagnose --json`` prints. Each
check answers with sentences; none means that nothing is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

from lrtui.core.config import Config, changed
from lrtui.core.errors import ConfigError
from tests.benchmarks.doctor.facts import Facts
from tests.benchmarks.doctor.spoken_numbers import unfounded

Letter = dict[str, Any]
CLOSE = 0.02  # of loss and of balanced accuracy: within it a run is as good as the reference
TOLD_LOSS = 0.03  # nats: a harm beyond it must be told
WORSE = 0.05  # nats: a change that loses so much more is no idea to offer
SAME_LOSS, SAME_ACCURACY = 0.003, 0.005  # trials that differ by less are as good as each other
NEW_DATA = frozenset({"leakage", "non-finite", "target-coding", "one-class", "train-test-mismatch"})
TREATED = ("sick", "improvable")


def contradictions(letter: Letter, config: Config, facts: Facts | None = None) -> list[str]:
    """Everything in a letter that cannot all be true; ``facts`` are of the problem, where there is one."""
    found = [
        *_found_and_ruled_out(letter),
        *_status(letter),
        *_one_label(letter),
        *_no_setting_beside_a_proof(letter),
        *_as_good_as(letter),
        *_can_be_had(letter),
        *_proofs(letter),
        *_needless(letter),
        *_ideas(letter),
        *_numbers(letter, config, facts),
    ]
    return found if facts is None else [*found, *_rates(letter, config, facts)]


def _found_and_ruled_out(letter: Letter) -> Iterator[str]:
    named = [finding["cause"] for finding in letter["findings"]]
    cleared = [other["cause"] for other in letter["ruled_out"]]
    for cause in sorted(set(named) & set(cleared)):
        yield f"{cause} is found and ruled out"
    for which, causes in (("found", named), ("ruled out", cleared)):
        for cause in sorted({cause for cause in causes if causes.count(cause) > 1}):
            yield f"{cause} is {which} twice"


def _status(letter: Letter) -> Iterator[str]:
    status, fix = str(letter["status"]), letter["fix"]
    proved = [finding for finding in letter["findings"] if finding["proved"] and finding["fix"]]
    if status in ("healthy", "cannot-tell") and (fix or (status == "healthy" and proved)):
        yield f"{status}, and a fix is offered"
    # Labels that stand for 0 and 1 are mended in the data.
    recoded = status == "sick" and any(f["evidence"].keys() == {"low", "high"} for f in letter["findings"])
    if status in TREATED and not (fix and proved) and not recoded:
        yield f"{status}, and no fix is proved"
    if status in TREATED and letter.get("verdict", "").startswith("Nothing is wrong"):
        yield f"{status}, and nothing is wrong"
    if status == "unlearnable" and not letter["findings"]:
        yield "unlearnable for no reason"
    for finding in proved if status in TREATED and fix else ():
        if any(fix.get(name) != value for name, value in finding["fix"].items()):
            yield f"the fix of {finding['cause']} is not in the whole fix"


def _one_label(letter: Letter) -> Iterator[str]:
    healthy = str(letter["status"]) == "healthy"
    said = letter.get("verdict", "base rate")
    if letter["single_label"] and healthy and not re.search("base rate|shares of the classes", said):
        yield "healthy with one label, and the base rate is not named for it"
    if letter["majority_share"] == 1 and not letter["single_label"]:
        yield "all test rows get one label, and it is not called a single label"


def _texts(letter: Letter) -> list[str]:
    told = [letter.get("verdict", "")]
    for finding in letter["findings"]:
        told += [finding["sentence"], finding.get("remark", "")]
    return told


def _no_setting_beside_a_proof(letter: Letter) -> Iterator[str]:
    words = [text for text in _texts(letter) if re.search(r"[Nn]o (other )?setting (can|replaces)", text)]
    proved = [finding["cause"] for finding in letter["findings"] if finding["proved"] and finding["fix"]]
    if proved and words:
        yield f"no setting can help, and {proved[0]} is proved"


def _as_good_as(letter: Letter) -> Iterator[str]:
    before, best = letter["before"], letter["reference"]
    if best is None or not any("as good as a linear" in text for text in _texts(letter)):
        return
    for name, sign in (("test_loss", 1), ("test_balanced_accuracy", -1)):
        if before[name] is None or best[name] is None:
            continue
        behind = sign * (before[name] - best[name])
        if behind > CLOSE + 1e-9:
            yield f"as good as can be, and {name} is {behind:.3f} behind the reference"


def _can_be_had(letter: Letter) -> Iterator[str]:
    """What is said to be had is less than what the run loses."""
    for now, had in re.findall(r"loss is (\S+), where (\S+) can be had", letter.get("verdict", "")):
        if now == had:
            yield f"a loss of {now} is poor, and {had} can be had"


def _gains(before: Letter, after: Letter) -> tuple[float, float] | None:
    """How much lower the test loss is, and how much higher balanced accuracy; ``None`` without numbers."""
    names = "test_loss", "test_balanced_accuracy"
    if any(scores[name] is None for scores in (before, after) for name in names):
        return None
    return before[names[0]] - after[names[0]], after[names[1]] - before[names[1]]


def _proofs(letter: Letter) -> Iterator[str]:
    """A fix that is called proved makes an axis better, and tells what it costs the other."""
    if letter["after"] is None or str(letter["status"]) not in TREATED:
        return
    if NEW_DATA & {finding["cause"] for finding in letter["findings"] if finding["proved"]}:
        return  # scores on other data are not compared
    gains = _gains(letter["before"], letter["after"])
    if gains is None:
        return
    loss, accuracy = gains
    if loss <= 0 and accuracy <= 0:
        yield f"the proved fix betters nothing: test loss {-loss:+.3f}, balanced accuracy {accuracy:+.3f}"
    if str(letter["status"]) == "improvable" and loss <= 0:
        yield f"improvable, and the fix does not lower the test loss ({-loss:+.3f})"
    text = " ".join(_texts(letter))
    if loss < -TOLD_LOSS and "verdict" in letter and not _says(text, letter["after"]["test_loss"]):
        yield f"the fix raises the test loss by {-loss:.3f}, and the letter does not say so"
    accuracy_after = letter["after"]["test_balanced_accuracy"]
    if accuracy < -CLOSE and "verdict" in letter and not _says(text, accuracy_after):
        yield f"the fix lowers balanced accuracy by {-accuracy:.3f}, and the letter does not say so"


def _says(text: str, number: float) -> bool:
    return not unfounded(f"{number:.3g}", [number]) and any(
        form in text for form in (f"{number:.3g}", f"{number:.2f}", f"{number:.1f}", f"{number:,.0f}")
    )


def _needless(letter: Letter) -> Iterator[str]:
    """Of several proved settings none does alone what all of them do together."""
    proved = [f for f in letter["findings"] if f["proved"] and f["fix"] and f["closure"] is not None]
    if len(proved) < 2 or letter["after"] is None:
        return
    for finding in proved:
        gains = None if finding["trial"] is None else _gains(letter["after"], finding["trial"])
        if gains is not None and gains[0] >= -SAME_LOSS and gains[1] >= -SAME_ACCURACY:
            others = ", ".join(other["cause"] for other in proved if other is not finding)
            yield f"{finding['cause']} alone heals as well, and {others} is called a cause too"


def _ideas(letter: Letter) -> Iterator[str]:
    """What is offered without proof was not seen to make things worse."""
    for finding in letter["findings"]:
        if finding["proved"] or not finding["fix"] or finding["trial"] is None:
            continue
        gains = _gains(letter["before"], finding["trial"])
        if gains is not None and gains[0] < -WORSE and gains[1] <= 0:
            yield f"{finding['cause']} is offered a change that raises the test loss by {-gains[0]:.3g}"


def _rates(letter: Letter, config: Config, facts: Facts) -> Iterator[str]:
    """No learning rate is advised above what full batches of plain gradient descent bear."""
    ideas = [finding["fix"] for finding in letter["findings"] if not finding["proved"]]
    for fix in (letter["fix"], *ideas):  # what is proved is meant to be taken as a whole
        if not fix or "lr" not in fix:
            continue
        try:
            fixed = changed(config, **fix)
        except ConfigError:
            yield f"the fix {fix} is no config"
            continue
        stable = facts.stable_below(fixed)
        if stable is not None and fixed.lr > stable * 1.001:
            yield f"a learning rate of {fixed.lr:g} is advised, and {stable:.3g} is the most that is stable"


def _numbers(letter: Letter, config: Config, facts: Facts | None) -> Iterator[str]:
    """Every number in a sentence is the rounding of one that was measured or set."""
    known = [*_scores(letter), *_set(config, letter["fix"]), *(facts.numbers if facts else ())]
    if facts is not None and "diverged" in letter.get("verdict", ""):
        known.append(facts.diverged_at)
    names = (letter["majority_label"], *letter.get("class_names", ()), *(facts.names if facts else ()))
    every = [*known]
    for finding in letter["findings"]:
        mine = [
            *finding["evidence"].values(),
            *_numbers_of(finding["trial"]),
            *_set(config, finding["fix"]),
        ]
        mine += [finding["closure"]] if finding["closure"] is not None else []
        every += mine
        wrong = [number for number in mine if not isfinite(number)]
        if wrong:
            yield f"the evidence of {finding['cause']} holds {wrong[0]}"
        for number in unfounded(finding["sentence"], [*known, *mine], names):
            yield f"{finding['cause']} says {number}, which no evidence has"
    for number in unfounded(letter.get("verdict", ""), every, names):
        yield f"the verdict says {number}, which no evidence has"


def _scores(letter: Letter) -> list[float]:
    share = letter["majority_share"]
    scores = [n for name in ("before", "after", "reference") for n in _numbers_of(letter[name])]
    return scores if share is None else [*scores, share]


def _numbers_of(scores: Letter | None) -> list[float]:
    return [value for value in (scores or {}).values() if isinstance(value, (int, float))]


def _set(config: Config, fix: Letter | None) -> list[float]:
    given = [*config.model_dump().values(), *(fix or {}).values()]
    return [float(v) for v in given if isinstance(v, (int, float)) and not isinstance(v, bool)]
