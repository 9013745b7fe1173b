"""``lrtui diagnose``: what scripts read, what people read, and what is said of bad input."""

from __future__ import annotations

import json
import math
import pickle
import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from lrtui.core.config import Config
from lrtui.core.doctor import doctor
from lrtui.core.doctor.diagnosis import Diagnosis, Health
from lrtui.core.store import Status, Store, Work
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.source import Source
from lrtui.tui.cli.diagnosis_report import letter
from tests.cli.commands import Lrtui, refused
from tests.core.doctor.cases import contents
from tests.core.letters import UNSCALED
from tests.core.letters import letter as diagnosis

HEALTHY = ("two-gaussians:n=200",)
SICK = ("two-gaussians:n=200", "--lr", "1e-5")
METRICS = {
    "train_loss", "test_loss", "test_accuracy", "test_balanced_accuracy", "test_auc", "majority_share",
}  # fmt: skip
KEYS = {
    "status", "single_label", "majority_label", "majority_share", "cause", "findings", "ruled_out", "fix",
    "before", "after", "reference", "seconds",
}  # fmt: skip
FINDING = {"cause", "title", "sentence", "evidence", "fix", "proved", "closure", "trial"}
TRIAL = {"train_loss", "test_loss", "test_balanced_accuracy", "majority_share"}


examined = doctor.diagnose
known: dict[tuple[bytes, ...], Diagnosis] = {}


@pytest.fixture(autouse=True)
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same run is diagnosed once here: what is tested is what is told of it and kept."""

    def remembered(data: Dataset, config: Config, **given: Any) -> Diagnosis:
        key = contents(data), config.model_dump_json().encode(), pickle.dumps(given.get("outcome"))
        if key not in known:
            known[key] = examined(data, config, **given)
        return known[key]

    monkeypatch.setattr(doctor, "diagnose", remembered)


def diagnosed(lrtui: Lrtui, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and object of a diagnosis as JSON, which must hold finite numbers alone."""
    code, out, err = lrtui("diagnose", *arguments, "--json", "--quiet")
    assert out, err
    return code, json.loads(out, parse_constant=pytest.fail)


def keeps_the_contract(found: dict[str, Any]) -> None:
    """Every field has the name and kind that scripts were promised."""
    assert found.keys() == KEYS
    assert found["status"] in set(map(str, Health))
    assert isinstance(found["single_label"], bool)
    assert isinstance(found["majority_label"], str)
    assert found["cause"] == (found["findings"][0]["cause"] if found["findings"] else None)
    for finding in found["findings"]:
        assert finding.keys() == FINDING
        assert all(isinstance(finding[name], str) for name in ("cause", "title", "sentence"))
        assert all(isinstance(v, (int, float)) and math.isfinite(v) for v in finding["evidence"].values())
        assert finding["trial"] is None or finding["trial"].keys() == TRIAL
        assert isinstance(finding["proved"], bool)
    assert all(item.keys() == {"cause", "why"} for item in found["ruled_out"])
    for name in ("before", "after", "reference"):
        assert found[name] is None or found[name].keys() == METRICS
    assert found["seconds"] >= 0


def test_a_healthy_run_has_no_cause_and_exit_code_0(lrtui: Lrtui) -> None:
    code, found = diagnosed(lrtui, *HEALTHY)
    keeps_the_contract(found)
    assert (code, found["status"], found["cause"], found["findings"]) == (0, "healthy", None, [])
    assert found["fix"] is found["after"] is None
    assert found["before"]["train_loss"] == pytest.approx(found["reference"]["train_loss"], abs=0.01)


def test_a_sick_run_has_a_proved_fix_and_exit_code_1(lrtui: Lrtui) -> None:
    code, found = diagnosed(lrtui, *SICK)
    keeps_the_contract(found)
    assert (code, found["status"], found["cause"]) == (1, "sick", "lr-too-low")
    assert json.loads(lrtui("runs", "--json")[1])[0]["health"] == "sick"
    first = found["findings"][0]
    assert first["proved"]
    assert first["closure"] > 0.8
    assert found["fix"] == first["fix"] == {"lr": first["fix"]["lr"]}
    assert found["after"]["train_loss"] < found["before"]["train_loss"]
    assert found["ruled_out"]


