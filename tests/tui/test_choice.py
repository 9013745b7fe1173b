"""What is chosen of a table goes at hand as it was chosen, and only what can be used is chosen."""

from __future__ import annotations

from dataclasses import replace

from lrtui.datasets.inspection.record import Candidate, Caution, Facts, Inspection
from lrtui.datasets.source import Source
from lrtui.tui.inspection.choice import Choice, Chosen

COLUMNS = (
    Facts("id", "id-like", 0, 90, "left out: like an id", usable=False, low=1, high=90),
    Facts("age", "number", 0, 60, "number", low=1, high=80),
    Facts("debt", "number", 0, 60, "number", low=-5, high=80, codes=("-999", "-998")),
    Facts("port", "category", 0, 3, "one-hot, 3 columns", levels=(("S", 50), ("C", 30), ("Q", 10))),
    Facts("left", "flag", 0, 2, "0/1", levels=(("0", 60), ("1", 30)), low=0, high=1),
)
TABLE = Inspection(
    "t.csv", 100, 90, 90, 5, COLUMNS, (Candidate("left", 6, ("its name",)),), "left", (("0", 60), ("1", 30))
)
FILE = Source("/t.csv")


def choice(source: Source = FILE, dropped: tuple[str, ...] = ()) -> Choice:
    return Choice.of(TABLE, source, dropped)


def test_what_was_followed_is_no_longer_warned_of_and_the_key_stands_for_the_option() -> None:
    told = (
        Caution("code", "debt? --missing-codes -999 says so.", "debt", question="debt?"),
        Caution("id-like", "'id' names the rows: it is left out.", "id"),
        Caution("leak", "'port' alone tells the target: leave it out.", "port"),
        Caution("wide", "There are more columns than rows."),
    )
    made = Choice.of(replace(TABLE, warnings=told), FILE, ())
    assert made.warnings == ["debt? m on its line says so.", *(caution.text for caution in told[1:])]
    made.toggle_codes("debt")
    made.toggle("id")
    made.toggle("port")
    assert made.warnings == ["There are more columns than rows."]


def test_the_best_candidate_is_the_target_and_the_rarer_value_positive() -> None:
    made = choice()
    assert (made.target, made.positive, made.way_words) == ("left", "1", "30 of 90 rows, 33 %")
    assert made.chosen(FILE, ()).source == Source("/t.csv", "left")
    made.step(1)
    assert made.positive == "0"
    assert made.chosen(FILE, ()).source == Source("/t.csv", "left", "0")
    made.step(1)
    assert made.chosen(FILE, ()).source == Source("/t.csv", "left")


def test_of_two_values_the_one_that_was_named_can_be_left_again() -> None:
    made = choice(Source("/t.csv", "left", "1"))
    made.step(1)
    assert made.positive == "0"


def test_several_values_are_walked_through_one_against_the_rest_and_all_together() -> None:
    made = choice()
    assert made.make_target("port") == ""
    seen = []
    for _ in range(4):
        seen.append(made.positive)
        made.step(1)
    assert seen == ["", "S", "C", "Q"]
    assert made.chosen(FILE, ()).source == Source("/t.csv", "port", multiclass=True)
    made.step(-1)
    assert made.chosen(FILE, ()).source == Source("/t.csv", "port", "Q")


def test_the_new_target_is_no_longer_left_out_and_loses_its_role() -> None:
    made = choice()
    made.give("group", "port")
    assert made.make_target("port") == ""
    assert made.roles == {}
    made = choice(dropped=("port",))
    made.make_target("port")
    assert made.left_out == set()


def test_roles_are_given_once_and_taken_back_with_the_same_key() -> None:
    made = choice()
    assert made.give("weights", "age") == ""
    assert made.give("group", "age") == ""
    assert made.roles == {"group": "age"}
    assert made.give("group", "age") == ""
    assert made.roles == {}
    assert "below 0" in made.give("weights", "debt")
    assert "target" in made.give("group", "left")
    assert "no order" in made.give("time", "port")
    assert made.give("time", "id") == ""
    assert "divided by time already" in made.give("group", "port")


def test_what_was_left_out_goes_into_the_config_in_the_order_of_the_table() -> None:
    made = choice(dropped=("port", "gone"))
    made.toggle("age")
    assert made.chosen(FILE, ("port", "gone")).dropped == ("age", "port")


def test_a_part_of_a_date_that_was_dropped_alone_stays_so() -> None:
    made = choice(dropped=("age (hour)",))
    assert made.chosen(FILE, ("age (hour)",)).dropped == ("age (hour)",)
    made.toggle("age")
    assert made.chosen(FILE, ("age (hour)",)).dropped == ("age",)


def test_columns_named_on_the_command_line_stay_the_way_to_say_it() -> None:
    source = Source("/t.csv", "left", columns=("id", "age"))
    made = choice(source)
    assert made.use_of(COLUMNS[0]) == "number"
    assert made.use_of(COLUMNS[3]) == "left out by you"
    made.toggle("port")
    chosen = made.chosen(source, ())
    assert (chosen.source.columns, chosen.dropped) == (("id", "age", "port"), ())
    made.toggle("id")
    assert made.chosen(source, ()).source.columns == ("age", "port")


def test_a_table_without_a_candidate_has_no_target_until_one_is_chosen() -> None:
    made = Choice.of(Inspection("t", 0, 90, 90, 1, COLUMNS[:1]), FILE, ())
    assert made.target == ""
    assert "Press t on its column" in made.step(1)
    assert "like an id" in made.make_target("id")


def test_what_counts_the_rows_is_taken_back_as_if_named_and_left_out_again() -> None:
    made = choice()
    (identifier, *_) = COLUMNS
    assert made.use_of(identifier) == "left out: like an id"
    assert made.toggle("id") == ""
    assert made.use_of(identifier) == "number"
    assert made.chosen(FILE, ()).source.columns == ("id", "age", "debt", "port")
    made.toggle("age")
    assert made.chosen(FILE, ()).source.columns == ("id", "debt", "port")
    again = choice(made.chosen(FILE, ()).source)
    assert (again.use_of(identifier), again.use_of(COLUMNS[1])) == ("number", "left out by you")
    assert made.toggle("id") == ""
    assert made.chosen(FILE, ()) == Chosen(Source("/t.csv", "left"), ("age",), ())


def test_words_that_name_the_rows_and_columns_that_are_not_told_cannot_be_taken_back() -> None:
    words = replace(COLUMNS[0], name="code", low=None)
    made = Choice.of(replace(TABLE, columns=(words, *COLUMNS)), FILE, ())
    assert "is left out anyway" in made.toggle("code")
    some = Choice.of(replace(TABLE, all_columns=3000), FILE, ())
    assert "with --columns" in some.toggle("id")


def test_codes_are_taken_and_given_back_by_the_same_key() -> None:
    made = Choice.of(TABLE, FILE, (), (-1.0, -998.0))
    assert made.toggle_codes("debt") == ""
    assert made.chosen(FILE, ()).codes == (-1.0, -998.0, -999.0)
    assert made.toggle_codes("debt") == ""
    assert made.chosen(FILE, ()).codes == (-1.0,)
    assert "holds no number" in made.toggle_codes("age")
