"""The command line in this process."""

from __future__ import annotations

import pytest

from lrtui.tui.cli.group import main
from tests.cli.commands import Lrtui


@pytest.fixture
def lrtui(capsys: pytest.CaptureFixture[str]) -> Lrtui:
    """Run a command in this process: exit code, stdout, stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        out, err = capsys.readouterr()
        return int(caught.value.code or 0), out, err

    return run
