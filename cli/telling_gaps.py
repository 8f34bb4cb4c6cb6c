"""What is not registered, as a policy maker reads it: three sentences, the municipalities by name, then each kind of gap."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Final

from .document import Cell as Shown
from .document import Document
from .language import language, say
from .output import number
from .wording import assumption_texts, level_text, source_text, weeks_text

if TYPE_CHECKING:
    from ..graph.analyses.lacking.coverage import Cell
    from ..graph.analyses.lacking.gaps import Gaps
    from ..graph.analyses.lacking.parts import Gap
    from ..graph.analyses.norms import Norm
    from ..graph.landscape import Landscape
    from ..graph.waiting import Source

#: The statuses that tell of a gap, in the order in which they are told.
_LACKING: Final = ("geen aanbod", "geen route", "aanmeldstop", "te lang")
_STATUSES: Final = ("ok", "onbekend", *reversed(_LACKING))
_SAFETY: Final = "veiligheid"
#: How many lines a reader takes in: of each part, and of one municipality that stands alone.
_FEW: Final = 5
_MORE: Final = 15
#: So many themes are named one by one.
_MANY: Final = 6
_SOURCES: Final = 3


def document(landscape: Landscape, answer: Gaps, top: int | None, *, with_outdated: bool) -> Document:
    """The whole answer for readers; of each part the first ``top`` (0: all, None: what a reader takes in)."""
    made = Document()
    made.heading(say(f"gaps.titles.{answer.view}"))
    _summary(made, landscape, answer)
    if with_outdated:
        made.say(say("answers.with_outdated"))
    lines = (_MORE if len(answer.municipalities) == 1 else _FEW) if top is None else top
    for code in answer.municipalities:
        _municipality(made, landscape, answer, code, lines)
    _kinds(made, landscape, answer, _FEW if top is None else top)
    _method(made, landscape, answer)
    return made


# --- the whole -------------------------------------------------------------------------------------------
def _summary(made: Document, landscape: Landscape, answer: Gaps) -> None:
    made.say(say("gaps.not_the_same", date=answer.frame.reference_date))
    if not answer.municipalities:
        made.say(say("gaps.no_small"))
        return
    if not answer.cells:
        made.say(say("gaps.no_cells"))
        return
    spans = _spans(answer.cells)
    whole = sum(spans[status] for status in _STATUSES)
    shares = {status.replace(" ", "_"): _percent(spans[status], whole) for status in _STATUSES if status != "ok"}
    low, high = min(c.age_from for c in answer.cells), max(c.age_until for c in answer.cells)
    values = {
        "municipalities": _counted("municipalities", len(answer.municipalities)),
        "themes": _counted("themes", len(answer.themes)),
        "levels": _counted("levels", len(answer.levels)),
        "ages": _ages(low, high),
    }
    made.say(say("gaps.looked_at", **values))
    ways = _percent(spans["ok"] + spans["onbekend"] + spans["te lang"], whole)
    made.say(say("gaps.found", ways=ways, **shares))
    made.heading(say("gaps.per_level"))
    rows: list[list[Shown]] = []
    for level in answer.levels:
        here = _spans(c for c in answer.cells if c.level == level)
        whole = sum(here.values())
        rows.append([level_text(level), *(_percent(here[status], whole) for status in _STATUSES)])
    made.table([say("gaps.level"), *(say(f"gaps.status.{s}") for s in _STATUSES)], rows)


def _spans(cells: Iterable[Cell]) -> dict[str, int]:
    """Months of age per status, over all themes, levels and municipalities."""
    found = dict.fromkeys(_STATUSES, 0)
    for cell in cells:
        found[cell.status] += cell.age_until - cell.age_from
    return found


def _percent(part: int, whole: int) -> str:
    """A share for readers; what is there is never 0%, what is not everything never 100%."""
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 1:
        return "<1%"
    return ">99%" if 99 < share < 100 else f"{share:.0f}%"


# --- one municipality ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Line:
    """Themes of one municipality with the same gap at the same ages: ``cells`` are all that it stands for."""

    level: int
    status: str
    age_from: int
    age_until: int
    themes: tuple[str, ...]
    cells: tuple[Cell, ...]


def _safety_themes(landscape: Landscape, themes: Collection[str]) -> frozenset[str]:
    """Themes that are about safety only; not where they are all that was asked."""
    known = landscape.themes
    found = frozenset(t for t in themes if _SAFETY in known.with_broader(t) and set(known.with_broader(t)) <= {t, _SAFETY})
    return found if len(found) < len(themes) else frozenset()


def _municipality(made: Document, landscape: Landscape, answer: Gaps, code: str, top: int) -> None:
    apart = _safety_themes(landscape, answer.themes)
    made.heading(landscape.municipality_names.get(code, code))
    own = [c for c in answer.cells if c.municipality == code]
    lines = _lines([c for c in own if c.theme not in apart])
    if not lines:
        made.say(say("gaps.nothing_lacking"))
        return
    every = [t for t in answer.themes if t not in apart]
    shown = _first(lines, top)
    rows: list[list[Shown]] = [
        [
            level_text(line.level),
            say(
                f"gaps.line.{line.status}",
                place=landscape.municipality_names.get(code, code),
                ages=_ages(line.age_from, line.age_until),
                themes=themes_text(landscape, line.themes, every),
                weeks=_weeks(line.cells),
            ),
            _elsewhere(landscape, answer, line),
        ]
        for line in shown
    ]
    made.table([say(f"gaps.{c}") for c in ("level", "what", "elsewhere")], rows)
    if len(shown) < len(lines):
        made.say(say("answers.more", number=number(len(lines) - len(shown))))


def _weeks(cells: Sequence[Cell]) -> str:
    """How long the ways take: one number of weeks, or the range."""
    days = [c.days for c in cells if c.days is not None]
    return "–".join(dict.fromkeys(weeks_text(d) for d in (min(days), max(days)))) if days else ""


def _lines(cells: Sequence[Cell]) -> list[_Line]:
    """The gaps of one municipality: runs of ages with one status, themes with the same run together."""
    together: dict[tuple[int, str, int, int], dict[str, list[Cell]]] = {}
    for (level, theme), same in groupby(cells, key=lambda c: (c.level, c.theme)):
        run: list[Cell] = []
        for cell in [*same, None]:
            if run and (cell is None or cell.status != run[0].status or cell.age_from != run[-1].age_until):
                key = level, run[0].status, run[0].age_from, run[-1].age_until
                together.setdefault(key, {})[theme] = run
                run = []
            if cell is not None:
                run = [*run, cell]
    lines = [
        _Line(level, status, low, high, tuple(themes), tuple(c for run in themes.values() for c in run))
        for (level, status, low, high), themes in together.items()
        if status in _LACKING
    ]
    return sorted(
        lines, key=lambda x: (x.level, _LACKING.index(x.status), -len(x.themes) * (x.age_until - x.age_from), x.age_from)
    )


def _first(lines: Sequence[_Line], top: int) -> list[_Line]:
    """The first ``top`` lines (0: all): the first one of every level and status, then the second one of each, and so on."""
    groups = [list(same) for _, same in groupby(lines, key=lambda x: (x.level, x.status))]
    in_turn = [line for turn in zip_longest(*groups) for line in turn if line is not None]
    chosen = in_turn[: top or None]
    return [line for line in lines if line in chosen]


def _elsewhere(landscape: Landscape, answer: Gaps, line: _Line) -> str:
    """Where the same question has a registered way, with what."""
    question = line.level, line.themes, line.age_from
    whole, part = answer.elsewhere.places(line.cells[0].municipality, line.level, line.themes, line.age_from, line.age_until)
    if not whole and not part:
        return say("gaps.nowhere")
    names = landscape.municipality_names
    parts = []
    if whole:
        others = answer.elsewhere.region - 1
        all_of_them = len(whole) == others > 2
        parts.append(say("gaps.all_others", number=others) if all_of_them else ", ".join(names.get(c, c) for c in whole))
    if part:
        parts.append(say("gaps.partly", places=", ".join(names.get(c, c) for c in part)))
    found = answer.elsewhere.examples([*whole, *part], *question)
    if found:
        parts.append(say("gaps.for_example", names=", ".join(f"{name} ({names.get(code, code)})" for code, name in found)))
    return "; ".join(parts)


def themes_text(landscape: Landscape, themes: Collection[str], every: Collection[str]) -> str:
    """Themes by label: a narrower one only where nothing broader is named; all, or all but a few, in so many words."""
    scheme = landscape.themes

    def named(slugs: Collection[str]) -> list[str]:
        return [scheme.label(t, language()) for t in slugs if not any(b in slugs for b in scheme.with_broader(t)[1:])]

    if len(themes) == len(every) > 1:
        return say("gaps.all_themes")
    others = named([t for t in every if t not in themes])
    labels = named(themes)
    if len(labels) > _MANY and len(others) <= _MANY:
        return say("gaps.all_themes_but", themes=", ".join(others))
    if len(labels) > _MANY:
        return say("gaps.and_more", themes=", ".join(labels[:_MANY]), number=len(labels) - _MANY)
    return ", ".join(labels)


# --- the other gaps --------------------------------------------------------------------------------------
def _kinds(made: Document, landscape: Landscape, answer: Gaps, top: int) -> None:
    partners: dict[str, None] = {}
    for kind, same in groupby(answer.gaps, key=lambda g: g.kind):
        told = list(_together(landscape, answer, list(same)))
        made.heading(say("gaps.kind", kind=say(f"gaps.kinds.{kind}"), number=number(len(told))))
        shown = told[: top or None]
        rows: list[list[Shown]] = [[text, _sources(found)] for text, found in shown]
        made.table([say("gaps.what"), say("gaps.source")], rows)
        if len(shown) < len(told):
            made.say(say("answers.more", number=number(len(told) - len(shown))))
        partners.update((g.partner, None) for _, found in shown for g in found if g.partner)
    from ..graph.responses import responses

    for partner, words in responses(landscape, partners):
        made.say(say("gaps.response", partner=landscape.names.get(partner, partner), words=words))


def _together(landscape: Landscape, answer: Gaps, gaps: Sequence[Gap]) -> Iterable[tuple[str, list[Gap]]]:
    """Gaps that differ in theme only, and then in municipality only, in one sentence."""
    by_theme: dict[tuple[object, ...], list[Gap]] = {}
    for gap in gaps:
        said = tuple((k, v) for k, v in gap.words.items() if k not in ("theme", "place") and not callable(v))
        key = (gap.level, gap.age_from, gap.age_until, gap.partner, gap.offering, gap.sentence, said)
        one = () if gap.theme is None else (gap.municipality,)
        by_theme.setdefault((*key, gap.theme is None, *one), []).append(gap)
    for same in by_theme.values():
        first, instead = same[0], {}
        if len({g.theme for g in same}) > 1:
            instead["theme"] = themes_text(landscape, [g.theme for g in same if g.theme], answer.themes)
        codes = list(dict.fromkeys(g.municipality for g in same if g.municipality))
        if len(codes) > 1:
            instead["place"] = _places(landscape, codes, answer)
        yield first.told(language(), **instead), same


def _places(landscape: Landscape, codes: Sequence[str], answer: Gaps) -> str:
    if len(codes) == len(answer.municipalities) > 2:
        return say("gaps.all_municipalities", number=len(codes))
    return ", ".join(landscape.municipality_names.get(c, c) for c in codes)


def _sources(gaps: Sequence[Gap]) -> str:
    sources = list(dict.fromkeys(s for g in gaps for s in g.sources))
    text = source_text(sources[:_SOURCES])
    return f"{text} …" if len(sources) > _SOURCES else text


# --- how it was found ------------------------------------------------------------------------------------
def _method(made: Document, landscape: Landscape, answer: Gaps) -> None:
    made.heading(say("gaps.method"))
    made.say(say("gaps.ages_at_entry"))
    made.say(say("gaps.safety"))
    by_norm: dict[Norm | None, list[str]] = {}
    for code, norm in answer.norms:
        by_norm.setdefault(norm, []).append(landscape.municipality_names.get(code, code))
    for norm, places in by_norm.items():
        where = ", ".join(places)
        if norm is None or norm.weeks is None:
            made.say(say("gaps.no_norm", places=where))
            continue
        weeks = f"{norm.weeks:g}".replace(".", say("cli.decimal"))
        kind = say("gaps.target") if norm.is_target(answer.frame.reference_date) else say("gaps.norm")
        year = f", {norm.year}" if norm.year else ""
        made.say(say("gaps.norm_is", places=where, weeks=weeks, kind=kind, year=year, source=_where(norm.source)))
    known, outdated = answer.frame.known_waits, answer.frame.outdated_waits
    if known is not None and outdated is not None:
        made.say(say("gaps.known", known=f"{100 * known:.0f}%", outdated=f"{100 * outdated:.0f}%"))
    for sentence in assumption_texts(answer.frame):
        made.say(sentence)
    made.say(say("answers.footer"))


def _where(source: Source) -> str:
    """Where a norm stands; a target value of the settings stands in no row."""
    return source_text([source]) if source.row else source.file


def _ages(low: int, high: int) -> str:
    from ..graph.analyses.lacking.parts import ages_text

    return ages_text(low, high, language())


def _counted(what: str, many: int) -> str:
    return say(f"gaps.count.{what}_{'one' if many == 1 else 'more'}", number=number(many))
