"""Cores and memory, against files as kernels write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrtui.core.system import machine
from lrtui.core.system.containers import granted_cores, granted_memory
from lrtui.core.system.record import State, bytes_text
from lrtui.datasets import memory_limit


def write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_of_nested_groups_the_narrowest_counts(tmp_path: Path) -> None:
    groups = write(
        tmp_path / "groups",
        cpu_DOT_max="400000 100000\n",
        job__cpu_DOT_max="150000 100000\n",
        job__step__cpu_DOT_max="max 100000\n",
        job__memory_DOT_max="2000000000\n",
        job__step__memory_DOT_max="max\n",
    )
    own = write(tmp_path, own="0::/job/step\n") / "own"
    assert granted_cores(groups, own) == 1.5
    assert granted_memory(groups, own) == 2_000_000_000


def test_version_1_has_a_tree_for_each_controller(tmp_path: Path) -> None:
    groups = write(
        tmp_path / "groups",
        cpu__docker__cpu_DOT_cfs_quota_us="50000\n",
        cpu__docker__cpu_DOT_cfs_period_us="100000\n",
        cpu__cpu_DOT_cfs_quota_us="-1\n",
        memory__docker__memory_DOT_limit_in_bytes="512000000\n",
        memory__memory_DOT_limit_in_bytes="9223372036854771712\n",
    )
    own = write(tmp_path, own="5:memory:/docker\n4:cpu,cpuacct:/docker\n1:name=systemd:/x\n") / "own"
    assert granted_cores(groups, own) == 0.5
    assert granted_memory(groups, own) == 512_000_000


def test_without_groups_nothing_is_bounded(tmp_path: Path) -> None:
    own = write(tmp_path, own="0::/\n") / "own"
    for where in (own, tmp_path / "none"):
        assert granted_cores(tmp_path / "groups", where) is None
        assert granted_memory(tmp_path / "groups", where) is None


def found(name: str) -> tuple[str, State, str]:
    (one,) = (one for one in machine.machine_checks() if one.name == name)
    return one.found, one.state, one.fix


def test_fewer_cores_than_threads_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "cores", lambda: 8)
    monkeypatch.setattr(machine, "granted_cores", lambda: 1.5)
    words, state, fix = found("cores")
    assert state is State.NOTE
    assert "grants the time of 1.5" in words
    assert "taskset -c 0-0" in fix
    monkeypatch.setattr(machine, "granted_cores", lambda: 8.0)
    assert found("cores")[1] is State.OK


def test_a_limit_on_memory_is_in_the_way_only_where_nothing_can_be_trained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory_limit, "used", lambda: 0)
    monkeypatch.setattr(memory_limit, "is_loaded", lambda _: False)
    states = []
    for most in (None, 64 << 30, 1_700_000_000, 500_000_000):
        monkeypatch.setattr(memory_limit, "limit", lambda most=most: most)
        states.append(found("memory limit")[1])
    assert states == [State.OK, State.OK, State.NOTE, State.PROBLEM]
    assert "ulimit -v" in found("memory limit")[2]


def test_wsl_is_known_by_its_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = tmp_path / "version"
    monkeypatch.setattr(machine, "KERNEL", kernel)
    assert not machine.is_wsl()
    kernel.write_text("Linux version 6.6.87.2-microsoft-standard-WSL2\n")
    assert machine.system().endswith(", in WSL")


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (1499, "1.5 kB"), (2.5e7, "25 MB"), (1.28e9, "1.28 GB"), (3e12, "3 TB")],
)
def test_sizes(size: float, text: str) -> None:
    assert bytes_text(size) == text
