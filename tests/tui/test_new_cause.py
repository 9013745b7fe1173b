"""A new cause is one new file in ``core/doctor/causes``: every face of lrtui tells of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from lrtui.core.doctor import catalogue, causes, doctor
from lrtui.tui.cli.group import main
from lrtui.tui.screens.doctor import DoctorScreen
from tests.tui.bench import dashboard, looked_at

FILE = dedent(
    '''
    """Runs that a test says are ill."""

    from lrtui.core.config import changed
    from lrtui.core.doctor.case import Case
    from lrtui.core.doctor.cause import Found, RunCause, Stage


    def _full_moon(case: Case) -> Found | None:
        if case.config.seed != 13:
            return None
        trial = case.lab.run([changed(case.config, seed=14)])[0]
        return Found("The run was made at full moon.", {"phase": 0.5}, {"seed": 14}, trial)


    FULL_MOON = RunCause("full-moon", "Full moon", Stage.ANSWERS, rank=5, ask=_full_moon)
    '''
)


@pytest.fixture(autouse=True)
def file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The catalogue's folder with one file more."""
    folder = tmp_path / "causes"
    folder.mkdir()
    (folder / "full_moon.py").write_text(FILE)
    with monkeypatch.context() as patched:
        patched.setattr(causes, "__path__", [*causes.__path__, str(folder)])
        catalogue.causes.cache_clear()
        yield
    catalogue.causes.cache_clear()


def told(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """What ``lrtui diagnose`` says of a run at full moon."""
    with pytest.raises(SystemExit) as caught:
        main(("diagnose", "two-gaussians:n=100", "--seed", "13", "--quiet", *options))
    assert caught.value.code == 1
    return capsys.readouterr().out


def test_the_command_line_tells_of_it_as_a_letter_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    letter = told(capsys)
    assert "1. Full moon (proved by experiment)" in letter
    assert "The run was made at full moon." in letter
    assert "--seed 14" in letter
    found = json.loads(told(capsys, "--json"))
    assert (found["status"], found["cause"], found["fix"]) == ("improvable", "full-moon", {"seed": 14})
    assert found["findings"][0]["evidence"] == {"phase": 0.5}


async def test_the_dashboard_tells_of_it_in_banner_pane_and_sheet() -> None:
    async with dashboard("two-gaussians:n=100", (160, 50), doctor=doctor, seed=13) as bench:
        await looked_at(bench)
        assert "Full moon. d why  f fix it" in bench.banner
        assert "Full moon: proved" in bench.screen
        await bench.press("d", "d")
        assert isinstance(bench.app.screen, DoctorScreen)
        assert "The run was made at full moon." in bench.screen


def test_an_entry_is_asked_in_its_turn_and_by_what_it_needs() -> None:
    found = catalogue.causes()
    assert [(cause.stage, cause.rank) for cause in found] == sorted((c.stage, c.rank) for c in found)
    assert "full-moon" in {cause.id for cause in found}
    ids = {cause.id for cause in found}
    assert all(ids.issuperset((*cause.after, *cause.unless)) for cause in found)
    for cause in found:
        assert cause.applies(binary=cause.binary is not False, known=set(cause.after))
        assert not cause.applies(binary=cause.binary is False, known=set()) or cause.binary is None
        assert not cause.unless or not cause.applies(binary=True, known={*cause.after, *cause.unless})
