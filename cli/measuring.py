"""indicators: how it goes, by the region's own figures."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from . import options
from .document import Cell, Document, Table
from .language import language, say
from .options import AsFormat, Format, Internal, Lang, Municipality, Out, Theme, Top
from .output import number, write
from .wording import assumption_texts, header

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..graph.analyses.indicators import Figure, Indicators
    from ..graph.analyses.norms import Norm
    from ..graph.landscape import Landscape
    from ..graph.waiting import Source


def indicators(
    out: Out,
    gemeente: Municipality = None,
    theme: Theme = None,
    internal: Internal = False,
    format: AsFormat = Format.table,
    top: Top = 0,
    lang: Lang = None,
) -> int:
    from ..graph.analyses.indicators import indicators as ask
    from .reading import read

    options.only_on_screen(internal, format)
    landscape = read(out)
    asked = options.asked(landscape, gemeente, theme=theme)
    answer = ask(landscape, asked.municipalities, asked.themes, internal=internal)
    found = answer.as_dict()
    if top:
        found["indicators"] = found["indicators"][:top]
    write(_document(landscape, answer, top), {**header(answer.frame), **found}, format)
    return 0


def _document(landscape: Landscape, answer: Indicators, top: int) -> Document:
    made = Document()
    made.heading(say("indicators.title"))
    shown = answer.figures[: top or None]
    made.say(say("indicators.about") if shown else say("indicators.none"))
    for code, figures in groupby(shown, key=lambda f: f.municipality):
        made.heading(landscape.municipality_names.get(code, code) if code else say("indicators.nowhere"))
        _table(made, landscape, list(figures))
    if len(shown) < len(answer.figures):
        made.say(say("answers.more", number=number(len(answer.figures) - len(shown))))
    if shown:
        made.say(say("indicators.targets"))
    other = dict.fromkeys(f.indicator for f in shown if f.other_unit)
    if other:
        made.say(say("indicators.other_unit", names="; ".join(other)))
    if any(f.suppressed for f in shown):
        made.say(say("indicators.hidden", threshold=answer.threshold))
    for sentence in assumption_texts(answer.frame):
        made.say(sentence)
    made.say(say("answers.footer"))
    made.flat = _flat(answer, top)
    return made


def _table(made: Document, landscape: Landscape, figures: Sequence[Figure]) -> None:
    """One municipality: a line per series, its years side by side; only the columns that it fills."""
    years = sorted({f.year for f in figures}, key=lambda year: year or 0)
    lines = [list(line) for _, line in groupby(figures, key=lambda f: (f.indicator, f.theme, f.district, f.unit))]
    themed = any(f.theme for f in figures)
    districts = any(f.district for f in figures)
    targets = any(f.target for f in figures)
    rows: list[list[Cell]] = []
    for line in lines:
        first = line[0]
        row: list[Cell] = [first.indicator]
        if themed:
            row.append(landscape.themes.label(first.theme, language()) if first.theme else "")
        if districts:
            row.append(first.district or "")
        row += [_values(f for f in line if f.year == year) for year in years]
        row.append(first.unit or "")
        if targets:
            row.append(_target(first.target, landscape.settings.reference_date))
        rows.append([*row, _where(f.source for f in line)])
    columns = [say("indicators.indicator")]
    columns += [say("indicators.theme")] if themed else []
    columns += [say("indicators.district")] if districts else []
    columns += [str(year) if year else say("indicators.undated") for year in years]
    columns.append(say("indicators.unit"))
    columns += [say("indicators.target")] if targets else []
    made.table([*columns, say("indicators.source")], rows)


def _where(sources: Iterable[Source]) -> str:
    """File and rows: "indicatoren.csv:5, 6, 7"."""
    places: dict[str, dict[int, None]] = {}
    for s in sources:
        places.setdefault(f"{s.file} [{s.sheet}]" if s.sheet else s.file, {})[s.row] = None
    return "; ".join(f"{file}:{', '.join(map(str, rows))}" for file, rows in places.items())


def _values(figures: Iterable[Figure]) -> str:
    return " / ".join(say("indicators.not_shown") if f.suppressed else _plain(f.value) for f in figures)


def _target(norm: Norm | None, reference_date: str) -> str:
    """As in "streefwaarde 9 (2028)" or "norm 9": it is called a norm only where it holds now."""
    if norm is None:
        return ""
    key = "target_text" if norm.is_target(reference_date) else "norm_text"
    text = say(f"indicators.{key}", value=_plain(norm.value))
    return say("indicators.for_year", text=text, year=norm.year) if norm.year else text


def _plain(value: float | None) -> str:
    """A figure as it was written: with the decimals that it has."""
    if value is None:
        return say("answers.unknown")
    return f"{value:.3f}".rstrip("0").rstrip(".").replace(".", say("cli.decimal"))


def _flat(answer: Indicators, top: int) -> Table:
    rows = answer.rows()[: top or None]
    columns = list(rows[0]) if rows else ["indicator"]
    return Table(columns, [[row[c] for c in columns] for row in rows])
