"""``lrtui`` with its standard streams closed, full or silent, and under limits on its memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from lrtui.core.store import Store
from lrtui.datasets import memory_limit
from lrtui.datasets.memory_limit import TABLES, TRAINING, MemoryLimitError, check_memory, memory_error
from tests.cli.commands import refused

TABLE = "x,z,y\n" + "".join(f"{i},{i % 7},{'ab'[i % 2]}\n" for i in range(40))
LIGHT = ("--help", "--version", "datasets", "runs", "cache")
HEAVY = ("train moons:n=50", "sweep moons:n=50", "diagnose moons:n=50", "resume 1", "inspect sklearn:iris")


def shell(home: Path, line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """What a line of a shell does, in which ``lrtui`` is the command."""
    return subprocess.run(
        ["bash", "-c", f'lrtui() {{ "{sys.executable}" -m lrtui.tui "$@"; }}; {line}'],
        env={**os.environ, "LRTUI_HOME": str(home), **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def result(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    return done.returncode, done.stdout, done.stderr


# Closed


@pytest.mark.parametrize(
    ("closed", "commands"),
    [("<&-", LIGHT[2:3]), (">&-", LIGHT[2:3]), ("2>&-", LIGHT[3:4]), ("<&- >&- 2>&-", LIGHT)],
)
def test_a_command_whose_streams_are_closed_works_quietly(
    home: Path, closed: str, commands: tuple[str, ...]
) -> None:
    for command in commands:
        done = shell(home, f"lrtui {command} {closed}")
        assert (done.returncode, done.stderr) == (0, ""), command
        assert bool(done.stdout) == (">&-" not in closed.split())


def test_without_streams_and_in_a_folder_that_was_removed_it_trains_and_prints_nothing_into_the_store(
    home: Path, tmp_path: Path
) -> None:
    shell(home, "lrtui runs")  # the store is there
    gone = f"mkdir {tmp_path}/gone; cd {tmp_path}/gone; rmdir ../gone"
    assert shell(home, f"{gone}; lrtui train moons:n=30 --epochs 2 <&- >&- 2>&-").returncode == 0
    with Store() as store:
        assert store.notice is None
        assert [(run.source.label, run.status) for run in store.runs.recent()] == [
            ("moons:n=30", "finished")
        ]
    for path in home.rglob("*"):
        assert not path.is_file() or b"ROC AUC" not in path.read_bytes()


def test_our_own_files_get_no_number_of_a_standard_stream(home: Path) -> None:
    program = (
        "import os; from lrtui.tui.cli.streams import open_standard_streams as o; o();"
        "fd = os.open('/dev/null', os.O_RDONLY); print(fd > 2, flush=True); os.write(fd > 2 and 2, b'')"
    )
    done = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -c "{program}" <&- 2>&-'],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("True\n", 0)


@pytest.mark.parametrize("closed", ["<&- >&-", "</dev/null", "| cat"])
def test_the_dashboard_without_a_terminal_is_a_sentence(home: Path, closed: str) -> None:
    code, out, err = result(shell(home, f"lrtui moons {closed}; exit ${{PIPESTATUS[0]}}"))
    assert "The dashboard needs a terminal to draw on." in refused((code, out, err))


def test_a_table_from_a_closed_or_an_endless_standard_input(home: Path) -> None:
    assert "Nothing came on standard input" in refused(result(shell(home, "lrtui inspect - <&-")))
    assert "Nothing came on standard input" in refused(result(shell(home, "lrtui inspect - </dev/null")))
    assert "Standard input is a device" in refused(result(shell(home, "lrtui inspect - </dev/zero")))


def test_a_silent_standard_input_is_said_to_be_waited_for(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    os.mkfifo(tmp_path / "said")
    # The table comes only once the sentence was read.
    soon = "from lrtui.tui.cli import main, options as o; o.SILENT_SECONDS = 0.05; main(['inspect', '-'])"
    command = f'"{sys.executable}" -c "{soon}"'
    line = f"cd {tmp_path}; (head -c 20 said >read; cat a.csv) | {command} 2>said; cat read"
    done = shell(home, line)
    assert "Waiting for a table " in done.stdout
    assert "40 rows" in done.stdout


# Full, or not read


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is always full")
def test_output_on_a_full_disk_is_a_sentence(home: Path) -> None:
    for command in ("--help", "runs"):  # what click prints, and what we print
        done = shell(home, f"lrtui {command} >/dev/full")
        assert "The output could not be written: no space left" in refused(result(done)), command


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is always full")
def test_no_run_is_lost_because_its_progress_cannot_be_written(home: Path) -> None:
    done = shell(home, "lrtui train moons:n=30 --epochs 50 2>/dev/full")
    assert (done.returncode, "ROC AUC" in done.stdout) == (0, True)


def test_a_reader_that_leaves_is_no_error(home: Path) -> None:
    for command in ("--help", "datasets"):
        done = shell(home, f"lrtui {command} | true")
        assert (done.returncode, done.stderr) == (0, ""), command


# Limits on memory


def test_what_loads_no_library_works_with_little_memory(home: Path) -> None:
    for command in LIGHT:
        done = shell(home, f"ulimit -v 300000; lrtui {command}")
        assert (done.returncode, done.stderr) == (0, ""), command


@pytest.mark.parametrize(("limit", "commands"), [(300_000, HEAVY), (800_000, (HEAVY[0], HEAVY[-1]))])
def test_too_little_memory_is_said_before_a_library_prints_or_aborts(
    home: Path, limit: int, commands: tuple[str, ...]
) -> None:
    for command in commands:
        said = refused(result(shell(home, f"ulimit -v {limit}; lrtui {command}")))
        assert ("polars" if command.startswith("inspect") else "PyTorch") in said
        assert f"{limit * 1024 / 1e6:.0f} MB (ulimit -v)" in said
        assert "Raise the limit" in said


def test_at_the_brink_a_command_works_or_says_why_not(home: Path) -> None:
    for command in ("diagnose moons:n=50", "inspect sklearn:iris"):
        done = shell(home, f"ulimit -v 900000; lrtui {command} --json")
        assert done.returncode in (0, 1, 2)
        assert done.returncode < 2 or refused(result(done))
        assert not any(word in done.stderr for word in ("Traceback", "OpenBLAS", "jemalloc"))


def test_an_engine_without_memory_says_so_in_its_log_and_by_its_exit_code(home: Path) -> None:
    done = shell(
        home, f'ulimit -v 900000; exec 3</dev/null; "{sys.executable}" -m lrtui.core.engine 1-a 3 1'
    )
    assert done.returncode == memory_limit.EXIT_CODE
    assert done.stderr.startswith("To load polars and PyTorch takes ")
    assert len(done.stderr.splitlines()) == 1


def limited(monkeypatch: pytest.MonkeyPatch, most: int, taken: int = 0) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (most, most))
    monkeypatch.setattr(memory_limit, "used", lambda: taken)
    monkeypatch.setattr(memory_limit, "is_loaded", lambda _: False)


def test_what_is_needed_grows_with_the_cores_that_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, 1_500_000_000)
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(2)), raising=False)
    check_memory(*TRAINING)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    with pytest.raises(MemoryLimitError, match=r"PyTorch takes 4\.6 GB"):
        check_memory(*TRAINING)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    check_memory(*TRAINING)


def test_what_is_loaded_is_needed_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, 1_000_000_000, 900_000_000)
    with pytest.raises(MemoryLimitError):
        check_memory(*TABLES)
    monkeypatch.setattr(memory_limit, "is_loaded", lambda _: True)
    check_memory(*TABLES)


def test_without_a_limit_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, resource.RLIM_INFINITY)
    check_memory(*TABLES, *TRAINING)


@pytest.mark.parametrize(
    ("error", "short"),
    [
        (MemoryError(), True),
        (OSError(12, "Cannot allocate memory"), True),
        (ImportError("libtorch_cpu.so: failed to map segment from shared object"), True),
        (RuntimeError("can't start new thread"), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to"), True),
        (OSError(28, "No space left on device"), False),
        (ImportError("No module named 'torch'"), False),
        (RuntimeError("something else"), False),
    ],
)
def test_what_libraries_raise_without_memory_is_told_from_the_rest(error: Exception, short: bool) -> None:
    assert (memory_error(error) is not None) == short
