"""An advice as Markdown, in which no text of a cell can become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...ontology.catalogue import text
from .parts import Item, Line, Section, Told

#: What Markdown takes for more than a sign; an entity and a link without brackets too.
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>|#~&]|(?<=http)(?=s?:)|(?<=www)(?=\.))")
#: What begins a list, a heading or a quote at the beginning of a line.
_BEGINS: Final = re.compile(r"^(\s*)([-+=>]|\d+(?=[.)]))")


def markdown(told: Told, lang: str = "nl") -> str:
    """The advice as one Markdown text."""
    return "\n\n".join(_blocks(told, lang)) + "\n"


def plain(said: str) -> str:
    r"""A text on one line, with a backslash before every sign that Markdown would take for more.

    >>> plain("<b>1. [a](http://b)")
    '\\<b\\>1. \\[a\\](http\\://b)'
    """
    one_line = " ".join(said.split())
    escaped = _MARKUP.sub(lambda found: "\\" + found.group(), one_line)
    return _BEGINS.sub(_guarded, escaped)


def _guarded(found: re.Match[str]) -> str:
    """A beginning that begins nothing: a backslash before the sign, or behind the number."""
    sign = found.group(2)
    return found.group(1) + (sign + "\\" if sign.isdigit() else "\\" + sign)


def _blocks(told: Told, lang: str) -> Iterator[str]:
    yield f"# {plain(told.heading)}"
    yield " · ".join(plain(said) for said in (told.title, told.publisher, told.date) if said)
    yield "\n\n".join(f"**{plain(said)}**" for said in (told.edition, told.fictional) if said)
    yield from map(plain, told.intro)
    yield f"## {_say('one_page', lang)}"
    for box in told.boxes:
        parts = ", ".join(_say("part", lang, number=part) for part in box.parts)
        yield f"### {plain(box.heading)} ({parts})"
        yield "\n".join(f"- {plain(said)}" for said in box.lines)
    for section in told.sections:
        yield from _section(section)
    yield f"## {_say('section.ground', lang)}"
    yield "\n".join(f"- {plain(said)}" for said in told.ground)
    yield from _receipts(told, lang)
    yield "---"
    yield f"{plain(told.purpose)}\n\n**{plain(told.safety)}**"


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.number}. {plain(section.heading)}"
    yield plain(section.lead)
    for item in section.items:
        yield from _item(item)
    if section.rest:
        yield "\n".join(f"- {_line(said)}" for said in section.rest)


def _item(item: Item) -> Iterator[str]:
    yield f"### {plain(item.title)}"
    if item.lines:
        yield "\n".join(f"- {_line(said)}" for said in item.lines)
    for who, words in item.quotes:
        yield f"> {plain(who)}: “{plain(words)}”"


def _line(said: Line) -> str:
    """A line with its receipts as plain numbers in brackets."""
    return plain(said.text) + "".join(f" \\[{number}\\]" for number in said.receipts)


def _receipts(told: Told, lang: str) -> Iterator[str]:
    if not told.receipts:
        return
    yield f"## {_say('section.receipts', lang)}"
    yield plain(_say("receipts.lead", lang))
    heads = [_say(f"receipts.{column}", lang) for column in ("number", "about", "where", "date", "id")]
    rows = [[str(r.number), r.about, r.where, r.date, ", ".join(r.ids)] for r in told.receipts]
    lines = [heads, ["---"] * len(heads), *([plain(cell) for cell in row] for row in rows)]
    yield "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _say(key: str, lang: str, **values: object) -> str:
    return text(f"advice.{key}", lang, **values)
