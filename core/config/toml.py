"""Hyperparameters from a TOML file: what is read of it has an end, and every key means something."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any

from lrtui.core.config.fields import knobs
from lrtui.core.config.text import check_value, parse_value
from lrtui.core.errors import ConfigError
from lrtui.datasets.reading.opening import PATIENCE, NotPlainError, read_pipe_or_file
from lrtui.datasets.text import quote, safe

MOST = 1 << 20  # bytes: 20,000 names of columns have room
DEEPEST = 100  # dots in a line, beside those in texts: each nests a table in a table
EXAMPLE = "Write one hyperparameter a line, such as lr = 0.1."

_TEXTS = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')


def read_toml(path: Path) -> dict[str, Any]:
    """The hyperparameters in a TOML file; ``batch-size`` and ``batch_size`` are both accepted.

    Raises:
        ConfigError: the file cannot be read, is not TOML, or holds something else than hyperparameters.
    """
    where = f"The config file {quote(str(path))}"
    values: dict[str, Any] = {}
    for key, value in _parsed(_text(path, where), where).items():
        name = key.replace("-", "_")
        if name in values:
            raise ConfigError(
                f"{where} gives {quote(name)} twice, once with - and once with _.", "Leave one of them out."
            )
        if name not in knobs():
            raise _unknown(key, value, where)
        if isinstance(value, str):  # as it would be typed
            value = parse_value(name, value)
        check_value(name, value)
        values[name] = value
    return values


def _text(path: Path, where: str) -> str:
    fix = "Give the path of a TOML file."
    try:
        data = read_pipe_or_file(path, MOST)
    except TimeoutError:
        raise ConfigError(
            f"{where} did not come to its end within {PATIENCE:g} seconds.",
            "Give a file, or a pipe whose writer ends.",
        ) from None
    except NotPlainError as error:
        raise ConfigError(f"{where} is {error.sort}.", fix) from None
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise ConfigError(f"{where} cannot be read: {why}.", fix) from None
    except ValueError:  # a NUL byte, or what this locale cannot encode
        raise ConfigError(f"{where} cannot be read: no file could be called so.", fix) from None
    if len(data) > MOST:
        raise ConfigError(f"{where} is larger than {MOST >> 20} MB.", EXAMPLE)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigError(f"{where} is not text in UTF-8.", "Save it as TOML in UTF-8.") from None


def _parsed(text: str, where: str) -> dict[str, Any]:
    text = text.replace("\r\n", "\n")
    # The parser takes time by the square of the dots in a key.
    if any(line.count(".") > DEEPEST for line in _TEXTS.sub("", text).split("\n")):
        raise ConfigError(f"{where} nests tables or lists too deep.", EXAMPLE)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where} is not TOML: {safe(str(error)).rstrip('.')}.", EXAMPLE) from None
    except RecursionError:
        raise ConfigError(f"{where} nests tables or lists too deep.", EXAMPLE) from None
    except ValueError:  # Python makes no number of more than 4,300 digits
        raise ConfigError(f"{where} holds so long a number that it is none.", EXAMPLE) from None


def _unknown(key: str, value: object, where: str) -> ConfigError:
    """The error for what is no hyperparameter; names the nearest, by name or by label."""
    if isinstance(value, dict):
        return ConfigError(f"{where} holds a table, {quote(key)}, and a config has none.", EXAMPLE)
    names = {name: name for name in knobs()} | {
        knob.label.replace(" ", "_"): name for name, knob in knobs().items()
    }
    near = difflib.get_close_matches(key[:100].lower().replace("-", "_"), names, n=1)
    hint = f"Did you mean {names[near[0]]}? " if near else ""
    return ConfigError(
        f"{where} holds {quote(key)}, and there is no hyperparameter called so.",
        f"{hint}Use one of: {', '.join(knobs())}.",
    )
