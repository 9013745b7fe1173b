"""What the doctor measured is told in words: every quantity of every cause has a label."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from lrtui.core.doctor import causes
from lrtui.tui.render.evidence import LABELS, SHARES, label_of, value_of

FILES = sorted(Path(causes.__path__[0]).glob("*.py"))
HOLDS = {"evidence", "found"}  # names under which evidence is put together


def keys_of(tree: ast.AST) -> set[str]:
    """The names of the quantities that a file of causes puts into evidence."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "finite":
            found |= {keyword.arg for keyword in node.keywords if keyword.arg is not None}
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Found" and len(node.args) > 1:
            found |= keys_of_dict(node.args[1])
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and target.id in HOLDS:
                    found |= keys_of_dict(node.value)
        if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") in HOLDS:
            found |= {node.slice.value} if isinstance(node.slice, ast.Constant) else set()
    return {key for key in found if isinstance(key, str)}


def keys_of_dict(node: ast.AST) -> set[str]:
    """The names in a dict as it is written."""
    if not isinstance(node, ast.Dict):
        return set()
    return {key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def test_the_names_of_quantities_are_found_however_evidence_is_written() -> None:
    text = """
evidence = {"a": 1.0}
evidence |= {"b": 2.0}
found["c"] = 3.0
finite(d=4.0)
Found("words", {"e": 5.0}, {"lr": 0.1})
"""
    assert keys_of(ast.parse(text)) == set("abcde")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_quantity_that_a_cause_measures_has_a_label(path: Path) -> None:
    assert keys_of(ast.parse(path.read_text(encoding="utf-8"))) <= set(LABELS)


def test_labels_are_words_that_tell_quantities_apart() -> None:
    assert len(set(LABELS.values())) == len(LABELS)
    assert set(LABELS) >= SHARES
    assert not [label for label in LABELS.values() if "_" in label.replace("L_b", "")]
    assert label_of("phase_of_the_moon") == "phase of the moon"  # of a letter that another version wrote


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("condition_number", 9.138e9, "9.14 billion"),
        ("condition_number", 1.2e8, "120 million"),
        ("condition_number", 103_825.4, "103,825"),
        ("lr", 1e-5, "1e-05"),
        ("auc", 0.91666, "0.917"),
        ("way_left", 0.4312, "43 %"),
        ("p", 0.005, "0.5 %"),
        ("largest", float("inf"), "no number"),
    ],
)
def test_numbers_are_told_as_people_read_them(name: str, value: float, told: str) -> None:
    assert value_of(name, value) == told
