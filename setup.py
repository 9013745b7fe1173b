"""What pyproject.toml cannot say of a build: man page and completions are made of the commands."""

import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

MADE = Path("build", "shared")
INSTALLED = {
    "share/man/man1": "lrtui.1",
    "share/bash-completion/completions": "lrtui",
    "share/zsh/site-functions": "_lrtui",
    "share/fish/vendor_completions.d": "lrtui.fish",
}


class BuildWithShared(build_py):
    """Builds the package, and what shells and man look for."""

    def run(self) -> None:
        """Build; a failure of any part is one of the whole."""
        super().run()
        made_by = [sys.executable, str(Path("scripts", "shared.py")), str(MADE)]
        subprocess.run(made_by, check=True)  # noqa: S603 - a file of this tree


setup(
    cmdclass={"build_py": BuildWithShared},
    data_files=[(folder, [str(MADE / name)]) for folder, name in INSTALLED.items()],
)
