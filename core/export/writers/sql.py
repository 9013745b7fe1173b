"""A query that gives log-odds and probabilities of the rows of a table, in SQL that any database reads."""

from __future__ import annotations

from collections.abc import Iterator

from lrtui.core.export.plain import one_line, refuse_controls
from lrtui.core.export.recipe import Cell, Made, Recipe
from lrtui.core.export.writers.taken import Taken
from lrtui.datasets.tables.parsing import NOTHING

TABLE = "your_table"
TOGETHER = 100  # terms of a sum


def sql_of(recipe: Recipe, heading: str) -> str:
    """The query: the cells filled in, the columns made of them, the logits, the probabilities."""
    products, weights, constants = recipe.terms
    cells = [f"{_cell(cell)} AS c{number}" for number, cell in enumerate(recipe.cells)]
    holes = [
        f"CASE WHEN {_is_hole(recipe.cells[made.cell])} THEN 1.0 ELSE 0.0 END AS h{number}"
        for number, made in enumerate(recipe.made)
        if made.kind == "hole"
    ]
    columns = [
        f"({_made(number, made, recipe)} - {_number(offset)}) / {_number(scale)} AS s{number}"
        for number, (made, offset, scale) in enumerate(
            zip(recipe.made, recipe.offset.tolist(), recipe.scale.tolist(), strict=True)
        )
    ]
    sums = []
    for number, (row, constant) in enumerate(zip(weights.tolist(), constants.tolist(), strict=True)):
        terms = [
            " * ".join([_number(weight), *(f"s{column}" for column in product)])
            for weight, product in zip(row, products, strict=True)
        ]
        sums.append(f"{_sum([_number(constant), *terms])} AS z{number}")
    return "\n".join(
        [
            f"-- {one_line(heading)}",
            f"-- Put the name of your table in the place of {TABLE}. Numbers have to stand in columns of",
            "-- numbers, words in columns of text; NULL is a missing cell.",
            *_notes(recipe),
            "WITH cells AS (",
            f"  SELECT t.*,\n    {_listed([*cells, *holes])}\n  FROM {TABLE} AS t",
            "), scaled AS (",
            f"  SELECT cells.*,\n    {_listed(columns)}\n  FROM cells",
            "), logits AS (",
            f"  SELECT scaled.*,\n    {_listed(sums)}\n  FROM scaled",
            ")",
            *_answers(recipe),
            "",
        ]
    )


def _sum(terms: list[str]) -> str:
    """A sum, of many terms one of sums: SQLite takes no expression that is nested a thousand deep."""
    if len(terms) <= TOGETHER:
        return "\n    + ".join(terms)
    parts = range(0, len(terms), TOGETHER)
    return _sum([f"({_sum(terms[start : start + TOGETHER])})" for start in parts])


def _listed(parts: list[str]) -> str:
    return ",\n    ".join(parts)


def _answers(recipe: Recipe) -> Iterator[str]:
    if recipe.binary:
        yield f"SELECT logits.*, z0 AS {_name(f'log-odds of {recipe.classes[1]}')},"
        # Written so that no power overflows.
        yield "  CASE WHEN z0 >= 0 THEN 1.0 / (1.0 + EXP(-z0)) ELSE EXP(z0) / (1.0 + EXP(z0)) END"
        yield f"    AS {_name(f'probability of {recipe.classes[1]}')}"
        yield "FROM logits;"
        return
    numbers = range(len(recipe.classes))
    yield from _largest(len(recipe.classes))
    total = " + ".join(f"EXP(z{number} - top)" for number in numbers)
    shares = [
        f"EXP(z{number} - top) / ({total}) AS {_name(f'probability of {name}')}"
        for number, name in enumerate(recipe.classes)
    ]
    yield f"SELECT tops.*,\n  {_listed(shares)}\nFROM tops;"


def _largest(classes: int) -> Iterator[str]:
    """The largest logit, which is taken off all: no power overflows then."""
    cases = [
        " AND ".join(f"z{number} >= z{other}" for other in range(classes) if other != number)
        for number in range(classes)
    ]
    whens = " ".join(f"WHEN {case} THEN z{number}" for number, case in enumerate(cases))
    yield f", tops AS (\n  SELECT logits.*, CASE {whens} END AS top FROM logits\n)"


