"""Presets: hyperparameters under a name, built in or in files of a person's own beside the config file.

What the built-in ones claim was measured on the catalogue; tests/core/test_presets.py measures it again.
"""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lrtui.core.config.fields import Config, knobs
from lrtui.core.config.text import changed, format_value
from lrtui.core.errors import ConfigError
from lrtui.datasets.storage.folder import config_folder
from lrtui.datasets.text import quote, safe

FOLDER, SUFFIX = "presets", ".toml"
MANY = 5  # values that are as built in, and then only counted
MOST = 100  # files that are listed
NAME = re.compile(r"\w[\w.-]*")  # others are passed over
LONGEST = 200  # characters of what is said of one


@dataclass(frozen=True)
class Preset:
    """Hyperparameters under a name; all others stay as they are.

    Attributes:
        about: what they are good for. path: of the file of a person's own; its values are read when needed.
    """

    name: str
    about: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    path: Path | None = None

    def read(self) -> Preset:
        """With its values, and with what the first line of its file says of it.

        Raises:
            ConfigError: the file cannot be read, or holds something else than hyperparameters.
        """
        if self.path is None:
            return self
        from lrtui.core.config.toml import hyperparameters, read_document  # the first screen is without

        document = read_document(self.path)
        first = document.text.lstrip().partition("\n")[0]
        about = safe(first.removeprefix("#").strip(), LONGEST) if first.startswith("#") else ""
        return Preset(self.name, about, hyperparameters(document), self.path)

    def laid(self, config: Config) -> Config:
        """A config with its values."""
        return changed(config, **self.values)

    @property
    def text(self) -> str:
        """``optimizer=newton epochs=10``: what it sets; of one made of a whole run what stands out."""
        names, plain = [name for name in knobs() if name in self.values], Config()
        apart = [name for name in names if self.values[name] != getattr(plain, name)]
        usual = len(names) - len(apart)
        words = [
            f"{name}={safe(format_value(name, self.values[name]))}"
            for name in (names if usual < MANY else apart)
        ]
        return " ".join(words if usual < MANY else [*words, f"and {usual} as they are built in"])


NEWTON = {"optimizer": "newton", "epochs": 10, "weight_decay": 0.001}
BUILT_IN = {
    preset.name: preset
    for preset in (
        Preset("fast", "Ten steps of Newton's method, which end where plain steps take hundreds.", NEWTON),
        Preset(
            "exact",
            "The lowest training loss that there is; separable classes are learned by heart.",
            {"optimizer": "newton", "epochs": 50, "weight_decay": 0.0},
        ),
        Preset(
            "early",
            "For few rows: ends when the loss of rows kept apart falls no more, and shows its best epoch.",
            {"epochs": 1000, "patience": 10, "validation": 0.2},
        ),
        Preset(
            "rare",
            "For a rare class: both weigh the same, so that it is found; probabilities are then too high.",
            {**NEWTON, "class_weight": "balanced"},
        ),
        Preset(
            "textbook",
            "Gradient descent as it is taught: all rows at once, from zeros, nothing drawn at random.",
            {"optimizer": "sgd", "batch_size": 0, "init": "zeros", "lr": 0.5, "epochs": 1000},
        ),
    )
}


def presets() -> dict[str, Preset]:
    """All by name, a person's own before those built in; the values of files are not read yet.

    Raises:
        ConfigError: the folder is there and cannot be listed. DatasetError: there is no home folder.
    """
    folder = config_folder() / FOLDER
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        names = []
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise ConfigError(
            f"The folder {quote(str(folder))} cannot be listed: {why}.", "Make it a folder of TOML files."
        ) from None
    own = [name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)]
    own = [name for name in own if NAME.fullmatch(name)][:MOST]
    found = {name: Preset(name, path=folder / f"{name}{SUFFIX}") for name in own}
    return {**found, **{name: preset for name, preset in BUILT_IN.items() if name not in found}}


def find_preset(name: str) -> Preset:
    """The preset of this name, with its values.

    Raises:
        ConfigError: there is none, or its file is wrong. DatasetError: there is no home folder.
    """
    known = presets()
    if name not in known:
        near = difflib.get_close_matches(name[:100], known, n=1)
        hint = f"Did you mean {safe(near[0])}? " if near else ""
        raise ConfigError(
            f"There is no preset called {quote(name)}.",
            f"{hint}Use one of: {', '.join(map(safe, sorted(known)))}.",
        )
    return known[name].read()
