"""What a report consists of when it is told: the page is made of these pieces, and the tests read them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something stands: ``text`` is the letter of the file with its rows ("A12"), ``letter`` that of the file."""

    text: str
    letter: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, with a word in front of it (``tag``), less important lines below it, a figure and where it stands.

    ``lines`` are cells that stand within it, those of a line beside each other.
    """

    text: str
    notes: tuple[str, ...] = ()
    tag: str = ""
    figure: Markup | None = None
    marks: tuple[Mark, ...] = ()
    look: str = ""
    lines: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under ``columns``; a row of one cell is a heading within the table. ``key`` gives it its look."""

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """A way: from where, for whom, drawn as a strip, then its steps one by one."""

    title: str
    tags: tuple[str, ...]
    said: str
    figure: Markup
    steps: tuple[Cell, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A heading within a section and what stands below it."""

    heading: str
    lead: str = ""
    strips: tuple[Strip, ...] = ()
    axis: Markup | None = None
    tables: tuple[Table, ...] = ()
    lines: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part.

    ``quotes`` are the reactions (of whom, words) of the partners that stand in it, each once.
    """

    key: str
    number: int
    heading: str
    lead: str
    legend: tuple[tuple[Markup, str], ...]
    groups: tuple[Group, ...]
    quotes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """One of the sentences of the summary, told a little further."""

    key: str
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The whole report in words."""

    municipality: str
    heading: str
    title: str
    publisher: str | None
    date: str
    edition: str
    fictional: str | None
    intro: tuple[str, ...]
    boxes: tuple[Box, ...]
    sections: tuple[Section, ...]
    purpose: str
    safety: str