def _notes(recipe: Recipe) -> Iterator[str]:
    parts = [cell.name for cell in recipe.cells if cell.part]
    if parts:
        yield "-- Of dates their parts go in, as numbers: the year with its fraction (2020.5 is its"
        yield "-- middle), the month from 1, the weekday from 1 (Monday), the whole hour. Their names are"
        yield f"--   {', '.join(map(one_line, parts))}"
    times = [cell.name for cell in recipe.cells if cell.reading.how == "hours"]
    if times:
        yield f"-- Of times their hours go in, as numbers: {', '.join(map(one_line, times))}"


def _cell(cell: Cell) -> str:
    """A cell of numbers filled in and clipped; of words, the word without blanks around it, or NULL."""
    name = _name(cell.name)
    if cell.category:
        nothing = ", ".join(map(_text, NOTHING))
        return f"CASE WHEN LOWER(TRIM({name})) IN ({nothing}) THEN NULL ELSE TRIM({name}) END"
    found = f"({name} * 1.0)"
    if cell.text:
        pair = " ".join(
            f"WHEN {_text(word.lower())} THEN {value}"
            for word, value in zip(cell.words, ("0.0", "1.0"), strict=True)
        )
        found = f"CASE LOWER(TRIM({name})) {pair} END"
    whens = []
    if cell.low is not None:
        whens.append(f"WHEN {found} < {_number(cell.low)} THEN {_number(cell.low)}")
    if cell.high is not None:
        whens.append(f"WHEN {found} > {_number(cell.high)} THEN {_number(cell.high)}")
    fill = "NULL" if cell.fill is None else _number(_kept(cell.fill, cell))
    return " ".join([f"CASE WHEN {_is_hole(cell)} THEN {fill}", *whens, f"ELSE {found} END"])


def _kept(number: float, cell: Cell) -> float:
    """What stands in for a missing cell is kept within the same two numbers."""
    number = number if cell.low is None else max(number, cell.low)
    return number if cell.high is None else min(number, cell.high)


def _is_hole(cell: Cell) -> str:
    name = _name(cell.name)
    if cell.text and not cell.category:
        words = ", ".join(_text(word.lower()) for word in cell.words)
        return f"({name} IS NULL OR LOWER(TRIM({name})) NOT IN ({words}))"
    codes = f" OR {name} IN ({', '.join(map(_number, cell.codes))})" if cell.codes else ""
    return f"({name} IS NULL{codes})" if codes else f"{name} IS NULL"


def _made(number: int, made: Made, recipe: Recipe) -> str:
    if made.kind == "number":
        return f"c{made.cell}"
    if made.kind == "hole":
        return f"h{number}"
    by_value: dict[float, list[str]] = {}
    for word, value in made.levels:
        by_value.setdefault(value, []).append(word)
    whens = [
        f"WHEN c{made.cell} IN ({', '.join(map(_text, words))}) THEN {_number(value)}"
        for value, words in by_value.items()
    ]
    missing = f"WHEN c{made.cell} IS NULL THEN {_number(made.missing)}"
    return " ".join(["CASE", missing, *whens, "ELSE 0.0 END"])


def _number(number: float) -> str:
    """A number of any sign within a product or a sum, with a point, so that nothing is divided whole."""
    text = repr(float(number))
    if "e" in text and "." not in text:
        text = text.replace("e", ".0e")
    return f"({text})" if number < 0 else text


def _name(name: str) -> str:
    refuse_controls(name, "SQL")
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    refuse_controls(text, "SQL")
    return "'" + text.replace("'", "''") + "'"


def write(taken: Taken) -> str:
    """The query."""
    recipe = taken.recipe
    heading = f"Run {taken.run.id} of lrtui on {taken.run.source.label}: the probability of each class."
    taken.draft.write_text(sql_of(recipe, heading), encoding="utf-8")
    return f"Put the name of your table in the place of {TABLE}; every database with EXP runs it."
