"""How names, waits, ages, counts and sources are said in the report of a municipality."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ...graph.analyses.common import unit_said
from ...graph.analyses.norms import Norm
from ...graph.profile import Profile
from ...graph.waiting import WEEK, Source, Wait
from ...ontology.catalogue import text
from ...ontology.concepts import scheme
from ..material import COALITION, PUBLIC, Material
from ..wording import Wording
from .gathered import Gathered
from .marks import Marks
from .parts import Cell, Mark

#: So many names are said one by one; the rest is counted.
NAMED = 6


@dataclass(frozen=True)
class Telling:
    """The answers about one municipality about to be told in ``lang`` (nl or en)."""

    found: Gathered
    lang: str
    marks: Marks = field(default_factory=Marks)

    def say(self, key: str, /, **values: object) -> str:
        """The sentence ``report.<key>``."""
        return text(f"report.{key}", self.lang, **values)

    def count(self, key: str, number: int, /, **values: object) -> str:
        """The sentence ``report.<key>_one`` or ``report.<key>_more``."""
        return self.say(f"{key}_one" if number == 1 else f"{key}_more", number=number, **values)

    @cached_property
    def words(self) -> Wording:
        return Wording(self.lang)

    @cached_property
    def material(self) -> Material:
        return Material(self.found.landscape, self.words, COALITION if self.found.together else PUBLIC)

    @property
    def place(self) -> str:
        """The municipality by its name."""
        return self.found.name

    # --- names -------------------------------------------------------------------------------------------
    def level(self, level: int | None) -> str:
        """A level with its number, because the number is what people ask for."""
        if level is None:
            return self.say("word.no_level")
        return self.say("word.level", number=level, label=scheme("level").label(str(level), self.lang))

    def role(self, role: str) -> str:
        return self.found.landscape.roles.label(role, self.lang)

    def theme(self, theme: str) -> str:
        return self.found.landscape.themes.label(theme, self.lang)

    def station(self, node: str) -> str:
        """A station of a way by name; a role that nobody is known to hold is said so."""
        if node.startswith("rol:"):
            role = self.role(node.removeprefix("rol:"))
            return role if node == "rol:gezin" else self.say("word.nobody", role=role)
        return self.found.names.get(node) or self.material.name(node)

    def several(self, names: Iterable[str], most: int = NAMED) -> str:
        """Names in a row, of more than ``most`` the first ones and how many more."""
        distinct = list(dict.fromkeys(names))
        if len(distinct) > most + 1:
            return self.say("word.and_more", names="; ".join(distinct[:most]), number=len(distinct) - most)
        return "; ".join(distinct)

    def town(self, code: str) -> str:
        return self.found.landscape.municipality_names.get(code, code)

    def profile(self, profile: Profile, until: int | None = None) -> str:
        """Ages and theme of a profile: "12 t/m 14 jaar, druk gedrag"."""
        parts = []
        if profile.age is not None:
            high = until if until and until > profile.age else profile.age // 12 * 12 + 12
            parts.append(self.words.ages(profile.age, high))
        if profile.theme is not None:
            parts.append(self.theme(profile.theme))
        return ", ".join(parts)

    def ages(self, low: int | None, high: int | None) -> str:
        return text("answers.age.any", self.lang) if low is None and high is None else self.words.ages(low, high)

    # --- numbers -----------------------------------------------------------------------------------------
    @cached_property
    def unit(self) -> str:
        """What the region counts: families, children or trajectories."""
        return unit_said(self.found.landscape.settings.unit, self.lang)

    def families(self, number: float | None) -> str:
        """A number of families as a whole number; one that is not shown is said so."""
        if number is None:
            return self.say("word.hidden")
        whole = f"{number:,.0f}" if number >= 1 or number == 0 else self.say("word.below_one")
        return whole.replace(",", ".") if self.lang == "nl" else whole

    def figure(self, days: float) -> str:
        """Days as weeks, with a decimal where they are few."""
        weeks = days / WEEK
        plain = f"{weeks:.0f}" if weeks >= 10 else f"{weeks:.1f}".removesuffix(".0")
        return plain.replace(".", self.words.say("word.decimal"))

    def time(self, days: float) -> str:
        """Days as weeks with their unit."""
        number = self.figure(days)
        return self.say("word.week") if number == "1" else self.say("word.weeks", number=number)

    def span(self, low: float, expected: float, high: float | None) -> str:
        """What is expected, with the range around it: "78 weken (60–96)"."""
        said = self.time(expected)
        if high is None:
            return self.say("word.open", weeks=said, low=self.figure(low))
        if self.figure(low) == self.figure(high):
            return said
        return self.say("word.span", weeks=said, low=self.figure(low), high=self.figure(high))

    def wait(self, wait: Wait) -> str:
        """A wait without its date: a stop, unknown and outdated are said as such."""
        if wait.assumed and wait.outdated:
            return self.say("wait.outdated")
        if wait.closed:
            return self.say("wait.closed")
        if wait.assumed:
            return self.say("wait.unknown")
        if wait.high == 0:
            return self.say("wait.none")
        return self.span(wait.low or 0.0, wait.expected if wait.expected is not None else wait.low or 0.0, wait.high)

    def wait_notes(self, wait: Wait) -> tuple[str, ...]:
        """What belongs to a wait: its date, the old value, that it was said of a role or whole."""
        found = []
        if wait.assumed and wait.outdated:
            old = wait.written or self.words.unknown
            found.append(self.say("wait.old", old=old, date=self.date(wait.as_of)))
        elif wait.known:
            found.append(self.date(wait.as_of))
        if wait.derived and wait.known:
            found.append(self.say("wait.derived"))
        return tuple(found)

    def wait_cell(self, wait: Wait, *more: str) -> Cell:
        """A wait as a cell, with its look, its notes and where it stands."""
        return Cell(self.wait(wait), (*self.wait_notes(wait), *more), marks=self.marks.of(wait.sources), look=look(wait))

    def norm(self, norm: Norm | None) -> str:
        """A norm, or a target value, in weeks and with its kind; nothing where none applies."""
        if norm is None or norm.days is None:
            return ""
        target = norm.is_target(self.found.landscape.settings.reference_date)
        year = self.say("word.of_year", year=norm.year) if norm.year else ""
        return self.say("word.target" if target else "word.norm", weeks=self.time(norm.days), year=year)

    def date(self, iso: str | None) -> str:
        return self.words.date(iso) if iso else text("answers.undated", self.lang)

    def mark(self, sources: Iterable[Source]) -> tuple[Mark, ...]:
        return self.marks.of(sources)

    # --- reactions -----------------------------------------------------------------------------------------
    def quotes(self, nodes: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """What the partners among some nodes say themselves, by name."""
        known = self.material.partners
        rows = [known[node] for node in dict.fromkeys(nodes) if node in known and known[node]["response"]]
        rows.sort(key=lambda row: (row["name"].casefold(), row["id"]))
        return tuple((self.say("word.response", name=row["name"]), row["response"]) for row in rows)


def look(wait: Wait) -> str:
    """The look of a wait, beside its words."""
    if wait.closed:
        return "closed"
    if wait.assumed:
        return "outdated" if wait.outdated else "unknown"
    return "none" if wait.high == 0 else "known"


def begun(said: str) -> str:
    """A sentence or heading with a capital."""
    return said[:1].upper() + said[1:]


def joined(parts: Sequence[str]) -> str:
    """Parts of a sentence with dots between them, empty ones left out."""
    return " · ".join(part for part in parts if part)
