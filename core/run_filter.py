"""Which runs are meant: ``lr>0.1 verdict:sick dataset:cancer``, and by what they are sorted."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from functools import cache, partial
from math import isfinite
from typing import Any, NamedTuple, get_args

from lrtui.core.config import Config, knobs
from lrtui.core.config.allowed import words
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.errors import ConfigError
from lrtui.core.store import Run
from lrtui.datasets.numbers import bare_number
from lrtui.datasets.text import quote

Value = float | str | None
Verdicts = Mapping[int, Health]
Rule = Callable[[Run, Health | None], bool]

WORDS = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
TERM = re.compile(r"([A-Za-z][\w-]*)(>=|<=|!=|[:=<>])(.*)", re.DOTALL)
ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip


def _figure(text: str) -> float:
    """A number as it may be typed anywhere else: ``1,000`` is one, ``nan`` is none."""
    found = bare_number(text)
    if found is None:
        raise ValueError(text)
    return float(found)


class Field(NamedTuple):
    """What can be asked of a run."""

    value: Callable[[Run, Health | None], Value]
    is_number: bool
    read: Callable[[str], float] = _figure
    words: tuple[str, ...] = ()  # that may stand in place of a number


@cache
def fields() -> dict[str, Field]:
    """Every field by its name: what a run is, what it reached, and its hyperparameters."""
    found = {
        "run": _number(lambda run: run.id),
        "name": _text(lambda run: run.labels.name),
        "dataset": _text(lambda run: run.source.label),
        "target": _text(lambda run: run.source.target),
        "status": _text(lambda run: str(run.status)),
        "verdict": Field(lambda _, verdict: verdict and str(verdict), False),
        "tag": _text(lambda run: " ".join(run.labels.tags)),
        "note": _text(lambda run: run.labels.note),
        "epochs": _number(lambda run: run.epoch),
        "train": _measured("train_loss"),
        "test": _measured("test_loss"),
        "accuracy": _measured("test_accuracy"),
        "balanced": _measured("test_balanced_accuracy"),
        "auc": _measured("test_auc"),
        "seconds": _number(lambda run: run.seconds),
        "started": Field(lambda run, _: run.started, True, _moment),
    }
    for name in knobs():
        if name not in found:
            taken = {type(getattr(Config(), name)), *get_args(Config.model_fields[name].annotation)}
            other = tuple(word or "none" for word in words(name))
            found[name] = Field(partial(_set, name), not taken.isdisjoint((int, float)), words=other)
    return found


def _number(of: Callable[[Run], float | None]) -> Field:
    return Field(lambda run, _: of(run), True)


def _text(of: Callable[[Run], str | None]) -> Field:
    return Field(lambda run, _: of(run), False)


def _measured(name: str) -> Field:
    return _number(lambda run: _finite((run.measured or {}).get(name)))


def _finite(found: float | None) -> float | None:
    return found if found is not None and isfinite(found) else None


def _set(name: str, run: Run, _: Health | None) -> Value:
    """A hyperparameter; a watched script has none of lrtui's."""
    if run.watched:
        return None
    found = getattr(run.config, name)
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, tuple):
        return " ".join(map(str, found)) or "none"
    return float(found) if isinstance(found, int | float) else str(found or "none")


def _moment(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except (OverflowError, OSError) as error:  # a year that the system cannot count from
        raise ValueError(text) from error


def field_of(name: str) -> Field:
    """The field of a name; ``batch-size`` is ``batch_size``.

    Raises:
        ConfigError: there is none.
    """
    plain = name.lower().replace("-", "_")
    if plain in fields():
        return fields()[plain]
    near = get_close_matches(plain, fields(), n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise ConfigError(f"Runs have no field {quote(name)}.", f"{hint}There are {', '.join(fields())}.")


def parse_filter(text: str) -> Callable[[Run, Health | None], bool]:
    """The rule that a filter means: all of its terms have to hold.

    A term is a field, one of ``: = != < <= > >=`` and a value; any other word has to stand in what people
    read of a run. What is quoted is one word: ``note:"too slow"``.

    Raises:
        ConfigError: a field that there is not, or a value that cannot be compared.
    """
    rules = [_rule(word) for word in WORDS.findall(text)]
    return lambda run, verdict: all(rule(run, verdict) for rule in rules)


def _rule(word: str) -> Rule:
    term = TERM.fullmatch(word)
    if term is None:
        return partial(_holds, word.replace('"', "").lower())
    name, sign, text = term[1], term[2], term[3].replace('"', "")
    field = field_of(name)
    if sign == ":" and not text and not field.is_number:  # as of a variable of a shell that is not set
        raise ConfigError(f"{quote(name)} is compared with '', which is no word.", f"Say {name}: and one.")
    if not field.is_number or text.lower() in field.words:
        if sign in ORDERS:
            raise ConfigError(f"{quote(name)} is no number to compare.", f"Say {name}:{text} instead.")
        return partial(_reads, field, sign, text.lower())
    try:
        number = field.read(text)
    except ValueError:
        kind = "date such as 2026-11-30" if field.read is _moment else "number"
        raise ConfigError(
            f"{quote(name)} is compared with {quote(text)}, which is no {kind}.",
            f"Say {name}{sign} and one.",
        ) from None
    return partial(_compares, field, sign, number)


def _holds(wanted: str, run: Run, verdict: Health | None) -> bool:
    labels = run.labels
    texts = (run.id, labels.name, run.source.label, run.status, verdict or "", labels.note, *labels.tags)
    return wanted in " ".join(map(str, texts)).lower()


def _reads(field: Field, sign: str, wanted: str, run: Run, verdict: Health | None) -> bool:
    found = str(field.value(run, verdict) or "").lower()
    return wanted in found if sign == ":" else (found == wanted) == (sign == "=")


def _compares(field: Field, sign: str, wanted: float, run: Run, verdict: Health | None) -> bool:
    found = field.value(run, verdict)
    if not isinstance(found, int | float):
        return sign == "!="
    return ORDERS[sign](found, wanted) if sign in ORDERS else (found == wanted) == (sign != "!=")


def ordered(runs: Sequence[Run], verdicts: Verdicts, by: str) -> list[Run]:
    """Runs sorted by a field, from small to large; with a ``-`` before it from large to small.

    Those that have no such value come last; of equals the order stays.

    Raises:
        ConfigError: there is no such field.
    """
    field = field_of(by.removeprefix("-"))
    found = [(field.value(run, verdicts.get(run.id)), run) for run in runs]
    known = [(value, run) for value, run in found if value not in (None, "")]
    known.sort(key=lambda pair: _key(pair[0]), reverse=by.startswith("-"))
    return [run for _, run in known] + [run for value, run in found if value in (None, "")]


def _key(value: Value) -> tuple[bool, float, str]:
    """Numbers before words, such as thresholds: ``base-rate`` is no number."""
    if isinstance(value, int | float):
        return False, float(value), ""
    return True, 0.0, str(value).lower()
