"""Formulas for a spreadsheet: one for each logit, and one for each probability."""

from __future__ import annotations

from lrtui.core.errors import ExportError
from lrtui.core.export.plain import one_line, refuse_controls
from lrtui.core.export.recipe import Cell, Made, Recipe
from lrtui.core.export.writers.taken import Taken

LONGEST = 8192  # characters of a formula, in Excel and LibreOffice alike
LONGEST_TEXT = 255  # characters of a text in one
ROW = 2  # below the names


def formulas_of(recipe: Recipe) -> tuple[list[str], list[str]]:
    """The formulas of the logits, and of the probabilities, for row 2; cells go in from column A on.

    Logits stand in the columns after the cells, probabilities after those.

    Raises:
        ExportError: one would be longer than a spreadsheet takes.
    """
    products, weights, constants = recipe.terms
    scaled = [_scaled(number, made, recipe) for number, made in enumerate(recipe.made)]
    logits = []
    for row, constant in zip(weights.tolist(), constants.tolist(), strict=True):
        terms = [
            "*".join([_number(weight), *(scaled[column] for column in product)])
            for weight, product in zip(row, products, strict=True)
        ]
        logits.append("=" + "+".join([_number(constant), *terms]))
    longest = max(map(len, logits))
    if longest > LONGEST:
        raise ExportError(
            f"The formula would have {longest:,} characters, and a spreadsheet takes {LONGEST:,}.",
            "Take sql or onnx.",
        )
    first = len(recipe.cells)
    places = [f"{column_letter(first + number)}{ROW}" for number in range(len(logits))]
    if recipe.binary:
        z = places[0]
        return logits, [f"=IF({z}>=0,1/(1+EXP(-{z})),EXP({z})/(1+EXP({z})))"]
    every = f"${places[0]}:${places[-1]}"
    return logits, [f"=EXP({z}-MAX({every}))/SUMPRODUCT(EXP({every}-MAX({every})))" for z in places]


def column_letter(number: int) -> str:
    """A, B … Z, AA, AB … from 0 on."""
    found = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _scaled(number: int, made: Made, recipe: Recipe) -> str:
    cell, place = recipe.cells[made.cell], f"{column_letter(made.cell)}{ROW}"
    found = {"number": _value, "hole": _hole}.get(made.kind, _level)(made, cell, place)
    offset, scale = float(recipe.offset[number]), float(recipe.scale[number])
    return f"(({found}-{_number(offset)})/{_number(scale)})"


def _hole(_made: Made, cell: Cell, place: str) -> str:
    return f"IF({_is_hole(cell, place)},1,0)"


def _is_hole(cell: Cell, place: str) -> str:
    if cell.text:
        words = ",".join(f"LOWER({place})={_text(word.lower())}" for word in cell.words)
        return f"NOT(OR({words}))"
    codes = "".join(f",{place}={_number(code)}" for code in cell.codes)
    return f"OR(NOT(ISNUMBER({place})){codes})"


def _value(_made: Made, cell: Cell, place: str) -> str:
    found = f"IF(LOWER({place})={_text(cell.words[1].lower())},1,0)" if cell.text else place
    fill = "NA()" if cell.fill is None else _number(cell.fill)
    found = f"IF({_is_hole(cell, place)},{fill},{found})"
    found = found if cell.low is None else f"MAX({_number(cell.low)},{found})"
    return found if cell.high is None else f"MIN({_number(cell.high)},{found})"


def _level(made: Made, _cell: Cell, place: str) -> str:
    """EXACT, for ``=`` takes a and A for the same."""
    found = "+".join(f"{_number(value)}*EXACT({place},{_text(word)})" for word, value in made.levels) or "0"
    return f'IF(OR(ISBLANK({place}),{place}=""),{_number(made.missing)},{found})'


def _number(number: float) -> str:
    text = repr(float(number)).upper()
    return f"({text})" if number < 0 else text


def _text(text: str) -> str:
    refuse_controls(text, "a formula")
    if len(text) > LONGEST_TEXT:
        raise ExportError("A level is longer than a text in a formula may be.", "Take sql or onnx.")
    return '"' + text.replace('"', '""') + '"'


def write(taken: Taken) -> str:
    """The formulas, with the columns that they go by."""
    recipe = taken.recipe
    logits, probabilities = formulas_of(recipe)
    told = [
        f"Run {taken.run.id} of lrtui on {one_line(taken.run.source.label)}.",
        "",
        "Row 1 has names; from row 2 on these cells stand in these columns:",
        "",
    ]
    for number, cell in enumerate(recipe.cells):
        what = _goes_in(cell)
        told.append(f"  {column_letter(number)}  {one_line(cell.name)}{what}")
    told += ["", f"Put each formula into the cell of row {ROW} that stands before it, and fill it down."]
    names = (
        [f"log-odds of {recipe.classes[1]}"]
        if recipe.binary
        else [f"logit of {name}" for name in recipe.classes]
    )
    classes = recipe.classes[1:] if recipe.binary else recipe.classes
    names += [f"probability of {name}" for name in classes]
    for number, (name, formula) in enumerate(zip(names, logits + probabilities, strict=True)):
        place = f"{column_letter(len(recipe.cells) + number)}{ROW}"
        told += ["", f"{place}  {one_line(name)}", "", formula]
    taken.draft.write_text("\n".join(told) + "\n", encoding="utf-8")
    return "It says which column holds what, and has the formulas to paste."


def _goes_in(cell: Cell) -> str:
    if cell.part:
        fraction = ", with its fraction" if cell.part == "year" else ""
        return f" (a number: the {cell.part} of the date{fraction})"
    if cell.reading.how == "hours":
        return " (a number: hours)"
    return " (text)" if cell.text else ""
