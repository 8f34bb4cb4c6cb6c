"""brokers: who connects municipalities and domains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import options
from .document import Cell, Document, Table
from .language import language, say
from .options import AsFormat, Format, Lang, Municipality, Out, Top
from .output import number, write
from .wording import assumption_texts, header

if TYPE_CHECKING:
    from ..graph.analyses.brokers import Brokers
    from ..graph.landscape import Landscape


def brokers(
    out: Out,
    gemeente: Municipality = None,
    format: AsFormat = Format.table,
    top: Top = 0,
    lang: Lang = None,
) -> int:
    from ..graph.analyses.brokers import brokers as ask
    from .reading import read

    landscape = read(out)
    codes = options.asked(landscape, gemeente).municipalities
    answer = ask(landscape, codes)
    found = {**header(answer.frame), **answer.as_dict()}
    found["assumptions"] = [*assumption_texts(answer.frame), *_counted(answer)]
    if top:
        found["partners"] = found["partners"][:top]
    write(_document(landscape, answer, codes, top), found, format)
    return 0


def _counted(answer: Brokers) -> list[str]:
    """How the routes were counted, as sentences."""
    unit, threshold = answer.frame.unit, answer.threshold
    if not answer.frame.weighted:
        said = [say("brokers.unweighted")]
    elif threshold:
        said = [say("brokers.weighted", unit=unit, threshold=threshold)]
    else:
        said = [say("brokers.weighted_all", unit=unit)]
    if answer.placeholders:
        key = "one" if answer.placeholders == 1 else "more"
        said.append(say(f"brokers.placeholders_{key}", number=number(answer.placeholders)))
    return said


def _document(landscape: Landscape, answer: Brokers, codes: tuple[str, ...], top: int) -> Document:
    made = Document()
    where = ", ".join(landscape.municipality_names.get(c, c) for c in codes)
    made.heading(say("brokers.title_in", where=where) if codes else say("brokers.title"))
    made.say(say("brokers.about"))
    shown = answer.partners[: top or None]
    if not shown:
        made.say(say("brokers.none"))
    rows: list[list[Cell]] = [
        [
            b.name,
            number(len(b.municipalities)),
            ", ".join(landscape.roles.label(r, language()) for r in b.roles_linked),
            number(b.links),
            _decimals(b.constraint, 2),
            _decimals(b.effective_size, 1),
        ]
        for b in shown
    ]
    columns = ("partner", "municipalities", "roles_linked", "links", "constraint", "effective_size")
    made.table([say(f"brokers.{c}") for c in columns], rows)
    if len(shown) < len(answer.partners):
        made.say(say("answers.more", number=number(len(answer.partners) - len(shown))))
    if shown:
        made.say(say("brokers.constraint_is"))
        made.say(say("brokers.size_is"))
        if codes:
            made.say(say("brokers.whole", where=where))
    for sentence in (*_counted(answer), *assumption_texts(answer.frame)):
        made.say(sentence)
    made.say(say("answers.footer"))
    made.flat = _flat(answer, top)
    return made


def _flat(answer: Brokers, top: int) -> Table:
    rows = answer.rows()[: top or None]
    columns = list(rows[0]) if rows else ["partner"]
    return Table(columns, [[row[c] for c in columns] for row in rows])


def _decimals(value: float | None, places: int) -> str:
    """A measure for readers; empty where there is none."""
    return "" if value is None else f"{value:.{places}f}".replace(".", say("cli.decimal"))
