"""Which wait holds where: the waits of a Landscape, asked for one profile after another (CONTRACTS §4).

Unknown and outdated waits are intervals of the settings, marked ``assumed``, with the old value beside
them; statements are never computed with.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from .dates import last_day, latest
from .landscape import Landscape
from .measured import Measured
from .profile import Profile, age_fits, covers, theme_fits
from .waiting import DECISION, NUMBER, REGISTRATION, STOP, TOTAL, TREATMENT, WEEK, Source, Wait, added


class Waits:
    """The waits of a Landscape, ready to be asked for one profile after another.

    ``subjects`` are those whose :meth:`conditions` and statements count (read when first needed), None for all. Rows and
    answers are shared by all Waits of a Landscape.
    """

    def __init__(self, landscape: Landscape, subjects: Iterable[str] | None = None, *, with_outdated: bool = False) -> None:
        self._settings = landscape.settings
        self._themes = landscape.themes
        self._with_outdated = with_outdated
        self._measured = landscape.derived(Measured)
        self._limit = subjects
        self._broader: dict[str, tuple[str, ...]] = {}

    @cached_property
    def _subjects(self) -> frozenset[str] | None:
        return None if self._limit is None else frozenset(self._limit)

    @cached_property
    def statements(self) -> tuple[dict[str, Any], ...]:
        """The rows that are shown beside an answer and never computed with: all that are on a chain, and on ``subjects``."""
        said = self._measured.statements
        return tuple(r for r in said if len(r["on"]) > 1 or self._subjects is None or r["on"][0] in self._subjects)

    def rows(self, subject: str) -> tuple[dict[str, Any], ...]:
        """The measured waits registered on ``subject``, but for those that a later one of the same conditions replaced."""
        return self._measured.rows(subject)

    def conditions(self) -> set[tuple[frozenset[str], int | None, int | None]]:
        """The distinct conditions (themes, ages in months) on which some wait on ``subjects`` depends."""
        known = self._measured.subjects
        rows = (row for s in (known if self._subjects is None else known & self._subjects) for row in self.rows(s))
        return {(frozenset(row["themes"] or ()), row["age_from"], row["age_until"]) for row in rows}

    def has(self, subject: str) -> bool:
        """Whether any measured wait is registered on ``subject``."""
        return subject in self._measured.subjects

    def conditions_on(self, subjects: Iterable[str]) -> tuple[tuple[tuple[str, ...], int | None, int | None], ...]:
        """The distinct conditions (themes, ages in months) of the waits on ``subjects``; those without any left out."""
        rows = self._conditional(self.known(subjects))
        found = {(tuple(r["themes"] or ()), r["age_from"], r["age_until"]) for r in rows}
        return tuple(sorted(found - {((), None, None)}, key=str))

    def unconditional(self, subjects: Collection[str]) -> bool:
        """Whether no wait on ``subjects`` depends on theme, age or municipality."""
        return not self._conditional(self.known(subjects))

    def known(self, subjects: Iterable[str]) -> tuple[str, ...]:
        """Those of ``subjects`` that say something: the others change no answer."""
        known = self._measured.subjects
        return tuple([s for s in subjects if s in known])

    def _conditional(self, subjects: tuple[str, ...]) -> tuple[dict[str, Any], ...]:
        """One row for each distinct condition among those that speak of ``subjects``."""
        found = self._measured.conditional
        if subjects not in found:
            distinct: dict[Any, dict[str, Any]] = {}
            for row in (r for s in subjects for r in self.rows(s)):
                if row["themes"] or row["municipalities"] or _has_ages(row):
                    key = (tuple(row["themes"] or ()), tuple(row["municipalities"] or ()), row["age_from"], row["age_until"])
                    distinct.setdefault(key, row)
            found[subjects] = tuple(distinct.values())
        return found[subjects]

    # --- asking -----------------------------------------------------------------------------
    def registration(self, subjects: Sequence[str], profile: Profile) -> Wait:
        """Referral → first appointment at the first of ``subjects`` (most specific first) that says so.

        Only a total known: anything from 0 to that total.
        """
        return self._remembered(self._registration, subjects, profile)

    def until_start(self, subjects: Sequence[str], profile: Profile) -> Wait:
        """Referral → start of help: both parts added, or the total where one of them is missing."""
        return self._remembered(self._until_start, subjects, profile)

    def _remembered(self, ask: Callable[[Sequence[str], Profile], Wait], subjects: Sequence[str], profile: Profile) -> Wait:
        """The answer of ``ask``, worked out once for all profiles that the same conditions hold for."""
        key = self.known(subjects)
        conditional = self._conditional(key)
        holds: tuple[bool, ...] = ()
        if conditional:
            asked = self._asked(profile.theme)
            holds = tuple([self._applies(row, profile, asked) for row in conditional])
        answers = self._measured.answers
        answer = (ask.__name__, key, holds, profile.theme is None, profile.age is None, self._with_outdated)
        if answer not in answers:
            answers[answer] = ask(key, profile)
        return answers[answer]

    def _registration(self, subjects: Sequence[str], profile: Profile) -> Wait:
        wait = self._best(subjects, REGISTRATION, profile)
        if wait.known:
            return wait
        total = self._best(subjects, TOTAL, profile)
        if not total.known:
            return wait
        if total.closed:
            return total
        half = None if total.expected is None else total.expected / 2
        return replace(total, low=0.0, expected=half, median=None, p90=None)

    def _until_start(self, subjects: Sequence[str], profile: Profile) -> Wait:
        first = self._best(subjects, REGISTRATION, profile)
        if first.known and first.closed:
            return first
        second = self._best(subjects, TREATMENT, profile)
        if not (first.known and second.known):
            total = self._best(subjects, TOTAL, profile)
            if total.known:
                return total
        return added(first, second, TOTAL)

    def decision(self, access: str | None, profile: Profile) -> Wait:
        """The wait for the municipality's decision at its access partner."""
        return self._remembered(self._decision, [access] if access else [], profile)

    def _decision(self, subjects: Sequence[str], profile: Profile) -> Wait:
        wait = self._best(subjects, DECISION, profile)
        if wait.known:
            return wait
        low, high = self._settings.unknown_decision_low, self._settings.unknown_decision_high
        return replace(wait, low=low * WEEK, expected=(low + high) / 2 * WEEK, high=high * WEEK)

    @cached_property
    def _unknown(self) -> dict[str, Any]:
        """Days of a wait of which nothing is known."""
        low, high = self._settings.unknown_weeks_low, self._settings.unknown_weeks_high
        return {"low": low * WEEK, "expected": (low + high) / 2 * WEEK, "high": high * WEEK}

    def _best(self, subjects: Sequence[str], kind: str, profile: Profile) -> Wait:
        asked, any_theme, any_age = self._asked(profile.theme), profile.theme is None, profile.age is None
        found: list[tuple[tuple[int, ...], dict[str, Any]]] = []
        for place, subject in enumerate(subjects):
            for row in self.rows(subject):
                if row["kind"] == kind and self._applies(row, profile, asked):
                    # what is asked: the more specific first; what is left open: the general first
                    rank = (bool(row["themes"]) == any_theme, not row["municipalities"], _has_ages(row) == any_age)
                    found.append(((place, *rank), row))
        current = found if self._with_outdated else [pair for pair in found if not pair[1]["outdated"]]
        if current:
            return self._combined(self._latest(_first(current), profile), kind)
        if not found:
            return Wait(kind, **self._unknown, assumed=True)
        # the old value that tells most: a dated one before an undated one
        old = self._latest(_first([pair for pair in found if pair[1]["as_of"]] or found), profile)
        return Wait(
            kind,
            **self._unknown,
            assumed=True,
            as_of=old[0]["as_of"],
            outdated=True,
            written=written(old),
            sources=tuple(Source.of("waits", row) for row in old),
        )

    def _asked(self, theme: str | None) -> tuple[str, ...] | None:
        if theme is None:
            return None
        if theme not in self._broader:
            self._broader[theme] = self._themes.with_broader(theme)
        return self._broader[theme]

    def _applies(self, row: dict[str, Any], profile: Profile, asked: Sequence[str] | None) -> bool:
        return (
            (not row["municipalities"] or covers(row["municipalities"], profile.municipality, self._settings.municipalities))
            and age_fits(profile.age, row["age_from"], row["age_until"])
            and theme_fits(asked, row["themes"])
        )

    @staticmethod
    def _latest(rows: list[dict[str, Any]], profile: Profile) -> list[dict[str, Any]]:
        """The latest rows; per set of conditions where the question leaves age or theme open."""
        if len(rows) == 1:
            return rows
        open_question = profile.theme is None or profile.age is None

        def series(row: dict[str, Any]) -> tuple[Any, ...]:
            if not open_question:
                return ()
            return (tuple(row["themes"] or ()), row["age_from"], row["age_until"])

        newest: dict[tuple[Any, ...], Any] = {}
        for row in rows:
            day = last_day(row["as_of"]) if row["as_of"] else None
            key = series(row)
            if key not in newest or (day is not None and (newest[key] is None or day > newest[key])):
                newest[key] = day
        return [r for r in rows if (last_day(r["as_of"]) if r["as_of"] else None) == newest[series(r)]]

    def _combined(self, rows: list[dict[str, Any]], kind: str) -> Wait:
        """One wait out of statements that hold together: a range where they differ."""
        numbers = [row for row in rows if row["state"] == NUMBER]
        return Wait(
            kind,
            **(self._numbered(numbers) if numbers else self._unnumbered(rows)),
            as_of=latest(row["as_of"] for row in rows) if len(rows) > 1 else rows[0]["as_of"],
            outdated=any(row["outdated"] for row in rows),
            derived=rows[0]["on"][0].startswith("rol:"),
            written=written(rows),
            clock_from=rows[0]["clock_from"],
            clock_to=rows[0]["clock_to"],
            sources=tuple(Source.of("waits", row) for row in rows),
        )

    def _unnumbered(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """A stop that still holds, else what is assumed where nothing is known."""
        reference = self._settings.reference_date
        stops = (row["closed_until"] for row in rows if row["state"] == STOP)
        if any(until is None or last_day(until).isoformat() > reference for until in stops):
            return {"closed": True, "state": STOP}
        return {**self._unknown, "assumed": True}

    @staticmethod
    def _numbered(numbers: list[dict[str, Any]]) -> dict[str, Any]:
        """The days of statements that say a number; a distribution only where there is one of them."""
        expected = [row["days_expected"] for row in numbers]
        highs = [row["days_high"] for row in numbers]
        one = numbers[0] if len(numbers) == 1 else None
        spread = bool(one and one["weeks_median"] is not None and one["weeks_p90"] is not None)
        return {
            "state": NUMBER,
            "low": min(row["days_low"] for row in numbers),
            "expected": (min(expected) + max(expected)) / 2,
            "high": None if any(h is None for h in highs) else max(highs),
            "median": one["weeks_median"] * WEEK if one and spread else None,
            "p90": one["weeks_p90"] * WEEK if one and spread else None,
        }


def _first(ranked: list[tuple[tuple[int, ...], dict[str, Any]]]) -> list[dict[str, Any]]:
    """The rows of the lowest rank."""
    least = min(rank for rank, _ in ranked)
    return [row for rank, row in ranked if rank == least]


def _has_ages(row: dict[str, Any]) -> bool:
    return row["age_from"] is not None or row["age_until"] is not None


def written(rows: Sequence[dict[str, Any]]) -> str | None:
    """What was written, as people would read it back."""
    texts: list[str] = []
    for row in rows:
        text = row["value"]
        if not text and row["weeks_median"] is not None:
            text = f"mediaan {row['weeks_median']:g} weken"
            if row["weeks_p90"] is not None:
                text += f", 90% binnen {row['weeks_p90']:g} weken"
        elif not text and row["weeks_min"] is not None:
            text = f"minstens {row['weeks_min']:g} weken"
        if text and text not in texts:
            texts.append(text)
    return "; ".join(texts) or None
