"""The person's config file and the variables: what wins, where a value comes from, what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lrtui.tui.cli import dashboard as command
from lrtui.tui.preferences import Preferences, remember_theme
from tests.cli.commands import Lrtui, refused

Write = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Writes the person's config file."""

    def write(text: str) -> Path:
        path = tmp_path / "config" / "lrtui" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


def settings(lrtui: Lrtui, *options: str) -> dict[str, tuple[str, str]]:
    rows = json.loads(lrtui("config", "--json", *options)[1])
    return {row["name"]: (row["value"], row["from"]) for row in rows}


def test_an_option_wins_over_its_variable_over_a_project_over_the_person_over_what_is_built_in(
    lrtui: Lrtui, written: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project.toml"
    project.write_text("seed = 3\nsplit-seed = 3\nepochs = 3\n")
    written(
        "[defaults]\nseed = 2\nsplit_seed = 2\nepochs = 2\nmomentum = 0.2\nquiet = true\nshuffle = false\n"
    )
    monkeypatch.setenv("LRTUI_EPOCHS", "4")
    monkeypatch.setenv("LRTUI_SPLIT_SEED", "4")
    monkeypatch.setenv("LRTUI_JSON", "1")
    code, out, err = lrtui("train", "moons", "--split-seed", "5", "--config", str(project), "--shuffle")
    assert (code, err) == (0, "")
    config = json.loads(out)["config"]
    found = {name: config[name] for name in ("split_seed", "epochs", "seed", "momentum", "lr", "shuffle")}
    assert found == {"split_seed": 5, "epochs": 4, "seed": 3, "momentum": 0.2, "lr": 0.05, "shuffle": True}
    # The file is the project's where its variable names it.
    monkeypatch.setenv("LRTUI_CONFIG", str(project))
    assert json.loads(lrtui("train", "moons", "--no-shuffle")[1])["config"]["seed"] == 3
    monkeypatch.delenv("LRTUI_JSON")
    shown = settings(lrtui)
    assert shown["epochs"] == ("4", "LRTUI_EPOCHS")
    assert shown["seed"] == ("3", "--config")
    assert shown["momentum"] == ("0.2", "config.toml, line 5")
    assert shown["quiet"] == ("yes", "config.toml, line 6")
    assert shown["lr"] == ("0.05", "built in")
    assert shown["keys run.step"] == ("s", "built in")
    # A stored run has its own dataset and hyperparameters: defaults are no contradiction.
    assert lrtui("diagnose", "--run", "1", "--json")[0] in (0, 1)


WRONG = """theme = "nord"
[defaults]
lr = "fast"
batch-size = 8
batch_size = 9
epochs = 10.5
learning_rat = 0.1
limit = "many"
json = "yes"
theme = "nort"
separator = ",,"
[keys]
run.stop = "q"
"run.spice" = "p"
"run.step" = ["n", "F99"]
"run.reset" = 3
[else]
"""
SAID = {
    "line 1: 'theme' stands in no table": "Put it under [defaults]",
    "line 3: The learning rate cannot be 'fast'": "Give a number",
    "gives 'batch_size' twice": "Leave one of them out",
    "line 6: The epochs cannot be '10.5'": "Give a whole number",
    "line 7: there is no option called 'learning_rat'": "Did you mean lr?",
    "line 8: 'many' is no whole number": "-h tells",
    "line 9: 'json' is given or not": "true or false",
    "line 10: there is no theme 'nort'": "nord",
    "line 11: --separator cannot be ',,'": "one character",
    "line 13: q is the key of 'app.quit', and cannot be that of 'run.stop' too": "another key",
    "line 14: there is no action 'run.spice'": "Did you mean run.space?",
    "line 15: 'F99' is no key": "f5",
    "line 16: an action has a key": "or",
    "line 17: there is 'else'": "under [defaults]",
}


def test_everything_that_is_wrong_is_told_with_its_line_and_what_to_do(
    lrtui: Lrtui, written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(WRONG)
    monkeypatch.setenv("LRTUI_SEED", "x")
    monkeypatch.setenv("LRTUI_BATCHSIZE", "3")
    code, out, err = lrtui("config", "--check")
    assert (code, out) == (2, "")
    told = err.splitlines()
    for what, fix in {
        **SAID,
        "LRTUI_SEED: The seed cannot be 'x'": "Give a whole number",
        "LRTUI_BATCHSIZE: no option has this variable": "Did you mean LRTUI_BATCH_SIZE?",
    }.items():
        number = next(number for number, line in enumerate(told) if what in line)
        assert fix in told[number + 1]
        assert str(path) in told[number] or "LRTUI" in what
    assert len(told) == 2 * (len(SAID) + 2)
    # A command that would heed what is wrong does not begin; another does, and help always comes.
    assert "line 1" in refused(lrtui("train", "moons"))
    assert lrtui("show", "-h")[0] == lrtui("cause")[0] == lrtui("train", "-h")[0] == 0
    written('[defaults]\nlr = 0.1\n[keys]\n"run.spice" = "p"')
    monkeypatch.delenv("LRTUI_BATCHSIZE")
    assert "LRTUI_SEED: The seed cannot be 'x'" in refused(lrtui("train", "moons"))
    monkeypatch.setenv("LRTUI_LIMIT", "x")
    assert "LRTUI_LIMIT" in refused(lrtui("runs"))
    monkeypatch.setenv("LRTUI_QUIET", "7")
    assert "'7' is neither yes nor no." in refused(lrtui("resume", "1"))
    monkeypatch.setenv("LRTUI_FORMAT", "q")
    assert "LRTUI_QUIET: '7' is neither yes nor no." in lrtui("config", "--check")[2]
    assert "LRTUI_FORMAT: There is no format called 'q'." in lrtui("config", "--check")[2]
    monkeypatch.delenv("LRTUI_FORMAT")
    for option in ("budget", "timeout", "capture"):  # which watch alone has
        monkeypatch.setenv(f"LRTUI_{option.upper()}", "soon")
        assert f"--{option} 'soon' is no amount" in lrtui("config", "--check")[2]
        monkeypatch.delenv(f"LRTUI_{option.upper()}")
    monkeypatch.setenv("LRTUI_CACHE_LIMIT", "much")
    assert "LRTUI_CACHE_LIMIT holds 'much', which is no size." in lrtui("config", "--check")[2]
    monkeypatch.delenv("LRTUI_CACHE_LIMIT")
    monkeypatch.delenv("LRTUI_QUIET")
    monkeypatch.setenv("LRTUI_TARGET", "y")
    assert "--target stands in LRTUI_TARGET." in refused(lrtui("train", "moons"))
    monkeypatch.delenv("LRTUI_TARGET")
    written('[defaults]\ntarget = "y"')
    assert "--target stands in config.toml, line 2." in refused(lrtui("train", "moons"))
    for name in ("LRTUI_SEED", "LRTUI_LIMIT"):
        monkeypatch.delenv(name)
    written("keys = 3")
    assert "line 1: 'keys' is a table of its own" in refused(lrtui("config", "--check"))
    written("\n[[defaults]]\nlr = 1")
    assert "line 2: 'defaults' is a table of its own" in refused(lrtui("config", "--check"))
    written("lr = = 3")
    said = refused(lrtui("config", "--check"))
    assert "is not TOML" in said
    assert "under [defaults]" in said
    assert "at line 1" in refused(lrtui("datasets"))


def test_a_file_that_is_in_order_or_not_there_and_where_it_lies(
    lrtui: Lrtui, written: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = lrtui("config", "--check")
    assert code == 0
    assert "which is not there" in out
    path = written(
        '[defaults]\nlr = 0.1\ntheme = "nord"\n[keys]\n"run.step" = "n"\n"form.up" = ["Up", "K"]'
    )
    assert lrtui("config", "--path")[1].strip() == str(path)
    assert "in order" in lrtui("config", "--check")[1]
    out = lrtui("config")[1]
    assert [line.split() for line in out.splitlines() if line.startswith("keys form.up")] == [
        ["keys", "form.up", "up", "K", "config.toml,", "line", "6"]
    ]
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())  # as an editor of Windows begins a file
    assert "in order" in lrtui("config", "--check")[1]
    remember_theme("dracula")
    assert settings(lrtui)["theme"] == ("nord", "config.toml, line 3")
    written("")
    assert settings(lrtui)["theme"] == ("dracula", "chosen in the dashboard")
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")  # which counts for nothing, as is specified
    monkeypatch.setenv("HOME", str(tmp_path))
    assert lrtui("config", "--path")[1].strip().startswith(str(tmp_path))


def test_the_dashboard_opens_whatever_stands_in_the_file_and_is_told_of_it(
    lrtui: Lrtui, written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lrtui.tui import app

    asked: list[tuple[object, dict[str, object]]] = []
    monkeypatch.setattr(command, "check_terminal", lambda: None)
    monkeypatch.setattr(app, "run_dashboard", lambda _, config, **more: asked.append((config, more)) or 0)
    written('[defaults]\nlr = "fast"\nepochs = 7\ntheme = "nord"\n[keys]\n"run.step" = "n"')
    assert lrtui()[0] == 0
    monkeypatch.setenv("LRTUI_SEED", "4")
    assert lrtui("--epochs", "9", "--theme", "dracula")[0] == 0
    written("lr = = 3")
    assert lrtui()[0] == 0
    (first, more), (second, again), (_, broken) = asked
    assert first is None  # defaults are no reason to pass over the newest run
    assert more["base"].epochs == 7  # type: ignore[attr-defined]
    wishes = more["preferences"]
    assert isinstance(wishes, Preferences)
    assert wishes.theme == ("nord", "config.toml, line 4")
    assert wishes.keys == {"run.step": ("n",)}
    assert len(wishes.faults) == 1
    assert "line 2: The learning rate cannot be 'fast'. Give" in wishes.faults[0]
    assert (second.epochs, second.seed) == (9, 4)  # type: ignore[attr-defined]
    assert again["preferences"].theme == ("dracula", "--theme")  # type: ignore[attr-defined]
    assert "is not TOML" in broken["preferences"].faults[0]  # type: ignore[attr-defined]
