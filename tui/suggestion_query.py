"""What the problem at hand says of the form's values: asked of the engine, shown as a quiet mark."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from lrtui.core.config import Config, changed, idle_text, knob
from lrtui.core.doctor.suggested import FIELDS, Suggestions
from lrtui.core.store.messages import Suggest
from lrtui.core.training.stable_rate import Smoothness
from lrtui.tui.query import Query
from lrtui.tui.session_state import SessionState


class SuggestionQuery:
    """Keeps the smoothness constants and suggestions for the form, once the engine has found them.

    Attributes:
        found: the constants of the problem.
        suggested: what it suggests for the config, as far as the engine got; the learning rate follows from
            the constants at once. answered: the engine has said all of that.
    """

    def __init__(self, session: SessionState) -> None:
        self.found: Smoothness | None = None
        self.suggested = Suggestions()
        self.answered = False
        self._session = session
        self._query: Query[Suggest] = Query(session)
        self._last: Suggest | None = None  # of the form as it was seen last, asked or not

    def look(self) -> bool:
        """Ask when the problem or config is another, and read answers; returns whether something is new."""
        session, before = self._session, (self.found, self.suggested)
        asked, question = self._query.question, self._question()
        if asked is None or asked.whole != question.whole:
            self._ask(question, asked)
        elif self._query.waits:
            if self.found is None and isinstance(found := self._query.read(Smoothness), Smoothness):
                self.found = found
            if not self.answered and isinstance(suggested := self._query.read(Suggestions), Suggestions):
                self.suggested, self.answered = suggested, True
        if self.found is not None and self.suggested.lr != (lr := self.found.suggested(session.config)):
            self.suggested = replace(self.suggested, lr=lr)
        return (self.found, self.suggested) != before

    def _question(self) -> Suggest:
        """What is to be asked of the form; most of the time that is what was asked before."""
        source, config, last = self._session.source, self._session.config, self._last
        if last is None or last.source is not source or last.config is not config:
            last = self._last = Suggest(source, config)
        return last

    def _ask(self, question: Suggest, before: Suggest | None) -> None:
        if before is None or before.problem != question.problem:
            self.found, self.suggested = None, Suggestions()
        self.suggested = replace(self.suggested, epochs=None)  # the rest is true of other configs too
        self.answered = False
        self._query.ask(question, send=not question.source.is_file or bool(question.source.target))

    @property
    def rate(self) -> float | None:
        """What theory says of the learning rate, if it says anything."""
        found = None if self.found is None else self.found.limit(self._session.config)
        return found if found is not None and 0 < found < inf else None

    def suggestion(self, name: str) -> Config | None:
        """The config with a field as it is suggested, if that is another one."""
        value = getattr(self.suggested, name) if name in FIELDS else None
        if value is None or value == getattr(self._session.config, name) or self._suits(name, value):
            return None
        return changed(self._session.config, **{name: value})

    def _suits(self, name: str, suggested: float) -> bool:
        """Whether the learning rate is as large as suggested, or larger, and still within the limit."""
        config, found = self._session.config, self.found
        if name != "lr" or found is None or config.lr < suggested:
            return False
        return found.allows(config, config.lr)

    def silence(self, name: str) -> str:
        """Why there is no suggestion to take."""
        label = "number of epochs" if name == "epochs" else knob(name).label
        if name not in FIELDS:
            return f"Nothing is suggested for the {label}."
        if (value := getattr(self.suggested, name)) is not None:
            if value == getattr(self._session.config, name):
                return f"The {label} is what the data suggests."
            return f"The {label} is higher than suggested, and still within its limit."
        if why := idle_text(name, self._session.config):
            return f"The {label} {why}."
        if self.answered:
            return f"Theory suggests no {label} here."
        return "The data is not looked at yet."
