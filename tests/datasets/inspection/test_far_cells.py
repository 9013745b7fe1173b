"""Numbers far outside their column: which are asked about as codes, and which are told as slips."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.columns import Column
from lrtui.datasets.inspection.far_cautions import far_cautions
from lrtui.datasets.inspection.far_cells import Far, Slip, far_of
from lrtui.datasets.inspection.record import Inspection
from lrtui.datasets.preparing.clip import learn_bounds
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.source import BUNDLED, Source
from lrtui.datasets.tables.type_inference import understand
from tests.datasets.inspection.tables import inspect, looked_at

Drawn = Callable[[np.random.Generator, int], np.ndarray]
SEEDS = st.integers(0, 9999)


def ages(random: np.random.Generator, rows: int = 300) -> np.ndarray:
    return random.integers(18, 90, rows).astype(float)


def with_cells(values: np.ndarray, far: float, rows: list[int]) -> np.ndarray:
    found = values.copy()
    found[rows] = far
    return found


def told(found: Inspection, kind: str) -> list[str]:
    return [caution.text for caution in found.warnings if caution.kind == kind]


# --- codes ---


@pytest.mark.parametrize("code", [-200, -999, -9999, 99999, 999, -99, 9999, -1000, 1e6, -32768])
@given(seed=SEEDS, many=st.integers(3, 60))
def test_a_far_number_that_comes_again_is_asked_about(code: float, seed: int, many: int) -> None:
    random = np.random.default_rng(seed)
    values = with_cells(ages(random), code, random.permutation(300)[:many].tolist())
    far = far_of(values)
    assert [(found.value, found.rows) for found in far.codes] == [(code, many)]
    assert far.slips == ()


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ((1, 6), 9),
        ((1, 8), 99),
        ((0, 12), -9),
        ((0, 1480), -200),
        ((600, 2000), -200),
        ((1, 90), -99),
        ((0, 2), -999),
    ],
)
def test_a_number_like_a_code_need_not_lie_so_far(others: tuple[int, int], code: float) -> None:
    values = np.random.default_rng(1).integers(*others, 400).astype(float)
    assert [found.value for found in far_of(with_cells(values, code, [3, 50, 99, 200])).codes] == [code]


@pytest.mark.parametrize(
    ("others", "digit", "asked"),
    [((1, 2), 9, True), ((0, 1), -9, True), ((0, 1), 9, True), ((7, 8), 9, False), ((0, 9), 5, False)],
)
def test_a_digit_beside_two_answers_is_a_code_where_it_lies_far_off(
    others: tuple[int, int], digit: int, asked: bool
) -> None:
    values = np.array([*others] * 40 + [digit] * 5, float)
    assert [found.value for found in far_of(values).codes] == ([digit] if asked else [])


def test_several_codes_and_a_slip_are_told_apart() -> None:
    values = ages(np.random.default_rng(2))
    values = with_cells(with_cells(values, -998, [1, 2, 3, 4]), -999, [10, 11, 12])
    far = far_of(with_cells(values, 4e9, [200]))
    assert {found.value for found in far.codes} == {-999, -998}
    assert [(slip.row, slip.value, slip.low, slip.high) for slip in far.slips] == [(200, 4e9, 18, 89)]


@given(SEEDS)
def test_both_ends_may_hold_a_code(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = with_cells(with_cells(ages(random), -999, [0, 1, 2]), 9999, [3, 4, 5])
    assert {found.value for found in far_of(values).codes} == {-999, 9999}


# --- slips ---


@given(seed=SEEDS, far=st.sampled_from([99_999_999_999.0, -5e6, 1e5, 1e300, 1800.0]))
def test_a_lone_absurd_cell_is_told_with_its_row(seed: int, far: float) -> None:
    random = np.random.default_rng(seed)
    row = int(random.integers(300))
    (slip,) = far_of(with_cells(ages(random), far, [row])).slips
    assert (slip.row, slip.value) == (row, far)
    distance = max(slip.low - far, far - slip.high)
    assert slip.ranges == pytest.approx(distance / (slip.high - slip.low))


def test_up_to_three_are_told() -> None:
    values = ages(np.random.default_rng(3))
    values[[5, 60, 100]] = 1e7, 3e9, -2e8
    assert [(slip.row, slip.value) for slip in far_of(values).slips] == [(5, 1e7), (60, 3e9), (100, -2e8)]


@pytest.mark.parametrize(
    ("rows", "slips", "clip"), [(90, 1, 0.02), (110, 1, 0.02), (240, 2, 0.02), (1000, 3, 0.01)]
)
def test_the_clip_that_is_named_pulls_the_cells_in(rows: int, slips: int, clip: float) -> None:
    values = np.random.default_rng(4).normal(size=rows)
    values[:slips] = 1e9 * np.arange(1, slips + 1)  # all of them in the training part
    far = far_of(values)
    told = [caution.text for caution in far_cautions("x", far, lambda row: (row + 1, ""), rows)]
    assert len(told) == slips
    assert all(text.endswith(f"clip = {clip:g} pulls such cells in.") for text in told)
    bounds = learn_bounds(values[: int(0.8 * rows), None], [Column("x", "number")], clip)
    assert bounds is not None
    assert bounds.apply(values[:, None]).max() < 10


@pytest.mark.parametrize(("ranges", "said"), [(190e6, "190 million"), (1.3e9, "1.3 billion"), (43, "43")])
def test_how_far_out_is_told_in_plain_figures(ranges: float, said: str) -> None:
    far = Far(slips=(Slip(0, 1.0, 0.0, 1.0, ranges),))
    (told,) = far_cautions("x", far, lambda row: (row + 1, ""), 1000)
    assert f", {said} times the range of the others" in told.text


DRAWN: dict[str, Drawn] = {
    "normal": lambda random, n: random.normal(size=n),
    "income": lambda random, n: random.lognormal(10, 1, n).round(),
    "lognormal of three": lambda random, n: random.lognormal(0, 3, n),
    "Cauchy": lambda random, n: random.standard_cauchy(n),
    "Pareto": lambda random, n: random.pareto(1.2, n),
    "counts": lambda random, n: random.poisson(0.4, n).astype(float),
    "mostly zero": lambda random, n: np.where(random.random(n) < 0.9, 0, random.lognormal(3, 2, n)).round(),
    "grades": lambda random, n: random.integers(1, 6, n).astype(float),
    "two": lambda random, n: (random.random(n) < 0.02).astype(float),
}


@pytest.mark.parametrize("name", DRAWN)
def test_whatever_is_drawn_at_random_is_hardly_ever_asked_about(name: str) -> None:
    random = np.random.default_rng(0)
    alarms = 0
    for draw in range(400):
        far = far_of(DRAWN[name](random, (40, 300, 1500)[draw % 3]))
        alarms += bool(far.codes or far.slips)
    assert alarms <= 2


@pytest.mark.parametrize("name", BUNDLED)
def test_real_tables_raise_no_question(name: str) -> None:
    for series in read_table(Source(f"sklearn:{name}")).frame:
        found = understand(series)
        if found.column.kind == "number":
            far = far_of(found.values.fill_null(np.nan).to_numpy())
            assert (series.name, far.codes, far.slips) == (series.name, (), ())


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=80))
def test_any_numbers_do_no_harm(values: list[float]) -> None:
    cells = np.array(values, dtype=float)
    assert all(np.isfinite(slip.value) for slip in far_of(cells).slips)


# --- what is said ---


def test_the_question_names_column_code_rows_and_the_others(tmp_path: Path) -> None:
    values = np.random.default_rng(4).integers(4, 50, 200) / 10
    frame = pl.DataFrame({"co": with_cells(values, -200, list(range(0, 140, 10))), "y": [0, 1] * 100})
    found = looked_at(tmp_path, frame)
    assert told(found, "code") == [
        "'co' holds -200 in 14 rows, far outside the others (0.4 to 4.9): is it a code for a missing cell? "
        "--missing-codes -200 says so."
    ]
    assert found.columns[0].codes == ("-200",)


def test_an_absurd_cell_is_told_with_column_row_value_and_distance(tmp_path: Path) -> None:
    values = with_cells(ages(np.random.default_rng(5)), 99_999_999_999, [211])
    found = looked_at(tmp_path, pl.DataFrame({"age": values, "y": [0, 1] * 150}))
    (caution,) = [caution for caution in found.warnings if caution.kind == "outlier"]
    assert (caution.column, caution.row, caution.value) == ("age", 212, 99_999_999_999)
    assert caution.text.startswith(
        "'age' holds 99,999,999,999 in row 212, 1.4 billion times the range of the others (18 to 89) away"
    )


def test_a_row_of_a_test_file_is_counted_in_that_file(tmp_path: Path) -> None:
    train, test = tmp_path / "a.csv", tmp_path / "b.csv"
    values = ages(np.random.default_rng(6), 200)
    pl.DataFrame({"age": values, "y": [0, 1] * 100}).write_csv(train)
    pl.DataFrame({"age": with_cells(values, 4e8, [6]), "y": [0, 1] * 100}).write_csv(test)
    (text,) = told(inspect(Source(str(train), "y", test=str(test))), "outlier")
    assert "in row 7 of the test part, " in text


def test_the_last_of_all_dates_is_asked_about(tmp_path: Path) -> None:
    days = [f"20{10 + i % 10}-0{i % 9 + 1}-1{i % 7}" for i in range(80)]
    frame = pl.DataFrame({"until": days, "x": [i * 7 % 11 for i in range(80)], "y": ["a", "b"] * 40})
    assert told(looked_at(tmp_path, frame), "outlier") == []
    often = ["9999-12-31" if i % 10 == 3 else day for i, day in enumerate(days)]
    found = looked_at(tmp_path, frame.with_columns(until=pl.Series(often)))
    (text,) = told(found, "outlier")
    assert text.startswith("'until' holds 9999-12-31 in 8 rows, far outside the others (")
    assert text.endswith("): where it stands for no date, leave those cells empty.")
    assert found.column("until").codes == ()  # type: ignore[union-attr] # of numbers alone
    (text,) = told(
        looked_at(tmp_path, frame.with_columns(until=pl.Series(["1900-01-01", *days[1:]]))), "outlier"
    )
    assert text.startswith("'until' holds 1900-01-01 in row 1, far outside the others (")
