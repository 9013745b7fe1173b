"""Where a problem is trained, and what is said about it."""

from __future__ import annotations

import pytest
import torch

from lrtui.core.errors import ConfigError
from lrtui.core.training.device import LARGE, advice, choose_device

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
