"""lacking: what is not registered in one municipality, themes and ages together, and how others fill it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import Any, Final

from ...landscape import Landscape
from ...profile import GENERAL
from ...waiting import Source
from ..common import sources_of, years
from ..lacking.coverage import Cell
from ..lacking.gaps import Gaps

#: The statuses that tell of a gap, in the order in which they are told.
LACKING: Final = ("geen aanbod", "geen route", "aanmeldstop", "te lang")
_SAFETY: Final = "veiligheid"


@dataclass(frozen=True, slots=True)
class GoodExample:
    """What helped elsewhere, in the words of the table."""

    id: str
    name: str
    what: str | None
    where: str | None
    themes: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Lacking:
    """Themes of one municipality with the same ``status`` at the same ages (months, half-open), at one level.

    ``whole`` are the other municipalities (codes) where a way is registered for all of it, ``part`` for a part of it,
    ``offerings`` (municipality, name) what is offered there; ``examples`` what helped elsewhere for one of the themes.
    """

    level: int
    status: str
    age_from: int
    age_until: int
    themes: tuple[str, ...]
    whole: tuple[str, ...]
    part: tuple[str, ...]
    offerings: tuple[tuple[str, str], ...]
    examples: tuple[GoodExample, ...]

    def as_dict(self) -> dict[str, Any]:
        """The gap; ages in years, municipalities as codes."""
        return {
            "level": self.level,
            "status": self.status,
            "age_from": years(self.age_from),
            "age_until": years(self.age_until),
            "themes": list(self.themes),
            "elsewhere": list(self.whole),
            "elsewhere_in_part": list(self.part),
            "offerings": [{"municipality": code, "name": name} for code, name in self.offerings],
            "examples": [{"id": e.id, "sources": sources_of([e.source])} for e in self.examples],
        }


def lacking(landscape: Landscape, answer: Gaps, municipality: str, most: int) -> tuple[tuple[Lacking, ...], int]:
    """(the first ``most`` of what is not registered in a municipality, the number of all of it).

    Cells of one level with the same status at the same run of ages are one. Everyday questions go before providers' own
    terms, and of those what other municipalities fill, at least in part, before what nobody does: it can be learnt from.
    Of every level the first one, then of every level the second one, and so on, told lightest first; within a level what
    others fill wholly before what they fill in part, then by status, then what holds for most themes and ages. A narrower
    theme is not named beside the broader one that it falls under. Themes that are about safety only are left out: Veilig
    Thuis is always there and never an answer.
    """
    apart = _safety_themes(landscape, answer.themes)
    cells = [c for c in answer.cells if c.municipality == municipality and c.theme not in apart]
    known = _good_examples(landscape)
    found = [_told(landscape, answer, run, known, municipality) for run in _runs(cells)]
    found.sort(key=lambda x: (x.level, not _everyday(landscape, x), *_learning(x), -_size(x), x.age_from, x.themes))
    pools: list[list[Lacking]] = [[], [], []]
    for one in found:
        pools[2 if not _everyday(landscape, one) else 0 if one.whole or one.part else 1].append(one)
    chosen = [one for pool in pools for one in _in_turn(pool)][:most]
    return tuple(one for one in found if one in chosen), len(found)


def _in_turn(found: Sequence[Lacking]) -> Iterator[Lacking]:
    """Of every level the first one, then of every level the second one, and so on."""
    by_level = [list(same) for _, same in groupby(found, key=lambda one: one.level)]
    return (one for turn in zip_longest(*by_level) for one in turn if one is not None)


def _everyday(landscape: Landscape, one: Lacking) -> bool:
    """Whether some theme is an everyday question, and not only a provider's own term."""
    known = landscape.themes
    return any(theme not in known or not known[theme].broader for theme in one.themes)


def _learning(one: Lacking) -> tuple[bool, bool, int]:
    """First what others fill wholly, then what they fill in part; what is not there before what is hard to reach."""
    return not one.whole, not one.part, LACKING.index(one.status)


def _size(one: Lacking) -> int:
    return len(one.themes) * (one.age_until - one.age_from)


def _runs(cells: Sequence[Cell]) -> Iterator[tuple[int, str, int, int, tuple[str, ...]]]:
    """(level, status, first age, last age, themes) of what lacks: runs of ages with one status, themes with the same run."""
    together: dict[tuple[int, str, int, int], list[str]] = {}
    for (level, theme), same in groupby(cells, key=lambda c: (c.level, c.theme)):
        run: list[Cell] = []
        for cell in [*same, None]:
            if run and (cell is None or cell.status != run[0].status or cell.age_from != run[-1].age_until):
                key = level, run[0].status, run[0].age_from, run[-1].age_until
                together.setdefault(key, []).append(theme)
                run = []
            if cell is not None:
                run = [*run, cell]
    for (level, status, low, high), themes in together.items():
        if status in LACKING:
            yield level, status, low, high, tuple(themes)


def _named(landscape: Landscape, themes: Sequence[str]) -> tuple[str, ...]:
    """The themes without those of which a broader one is among them."""
    known = landscape.themes
    return tuple(t for t in themes if not any(b in themes for b in known.with_broader(t) if b != t))


def _told(
    landscape: Landscape,
    answer: Gaps,
    run: tuple[int, str, int, int, tuple[str, ...]],
    known: Iterable[GoodExample],
    municipality: str,
) -> Lacking:
    level, status, low, high, themes = run
    whole, part = answer.elsewhere.places(municipality, level, themes, low, high)
    offerings = answer.elsewhere.examples([*whole, *part], level, themes, low)
    named = _named(landscape, themes)
    broad = {b for theme in named for b in landscape.themes.with_broader(theme)} - {GENERAL}
    examples = tuple(e for e in known if broad.intersection(e.themes))
    return Lacking(level, status, low, high, named, tuple(whole), tuple(part), tuple(offerings), examples)


def _safety_themes(landscape: Landscape, themes: Collection[str]) -> frozenset[str]:
    """The themes that are about safety and nothing else."""
    known = landscape.themes
    return frozenset(t for t in themes if _SAFETY in known.with_broader(t) and set(known.with_broader(t)) <= {t, _SAFETY})


def _good_examples(landscape: Landscape) -> tuple[GoodExample, ...]:
    return tuple(
        GoodExample(
            row["id"], row["name"], row["what"], row["where"], tuple(row["themes"] or ()), Source.of("good_examples", row)
        )
        for row in landscape["good_examples"].iter_rows(named=True)
    )
