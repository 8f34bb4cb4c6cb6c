"""The route map of a region as one HTML page: offline, accessible, the same bytes for the same data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ...graph.landscape import Landscape
from ...ontology.catalogue import LANGUAGES, text
from ..embed import (
    COMPARED_SCRIPTS,
    EARLY,
    GAPS_SCRIPTS,
    LIBRARY,
    MEETING_SCRIPTS,
    MEETING_STYLES,
    SCRIPTS,
    STYLES,
    WHATIF_SCRIPTS,
    WHATIF_STYLES,
    as_json,
    policy,
    static,
)
from ..environment import environment
from ..layers.parts import layer_parts
from ..material import COALITION, EDITIONS, PUBLIC, Material
from ..meeting.content import meeting, meeting_text
from ..meeting.sheets import LINES
from ..sheets.compared import compared
from ..sheets.tables import sheets
from ..wording import Wording
from .content import content, municipalities, numbers
from .supposed import route_about, supposed, whatif_text

_TEMPLATE: Final = "page.html.j2"


def render(
    landscape: Landscape,
    *,
    municipality: str | None = None,
    lang: str = "nl",
    edition: str = PUBLIC,
    before: Landscape | None = None,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> str:
    """The whole page as text.

    ``municipality`` (code) is the one on which the page opens, the first by name when not given.
    ``edition`` is ``openbaar`` (what there is, routes, waits; no counts of families) or ``coalitie`` (lines, agreements and
    the meeting too, with the figures of advise, hidden as it hides them). ``before`` is an older build to compare with.
    Raises ValueError for a choice that does not exist.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"no such language: {lang!r}; choose {' or '.join(LANGUAGES)}")
    if edition not in EDITIONS:
        raise ValueError(f"no such edition: {edition!r}; choose {' or '.join(EDITIONS)}")
    material = Material(landscape, Wording(lang), edition)
    codes = municipalities(material)
    if municipality is not None and municipality not in codes:
        raise ValueError(f"{municipality!r} is no municipality of this region; choose {', '.join(codes)}")
    start = municipality or codes[0]
    data = content(material, start)
    laid = layer_parts(material, numbers(material), data["finder"]["themes"])
    data["layers"] = laid.data
    data["tables"] |= laid.columns
    met = meeting(material, codes, start) if edition == COALITION else None
    if met is not None:
        data["meeting"] = met.data
        data["whatif"] = supposed(material, met.proposals)
    places = {code: number for number, code in enumerate(codes)}
    settings = landscape.settings
    more = [
        *(GAPS_SCRIPTS if laid.heat else ()),
        *((*MEETING_SCRIPTS, *WHATIF_SCRIPTS) if met else ()),
        *(COMPARED_SCRIPTS if before else ()),
    ]
    scripts = [static(name) for name in (*SCRIPTS[:-1], *more, SCRIPTS[-1])]
    styles = [static(name) for name in (*STYLES, *((*MEETING_STYLES, *WHATIF_STYLES) if met else ()))]
    return (
        environment()
        .get_template(_TEMPLATE)
        .render(
            lang=lang,
            say=material.words.say,
            settings=settings,
            date=material.words.date(settings.reference_date),
            fictional="fictief" in f"{settings.name} {settings.title}".casefold(),
            edition=edition,
            policy=policy([static(EARLY), static(LIBRARY), *scripts], styles),
            early=static(EARLY),
            library=static(LIBRARY),
            scripts=scripts,
            styles=styles,
            data=as_json(data),
            local=data["municipalities"][places[start]],
            municipalities=[(view["code"], view["name"]) for view in data["municipalities"]],
            start=start,
            meeting=met,
            compared=compared(material, before, progress) if before else None,
            beside=lambda key, **values: text(f"compared.{key}", lang, **values),
            told=lambda key, **values: meeting_text(key, lang, **values),
            lines=LINES,
            supposing=lambda key, **values: whatif_text(key, lang, **values),
            route_about=route_about(material),
            sheets=[*sheets(material), *laid.sheets],
            layers=laid.layers,
            heat=laid.heat,
            layered=lambda key, **values: text(f"layers.{key}", lang, **values),
            reach=lambda where: "*" if where is None else " ".join(str(places[c]) for c in sorted(where) if c in places),
        )
    )


def write(html: str, path: Path) -> None:
    """Write the page as UTF-8: it appears whole or not at all (OSError leaves what was there)."""
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as place:
        draft = Path(place, path.name)
        draft.write_text(html, "utf-8", newline="\n")
        draft.replace(path)
