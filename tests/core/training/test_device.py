"""Where a problem is trained, and what is said about it."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
import torch

from lrtui.core.errors import ConfigError
from lrtui.core.training import trainer
from lrtui.core.training.design import parts
from lrtui.core.training.device import LARGE, advice, choose_device
from lrtui.core.training.small_batch import SmallBatchEpochs
from lrtui.core.training.snapshotter import Snapshotter
from lrtui.core.training.state import pack_state, unpack_state
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.memory_limit import memory_error
from tests.core.training.problems import noisy
from tests.core.training.test_trainer import config

CUDA = torch.device("cuda")


def test_a_gpu_is_taken_on_its_own_for_large_data_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device("auto", LARGE // 10, 10).type == "cuda"
    assert choose_device("auto", 1000, 10).type == "cpu"
    assert choose_device("cpu", LARGE, 10).type == "cpu"
    assert choose_device("cuda", 10, 10).type == "cuda"


def test_small_data_on_a_gpu_is_told_that_the_cpu_is_faster() -> None:
    assert "CPU is faster" in advice(CUDA, 1000, 10)
    assert advice(CUDA, LARGE, 10) == ""
    assert advice(torch.device("cpu"), 1000, 10) == ""


def test_a_gpu_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto", LARGE, 10).type == "cpu"
    with pytest.raises(ConfigError, match="no GPU"):
        choose_device("cuda", 10, 10)


# What happens where the memory of a GPU is full, played on a CPU that says that it is one


def noisy_trainer(**more: Any) -> Trainer:
    asked = {"epochs": 40, "batch_size": 16, "lr": 0.1, "momentum": 0.5, **more}
    found = Trainer(noisy(), config(**asked))
    found.device = CUDA  # its tensors stay where they are
    return found


def full_at(monkeypatch: pytest.MonkeyPatch, where: type, name: str, call: int) -> None:
    """At this call the memory is full, after the weights were half written."""
    before, calls = getattr(where, name), count(1)

    def run(self: Any, *given: Any, **more: Any) -> Any:
        if next(calls) != call:
            return before(self, *given, **more)
        if isinstance(self, SmallBatchEpochs):
            self._what.theta.add_(1)
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(where, name, run)


@pytest.mark.parametrize("more", [{}, {"optimizer": "adam"}, {"patience": 30}])
def test_a_run_goes_on_on_the_cpu_as_if_it_had_begun_there(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, Any]
) -> None:
    straight = noisy_trainer(**more)
    straight.device = torch.device("cpu")
    losses = straight.advance()
    full_at(monkeypatch, SmallBatchEpochs, "run", 3)
    spilled = noisy_trainer(**more)
    assert spilled.advance() == losses
    assert (spilled.spilled, spilled.device.type) == (True, "cpu")
    assert spilled.theta == straight.theta
    assert spilled.snapshots() == straight.snapshots()
    assert advice(spilled.device, LARGE, 10, spilled=True) == (
        "The memory of the GPU is too small for this data: the CPU trains on it, in blocks."
    )


def test_no_snapshot_is_lost_where_there_is_no_room_to_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    straight, spilled = noisy_trainer(), noisy_trainer()
    expected = (straight.advance(), straight.snapshots())
    full_at(monkeypatch, Snapshotter, "look", 1)
    assert (spilled.advance(), spilled.snapshots()) == expected
    assert spilled.spilled


def test_rows_that_do_not_fit_are_trained_on_by_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_problem: Any, _config: Any, device: torch.device, *_: Any) -> Any:
        if device.type == "cuda":
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return parts(_problem, _config, device, *_)

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(trainer, "parts", full)
    found = Trainer(noisy(), config(device="cuda", epochs=2))
    assert (found.spilled, found.device.type, len(found.advance())) == (True, "cpu", 2)


def test_a_state_is_taken_up_without_the_device_that_it_comes_from() -> None:
    with unpack_state(pack_state({"theta": torch.ones(3)})) as found:
        assert found["theta"].device.type == "cpu"


def test_what_nothing_catches_is_a_sentence() -> None:
    told = memory_error(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB."))
    assert str(told) == "The memory of the GPU is full. Set device to cpu, or take fewer rows or columns."
