"""How ages, dates, areas and waits are said to a reader (ANALYSES, Wording)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..graph.dates import first_day, last_day
from ..graph.waiting import NUMBER, STATEMENT, STOP, WEEK, Wait
from ..ontology.catalogue import text
from ..ontology.concepts import scheme

_YEAR = 12


@dataclass(frozen=True)
class Wording:
    """The sentences of the map in one language (``nl`` or ``en``)."""

    lang: str

    def say(self, key: str, /, **values: object) -> str:
        """The sentence ``map.<key>`` with its places filled."""
        return text(f"map.{key}", self.lang, **values)

    def number(self, count: int, one: str, many: str) -> str:
        """``count`` with the sentence for one or for many."""
        return self.say(one if count == 1 else many, n=count)

    def label(self, scheme_name: str, slug: str | None) -> str:
        """The label of a concept; "onbekend" for none."""
        return scheme(scheme_name).label(slug, self.lang) if slug else self.unknown

    def labels(self, scheme_name: str, slugs: Iterable[str] | None) -> str:
        """The labels of several concepts, joined; "onbekend" for none."""
        return ", ".join(scheme(scheme_name).label(s, self.lang) for s in slugs or ()) or self.unknown

    @cached_property
    def unknown(self) -> str:
        return self.say("word.unknown")

    def yes_no(self, value: bool | None) -> str:
        """Yes, no, or unknown."""
        if value is None:
            return self.unknown
        return self.say("word.yes" if value else "word.no")

    def ages(self, low: int | None, high: int | None) -> str:
        """A half-open interval of ages in months as people say it: 48 to 144 is "4 t/m 11 jaar"."""
        if low is None and high is None:
            return self.unknown
        if (low or 0) % _YEAR or (high or 0) % _YEAR:
            return (
                self.say("age.months", low=self._months(low or 0), high=self._months(high))
                if high
                else self.say("age.from_months", low=self._months(low or 0))
            )
        first = (low or 0) // _YEAR
        if high is None:
            return self.say("age.from", low=first)
        last = high // _YEAR - 1
        return self.say("age.one", low=first) if first == last else self.say("age.range", low=first, high=last)

    def _months(self, months: int | None) -> str:
        years, rest = divmod(months or 0, _YEAR)
        return self.say("age.year", n=years) if not rest else self.say("age.month", n=months)

    def date(self, iso: str | None) -> str:
        """A date of any precision: "2026", "maart 2026", "1 maart 2026", "maart 2025 \u2013 mei 2025"; "onbekend" for none."""
        if not iso:
            return self.unknown
        if "/" in iso:
            return " \u2013 ".join(self.date(part) for part in iso.split("/"))
        parts = iso.split("-")
        if len(parts) == 1 or not all(p.isdigit() for p in parts) or not 1 <= int(parts[1]) <= 12:
            return iso
        month = self.say(f"month.m{int(parts[1]):02d}")
        day = f"{int(parts[2])} " if len(parts) == 3 else ""
        return f"{day}{month} {parts[0]}"

    def age_of(self, iso: str, reference: str) -> str:
        """How old a fact of ``iso`` was on the reference date, in whole months or years."""
        then, now = last_day(iso), first_day(reference)
        months = (now.year - then.year) * _YEAR + now.month - then.month - (now.day < then.day)
        if months < 1:
            return self.say("age.fact_new")
        if months < 2 * _YEAR:
            return self.number(months, "age.fact_month", "age.fact_months")
        return self.say("age.fact_years", n=months // _YEAR)

    def areas(self, codes: Iterable[str] | None, names: Mapping[str, str]) -> str:
        """Municipalities by name; the words regio and landelijk as they are said."""
        said = {"regio": self.say("area.region"), "landelijk": self.say("area.national")}
        found = sorted(said.get(c) or names.get(c, c) for c in codes or ())
        return ", ".join(found) or self.unknown

    # --- waits ------------------------------------------------------------------------------------
    def weeks(self, low: float | None, high: float | None, *, whole: bool = False) -> str:
        """An interval of days in weeks (``whole``: rounded); ``high`` None means "or longer"."""
        if low is None:
            return self.unknown
        if high is None:
            return self.say("wait.at_least", weeks=self._weeks(low, whole))
        if high == 0:
            return self.say("wait.none")
        first, last = self._figure(low, whole), self._figure(high, whole)
        if first == last:
            return self._weeks(low, whole)
        return self.say("wait.range", low=first, high=self._weeks(high, whole))

    def _weeks(self, days: float, whole: bool) -> str:
        figure = self._figure(days, whole)
        return self.say("wait.week") if figure == "1" else self.say("wait.weeks", n=figure)

    def _figure(self, days: float, whole: bool) -> str:
        figure = f"{days / WEEK:.0f}" if whole else f"{days / WEEK:.1f}".removesuffix(".0")
        return figure.replace(".", self.say("word.decimal"))

    def wait(self, wait: Wait) -> str:
        """A wait in one phrase: a stop, unknown and outdated are always said as such."""
        if wait.outdated:
            written = wait.written or self.unknown
            return self.say("wait.outdated", old=written, date=self.date(wait.as_of))
        if wait.closed:
            return self._dated(self.say("wait.closed"), wait.as_of)
        if wait.assumed:
            return self.say("wait.unknown")
        said = self.weeks(wait.low, wait.high)
        if wait.derived:
            said = self.say("wait.derived", wait=said)
        return self._dated(said, wait.as_of)

    def _dated(self, said: str, as_of: str | None) -> str:
        return self.say("wait.dated", wait=said, date=self.date(as_of)) if as_of else said

    def registered(self, row: Mapping[str, object], outdated: bool) -> str:
        """One row of the table of waits in one phrase, without its date."""
        written = self.written(row)
        state = row["state"]
        if state == STATEMENT:
            return self.say("wait.statement", written=written)
        if outdated:
            return self.say("wait.old", old=written)
        if state == STOP:
            until = row["closed_until"]
            return self.say("wait.closed_until", date=self.date(str(until))) if until else self.say("wait.closed")
        low, high = row["days_low"], row["days_high"]
        if low is None or state != NUMBER:
            return self.say("wait.unknown")
        return self.weeks(float(str(low)), None if high is None else float(str(high)))

    def written(self, row: Mapping[str, object]) -> str:
        """What the source wrote, as people would read it back."""
        if row["value"]:
            return str(row["value"])
        for column, key in (("weeks_median", "wait.median"), ("weeks_min", "wait.minimum")):
            if row[column] is not None:
                said = self.say(key, weeks=f"{row[column]:g}")
                p90 = row["weeks_p90"] if column == "weeks_median" else None
                return said + (self.say("wait.p90", weeks=f"{p90:g}") if p90 is not None else "")
        return self.unknown
