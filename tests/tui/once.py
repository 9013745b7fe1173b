"""What every dashboard under Pilot would do again: done once, or once for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from textual.css import stylesheet
from textual.css.model import RuleSet
from textual.css.tokenize import Token, tokenize_values
from textual.screen import Screen

from lrtui.core.doctor.suggested import Suggestions
from lrtui.core.engine.background_task import GoOn
from lrtui.core.engine.suggestion_service import Key, Question, SuggestionService

if TYPE_CHECKING:
    from lrtui.core.doctor.suggestions import Adviser

draw_now = Screen._compositor_refresh


def draw(screen: Screen[Any]) -> None:
    """Draw what there is to draw."""
    if screen._compositor._dirty_regions:
        draw_now(screen)


def put_off(screen: Screen[Any]) -> None:
    """In place of drawing: a pause draws what is new, however often its layout was new until then."""
    if screen is screen.app.screen:
        screen.app._update_mouse_over(screen)
    else:
        draw_now(screen)


@cache
def tokens(variables: tuple[tuple[str, str], ...]) -> dict[str, list[Token]]:
    """The variables of a theme, in tokens."""
    return tokenize_values(dict(variables))


parsed: dict[tuple[object, ...], list[RuleSet]] = {}


def rules_of(scope: str, css: str, *about: Any, variable_tokens: Any, **more: Any) -> list[RuleSet]:
    """Styles that were parsed with the same variables, which ``tokens`` keeps."""
    key = scope, css, about, id(variable_tokens), *more.items()
    if key not in parsed:
        parsed[key] = list(parse(scope, css, *about, variable_tokens=variable_tokens, **more))
    return parsed[key]


parse = stylesheet.parse


class OldAnswers(SuggestionService):
    """What a problem suggests is the same in every test."""

    known: ClassVar[dict[tuple[Key, str], tuple[tuple[Key, Adviser] | None, Suggestions]]] = {}

    def _suggest(self, question: Question, go_on: GoOn) -> Suggestions:
        asked = question.key, question.config.model_dump_json()
        if asked not in self.known:
            found = super()._suggest(question, go_on)
            self.known[asked] = self._adviser, found
        self._adviser, found = self.known[asked]
        return found


@contextmanager
def done_once() -> Iterator[None]:
    """Styles are parsed once, and screens drawn when somebody calls ``draw``."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Screen, "_compositor_refresh", put_off)
        patched.setattr(stylesheet, "parse", rules_of)
        patched.setattr(stylesheet, "tokenize_values", lambda variables: tokens(tuple(variables.items())))
        yield
