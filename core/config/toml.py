"""TOML files, and hyperparameters from them: what is read has an end, and every key means something."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
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

_HEADING = re.compile(r"\s*\[\[?([^\[\]]+)\]")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=""")
_TEXTS = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')


@dataclass(frozen=True)
class Document:
    """A TOML file: its text, and what stands in it."""

    where: str  # the file, as the beginning of a sentence
    text: str
    content: dict[str, Any]

    def line_of(self, table: str, key: str) -> int | None:
        """The line, from 1, on which a table gives a key; of one that is split over lines, the first.

        Of a key that is a table itself, where that begins.
        """
        inside, whole = "", f"{table}.{key}".lstrip(".")
        for number, line in enumerate(self.text.splitlines(), start=1):
            if (heading := _HEADING.match(line)) is not None:
                inside = heading[1].strip().strip("\"'")
                if inside == whole or inside.startswith(f"{whole}."):
                    return number
            elif inside == table and (found := _KEY.match(line)) and found[1].strip("\"'") == key:
                return number
        return None


def read_document(path: Path, example: str = EXAMPLE) -> Document:
    """A TOML file as it stands; where it is none, ``example`` says what to write.

    Raises:
        ConfigError: it cannot be read, or is not TOML.
    """
    where = f"The config file {quote(str(path))}"
    text = _text(path, where)
    try:
        return Document(where, text, _parsed(text, where))
    except ConfigError as error:
        error.fix = example
        raise


def read_toml(path: Path) -> dict[str, Any]:
    """The hyperparameters in a TOML file; ``batch-size`` and ``batch_size`` are both accepted.

    Raises:
        ConfigError: the file cannot be read, is not TOML, or holds something else than hyperparameters.
    """
    return hyperparameters(read_document(path))


def hyperparameters(document: Document) -> dict[str, Any]:
    """The hyperparameters in a document.

    Raises:
        ConfigError: it holds something else.
    """
    where = document.where
    values: dict[str, Any] = {}
    for key, value in document.content.items():
        name = key.replace("-", "_")
        if name in values:
            raise twice(where, name)
        if name not in knobs():
            raise _unknown(key, value, where)
        values[name] = read_value(name, value)
    return values


def read_value(name: str, value: Any) -> Any:
    """What a hyperparameter is given in TOML; a text is read as it would be typed.

    Raises:
        ConfigError: it cannot be that.
    """
    if isinstance(value, str):
        value = parse_value(name, value)
    check_value(name, value)
    return value


def twice(where: str, name: str) -> ConfigError:
    """The error for a key that is there in both spellings."""
    return ConfigError(
        f"{where} gives {quote(name)} twice, once with - and once with _.", "Leave one of them out."
    )


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
        return data.decode("utf-8-sig")  # some editors of Windows put a mark before the text
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
