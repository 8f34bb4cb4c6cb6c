"""What is not registered: a figure of ages per theme and level, then what lacks and every other kind of gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...graph.analyses.lacking.coverage import Cell as Piece
from ...graph.analyses.lacking.gaps import Gaps
from ...graph.analyses.lacking.kinds import KINDS
from ...graph.analyses.lacking.parts import Gap
from ...ontology.catalogue import text
from .figures import ages, sample
from .parts import Cell, Group, Section, Table
from .telling import Telling, begun

#: So many rows of what lacks, and so many gaps of one kind, stand on the page; the workbook has them all.
ROWS, OF_A_KIND = 12, 4
#: What lacks most comes first; a way within the norm, or of unknown time, is no gap.
_LACKS = ("geen aanbod", "geen route", "aanmeldstop", "te lang")
_LOOKS = {
    "ok": "way-ok",
    "onbekend": "way-unknown",
    "te lang": "way-long",
    "aanmeldstop": "way-closed",
    "geen route": "way-none",
    "geen aanbod": "way-nothing",
}


@dataclass(frozen=True, slots=True)
class Lack:
    """The themes for which the same lacks at a level and for the same ages."""

    level: int
    status: str
    age_from: int
    age_until: int
    elsewhere: tuple[str, ...]
    themes: tuple[str, ...]


def lacking(telling: Telling, number: int, gaps: Gaps) -> Section:
    """The cube of what is covered, and the gaps by kind."""
    say = telling.say
    groups = [_figure(telling, gaps)] if gaps.cells else []
    lacks = lacks_of(gaps.cells)
    if lacks:
        groups.append(_rows(telling, gaps, lacks))
    by_kind = {kind: same for kind in KINDS if (same := [g for g in gaps.gaps if g.kind == kind])}
    groups += [_kind(telling, kind, same) for kind, same in by_kind.items()]
    if not lacks and not gaps.gaps:
        groups.append(Group("", lines=(Cell(say("lacking.nothing")),)))
    present = {cell.status for cell in gaps.cells}
    legend = tuple(
        (sample(look), text(f"gaps.status.{status}", telling.lang)) for status, look in _LOOKS.items() if status in present
    )
    quotes = telling.quotes(gap.partner or "" for same in by_kind.values() for gap in same[:OF_A_KIND])
    return Section("lacking", number, say("section.lacking"), say("lacking.lead"), legend, tuple(groups), quotes)


def lacks_of(cells: Iterable[Piece]) -> list[Lack]:
    """What lacks, lightest level first, cells that differ in their theme only together."""
    found: dict[tuple[int, str, int, int, tuple[str, ...]], list[str]] = {}
    for cell in cells:
        if cell.status in _LACKS:
            key = (cell.level, cell.status, cell.age_from, cell.age_until, cell.elsewhere)
            found.setdefault(key, []).append(cell.theme)
    lacks = [Lack(*key, tuple(themes)) for key, themes in found.items()]
    return sorted(lacks, key=lambda x: (x.level, _LACKS.index(x.status), -len(x.themes), x.age_from, x.age_until, x.themes))


# --- the figure --------------------------------------------------------------------------------------------------
def _figure(telling: Telling, gaps: Gaps) -> Group:
    """Themes with the same answers share a row."""
    say = telling.say
    by_theme: dict[str, dict[int, list[Piece]]] = {}
    for cell in gaps.cells:
        by_theme.setdefault(cell.theme, {}).setdefault(cell.level, []).append(cell)
    alike: dict[tuple[object, ...], list[str]] = {}
    for theme, levels in by_theme.items():
        answer = tuple((level, c.age_from, c.age_until, c.status) for level in gaps.levels for c in levels.get(level, ()))
        alike.setdefault(answer, []).append(theme)
    columns = (say("column.theme"), *(begun(telling.level(level)) for level in gaps.levels))
    rows = tuple(
        (
            Cell(telling.several((telling.theme(t) for t in themes), 8)),
            *(_strip(telling, by_theme[themes[0]].get(level, ())) for level in gaps.levels),
        )
        for themes in alike.values()
    )
    settings = telling.found.landscape.settings
    lead = say("there.overview_lead", first=settings.age_from // 12, last=settings.age_until // 12)
    return Group(say("lacking.figure"), lead, tables=(Table("cube", say("lacking.figure"), columns, rows),))


def _strip(telling: Telling, cells: Sequence[Piece]) -> Cell:
    settings = telling.found.landscape.settings
    label = "; ".join(
        telling.say(
            "lacking.ages_are",
            ages=telling.words.ages(c.age_from, c.age_until),
            status=text(f"gaps.status.{c.status}", telling.lang),
        )
        for c in cells
    )
    spans = ((c.age_from, c.age_until, _LOOKS[c.status]) for c in cells)
    return Cell("", figure=ages(spans, settings.age_from, settings.age_until, label))


# --- row by row --------------------------------------------------------------------------------------------------
def _rows(telling: Telling, gaps: Gaps, lacks: Sequence[Lack]) -> Group:
    say = telling.say
    columns = tuple(say(f"column.{c}") for c in ("level", "status", "ages", "themes", "elsewhere"))
    rows = []
    for lack in lacks[:ROWS]:
        every = len(lack.themes) == len(gaps.themes) > 1
        themes = text("gaps.all_themes", telling.lang) if every else telling.several((telling.theme(t) for t in lack.themes), 8)
        where = telling.several((telling.town(c) for c in lack.elsewhere), 8) or text("gaps.nowhere", telling.lang)
        rows.append(
            (
                Cell(begun(telling.level(lack.level))),
                Cell(text(f"gaps.status.{lack.status}", telling.lang)),
                Cell(telling.words.ages(lack.age_from, lack.age_until)),
                Cell(themes),
                Cell(where),
            )
        )
    left = len(lacks) - len(rows)
    lines = (Cell(telling.count("lacking.more", left)),) if left else ()
    table = Table("lacks", say("lacking.rows"), columns, tuple(rows))
    return Group(say("lacking.rows"), say("lacking.rows_lead"), tables=(table,), lines=lines)


def _kind(telling: Telling, kind: str, same: Sequence[Gap]) -> Group:
    lines = list(_lines(telling, same[:OF_A_KIND]))
    left = len(same) - len(lines)
    if left:
        lines.append(Cell(telling.count("lacking.more", left)))
    heading = telling.say("lacking.kind", kind=text(f"gaps.kinds.{kind}", telling.lang), number=len(same))
    return Group(heading, lines=tuple(lines))


def _lines(telling: Telling, same: Iterable[Gap]) -> Iterator[Cell]:
    for gap in same:
        yield Cell(gap.told(telling.lang), marks=telling.mark(gap.sources))
