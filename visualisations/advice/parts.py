"""What an advice consists of when it is told: the same for the page, for Markdown and for the terminal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or a few, with the numbers of the receipts that it rests on."""

    text: str
    receipts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to talk about; ``quotes`` are reactions (of whom, words) of those whom it is about."""

    title: str
    lines: tuple[Line, ...]
    quotes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part. ``rest`` are lines that stand after the items."""

    key: str
    number: int
    heading: str
    lead: str
    items: tuple[Item, ...]
    rest: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """One of the four sentences of the summary, told a little further; ``parts`` are the sections that it sums up."""

    key: str
    heading: str
    lines: tuple[str, ...]
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a line comes from: what it is about, files and rows, dates of the sources, and ids to ask `explain` for."""

    number: int
    about: str
    where: str
    date: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The whole advice in words."""

    heading: str
    title: str
    publisher: str | None
    date: str
    edition: str
    fictional: str | None
    intro: tuple[str, ...]
    boxes: tuple[Box, ...]
    sections: tuple[Section, ...]
    ground: tuple[str, ...]
    receipts: tuple[Receipt, ...]
    purpose: str
    safety: str
