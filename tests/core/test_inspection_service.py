"""The engine looks at tables for the dashboard, beside the training."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrtui.core.engine import inspection_service
from lrtui.core.engine.inspection_service import FULL, UNEXPECTED, InspectionService
from lrtui.core.store import Failure, Store
from lrtui.datasets.inspection import inspector
from lrtui.datasets.inspection.record import Inspection
from lrtui.datasets.source import Source
from tests.datasets.inspection.tables import passengers


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "titanic.csv"
    passengers(100).write_csv(path)
    return Source(str(path))


def answered(
    engine: InspectionService, store: Store, source: Source, number: int = 1
) -> Inspection | Failure:
    """Ask, and turn until the answer is there."""
    engine.ask(number, source)
    for _ in range(2000):
        engine.look()
        found = store.answers.get(number, Inspection)
        if found is not None:
            return found
        engine.task.wait(0.01)
    raise AssertionError("never answered")


def test_what_was_found_stands_in_the_store(store: Store, source: Source) -> None:
    found = answered(InspectionService(store), store, source)
    assert isinstance(found, Inspection)
    assert (found.best, found.rows) == ("Survived", 100)
    assert store.answers.get(1, Inspection) == found
    assert store.answers.get(2, Inspection) is None


def test_another_target_costs_no_second_reading(
    store: Store, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = InspectionService(store)
    answered(engine, store, source)

    def never(*_: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(inspector, "read_table", never)
    other = Source(source.name, "Embarked")
    found = answered(engine, store, other, 2)
    assert isinstance(found, Inspection)
    assert found.target == "Embarked"


def test_a_file_that_has_changed_is_read_again_and_so_is_one_after_a_run(
    store: Store, source: Source
) -> None:
    engine = InspectionService(store)
    answered(engine, store, source)
    passengers(150).write_csv(source.name)
    found = answered(engine, store, Source(source.name, "Sex"), 2)
    assert isinstance(found, Inspection)
    assert found.rows == 150
    engine.release()
    assert engine.kept is None


def test_what_cannot_be_read_is_a_failure_in_two_sentences(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.touch()
    found = answered(InspectionService(store), store, Source(str(path)))
    assert isinstance(found, Failure)
    assert "'empty.csv' is empty" in found.what
    assert found.fix.endswith(".")


@pytest.mark.parametrize(
    ("error", "failure"), [(MemoryError(), FULL), (RuntimeError(), UNEXPECTED), (SystemExit(), UNEXPECTED)]
)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_whatever_goes_wrong_is_answered(
    store: Store, source: Source, monkeypatch: pytest.MonkeyPatch, error: BaseException, failure: Failure
) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(inspector, "read_table", broken)
    assert answered(InspectionService(store), store, source) == failure


def test_only_the_newest_question_is_answered(store: Store, source: Source) -> None:
    engine = InspectionService(store)
    first, second, third = (Source(source.name, target) for target in ("Sex", "Pclass", "Embarked"))
    engine.ask(1, first)
    engine.look()
    engine.ask(2, second)
    assert isinstance(answered(engine, store, third, 3), Inspection)
    assert store.answers.get(2, Inspection) is None


def test_as_read_a_source_has_no_target_and_no_roles() -> None:
    full = Source("a.csv", "y", "1", True, ("b",), "w", "g", "t", separator=";")
    assert inspection_service.as_read(full) == Source("a.csv", separator=";")
