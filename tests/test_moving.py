"""The moving picture of the README: by CSS alone, small, and every row at its time."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from scripts.moving import Film
from scripts.screenshots import FOLDER

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_runs_nothing_asks_for_nothing_and_is_small() -> None:
    text = (FOLDER / "moving.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags == {"svg", "style", "rect", "text", "g"}
    assert not re.search(r"href|url\(|@import|on\w+=", text)
    assert len(text) < 400_000
    used = {group.get("class") for group in root.iter(SVG + "g")} - {None}
    assert used == set(re.findall(r"\.(g\d+)\{", text))
    words = " ".join(" ".join(element.itertext()) for element in root.iter(SVG + "text"))
    assert "Unscaled features: proved".replace(" ", "\N{NO-BREAK SPACE}") in words


def test_a_row_that_stays_stands_once_and_one_that_changes_is_seen_in_its_frames() -> None:
    film = Film([["a", "b"], ["a", "c"], ["a", "b"]], [1.0, 2.0, 1.0])
    svg = film.svg()
    assert [svg.count(f">{row}</g>") for row in "abc"] == [1, 1, 1]
    shown, hidden = "{visibility:visible}", "{visibility:hidden}"
    assert f"0.00%{shown}25.00%{hidden}75.00%{shown}" in svg  # b
    assert f"0.00%{hidden}25.00%{shown}75.00%{hidden}" in svg  # c
    still = re.findall(r"\.g\d+\{(visibility:hidden;)?animation:k\d+ 4\.0s step-end infinite\}", svg)
    assert sorted(still) == ["", "visibility:hidden;"]  # where nothing moves, the last frame is seen
