"""What a report to a partner consists of: sections of blocks, the same for the page and for the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Where a reader sees something: on the public map, in the coalition's edition only, or on no map.
PUBLIC, COALITION, NOWHERE = "openbaar", "coalitie", "geen"
SHOWN: Final = (PUBLIC, COALITION, NOWHERE)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is said, under its label. ``link`` is a web address that is safe to follow."""

    label: str
    text: str
    link: str | None = None
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Small rows of one kind together: columns, and cells by row (the last column is the source)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One part that a partner can answer.

    ``mark`` is what to mention in an answer: an id of the partner's own (``own_id``), else where the row stands;
    ``rows`` are the (table, id) of which it tells.
    """

    title: str
    mark: str
    own_id: bool
    rows: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...] = ()
    grid: Grid | None = None
    origin: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    noticed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under one heading. ``response`` is the partner's earlier reaction, where figures stand."""

    key: str
    heading: str
    lead: str
    shown: str
    blocks: tuple[Block, ...] = ()
    lines: tuple[str, ...] = ()
    response: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report; ``summary`` says per edition what there is."""

    partner: str
    name: str
    heading: str
    intro: tuple[tuple[str | None, tuple[str, ...]], ...]
    summary: tuple[tuple[str, tuple[str, ...]], ...]
    note: str | None
    sections: tuple[Section, ...]
    contact: str | None
    response: str | None
    fictional: bool

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Every block that can be answered, in order."""
        return tuple(b for s in self.sections for b in s.blocks)
