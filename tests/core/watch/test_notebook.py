"""The cells of a notebook, watched: ``%load_ext lrtui``. The shell is a small one of these tests."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.core.watch.scripts import HEAD

ROOT = Path(__file__).parents[3]
SHELL = """\
import importlib.util, sys
spec = importlib.util.spec_from_file_location("lrtui_itself", sys.argv[1])
lrtui = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lrtui)

class Events(dict):
    def register(self, event, function):
        self.setdefault(event, []).append(function)
    def unregister(self, event, function):
        self[event].remove(function)

class Compiler:
    def format_code_name(self, name):
        return ("Cell", f"In[{name.split('-')[2]}]") if name.startswith("<ipython-input-") else None

class Shell:
    compile = Compiler()
    def __init__(self):
        self.events, self.names, self.count = Events(), {}, 0
    def run_cell(self, text):
        self.count += 1
        name = f"<ipython-input-{self.count}-0>"
        for function in list(self.events.get("pre_run_cell", ())):
            function(None)
        exec(compile(text, name, "exec"), self.names)
        for function in list(self.events.get("post_run_cell", ())):
            function(None)

shell = Shell()
lrtui.load_ipython_extension(shell)
for cell in sys.stdin.read().split("# next\\n"):
    print("cell")
    shell.run_cell(cell)
lrtui.unload_ipython_extension(shell)
print([len(functions) for functions in shell.events.values()])
"""
# By hand: an optimizer of torch would import torch.compile, which takes longer than all the rest.
BEGIN = HEAD + "w = torch.zeros(3, requires_grad=True)\n"
EMPTIED = "    w.grad = None\n"
LOOP = (
    "for epoch in range(12):\n"
    "    loss = F.binary_cross_entropy_with_logits(X @ w, y)\n"
    "    loss.backward()\n"
    "    with torch.no_grad():\n"
    "        w -= 0.1 * w.grad\n" + EMPTIED
)


def package() -> Path:
    """What is installed as ``lrtui``."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert "lrtui" in tools["packages"]
    return ROOT / tools["package-dir"]["lrtui"] / "__init__.py"


def test_a_cell_that_trains_gets_a_letter_and_one_that_is_mended_another() -> None:
    cells = "# next\n".join([BEGIN, LOOP.replace(EMPTIED, ""), "print(1 + 1)\n", LOOP])
    done = subprocess.run(
        [sys.executable, "-c", SHELL, str(package())],
        input=cells,
        capture_output=True,
        text=True,
        check=True,
    )
    hello, made, ill, other, well = done.stdout.split("cell\n")
    assert "watches the cells that follow" in hello
    assert made == ""
    assert "Gradients are never emptied" in ill
    assert "   In[2], line 3\n" in ill
    assert other == "2\n"
    assert "This cell: Healthy" in well
    assert well.endswith("[0, 0]\n")


def test_the_package_gives_ipython_what_it_looks_for() -> None:
    spec = importlib.util.spec_from_file_location("lrtui_itself", package())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert callable(module.load_ipython_extension)
