"""What pyproject.toml cannot say of a build: man page and completions are made of the commands."""

import os
import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

PACKAGE = "lrtui"
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
        if not self.editable_mode:  # where nothing is copied
            self.forget_the_last_build()
        made_by = [sys.executable, str(Path("scripts", "shared.py")), str(MADE)]
        whole = {**os.environ, "PYTHONOPTIMIZE": ""}  # 2 would drop what the commands say of themselves
        subprocess.run(made_by, check=True, env=whole)  # noqa: S603 - a file of this tree

    def forget_the_last_build(self) -> None:
        """Remove copies of files that are gone from the tree; they would go into the wheel."""
        ours = {Path(path) for path in self.get_outputs()}
        for path in Path(self.build_lib, PACKAGE).rglob("*"):
            if path.is_file() and path not in ours:
                path.unlink()


setup(
    cmdclass={"build_py": BuildWithShared},
    data_files=[(folder, [str(MADE / name)]) for folder, name in INSTALLED.items()],
)
