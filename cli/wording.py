"""Waits, ages and places in words, always with how sure they are (ANALYSES, Wording)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .language import language, say

if TYPE_CHECKING:
    from ..graph.analyses.common import Frame
    from ..graph.landscape import Landscape
    from ..graph.waiting import Source, Wait


def weeks_text(days: float | None) -> str:
    """Days as weeks for readers: whole weeks from two weeks on, else one decimal."""
    if days is None:
        return "…"
    weeks = days / 7
    text = (
        f"{weeks:.0f}" if (weeks >= 2 and abs(weeks - round(weeks)) < 0.05) or weeks >= 10 else f"{weeks:.1f}".removesuffix(".0")
    )
    return text.replace(".", say("cli.decimal"))


def counted(what: str, number: str) -> str:
    """A count with its noun, as in "1 week" and "3 weken"; ``what`` is weeks or hops."""
    return say(f"answers.count.{what}_{'one' if number == '1' else 'more'}", number=number)


def in_weeks(days: float | None) -> str:
    """Days as weeks with their unit."""
    return counted("weeks", weeks_text(days))


def families_text(number: float | None, unit: str) -> str:
    """A number of families (or what the region counts) for readers, whole; too few to say is said so."""
    if number is None:
        return say("answers.count.too_few", unit=unit)
    whole = f"{number:,.0f}"
    return say("answers.count.families", number=whole.replace(",", ".") if say("cli.decimal") == "," else whole, unit=unit)


def range_text(low: float | None, high: float | None) -> str:
    """Weeks as a range: "4–52" or "4 of langer"."""
    if high is None:
        return say("answers.or_longer", low=weeks_text(low))
    return f"{weeks_text(low)}–{weeks_text(high)}"


def wait_text(wait: Wait) -> str:
    """A wait in a few words: the value, or that it is closed, unknown or outdated (with the old value)."""
    if wait.closed:
        return say("answers.wait.closed")
    if wait.assumed and wait.outdated:
        return say("answers.wait.outdated", written=wait.written or "?", as_of=wait.as_of or say("answers.undated"))
    if wait.assumed:
        return say("answers.wait.unknown")
    if wait.low == wait.high == wait.expected == 0:
        return say("answers.wait.none")
    if wait.low == wait.high:
        return say("answers.wait.weeks", weeks=in_weeks(wait.expected))
    return say("answers.wait.range", weeks=in_weeks(wait.expected), range=range_text(wait.low, wait.high))


def age_text(low: int | None, high: int | None) -> str:
    """Ages as in "4 t/m 11 jaar": whole upper years are read inclusively, as people say it."""
    if low is None and high is None:
        return say("answers.age.any")
    upper = None if high is None else (f"t/m {high // 12 - 1}" if high % 12 == 0 else f"tot {_years(high)}")
    if language() == "en" and upper:
        upper = upper.replace("t/m", "up to").replace("tot", "below")
    if low is None:
        return say("answers.age.years", text=upper)
    if upper is None:
        return say("answers.age.from", low=_years(low))
    return say("answers.age.years", text=f"{_years(low)} {upper}")


def _years(months: int) -> str:
    return (
        str(months // 12) if months % 12 == 0 else f"{months / 12:.2f}".rstrip("0").rstrip(".").replace(".", say("cli.decimal"))
    )


def source_text(sources: Iterable[Source]) -> str:
    """Where it stands: file and row."""
    from ..graph.analyses.common import addresses

    return addresses(sources)


def assumption_texts(frame: Frame) -> list[str]:
    """What was assumed, as sentences."""
    return [say(f"answers.assumed.{a.key}", **dict(a.values)) for a in frame.assumptions]


def known_text(waits: Iterable[Wait]) -> str:
    """How many are unknown, as in "1 van 3 wachttijden onbekend"; empty when all are known."""
    counted = list(waits)
    unknown = sum(w.assumed for w in counted)
    return say("answers.unknown_of", unknown=unknown, total=len(counted)) if unknown else ""


def header(frame: Frame) -> dict[str, object]:
    """The common part of every JSON answer."""
    return {
        "question": frame.question,
        "reference_date": frame.reference_date,
        "unit": frame.unit,
        "weighted": frame.weighted,
        "known_waits": frame.known_waits,
        "outdated_waits": frame.outdated_waits,
        "assumptions": assumption_texts(frame),
    }


def level_text(level: int | None) -> str:
    """A level by its name."""
    from ..ontology.concepts import scheme

    return say("answers.no_level") if level is None else scheme("level").label(str(level), language())


def profile_text(landscape: Landscape, municipality: str, age: int | None, theme: str | None) -> str:
    """A profile in words: "Ede, 14 jaar, angst en somberheid"."""
    parts = [landscape.municipality_names.get(municipality, municipality)]
    if age is not None:
        parts.append(say("answers.years", years=f"{age / 12:.2f}".rstrip("0").rstrip(".").replace(".", say("cli.decimal"))))
    if theme is not None:
        parts.append(landscape.themes.label(theme, language()))
    return ", ".join(parts)


def plain_weeks(days: float | None) -> float | None:
    """Days as weeks, unrounded, for a spreadsheet."""
    return None if days is None else days / 7
