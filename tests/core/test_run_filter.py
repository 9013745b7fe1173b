"""Which runs a filter means, and how they are sorted, against plain Python over the same runs."""

from __future__ import annotations

import math
import operator
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.core.config import Config, changed, knobs
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.errors import ConfigError
from lrtui.core.run_filter import field_of, fields, ordered, parse_filter
from lrtui.core.store import Labels, Run, Status
from lrtui.datasets.source import Source

COMPARES = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "=": operator.eq,
    ":": operator.eq, "!=": operator.ne,
}  # fmt: skip


def run_of(number: int = 1, name: str = "moons", auc: float | None = None, **values: object) -> Run:
    measured = None if auc is None else {"test_auc": auc}
    return Run(number, Source(name), changed(Config(), **values), Status.FINISHED, measured=measured)


def fits(text: str, run: Run, verdict: Health | None = None) -> bool:
    return parse_filter(text)(run, verdict)


@given(st.sampled_from(list(COMPARES)), st.floats(1e-3, 10), st.floats(1e-3, 10))
def test_numbers_are_compared_as_python_compares_them(sign: str, have: float, wanted: float) -> None:
    assert fits(f"lr{sign}{wanted!r}", run_of(lr=have)) == COMPARES[sign](have, wanted)


def test_all_terms_have_to_hold_and_words_may_stand_anywhere_that_people_read() -> None:
    run = Run(
        7,
        Source("breast-cancer"),
        changed(Config(), lr=0.5, optimizer="adam"),
        Status.FINISHED,
        labels=Labels("Base line", "too slow", ("paper", "old")),
    )
    for holding in (
        "", "cancer", "CANCER", "paper", "slow", "7", "sick", "lr>0.1 verdict:sick dataset:cancer",
        'note:"too slow"', '"too slow"', "tag:old", "optimizer=adam", "optimizer!=sgd", "batch-size=32",
        'name="base line"', "target=", "status=finished", "threshold=0.5", "auc!=1", "verdict:si",
    ):  # fmt: skip
        assert fits(holding, run, Health.SICK), holding
    for missing in ("moons", "lr>0.1 cancer new", "optimizer=ada", "tag:new", "auc>0", "verdict=si"):
        assert not fits(missing, run, Health.SICK), missing
    assert not fits("verdict:sick", run)


def test_words_that_stand_in_for_numbers_are_words() -> None:
    assert fits("threshold=base-rate", run_of(threshold="base-rate"))
    assert not fits("threshold=base-rate", run_of(threshold=0.5))
    assert not fits("threshold>0.1", run_of(threshold="base-rate"))
    assert fits("init_bias=none", run_of(init_bias=None))
    assert fits("drop_columns:b", run_of(drop_columns=("a", "b")))


def test_thousands_may_be_parted_as_in_every_other_number() -> None:
    assert fits("epochs>1,000 epochs=1_500", Run(1, Source("xor"), Config(), Status.FINISHED, epoch=1500))


def test_a_moment_is_compared_as_a_date() -> None:
    run = Run(1, Source("xor"), Config(), Status.FINISHED, started=datetime(2026, 11, 30, 9).timestamp())
    assert fits("started>2026-11-30 started<2026-12-01T08:00", run)
    assert not fits("started>2026-11-30T10:00", run)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lrr>1", "Did you mean lr"),
        ("lr>fast", "no number"),
        ("started>yesterday", "no date such as"),
        ("started>0001-01-01", "no date such as"),
        ("lr>", "no number"),
        ("lr>nan", "no number"),
        ("tag:", "no word"),
        ('note:""', "Say note: and one."),
        ("auc<inf", "no number"),
        ("epochs>１", "no number"),
        ("dataset>cancer", "no number to compare"),
        ("nothing:1", "no field 'nothing'"),
    ],
)
def test_what_cannot_be_asked_is_said(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_filter(text)
    assert says in f"{caught.value.what} {caught.value.fix}"


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=12), st.booleans())
def test_sorting_is_pythons_and_what_has_no_value_comes_last(
    values: list[float | None], down: bool
) -> None:
    runs = [run_of(number, auc=value) for number, value in enumerate(values)]
    found = [run.id for run in ordered(runs, {}, "-auc" if down else "auc")]
    known = [number for number, value in enumerate(values) if value is not None]
    known.sort(key=lambda number: values[number] or 0.0, reverse=down)
    assert found == known + [number for number, value in enumerate(values) if value is None]


def test_words_sort_as_words_and_numbers_that_are_none_go_last() -> None:
    runs = [run_of(1, "xor"), run_of(2, "Moons"), run_of(3, "circles", auc=math.nan)]
    assert [run.id for run in ordered(runs, {}, "dataset")] == [3, 2, 1]
    assert [run.id for run in ordered(runs, {2: Health.SICK, 3: Health.HEALTHY}, "verdict")] == [3, 2, 1]
    assert [run.id for run in ordered(runs, {}, "auc")] == [1, 2, 3]
    with pytest.raises(ConfigError):
        ordered(runs, {}, "beauty")


def test_every_hyperparameter_can_be_asked_and_sorted_by() -> None:
    assert knobs().keys() <= fields().keys()
    for name in fields():
        assert field_of(name.replace("_", "-")) == field_of(name)
        assert len(ordered([run_of(1), run_of(2, threshold="base-rate")], {}, name)) == 2