def test_what_no_setting_can_fix_is_exit_code_1(lrtui: Lrtui) -> None:
    code, found = diagnosed(lrtui, "no-signal:n=100")
    keeps_the_contract(found)
    assert (code, found["status"], found["cause"]) == (1, "unlearnable", "no-signal")
    assert found["fix"] is found["after"] is None
    assert found["reference"] is not None


def test_numbers_that_are_not_finite_are_null(lrtui: Lrtui, tmp_path: Path) -> None:
    rows = "\n".join(f"{i}e36,{-i}e36,{i % 2}" for i in range(40))
    (tmp_path / "huge.csv").write_text(f"a,b,y\n{rows}\n")
    options = ("--target", "y", "--scaling", "none", "--lr", "1e6")
    code, found = diagnosed(lrtui, str(tmp_path / "huge.csv"), *options)
    keeps_the_contract(found)
    assert code == 1
    assert found["before"]["train_loss"] is None


def test_a_stored_run_is_diagnosed_as_it_was_trained(lrtui: Lrtui) -> None:
    lrtui("train", *SICK, "--quiet")
    run = str(json.loads(lrtui("show", "last", "--json")[1])["run_id"])
    code, found = diagnosed(lrtui, "--run", run)
    keeps_the_contract(found)
    assert (code, found["cause"]) == (1, "lr-too-low")
    trained = json.loads(lrtui("show", run, "--json")[1])
    assert {name: trained[name] for name in METRICS} == pytest.approx(found["before"])


def test_the_run_and_its_letter_are_stored(lrtui: Lrtui, store: Store) -> None:
    diagnosed(lrtui, *SICK)
    run = store.runs.recent()[0]
    assert (run.source.name, run.status, run.epoch) == ("two-gaussians:n=200", Status.FINISHED, 200)
    kept = store.diagnoses.get(run.id)
    assert kept is not None
    assert (kept.work, kept.epoch) == (Work.DONE, 200)
    assert kept.diagnosis is not None
    assert kept.diagnosis.cause == "lr-too-low"
    assert "two-gaussians:n=200" in lrtui("runs")[1]
    diagnosed(lrtui, "--run", str(run.id))
    assert len(store.runs.recent()) == 1


def test_a_file_that_cannot_be_trained_on_is_diagnosed_and_leaves_no_run(
    lrtui: Lrtui, store: Store, tmp_path: Path
) -> None:
    rows = "\n".join(f"{i % 7},{'' if i % 9 == 4 else i % 5},{int(i % 7 + i % 5 > 5)}" for i in range(100))
    (tmp_path / "gaps.csv").write_text(f"a,b,y\n{rows}\n")
    code, found = diagnosed(lrtui, str(tmp_path / "gaps.csv"), "--target", "y", "--missing", "error")
    keeps_the_contract(found)
    assert (code, found["cause"], found["fix"]["missing"]) == (1, "non-finite", "median")
    assert found["before"] == dict.fromkeys(METRICS)
    (tmp_path / "one.csv").write_text("a,y\n1,no\n2,no\n3,no\n")
    code, found = diagnosed(lrtui, str(tmp_path / "one.csv"), "--target", "y")
    keeps_the_contract(found)
    assert (code, found["status"], found["cause"]) == (1, "unlearnable", "one-class")
    code, out, _ = lrtui("diagnose", str(tmp_path / "one.csv"), "--target", "y")
    assert code == 1
    assert out.count("there is nothing to tell apart") == 1
    assert "balanced accuracy" not in out  # a table of dashes says nothing
    assert store.runs.recent() == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Give DATASET or --run RUN, not both"),
        (("moons", "--run", "1"), "Give DATASET or --run RUN, not both"),
        (("--run", "999"), "There is no run 999."),
        (("--run", "0"), "--run"),
        (("--run", "9" * 30), "There is no run " + "9" * 30),
        (("--run", "last one"), "--run"),
        (("--run", "1", "--lr", "0.1"), "--run takes dataset and hyperparameters from the stored run."),
        (("--run", "1", "--no-shuffle"), "Leave the other options out"),
        (("--run", "1", "--target", "y"), "Leave the other options out"),
        (("--run", "1", "--config", "c.toml"), "Leave the other options out"),
        (("no-such-dataset",), "no-such-dataset"),
        (("moons", "--lr", "fast"), "learning rate"),
        (("nowhere.csv", "--target", "y"), "nowhere.csv"),
    ],
)
def test_bad_input_is_two_sentences_and_exit_code_2(
    lrtui: Lrtui, store: Store, arguments: tuple[str, ...], said: str
) -> None:
    assert said in refused(lrtui("diagnose", *arguments))
    assert store.runs.recent() == []


