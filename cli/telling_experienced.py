"""The answer of experienced in words: one row a partner, what the columns mean, what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ..graph.analyses.common import unit_said
from ..graph.analyses.experienced.hiding import BACK, FAMILIES
from ..graph.analyses.experienced.lived import AROUND, CLOSED, NO_NUMBERS, REASONS
from ..graph.analyses.experienced.outflow import AROUND as ROUND
from ..graph.analyses.experienced.outflow import OUTCOMES
from .document import Cell
from .language import language, say
from .naming import endpoint_name
from .output import number
from .telling_ways import response_texts
from .wording import assumption_texts, known_text, range_text, weeks_text

if TYPE_CHECKING:
    from ..graph.analyses.experienced.answer import Experience, Experienced
    from ..graph.analyses.experienced.lived import Span
    from ..graph.landscape import Landscape
    from ..graph.waiting import Source

#: Names in one sentence, before it says how many more there are.
_NAMES: Final = 8


class Telling:
    """One answer in the reader's language; ``top`` partners of it, 0 for all."""

    def __init__(
        self,
        landscape: Landscape,
        answer: Experienced,
        codes: Sequence[str],
        top: int,
        *,
        internal: bool,
        with_outdated: bool,
    ) -> None:
        self._landscape = landscape
        self._answer = answer
        self._codes = codes
        self._internal = internal
        self._with_outdated = with_outdated
        self._unit = unit_said(answer.frame.unit, language())
        #: The partners that are told.
        self.shown: tuple[Experience, ...] = answer.partners[: top or None]
        self._reasons = {r for p in self.shown for r in (p.reason, p.reason_given_help)}

    # --- around the table --------------------------------------------------------------------------------
    @cached_property
    def _where(self) -> str:
        return ", ".join(self._landscape.municipality_names.get(c, c) for c in self._codes)

    def title(self) -> str:
        """What the answer is about."""
        if self._codes:
            return say("experienced.title_in", unit=self._unit, where=self._where)
        return say("experienced.title", unit=self._unit)

    def before(self) -> Iterator[str]:
        """What the figures are."""
        if not self.shown:
            yield say("experienced.none")
            return
        yield say("experienced.about", unit=self._unit)
        yield say("experienced.by_name")
        if self._internal:
            yield say("experienced.internal")
        if self._with_outdated:
            yield say("answers.with_outdated")

    def after(self) -> Iterator[str]:
        """What partners said themselves, what the columns mean, what was assumed."""
        left_out = len(self._answer.partners) - len(self.shown)
        if left_out:
            yield say("answers.more", number=number(left_out))
        yield from response_texts(self._landscape, [(p.partner, p.response) for p in self.shown if p.response])
        if self.shown:
            yield from self._meaning()
        yield from self.assumed()
        yield say("answers.footer")

    def _meaning(self) -> Iterator[str]:
        yield say("experienced.means.weeks", unit=self._unit)
        yield say("experienced.means.outcomes")
        yield say("experienced.means.back")
        yield say("experienced.means.given")
        if CLOSED in self._reasons:
            yield say("experienced.means.closed")
        if self._goes_round:
            yield say("experienced.means.around", unit=self._unit)
        if NO_NUMBERS in self._reasons:
            yield say("experienced.means.no_numbers")
        if any(p.suppressed for p in self.shown):
            yield say("experienced.means.hidden", threshold=self._answer.threshold, unit=self._unit)
        if self._codes:
            yield say("experienced.whole", where=self._where)

    def assumed(self) -> list[str]:
        """What all figures rest on."""
        if not self._answer.frame.weighted:
            return [*self._rows_told(), *assumption_texts(self._answer.frame)]
        unknown = known_text([p.wait for p in self.shown if p.wait])
        found = [say("experienced.rests.markov"), say("experienced.rests.same_wait"), *self._rows_told(), *self._ways_told()]
        return [*found, *([f"{unknown}."] if unknown else []), *assumption_texts(self._answer.frame)]

    def _rows_told(self) -> Iterator[str]:
        """How the rows of the outflow were used."""
        ground = self._answer.ground
        if ground.years:
            years = ", ".join(str(year) for year in ground.years)
            yield say(f"experienced.rests.year{'s' if len(ground.years) > 1 else ''}", years=years)
        if ground.undated:
            yield _counted("undated", ground.undated)
        if ground.unknown_rows:
            yield _counted("unknown", ground.unknown_rows, names=self._names(ground.unknown_partners))
        if ground.small_rows and ground.stand_in is not None:
            yield _counted(
                "small",
                ground.small_rows,
                threshold=self._answer.threshold,
                stand_in=f"{ground.stand_in:g}".replace(".", say("cli.decimal")),
            )

    def _ways_told(self) -> Iterator[str]:
        """How the ways were continued, and where not."""
        ground = self._answer.ground
        if ground.elsewhere:
            yield _counted("elsewhere", len(ground.elsewhere), unit=self._unit, names=self._names(ground.elsewhere))
        if ground.by_offering:
            yield say("experienced.rests.by_offering", names=self._names(ground.by_offering))
        if ground.partly_closed:
            yield say("experienced.rests.partly_closed", names=self._names(ground.partly_closed))

    def _names(self, endpoints: Sequence[str]) -> str:
        names = "; ".join(endpoint_name(self._landscape, e) for e in endpoints[:_NAMES])
        more = len(endpoints) - _NAMES
        return say("experienced.rests.and_more", names=names, number=number(more)) if more > 0 else names

    # --- the table ---------------------------------------------------------------------------------------
    @cached_property
    def _goes_round(self) -> bool:
        """Whether some of those shown may keep going round (where that is not said, so is nothing else of it)."""
        return AROUND in self._reasons or any(p.outcomes and p.outcomes[ROUND] != 0 for p in self.shown)

    @cached_property
    def _outcomes(self) -> tuple[str, ...]:
        return tuple(name for name in OUTCOMES if name != ROUND or self._goes_round)

    def columns(self) -> list[str]:
        """The heads of the table."""
        first = [say("experienced.column.partner"), say("experienced.column.families")]
        last = ("return_probability", "weeks_given_help", "source")
        return [*first, *(say(f"experienced.column.{c}") for c in ("weeks", *self._outcomes, *last))]

    def row(self, p: Experience) -> list[Cell]:
        """One partner; what is not shown is said, so is why there is no figure."""
        outcomes = p.outcomes or {}
        first = [p.name, _families(p), _or_why(p.days, p.reason, _span)]
        if p.reason == NO_NUMBERS:
            return [*first, *([""] * (len(self._outcomes) + 2)), _where(p.sources)]
        return [
            *first,
            *(_or_why(outcomes.get(name), None, _share) for name in self._outcomes),
            _back(p),
            _or_why(p.days_given_help, p.reason_given_help, _span),
            _where(p.sources),
        ]


