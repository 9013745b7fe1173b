"""A config: limits, defaults, steps and typed values, all from one declaration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lrtui.core.config import (
    Change,
    Config,
    changed,
    config_at,
    format_value,
    knobs,
    limits_text,
    live_fields,
    parse_value,
    shown_value,
    stepped,
)
from lrtui.core.config.allowed import limits
from lrtui.core.config.toml import read_toml
from lrtui.core.errors import ConfigError

DEFAULTS = {
    "test_size": 0.2, "split_seed": 42, "seed": 0, "scaling": "standard", "init": "torch",
    "features": "linear", "missing": "indicator", "drop_columns": (), "missing_codes": (), "clip": 0.0,
    "init_std": 0.01, "init_bias": None, "optimizer": "sgd", "lr": 0.05, "momentum": 0.9,
    "epochs": 200, "batch_size": 32, "shuffle": True, "weight_decay": 0.0, "loss": "bce-logits",
    "class_weight": "none", "threshold": 0.5, "device": "auto", "stop_on_divergence": True,
    "patience": 0, "validation": 0.0,
}  # fmt: skip


def test_the_defaults_are_those_that_the_documentation_names() -> None:
    assert Config().model_dump() == DEFAULTS


def test_a_config_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError):
        Config().lr = 1.0  # type: ignore[misc]


def test_live_fields_are_those_that_change_in_a_run_that_goes_on() -> None:
    assert live_fields() == {
        "lr", "momentum", "weight_decay", "threshold", "batch_size", "epochs", "patience"
    }  # fmt: skip


@pytest.mark.parametrize("name", knobs())
def test_every_field_has_a_label_help_limits_and_steps(name: str) -> None:
    found = knobs()[name]
    assert found.label
    assert found.help.endswith(".")
    assert limits_text(name)
    up = stepped(Config(), name, 1)
    assert getattr(stepped(up, name, -1), name) == getattr(Config(), name)


@pytest.mark.parametrize("name", knobs())
@pytest.mark.parametrize("direction", [1, -1])
def test_steps_never_leave_the_limits(name: str, direction: int) -> None:
    config = Config()
    for _ in range(60):
        config = stepped(config, name, direction)
        assert Config.model_validate(config.model_dump()) == config


def test_the_learning_rate_steps_by_one_two_five() -> None:
    config, seen = changed(Config(), lr=0.001), []
    for _ in range(7):
        config = stepped(config, "lr", 1)
        seen.append(config.lr)
    assert seen == [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2]


def test_a_value_between_two_rungs_steps_to_the_nearer_one_in_that_direction() -> None:
    config = changed(Config(), lr=0.03, batch_size=48, threshold=0.52)
    assert stepped(config, "lr", 1).lr == 0.05
    assert stepped(config, "lr", -1).lr == 0.02
    assert stepped(config, "batch_size", 1).batch_size == 64
    assert stepped(config, "batch_size", -1).batch_size == 32
    assert stepped(config, "threshold", 1).threshold == 0.55
    assert stepped(config, "threshold", -1).threshold == 0.5


def test_below_a_batch_of_one_stands_zero_which_is_all_rows() -> None:
    assert stepped(changed(Config(), batch_size=1), "batch_size", -1).batch_size == 0
    assert stepped(changed(Config(), batch_size=0), "batch_size", 1).batch_size == 1


def test_choices_go_round() -> None:
    assert stepped(Config(), "optimizer", -1).optimizer == "newton"
    assert stepped(changed(Config(), optimizer="newton"), "optimizer", 1).optimizer == "sgd"


@given(st.floats(min_value=0, max_value=1e6))
def test_a_shown_learning_rate_is_read_back_exactly(lr: float) -> None:
    assert parse_value("lr", format_value("lr", lr)) == lr


@pytest.mark.parametrize("name", knobs())
def test_what_the_form_shows_is_accepted_when_typed(name: str) -> None:
    value = getattr(Config(), name)
    assert parse_value(name, format_value(name, value)) == value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("epochs", "1e6", 1_000_000),
        ("epochs", "10,000", 10_000),
        ("epochs", "10_000", 10_000),
        ("lr", " .5 ", 0.5),
        ("init_bias", "", None),
        ("init_bias", "log-odds", "log-odds"),
        ("init_bias", "-2", -2.0),
        ("threshold", " base-rate ", "base-rate"),
        ("threshold", "1", 1.0),
        ("drop_columns", "age", ("age",)),
        ("drop_columns", " age , height,age,", ("age", "height")),
        ("drop_columns", '"a, b",c', ("a, b", "c")),
        ("drop_columns", "  ", ()),
        ("drop_columns", "none", ()),
        ("drop_columns", '"none"', ("none",)),
        ("missing_codes", " -999, 9999,-999.0", (-999.0, 9999.0)),
        ("missing_codes", "-9,999", (-9.0, 999.0)),  # a comma parts two numbers
        ("missing_codes", "none", ()),
        ("clip", "1e-2", 0.01),
        ("shuffle", "no", False),
        ("shuffle", "true", True),
    ],
)
def test_people_type_numbers_in_many_ways(name: str, text: str, value: object) -> None:
    assert parse_value(name, text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lr", "fast"), ("lr", "nan"), ("lr", "inf"), ("lr", "-1"), ("lr", "1e7"), ("lr", ""),
        ("epochs", "0"), ("epochs", "1.5"), ("epochs", "10000001"), ("optimizer", "sdg"),
        ("init_bias", "log"), ("shuffle", "maybe"), ("threshold", "1.1"), ("test_size", "0"),
        ("seed", "-1"), ("momentum", "\x1b[31m"),
        ("threshold", "base"), ("threshold", ""), ("missing", "mean"), ("drop_columns", '"age'),
        ("drop_columns", '"a"b'), ("drop_columns", "a\nb"), ("missing_codes", "-999;9999"),
        ("missing_codes", "1,,2"), ("missing_codes", "nan"), ("missing_codes", "1e999"),
        ("missing_codes", "unknown"), ("clip", "0.21"), ("clip", "-0.01"), ("clip", "1%"),
    ],
)  # fmt: skip
def test_a_bad_value_says_what_is_wrong_and_the_limits(name: str, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_value(name, text)
    assert knobs()[name].label in caught.value.what
    assert limits_text(name) in caught.value.fix
    assert "\x1b" not in str(caught.value)


def test_limits_are_wide_because_people_come_here_to_break_things() -> None:
    assert limits("lr") == (0, 1e6)
    assert limits("epochs") == (1, 10_000_000)
    assert limits("threshold") == (0, 1)
    assert limits("drop_columns") is None
    assert limits("missing_codes") is None
    assert limits("clip") == (0, 0.2)


def test_where_a_word_may_stand_beside_numbers_the_limits_name_it() -> None:
    assert limits_text("threshold") == "base-rate, or a number from 0 to 1"
    assert limits_text("init_bias") == "empty, log-odds, or a number from -1e+06 to 1e+06"


@pytest.mark.parametrize("direction", [1, -1])
def test_a_step_leads_from_the_base_rate_to_a_number(direction: int) -> None:
    config = stepped(changed(Config(), threshold="base-rate"), "threshold", direction)
    assert config.threshold == 0.5
    assert stepped(config, "threshold", direction).threshold == 0.5 + 0.05 * direction


def test_a_number_at_its_limit_is_kept_as_what_it_is() -> None:
    config = stepped(changed(Config(), threshold=1), "threshold", 1)
    assert isinstance(config.threshold, float)
    assert Config.model_validate_json(config.model_dump_json()) == config


@pytest.mark.parametrize(("name", "value"), [("drop_columns", ("a", "b")), ("missing_codes", (-999,))])
def test_down_empties_a_list_and_up_leaves_it(name: str, value: tuple[object, ...]) -> None:
    config = changed(Config(), **{name: value})
    assert stepped(config, name, 1) == config
    assert stepped(config, name, -1) == Config()


def test_clipping_steps_from_none_by_one_two_five_to_a_fifth() -> None:
    config, seen = Config(), []
    for _ in range(9):
        config = stepped(config, "clip", 1)
        seen.append(config.clip)
    assert seen == [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.2]
    assert stepped(changed(Config(), clip=0.001), "clip", -1).clip == 0


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_codes_for_missing_cells_survive_form_and_json(numbers: list[float]) -> None:
    config = changed(Config(), missing_codes=numbers)
    assert config.missing_codes == tuple(dict.fromkeys(numbers))
    assert parse_value("missing_codes", format_value("missing_codes", config.missing_codes)) == (
        config.missing_codes
    )
    assert Config.model_validate_json(config.model_dump_json()) == config


@pytest.mark.parametrize(
    ("text", "codes"), [("[-999, 99.5]", (-999.0, 99.5)), ("'-999, 9999'", (-999.0, 9999.0)), ("[]", ())]
)
def test_codes_in_toml_are_a_list_or_a_text(tmp_path, text: str, codes: tuple[float, ...]) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "c.toml"
    path.write_text(f"missing-codes = {text}\n")
    assert changed(Config(), **read_toml(path)).missing_codes == codes


@pytest.mark.parametrize("text", ["5", '["5"]', "[true]", "[nan]", "[inf]", f"[{10**400}]", "[[1]]"])
def test_what_is_no_list_of_numbers_is_refused(tmp_path, text: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "c.toml"
    path.write_text(f"missing_codes = {text}\n")
    with pytest.raises(ConfigError, match="The missing codes cannot be") as caught:
        read_toml(path)
    assert caught.value.fix == "Give empty, or numbers with commas between them."


@given(st.lists(st.text(max_size=8)))
def test_names_of_columns_survive_form_json_and_toml(names: list[str]) -> None:
    config = changed(Config(), drop_columns=names)
    assert config.drop_columns == tuple(dict.fromkeys(n.strip() for n in names if n.strip()))
    assert parse_value("drop_columns", format_value("drop_columns", config.drop_columns)) == (
        config.drop_columns
    )
    assert Config.model_validate_json(config.model_dump_json()) == config
    assert shown_value("drop_columns", config.drop_columns).isprintable()


def test_names_are_counted_where_they_have_no_room() -> None:
    assert shown_value("drop_columns", ("a", "b"), 5) == "a,b"
    assert shown_value("drop_columns", ("age", "height"), 9) == "2 columns"
    assert shown_value("drop_columns", ("a long name",), 9) == "1 column"
    assert shown_value("drop_columns", (), 2) == "none"
    assert shown_value("drop_columns", ("\x1b[31m",)) == r"\x1b[31m"
    assert shown_value("missing_codes", (-999.0, 9999.0), 20) == "-999,9999"
    assert shown_value("missing_codes", (-999.0, 9999.0), 8) == "2"
    assert shown_value("missing_codes", (), 2) == "none"
    assert shown_value("init_bias", None) == "as init"


@pytest.mark.parametrize(
    ("text", "names"),
    [('["a", "b, c"]', ("a", "b, c")), ("'a,\"b, c\"'", ("a", "b, c")), ("[]", ()), ('""', ())],
)
def test_a_list_of_names_in_toml_is_a_list_or_a_text(tmp_path, text: str, names: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "c.toml"
    path.write_text(f"drop-columns = {text}\n")
    assert changed(Config(), **read_toml(path)).drop_columns == names


@pytest.mark.parametrize("text", ["5", "[1, 2]", "true", '[["a"]]'])
def test_what_is_no_list_of_names_is_refused(tmp_path, text: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "c.toml"
    path.write_text(f"drop_columns = {text}\n")
    with pytest.raises(ConfigError, match="The dropped columns cannot be") as caught:
        read_toml(path)
    assert caught.value.fix == "Give empty, or names of columns with commas between them."


def test_a_config_of_an_earlier_version_is_read() -> None:
    newer = ("missing", "drop_columns", "missing_codes", "clip")
    old = {name: value for name, value in DEFAULTS.items() if name not in newer}
    assert Config.model_validate({**old, "threshold": 0.35}) == changed(Config(), threshold=0.35)


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(ConfigError, match="learning_rate"):
        changed(Config(), learning_rate=1)


def test_a_toml_file_gives_values(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "c.toml"
    path.write_text('lr = 0.01\nbatch-size = 0\nscaling = "none"\n')
    assert read_toml(path) == {"lr": 0.01, "batch_size": 0, "scaling": "none"}


@pytest.mark.parametrize("text", ["0,1", "1,5", "0.1,1", ",1", "1,,0", "10,00", "0,123"])
def test_a_comma_is_no_decimal_point(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_value("lr", text)


@pytest.mark.parametrize(("text", "value"), [("1,000", 1000), ("1,000,000", 1_000_000), ("2_000", 2000)])
def test_thousands_may_stand_in_groups(text: str, value: int) -> None:
    assert parse_value("epochs", text) == value


def test_empty_is_a_word_for_the_init_bias_too() -> None:
    assert parse_value("init_bias", "empty") is None
    assert parse_value("init_bias", "") is None


@pytest.mark.parametrize("name", ["epochs", "batch_size", "lr", "threshold", "init_bias", "optimizer"])
def test_true_is_no_number(tmp_path, name: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "c.toml"
    path.write_text(f"{name} = true\n")
    with pytest.raises(ConfigError, match="cannot be true") as caught:
        read_toml(path)
    assert limits_text(name) in caught.value.fix
    path.write_text("shuffle = true\n")
    assert read_toml(path) == {"shuffle": True}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"lr = 1 \xff", "c.toml' is not text in UTF-8."),
        (b"lr = ", "c.toml' is not TOML: Invalid value (at end of document)."),
    ],
)
def test_why_a_file_is_no_toml_stands_in_no_quotes_of_quotes(tmp_path, text: bytes, said: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "c.toml"
    path.write_bytes(text)
    with pytest.raises(ConfigError) as caught:
        read_toml(path)
    assert caught.value.what.endswith(said)


@pytest.mark.parametrize("text", ["lr = ", "speed = 1", "lr = 'fast'", "[lr]\nx = 1"])
def test_a_broken_toml_file_says_why(tmp_path, text: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "c.toml"
    path.write_text(text)
    with pytest.raises(ConfigError):
        read_toml(path)


def test_a_missing_toml_file_says_so(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigError, match="cannot be read"):
        read_toml(tmp_path / "none.toml")


def test_a_config_is_known_as_it_stood_at_an_earlier_epoch() -> None:
    changes = [Change(3, "lr", 0.1, 0.2), Change(5, "lr", 0.2, 0.4), Change(5, "epochs", 9, 20)]
    now = changed(Config(), lr=0.4, epochs=20)
    found = [(c.lr, c.epochs) for c in (config_at(now, changes, epoch) for epoch in (3, 4, 5, 6))]
    assert found == [(0.1, 9), (0.2, 9), (0.2, 9), (0.4, 20)]