def test_a_run_that_was_never_trained_is_refused(lrtui: Lrtui, store: Store) -> None:
    run = store.runs.create(Source("moons"), Config(), origin="dashboard", owner="nobody")
    assert "no trained weights" in refused(lrtui("diagnose", "--run", str(run)))


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_no_line_of_a_letter_is_wider_than_the_terminal(
    lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, _ = lrtui("diagnose", *SICK)
    assert code == 1
    assert max(map(cell_len, out.split("\n"))) <= min(columns, 100)
    assert "Sick, and a fix is proved" in " ".join(out.split())
    assert "1. Learning rate too low (proved by experiment)" in " ".join(out.split())


def test_a_letter_holds_before_and_after(lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    _, out, err = lrtui("diagnose", *SICK)
    for text in ("Test rows by p(y = 1), before", "Test rows by p(y = 1), after", "best linear",
                 "Looked at, and not named", "lrtui cause lr-too-low tells more of it."):  # fmt: skip
        assert text in out
    assert "epoch 200/200" in err
    assert lrtui("diagnose", *SICK, "--quiet")[2] == ""


def test_the_options_of_the_fix_heal(lrtui: Lrtui) -> None:
    _, out, _ = lrtui("diagnose", *SICK, "--quiet")
    line = re.search(r"The whole fix, as options\n  (.+)\n", out)
    assert line is not None
    code, found = diagnosed(lrtui, SICK[0], *shlex.split(line[1]))
    assert (code, found["status"]) == (0, "healthy")


@pytest.mark.parametrize(
    ("fix", "options"),
    [
        ({"drop_columns": ("mean area", "it's")}, ["--drop-columns", "mean area,it's"]),
        ({"drop_columns": ["a,b"]}, ["--drop-columns", '"a,b"']),
        ({"init_bias": None, "init": "zeros"}, ["--init-bias", "", "--init", "zeros"]),
        ({"shuffle": True}, ["--shuffle", "yes"]),
        ({"lr": 1.23456e-5, "epochs": 10_000}, ["--lr", "1.23456e-05", "--epochs", "10000"]),
        ({"positive": "$(reboot)"}, ["--positive", "$(reboot)"]),
    ],
)
def test_options_are_typed_as_the_shell_takes_them(fix: dict[str, Any], options: list[str]) -> None:
    text = letter(Source("moons"), Config(), replace(diagnosis(), fix=fix))
    line = text.split("The whole fix, as options\n")[1].split("\n\n")[0]
    assert shlex.split(line) == options


@pytest.mark.parametrize(
    ("status", "code"),
    [(Health.HEALTHY, 0), *((status, 1) for status in Health if status is not Health.HEALTHY)],
)
def test_healthy_alone_is_exit_code_0(
    lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch, status: Health, code: int
) -> None:
    monkeypatch.setattr("lrtui.core.doctor.doctor.diagnose", lambda *_, **__: diagnosis(status))
    assert lrtui("diagnose", "two-gaussians:n=50", "--epochs", "1", "--quiet")[0] == code
    found = json.loads(lrtui("diagnose", "two-gaussians:n=50", "--epochs", "1", "--quiet", "--json")[1])
    assert found["status"] == str(status)
    assert f" {str(status).replace('-', ' ')} " in lrtui("runs")[1]


def test_the_letter_of_a_run_with_poor_probabilities_says_that_its_labels_are_fine() -> None:
    text = letter(Source("moons"), Config(), diagnosis(Health.IMPROVABLE))
    assert text.startswith("moons: Fine labels, poor probabilities, and a fix is proved\n")
    assert "1. Unscaled features (proved by experiment)" in text
    assert "--scaling standard" in text
    assert "lrtui cause unscaled tells more of it." in text


def test_a_letter_speaks_in_words_and_names_no_path_and_no_id() -> None:
    text = " ".join(letter(Source("moons"), Config(), diagnosis()).split())  # however wide the terminal is
    assert "steepest direction of the loss against the flattest (condition number): 120 million" in text
    assert "Bad first weights: zeros end at the same loss" in text
    for term in ("docs/", ".md", "bad-init", "lr_over_stable", "lr over stable", "1.2e+08"):
        assert term not in text


def sentences(text: str, cause: str = "unscaled") -> Diagnosis:
    """A letter in which everything from outside is this text."""
    finding = replace(UNSCALED, cause=cause, sentence=text, fix={"drop_columns": (text,)})
    return diagnosis(verdict=text, findings=(finding,), fix={"drop_columns": (text,)}, notes=(text,))


def test_a_locale_without_utf8_gets_plain_ascii(
    lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C")
    monkeypatch.setenv("COLUMNS", "60")
    code, out, err = lrtui("diagnose", *SICK)
    assert (code, out.isascii(), err.isascii()) == (1, True, True)
    assert "->" in out
    _, out, _ = lrtui("diagnose", "two-gaussians:n=200", "--batch-size", "1", "--lr", "3")
    assert out.isascii()
    text = letter(Source("größe.csv", "y"), Config(), sentences("lr·L ≤ 2 – größer → 日本"))
    assert text.isascii()
    assert "lr*L <= 2 - gr\\xf6\\xdfer -> \\u65e5\\u672c" in " ".join(text.split())
    assert max(map(len, text.split("\n"))) <= 60


def test_a_locale_with_utf8_gets_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "60")
    wide = "日本" * 60
    text = letter(Source("größe.csv", "y"), Config(), replace(sentences(wide), fix=None))
    assert "größe.csv" in text
    assert max(map(cell_len, text.split("\n"))) <= 60


def test_names_from_a_file_do_no_harm(lrtui: Lrtui, tmp_path: Path) -> None:
    name = "[red]re\x1b[31md\x07\u202e[/]"
    classes = ("y", "[b]\x1b[2Jx")
    # The first column gives the answer away, so the letter names it.
    rows = "\n".join(f"{i % 2},{i * 7 % 11 + i % 2 * 3},{classes[i % 2]}" for i in range(100))
    (tmp_path / "x.csv").write_text(f"{name},b,kind\n{rows}\n", encoding="utf-8")
    code, out, err = lrtui("diagnose", str(tmp_path / "x.csv"), "--target", "kind")
    assert code == 1
    assert "[red]re\\x1b[31md\\x07\\u202e[/]" in out
    for harm in ("\x1b", "\x07", "\u202e"):
        assert harm not in out + err
    code, found = diagnosed(lrtui, str(tmp_path / "x.csv"), "--target", "kind")
    keeps_the_contract(found)
    assert found["fix"]["drop_columns"] == [name]
    text = letter(Source("\x1b[31m.csv", "y"), Config(), sentences("\x1b[31m\x9b2J"))
    assert not {"\x1b", "\x9b"} & set(text)
