"""How names, numbers, waits and levels are said in an advice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ...graph.analyses.advising.answer import Advice
from ...graph.analyses.advising.contacts import Side
from ...graph.analyses.common import unit_said
from ...graph.landscape import Landscape
from ...graph.profile import Profile
from ...graph.waiting import WEEK, Wait
from ...ontology.catalogue import text
from ...ontology.concepts import scheme
from ..material import COALITION, Material
from ..wording import Wording
from .parts import Item, Line
from .receipts import Receipts

#: So many names are said one by one; the rest is counted.
NAMED = 6


@dataclass(frozen=True)
class Telling:
    """An advice about to be told, in the language of ``lang`` (nl or en)."""

    landscape: Landscape
    advice: Advice
    lang: str
    receipts: Receipts = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "receipts", Receipts(self.say, self.words.date))

    def say(self, key: str, /, **values: object) -> str:
        """The sentence ``advice.<key>``."""
        return text(f"advice.{key}", self.lang, **values)

    @cached_property
    def words(self) -> Wording:
        return Wording(self.lang)

    @cached_property
    def material(self) -> Material:
        return Material(self.landscape, self.words, COALITION)

    @cached_property
    def place(self) -> str:
        """The municipality by its name."""
        return self.town(self.advice.municipality)

    def town(self, code: str) -> str:
        return self.landscape.municipality_names.get(code, code)

    def towns(self, codes: Iterable[str]) -> str:
        return self.several([self.town(code) for code in codes], 8)

    # --- names -------------------------------------------------------------------------------------------
    def name(self, node: str) -> str:
        """A partner, offering or role by name."""
        return self.material.name(node)

    def several(self, names: Sequence[str], most: int = NAMED) -> str:
        """Names in a row, of more than ``most`` the first ones and how many more."""
        distinct = list(dict.fromkeys(names))
        if len(distinct) > most + 1:
            return self.say("and_more", names=", ".join(distinct[:most]), number=len(distinct) - most)
        if len(distinct) < 2:
            return "".join(distinct)
        return self.say("and", names=", ".join(distinct[:-1]), last=distinct[-1])

    def level(self, level: int) -> str:
        return scheme("level").label(str(level), self.lang)

    def themes(self, slugs: Sequence[str]) -> str:
        return self.several([self.landscape.themes.label(t, self.lang) for t in slugs], 7)

    def functions(self, sides: Iterable[Side]) -> str:
        """Who must agree: a function where one is stated. Partners that share a function are named together."""
        by_function: dict[str | None, list[str]] = {}
        for side in sides:
            by_function.setdefault(side.function, []).append(side.name)
        return "; ".join(
            self.say("function", function=function, name=self.several(names, 3))
            if function
            else self.say("unknown_function", name=self.several(names, 3))
            for function, names in by_function.items()
        )

    def profile(self, profile: Profile) -> str:
        """A profile without the municipality: "8 jaar, druk gedrag"."""
        parts = []
        if profile.age is not None:
            parts.append(self.words.say("age.one", low=profile.age // 12))
        if profile.theme is not None:
            parts.append(self.landscape.themes.label(profile.theme, self.lang))
        return ", ".join(parts)

    # --- numbers -----------------------------------------------------------------------------------------
    @cached_property
    def unit(self) -> str:
        """What the region counts: families, children or trajectories."""
        return unit_said(self.advice.frame.unit, self.lang)

    def number(self, value: float) -> str:
        """A whole number as the language writes it."""
        whole = f"{value:,.0f}"
        return whole.replace(",", ".") if self.lang == "nl" else whole

    def families(self, number: float | None) -> str:
        """A number of families; one that is not shown is said so."""
        if number is None:
            return self.say("hidden", unit=self.unit)
        return self.say("families", number=self.number(number), unit=self.unit)

    def share(self, number: float, whole: float) -> str:
        """A part of all combinations, where no families are counted."""
        percent = 100 * number / whole if whole else 0.0
        return self.say("share_small") if percent < 1 else self.say("share", number=f"{percent:.0f}")

    def weeks(self, days: float) -> str:
        """Days of all families together as whole weeks."""
        return self._weeks(self.number(days / WEEK))

    def time(self, days: float) -> str:
        """Days of one wait as weeks, with a decimal where they are few."""
        weeks = days / WEEK
        plain = f"{weeks:.0f}" if weeks >= 10 else f"{weeks:.1f}".removesuffix(".0")
        return self._weeks(plain.replace(".", self.words.say("word.decimal")))

    def _weeks(self, number: str) -> str:
        return self.say("week") if number == "1" else self.say("weeks", number=number)

    def wait(self, wait: Wait) -> str:
        """A wait in one phrase, with its date; a stop, unknown and outdated are said as such."""
        if wait.assumed and not wait.outdated:
            return text("answers.wait.unknown", self.lang)
        return self.words.wait(wait)

    def ages(self, low: int | None, high: int | None) -> str:
        return text("answers.age.any", self.lang) if low is None and high is None else self.words.ages(low, high)

    @cached_property
    def demand(self) -> tuple[int, ...]:
        """The receipt of the numbers of families."""
        return self.receipts.mark(self.say("receipts.demand"), self.advice.families, [self.advice.municipality])

    # --- reactions -----------------------------------------------------------------------------------------
    def quotes(self, nodes: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """What the partners among some nodes say themselves."""
        known = self.material.partners
        rows = [known[node] for node in dict.fromkeys(nodes) if node in known and known[node]["response"]]
        return tuple((self.say("response", name=row["name"]), row["response"]) for row in rows)

    def item(self, title: str, lines: Iterable[Line], nodes: Iterable[str] = ()) -> Item:
        """A thing to talk about, with the reactions of those whom it is about; a heading begins with a capital."""
        return Item(begun(title), tuple(lines), self.quotes(nodes))


def begun(said: str) -> str:
    """A sentence or heading with a capital."""
    return said[:1].upper() + said[1:]
