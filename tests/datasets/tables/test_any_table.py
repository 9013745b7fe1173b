"""Any table at all becomes a problem, or is refused in two sentences."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.ingest.assembly import dataset_of
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.reading.names import complete
from lrtui.datasets.reading.table import Table
from lrtui.datasets.source import Source

ROWS = 24
WORDS = st.sampled_from(
    ["a", "b", "", "NA", " a", "yes", "no", "\x1b[31m", "‮", "missing", "rare", "1", "0"]
)
CELLS = st.one_of(
    WORDS,
    st.none(),
    st.text(max_size=6),
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(repr),
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.strftime("%d/%m/%Y %H:%M")),
)
TEXTS = st.lists(CELLS, min_size=ROWS, max_size=ROWS) | st.sampled_from(["num", "day", "word"]).flatmap(
    lambda kind: st.lists(
        {"num": st.integers(0, 9).map(str), "day": st.dates().map(str), "word": WORDS}[kind] | st.none(),
        min_size=ROWS,
        max_size=ROWS,
    )
)
TYPED = st.one_of(
    st.lists(st.integers(-(2**63), 2**63 - 1) | st.none(), min_size=ROWS, max_size=ROWS),
    st.lists(st.floats() | st.none(), min_size=ROWS, max_size=ROWS),
    st.lists(st.booleans() | st.none(), min_size=ROWS, max_size=ROWS),
    st.lists(st.datetimes() | st.none(), min_size=ROWS, max_size=ROWS),
    st.lists(st.dates(), min_size=ROWS, max_size=ROWS),
    st.lists(st.times(), min_size=ROWS, max_size=ROWS),
    st.lists(st.binary(max_size=3), min_size=ROWS, max_size=ROWS),
    st.lists(st.lists(st.integers(0, 3), max_size=2), min_size=ROWS, max_size=ROWS),
)


def said_well(error: DatasetError) -> None:
    assert str(error).isprintable()
    assert error.fix.endswith(".")


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    columns=st.dictionaries(st.text(min_size=1, max_size=5), TEXTS | TYPED, min_size=1, max_size=4),
    seed=st.integers(0, 99),
    given_source=st.fixed_dictionaries(
        {},
        optional={
            "multiclass": st.just(True),
            "positive": st.sampled_from(["a", "1"]),
            "group": st.just("g"),
            "time": st.just("t"),
            "weights": st.just("w"),
        },
    ),
    missing=st.sampled_from(["indicator", "median", "drop", "error"]),
    scaling=st.sampled_from(["none", "standard", "robust", "maxabs"]),
)
def test_any_table_becomes_a_problem_or_two_sentences(
    columns: dict[str, list[Any]], seed: int, given_source: dict[str, Any], missing: str, scaling: str
) -> None:
    random = np.random.default_rng(seed)
    own = {"y!": random.choice(["a", "b"], ROWS).tolist(), "g": random.integers(0, 5, ROWS).tolist(),
           "t": random.normal(size=ROWS).tolist(), "w": random.random(ROWS).tolist()}  # fmt: skip
    cells = {**columns, **own}
    frame = pl.DataFrame(cells, strict=False)
    frame.columns = complete(list(cells), "'t.csv'")[0]
    try:
        dataset = dataset_of(Source("t.csv", "y!", **given_source), Table(frame, "'t.csv'"))
        found = prepare(dataset, scaling=scaling, test_size=0.3, split_seed=seed, missing=missing)
    except DatasetError as error:
        said_well(error)
        return
    assert not np.isnan(found.design_train).any()
    assert not np.isnan(found.design_test).any()
    assert len(found.feature_names) == len(found.features.origins) == found.X_train.shape[1]
    assert set(found.features.origins) <= set(frame.columns)
    assert all(remark.isprintable() for remark in (*dataset.remarks, dataset.remark))


@settings(max_examples=20)
@given(
    target=TEXTS | TYPED, multiclass=st.booleans(), positive=st.none() | st.sampled_from(["a", "1", "yes"])
)
def test_any_column_is_a_target_or_two_sentences(
    target: list[Any], multiclass: bool, positive: str | None
) -> None:
    frame = pl.DataFrame({"y": target, "x": [i / 7 for i in range(ROWS)]}, strict=False)
    source = Source("t.csv", "y", positive, multiclass)
    try:
        dataset = dataset_of(source, Table(frame, "'t.csv'"))
    except DatasetError as error:
        said_well(error)
        return
    assert set(np.unique(dataset.y)) == set(range(len(dataset.class_names)))
    assert len(set(dataset.class_names)) == len(dataset.class_names)
