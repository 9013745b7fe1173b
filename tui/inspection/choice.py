"""What a person chooses of a table: target, positive class, columns and their roles. No widget in here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from lrtui.datasets.inspection.record import Caution, Facts, Inspection, Level
from lrtui.datasets.source import Source
from lrtui.datasets.text import quote
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.numbers import counted, share

Role = Literal["weights", "group", "time"]
Way = tuple[str | None, bool]
"""The positive value, or ``None`` for the rarer; and whether every value is a class."""

ROLES: tuple[Role, ...] = ("weights", "group", "time")
ALL: Way = (None, True)
MOST_VALUES = 50  # of a target


@dataclass(frozen=True)
class Chosen:
    """What is taken.

    ``dropped`` are the columns to leave out, and ``codes`` the numbers that stand for a missing cell; each
    ``None`` where they stay.
    """

    source: Source
    dropped: tuple[str, ...] | None = None
    codes: tuple[float, ...] | None = None


@dataclass
class Choice:
    """The state of the choosing. Its methods answer with a complaint, or nothing where all is well."""

    inspection: Inspection
    target: str = ""
    way: Way = (None, False)
    left_out: set[str] = field(default_factory=set)
    roles: dict[Role, str] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()  # named with --columns, which takes in even what counts the rows
    codes: tuple[float, ...] = ()
    columns_given: bool = False

    @classmethod
    def of(
        cls, inspection: Inspection, source: Source, dropped: tuple[str, ...], codes: tuple[float, ...] = ()
    ) -> Choice:
        """As a source has it so far; without a target the best candidate is taken."""
        names = {facts.name for facts in inspection.columns}
        made = cls(inspection)
        made.wanted, made.codes = frozenset(source.columns), codes
        made.columns_given = bool(source.columns)
        made.roles = {role: name for role in ROLES if (name := getattr(source, role)) in names}
        if source.target in names and source.target is not None:
            made.target = source.target
            made.way = source.positive, source.multiclass
        elif inspection.best:
            made.make_target(inspection.best)
        taken = {made.target, *made.roles.values()}
        made.left_out = (
            {*dropped} | (names - {*source.columns} if source.columns else set())
        ) & names - taken
        return made

    @property
    def classes(self) -> tuple[Level, ...]:
        """The values of the target with their rows, the commonest first, as far as they are known."""
        if self.inspection.target == self.target:
            return self.inspection.classes
        facts = self.inspection.column(self.target)
        return () if facts is None else facts.levels

    @property
    def ways(self) -> list[Way]:
        """Every way to make classes of the target's values, in the order of the keys."""
        values = sorted(self.classes, key=lambda level: (-level[1], level[0]))
        if len(values) == 2:
            return [(None, False), (values[0][0], False)]
        each: list[Way] = [(value, False) for value, _ in values]
        return [ALL, *each] if values else []

    @property
    def positive(self) -> str:
        """The value that counts as 1; empty where every value is a class."""
        given, every = self.way
        if every:
            return ""
        values = sorted(self.classes, key=lambda level: (-level[1], level[0]))
        return given or (values[1][0] if len(values) > 1 else "")

    @property
    def way_words(self) -> str:
        """``318 of 891 rows, 36 %``, or what else is to be said of the way that is chosen."""
        classes = dict(self.classes)
        rows, positive = sum(classes.values()), self.positive
        if self.way == ALL or not rows:
            return ""
        many = classes.get(positive)
        if many is None:
            return "no such value among those that were looked at"
        rest = " against the rest" if len(classes) > 2 else ""
        return f"{many:,} of {rows:,} rows, {share(many / rows)}{rest}"

    @property
    def warnings(self) -> list[str]:
        """What to beware of as things are chosen: what was followed is told no more."""
        told = (caution for caution in self.inspection.warnings if not self._followed(caution))
        return [f"{c.question} m on its line says so." if c.question else c.text for c in told]

    def _followed(self, caution: Caution) -> bool:
        """Whether the person has done what a warning is about."""
        if caution.kind == "code":
            about = [f for f in self.inspection.columns if caution.column in ("", f.name)]
            return {float(code) for facts in about for code in facts.codes} <= set(self.codes)
        if caution.kind == "id-like":  # says that it is left out
            return caution.column in self.wanted
        return caution.column in self.left_out

    def refused_target(self, name: str) -> str:
        """Why a column cannot be the target; empty where it can."""
        facts = self.inspection.column(name)
        if facts is None or facts.distinct < 2:
            return f"{quote(name)} has one value only: a target needs two. Choose another column."
        if facts.kind in ("text", "id-like", "date"):
            kind = {"text": "text", "id-like": "like an id", "date": "a date"}[facts.kind]
            return f"{quote(name)} is {kind}, which has no classes. Choose another column."
        if facts.distinct > MOST_VALUES:
            return (
                f"{quote(name)} has {facts.distinct:,} values, too many for classes. "
                "Cut it into a few in the file, or choose another column."
            )
        return ""

    def make_target(self, name: str) -> str:
        """Another target; what was left out or had a role for its sake is taken back."""
        refused = self.refused_target(name)
        if refused:
            return refused
        self.target = name
        self.left_out.discard(name)
        self.roles = {role: column for role, column in self.roles.items() if column != name}
        self.way = self.ways[0]
        return ""

    def step(self, by: int) -> str:
        """The next way to make classes of the target's values, round and round."""
        ways = self.ways
        if not self.target or not ways:
            return f"There is no target yet. Press {key_name('inspect.target')} on its column."
        here = next((i for i, way in enumerate(ways) if way == self.way), 0)
        if len(ways) == 2 and self.way not in ways:  # the rarer value, named
            here = 0
        self.way = ways[(here + by) % len(ways)]
        return ""

    def toggle(self, name: str) -> str:
        """Leave a column out, or take it back."""
        facts = self.inspection.column(name)
        if name == self.target:
            return f"{quote(name)} is the target. Choose another with t before leaving it out."
        if name in self.roles.values():
            return f"{quote(name)} is not learned from: it has another use. Take that back first."
        if facts is not None and facts.counts_rows and name not in self.wanted:
            return self._take_back(name)
        if facts is None or not (facts.usable or name in self.wanted):
            why = f": {facts.reason}" if facts is not None and facts.reason else ""
            return f"{quote(name)} is left out anyway{why}."
        if facts.usable:
            self.left_out ^= {name}
        self.wanted -= {name}
        return ""

    def _take_back(self, name: str) -> str:
        """Learn from a column that only names the rows."""
        told = self.inspection.columns
        if len(told) < self.inspection.all_columns and not self.columns_given:
            return f"Not all columns are told. Name those to learn from with --columns, {quote(name)} too."
        self.wanted |= {name}
        self.left_out -= {name}
        return ""

    def toggle_codes(self, name: str) -> str:
        """Count the far numbers of a column as missing cells, or do so no more."""
        facts = self.inspection.column(name)
        found = tuple(map(float, facts.codes)) if facts is not None else ()
        if not found:
            return f"{quote(name)} holds no number, far outside the others, that comes again."
        if set(found) <= set(self.codes):
            self.codes = tuple(code for code in self.codes if code not in found)
        else:
            self.codes = (*self.codes, *(code for code in found if code not in self.codes))
        return ""

    def give(self, role: Role, name: str) -> str:
        """Give a column a role, or take it back."""
        facts = self.inspection.column(name)
        if self.roles.get(role) == name:
            del self.roles[role]
            return ""
        if facts is None or name == self.target:
            return f"{quote(name)} is the target. Choose another column for that."
        other = {"group": "time", "time": "group"}.get(role)
        if other in self.roles:
            return f"The parts are divided by {other} already. Take that back first, with the same key."
        refused = _refused_role(role, facts)
        if refused:
            return refused
        self.roles = {other: column for other, column in self.roles.items() if column != name}
        self.roles[role] = name
        self.left_out.discard(name)
        return ""

    def use_of(self, facts: Facts) -> str:
        """What becomes of a column, as chosen so far."""
        if facts.name == self.target:
            return "target"
        for role, name in self.roles.items():
            if name == facts.name:
                return role
        if facts.name in self.wanted:
            return facts.becomes if facts.usable else "number"
        return "left out by you" if facts.usable and facts.name in self.left_out else facts.becomes

    def chosen(self, source: Source, dropped: tuple[str, ...]) -> Chosen:
        """What is taken: the source as it came, with the choices in it."""
        positive, every = self.way
        roles: dict[str, Any] = {role: self.roles.get(role) for role in ROLES}
        made = replace(source, target=self.target, positive=positive, multiclass=every, **roles)
        columns, codes = self.inspection.columns, self.codes
        known = {facts.name for facts in columns}
        left_out = tuple(facts.name for facts in columns if facts.name in self.left_out)
        if source.columns or any(facts.name in self.wanted and not facts.usable for facts in columns):
            rest = [name for name in source.columns if name not in known]
            out = {self.target, *self.roles.values(), *self.left_out}
            usable = [f.name for f in columns if f.usable or f.name in self.wanted]
            kept = [name for name in usable if name not in out]
            return Chosen(replace(made, columns=(*kept, *rest)), (), codes)
        parts = tuple(f"{name} (" for name in known - self.left_out)  # of dates: "day (hour)"
        cut = self.inspection.all_columns > len(columns)  # not all are told one by one
        beyond = (name for name in dropped if name not in known and (cut or name.startswith(parts)))
        return Chosen(made, (*left_out, *beyond), codes)


def _refused_role(role: Role, facts: Facts) -> str:
    name = quote(facts.name)
    if role == "weights":
        if facts.kind not in ("number", "flag"):
            return f"{name} holds no numbers, so it cannot weigh the rows. Choose a column of numbers."
        if facts.missing or (facts.low is not None and facts.low < 0):
            what = counted(facts.missing, "cell") + " missing" if facts.missing else "numbers below 0"
            return f"{name} has {what}, so it cannot weigh the rows. Choose another column."
    if role == "time" and facts.kind not in ("date", "number", "id-like"):
        return f"{name} holds no dates or numbers, so rows have no order by it. Choose another column."
    if role == "time" and facts.low is None and not facts.first:
        return f"{name} holds words, so rows have no order by it. Choose another column."
    if role == "group" and facts.distinct < 2:
        return f"{name} has one value only, so it makes no groups. Choose another column."
    return ""
