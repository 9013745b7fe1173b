"""Whether the form shows plain defaults, a proposal for the size of the data, or what a person has set."""

from __future__ import annotations

from lrtui.core.config import Config
from lrtui.core.config.proposal import FIELDS, Size, fitted, is_plain, plain
from lrtui.core.store import Description, Run


class Proposal:
    """What is proposed for the dataset at hand, and whether anybody wants it.

    Attributes:
        own: a person has set how to train. declined: for this dataset it stays as it is.
        described: the dataset as the engine found it.
    """

    def __init__(self, *, own: bool = False) -> None:
        self.own, self.declined = own, False
        self.described: Description | None = None
        self._laid: tuple[Config, int] | None = None  # a config with the proposal, and for how many rows

    def is_open(self, config: Config) -> bool:
        """Whether nobody has said how to train."""
        return not self.own and not self.declined and is_plain(config)

    def holds(self, config: Config) -> bool:
        """Whether a config trains as it was proposed."""
        return self._laid is not None and _agree(config, self._laid[0])

    def note(self, config: Config) -> str:
        """``for 240,000 rows``, where a config trains as it was proposed."""
        return f"for {self._laid[1]:,} rows" if self._laid is not None and self.holds(config) else ""

    def without(self, config: Config) -> Config:
        """The config with the plain defaults in place of what was proposed."""
        return plain(config) if self.holds(config) else config

    def forget(self) -> None:
        """Another dataset comes."""
        self.declined, self.described, self._laid = False, None, None

    def laid(self, config: Config) -> Config:
        """The config as it is proposed for what is known of the dataset; as it is where that is set."""
        found = self.described
        bare = self.without(config)
        if found is None or not self.is_open(bare):
            return config
        size = Size.of(config, found.rows, found.encoded or found.columns, len(found.class_names))
        return self._noted(fitted(bare, size), found.rows)

    def judge(self, before: Config, after: Config) -> None:
        """A person made one config of another, or took that back."""
        if _agree(before, after):
            return
        if self.holds(before) and is_plain(after):
            self.declined = True
        else:
            self.own = not self.holds(after)

    def recognize(self, run: Run) -> None:
        """A run is shown: it may train as was proposed for its data, or as somebody wanted."""
        found = run.problem
        if found is None or self.own:
            return
        self.declined = True
        if not is_plain(run.config):
            size = Size(found.rows, found.train_rows, found.features, found.classes)
            self._noted(fitted(plain(run.config), size), found.rows)
            self.own = not self.holds(run.config)

    def _noted(self, config: Config, rows: int) -> Config:
        self._laid = None if is_plain(config) else (config, rows)
        return config


def _agree(one: Config, other: Config) -> bool:
    """Whether two configs train alike."""
    return all(getattr(one, name) == getattr(other, name) for name in FIELDS)
