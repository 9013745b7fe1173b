"""Names, notes and tags of runs; runs that are put away."""

from __future__ import annotations

import time

import pytest

from lrtui.core.config import Config
from lrtui.core.errors import StoreError
from lrtui.core.store import Labels, Status, Store
from lrtui.core.store.labels import KEPT_SECONDS, labels_of
from lrtui.core.store.runs import RecentRuns
from lrtui.datasets.source import Source


def made(store: Store) -> int:
    number = store.runs.create(Source("xor"), Config(), origin="test", owner=None)
    store.runs.update(number, status=Status.FINISHED)
    return number


def test_what_is_written_on_a_run_is_read_again_and_seen_by_who_looks_over_and_over(store: Store) -> None:
    recent, number = RecentRuns(store.runs, 5), made(store)
    assert [run.title for run in recent.read()] == ["xor"]
    labels = labels_of(" base  line ", "two\nlines", ["a", "b", "a"])
    assert labels == Labels("base line", "two lines", ("a", "b"))
    store.labels.set(number, labels)
    (run,) = recent.read()
    assert (run.labels, run.title) == (labels, "base line")
    assert store.labels.named("base line") == [number]
    store.labels.set(number, Labels())
    assert store.runs.get(number).labels == Labels()


@pytest.mark.parametrize("text", ["{", "[]", '{"name": 5}', '{"tags": 7}', '{"note": null}', b"\xff"])
def test_damaged_labels_are_no_harm_to_the_run(store: Store, text: object) -> None:
    number = made(store)
    store.execute("UPDATE runs SET labels = ?", (text,))
    run = store.runs.get(number)
    assert (run.status, run.labels) == (Status.FINISHED, Labels())


@pytest.mark.parametrize(
    ("name", "note", "tags"),
    [
        ("12", "", []), ("last", "", []), ("12@40", "", []), ("last@3", "", []), ("n" * 61, "", []),
        ("", "n" * 2001, []), ("", "", ["two words"]), ("", "", ["a,b"]), ("", "", ['a"']),
        ("", "", ["t" * 31]), ("", "", [str(n) for n in range(21)]),
    ],
)  # fmt: skip
def test_what_could_be_taken_for_something_else_is_refused(name: str, note: str, tags: list[str]) -> None:
    with pytest.raises(StoreError):
        labels_of(name, note, tags)


def test_a_run_that_is_taken_up_after_it_was_put_away_is_listed_again(store: Store) -> None:
    number = made(store)
    store.runs.update(number, status=Status.INTERRUPTED)
    store.labels.put_away([number])
    assert store.runs.claim(number, "somebody")
    assert [run.id for run in store.runs.recent()] == [number]
    assert store.runs.recent(removed=True) == []


def test_what_is_put_away_leaves_the_lists_comes_back_and_goes_for_good_after_a_week(store: Store) -> None:
    first, second = made(store), made(store)
    store.features.put(first, ["a"])
    store.labels.put_away([first])
    assert [run.id for run in store.runs.recent()] == list(store.runs.stamps(9)) == [second]
    assert [run.id for run in store.runs.recent(removed=True)] == [first]
    store.labels.discard()
    store.labels.bring_back([first])
    assert [run.id for run in store.runs.recent()] == [second, first]
    assert store.features.get(first) == ["a"]
    store.labels.put_away([first])
    store.execute("UPDATE runs SET removed = ?", (time.time() - KEPT_SECONDS - 1,))
    store.labels.discard()
    assert store.row("SELECT count(*) AS many FROM features")["many"] == 0  # type: ignore[index]
    assert store.runs.recent(removed=True) == []