def _counted(what: str, how_many: int, **values: object) -> str:
    return say(f"experienced.rests.{what}_{'one' if how_many == 1 else 'more'}", number=number(how_many), **values)


def _or_why(figure: object, reason: str | None, told: Callable[..., str]) -> str:
    """A figure, or why there is none: a reason, else it is not shown."""
    if figure is not None:
        return told(figure)
    return say(f"experienced.reason.{REASONS[reason]}") if reason else say("experienced.not_shown")


def _families(p: Experience) -> str:
    if p.families is None:
        return say("experienced.not_shown" if FAMILIES in p.suppressed else "experienced.unknown")
    whole = number(round(p.families))
    return say("experienced.about_number", number=whole) if p.approximate else whole


def _span(span: Span) -> str:
    """As in "12 (8–20)"; one number where all ends are the same."""
    weeks = weeks_text(span.expected)
    if span.high is not None and weeks_text(span.low) == weeks == weeks_text(span.high):
        return weeks
    return say("experienced.span", weeks=weeks, range=range_text(span.low, span.high))


def _share(share: float) -> str:
    percent = 100 * share
    if 0 < percent < 1:
        return say("experienced.share_small")
    return say("experienced.share", number=f"{percent:.0f}")


def _back(p: Experience) -> str:
    never_left = p.back is None and BACK not in p.suppressed
    return _or_why(p.back, AROUND if never_left else None, _share)


def _where(sources: Sequence[Source]) -> str:
    """Each file with its rows on a line: "uitstroom.csv: 2–7"."""
    places: dict[str, list[int]] = {}
    for s in sources:
        places.setdefault(f"{s.file} [{s.sheet}]" if s.sheet else s.file, []).append(s.row)
    return "\n".join(f"{file}: {', '.join(_runs(sorted(set(rows))))}" for file, rows in places.items())


def _runs(rows: Sequence[int]) -> Iterator[str]:
    """Numbers in order, with those that follow each other as one: 2–7, 9."""
    first = last = rows[0]
    for row in [*rows[1:], None]:
        if row is not None and row == last + 1:
            last = row
            continue
        yield f"{first}" if first == last else f"{first}–{last}"
        if row is not None:
            first = last = row
