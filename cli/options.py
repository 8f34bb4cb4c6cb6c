"""Options that commands share: declared once, with their help; and what people write, understood."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, Optional

import typer

from .errors import CallError
from .language import say

if TYPE_CHECKING:
    from ..graph.landscape import Landscape


class Format(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"
    csv = "csv"
    md = "md"


Data = Annotated[Path, typer.Argument(metavar="DATA", help=say("cli.options.data"))]
Out = Annotated[str, typer.Argument(metavar="OUT", help=say("cli.options.out"))]
AsFormat = Annotated[Format, typer.Option("--format", help=say("cli.options.format"))]
Top = Annotated[int, typer.Option("--top", min=0, help=say("cli.options.top"))]
Lang = Annotated[Optional[str], typer.Option("--lang", metavar="nl|en", help=say("cli.options.lang"))]  # noqa: UP045  # typer reads it at run time
Municipality = Annotated[Optional[list[str]], typer.Option("--gemeente", help=say("cli.options.gemeente"))]  # noqa: UP045
OneMunicipality = Annotated[Optional[str], typer.Option("--gemeente", help=say("cli.options.map_gemeente"))]  # noqa: UP045
Age = Annotated[Optional[list[str]], typer.Option("--age", help=say("cli.options.age"))]  # noqa: UP045
Theme = Annotated[Optional[list[str]], typer.Option("--theme", help=say("cli.options.theme"))]  # noqa: UP045
Level = Annotated[Optional[list[str]], typer.Option("--level", help=say("cli.options.level"))]  # noqa: UP045
WithOutdated = Annotated[bool, typer.Option("--with-outdated", help=say("cli.options.with_outdated"))]
Internal = Annotated[bool, typer.Option("--internal", help=say("cli.options.internal"))]


def only_on_screen(internal: bool, format: Format) -> None:
    """Refuse small counts of families in a form that is kept in a file (CONTRACTS §5: on the terminal only)."""
    if internal and format is not Format.table:
        raise CallError("internal-on-screen", format=format.value)


def municipality(landscape: Landscape, given: str | None) -> str:
    """The code of ``--gemeente``; without it the only one of the data."""
    from ..loaders.nearest import nearest
    from ..ontology.concepts import folded

    names = landscape.municipality_names
    region = landscape.region_municipalities
    if given is None:
        if len(region) == 1:
            return region[0]
        known = ", ".join(names.get(c, c) for c in region)
        raise CallError("gemeente-needed", known=known)
    plain = folded(given)
    by_name = {folded(c): c for c in names} | {folded(n): c for c, n in names.items()}
    if plain in by_name:
        return by_name[plain]
    near = nearest(plain, by_name, alike=70)
    suggestion = names[by_name[near[0]]] if near else ", ".join(names.get(c, c) for c in region)
    raise CallError("gemeente-unknown", value=given, suggestion=suggestion)


def age(given: str | None) -> int | None:
    """``--age`` in months: 14, 2,5 or 17,75."""
    if given is None:
        return None
    from ..loaders.values import Unreadable
    from ..loaders.values import age as parsed

    try:
        return parsed(given).months
    except Unreadable as error:
        raise CallError("age-unreadable", value=given) from error


def theme(landscape: Landscape, given: str | None) -> str | None:
    """The slug of ``--theme``, given as slug or label."""
    if given is None:
        return None
    from ..loaders.nearest import nearest
    from ..ontology.concepts import folded

    found = landscape.themes.find(given)
    if found is None:
        near = nearest(folded(given), landscape.themes.names, 3, alike=60)
        labels = dict.fromkeys(landscape.themes.label(landscape.themes.names[n]) for n in near)
        suggestion = ", ".join(labels) or ", ".join(landscape.themes.label(s) for s in landscape.themes.slugs[:19])
        raise CallError("theme-unknown", value=given, suggestion=suggestion)
    return found


class Asked(NamedTuple):
    """Whom a question is about: codes, ages in months, themes and levels; nothing said is all of them."""

    municipalities: tuple[str, ...]
    ages: tuple[int, ...]
    themes: tuple[str, ...]
    levels: tuple[int, ...]


def asked(
    landscape: Landscape,
    gemeente: list[str] | None,
    age: list[str] | None = None,
    theme: list[str] | None = None,
    level: list[str] | None = None,
) -> Asked:
    """``--gemeente``, ``--age``, ``--theme`` and ``--level``, understood."""
    codes = municipalities(landscape, gemeente) if gemeente else ()
    return Asked(codes, ages(age), themes(landscape, theme), levels(level))


def municipalities(landscape: Landscape, given: list[str] | None) -> tuple[str, ...]:
    """The codes of every ``--gemeente``; without any the only one of the data."""
    wanted: list[str | None] = [*given] if given else [None]
    return tuple(dict.fromkeys(municipality(landscape, g) for g in wanted))


def ages(given: list[str] | None) -> tuple[int, ...]:
    """Every ``--age`` in months."""
    return tuple(dict.fromkeys(a for g in given or () if (a := age(g)) is not None))


def themes(landscape: Landscape, given: list[str] | None) -> tuple[str, ...]:
    """The slugs of every ``--theme``."""
    return tuple(dict.fromkeys(t for g in given or () if (t := theme(landscape, g)) is not None))


def levels(given: list[str] | None) -> tuple[int, ...]:
    """``--level`` as numbers: 2, a label, or 3+ for 3 and 4; nothing when not given."""
    from ..ontology.concepts import scheme

    known = scheme("level")
    found: set[int] = set()
    for text in given or ():
        plus = text.endswith("+")
        slug = known.find(text.removesuffix("+"))
        if slug is None:
            raise CallError("level-unknown", value=text)
        found |= {int(s) for s in known.slugs if int(s) == int(slug) or (plus and int(s) > int(slug))}
    return tuple(sorted(found))


def endpoint(landscape: Landscape, given: str | None) -> str | None:
    """An endpoint of ``--from`` or ``--to`` as it is stored."""
    if given is None:
        return None
    from ..loaders.decisions import register_of

    parsed = register_of(landscape).endpoint(given)
    if parsed.value is None:
        from ..loaders.matching.asking import suggested

        suggestion = parsed.issues[0].suggestion or suggested(landscape, given) or "rol:huisarts"
        raise CallError("endpoint-unknown", value=given, suggestion=suggestion)
    return str(parsed.value)
