"""answers: everything at once in long form, one figure a row, for analysts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ..landscape import Landscape
from .brokers import brokers
from .common import Assumption, Frame, Result
from .detours.long_routes import long_routes
from .indicators import indicators
from .lacking.gaps import gaps
from .lines.short_lines import short_lines
from .offers import offers_of_any
from .proposing.direct_routes import direct_routes
from .waiting.bottlenecks import bottlenecks

Certainty = Literal["bekend", "aangenomen", "verouderd", "onbekend", "onderdrukt"]
#: The columns of the one table, in order.
COLUMNS: Final = (
    "question",
    "municipality",
    "age_from",
    "age_until",
    "theme",
    "level",
    "subject",
    "name",
    "figure",
    "value",
    "unit",
    "certainty",
    "source",
)
_WEEKS, _FAMILIES, _PROFILES, _NUMBER = "weken", "gezinnen per jaar", "combinaties", "aantal"


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the rows of one question are laid out: which columns say what it is about, and the unit of each figure.

    Counts of families come from one question only (bottlenecks): side by side in one file the counts of several
    questions could give back what each of them hides.
    """

    subject: tuple[str, ...]
    name: tuple[str, ...]
    figures: Mapping[str, str]


_SHAPES: Final[Mapping[str, _Shape]] = {
    "offers": _Shape(("id",), ("name",), {"weeks_low": _WEEKS, "weeks_expected": _WEEKS, "weeks_high": _WEEKS}),
    "long-routes": _Shape(
        ("roles",),
        ("path",),
        {"weeks_low": _WEEKS, "weeks_expected": _WEEKS, "weeks_high": _WEEKS, "hops": "schakels", "retellings": "keer"},
    ),
    "bottlenecks": _Shape(
        ("partner",),
        ("name",),
        {
            "per_year": _FAMILIES,
            "arriving": _FAMILIES,
            "waiting": "gezinnen",
            "weeks_per_week": _FAMILIES,
            "sole_link": _FAMILIES,
            "wait_low": _WEEKS,
            "wait_expected": _WEEKS,
            "wait_high": _WEEKS,
            "queue_load": "aandeel",
            "queue_wait_weeks": _WEEKS,
        },
    ),
    "gaps": _Shape(("what", "partner", "offering"), ("text",), {"status": "", "weeks": _WEEKS, "norm": _WEEKS}),
    "short-lines": _Shape(("from", "to"), ("from_name", "to_name"), {"profiles": _PROFILES, "why": ""}),
    "direct-routes": _Shape(("from", "to"), ("from_name", "to_name"), {"weeks_saved": "gezinsweken per jaar", "allowed": ""}),
    "brokers": _Shape(("partner",), ("name",), {"links": _NUMBER, "constraint": "", "effective_size": ""}),
    "indicators": _Shape(("indicator", "district"), ("indicator",), {"value": "", "target": ""}),
}
#: In an unweighted answer these count combinations of age, theme and entry.
_COUNTED: Final = {_FAMILIES: _PROFILES, "gezinnen": _PROFILES, "gezinsweken per jaar": "weken over combinaties"}


@dataclass(frozen=True, slots=True)
class Answers(Result):
    """All questions in long form. ``parts`` are the answers themselves; assumptions are those of all of them."""

    frame: Frame
    parts: tuple[Result, ...] = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """The rows as JSON."""
        return {"answers": self.rows()}

    def rows(self) -> list[dict[str, Any]]:
        """One figure a row, with the columns of :data:`COLUMNS`."""
        return [row for part in self.parts for row in _long(part)]


def answers(
    landscape: Landscape,
    municipalities: Sequence[str] = (),
    ages: Sequence[int] = (),
    themes: Sequence[str] = (),
    levels: Sequence[int] = (),
    *,
    with_outdated: bool = False,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Answers:
    """Every question of the region (or of ``municipalities``, ``ages`` in months, ``themes``, ``levels``) at once."""
    from itertools import product

    from ..profile import Profile

    places = tuple(municipalities) or landscape.region_municipalities
    profiles = [Profile(*p) for p in product(places, tuple(ages) or (None,), tuple(themes) or (None,))]
    asked: dict[str, Any] = {
        "municipalities": municipalities,
        "ages": ages,
        "themes": themes,
        "levels": levels,
        "with_outdated": with_outdated,
    }
    makers: tuple[Callable[[], Result], ...] = (
        lambda: offers_of_any(landscape, profiles, tuple(levels) or None, with_outdated=with_outdated),
        lambda: long_routes(landscape, **asked),
        lambda: bottlenecks(landscape, **asked),
        lambda: gaps(landscape, **asked),
        lambda: short_lines(landscape, **asked),
        lambda: direct_routes(landscape, top=0, k=0, **asked),
        lambda: brokers(landscape, municipalities),
        lambda: indicators(landscape, municipalities, themes),
    )
    parts: list[Result] = []
    for done, make in enumerate(makers):
        progress("answers", done, len(makers))
        parts.append(make())
    about = parts[2].frame
    assumptions: Iterable[Assumption] = dict.fromkeys(a for part in parts for a in part.frame.assumptions)
    frame = Frame(
        "answers",
        about.reference_date,
        about.unit,
        about.weighted,
        about.known_waits,
        about.outdated_waits,
        tuple(assumptions),
    )
    return Answers(frame, tuple(parts))


def _long(part: Result) -> Iterator[dict[str, Any]]:
    """The rows of one answer, a row per figure."""
    question = part.frame.question
    shape = _SHAPES[question]
    for row in part.rows():
        places = row.get("municipality") or row.get("municipalities")
        about = {
            "question": question,
            "municipality": places,
            "age_from": row.get("age_from"),
            "age_until": row.get("age_until"),
            "theme": row.get("theme") or row.get("themes") or None,
            "level": row.get("level"),
            "subject": " > ".join(str(row[c]) for c in shape.subject if row.get(c)),
            "name": " → ".join(str(row[c]) for c in shape.name if row.get(c)),
        }
        for figure, unit in shape.figures.items():
            value, hidden = row[figure], _is_hidden(row, figure)
            if value is None and not hidden:
                continue
            told = unit if part.frame.weighted else _COUNTED.get(unit, unit)
            yield {
                **about,
                "figure": figure,
                "value": value,
                "unit": told or row.get("unit") or "",
                "certainty": "onderdrukt" if hidden else _certainty(row, figure),
                "source": row.get("sources") or row.get("source") or "",
            }


def _is_hidden(row: Mapping[str, Any], figure: str) -> bool:
    """Whether a figure is left out because it is about too few families."""
    said = row.get("suppressed")
    if isinstance(said, str):
        return figure in said.split("; ")
    return bool(said) and row[figure] is None


def _certainty(row: Mapping[str, Any], figure: str) -> Certainty:
    """How sure a figure is, as far as its row says."""
    if row.get("status") == "onbekend" and figure in ("status", "weeks"):
        return "onbekend"
    if row.get("outdated"):
        return "verouderd"
    if row.get("assumed") or row.get("unknown_waits") or row.get("stable") is False:
        return "aangenomen"
    return "bekend"
