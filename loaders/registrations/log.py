"""Files of a log → what may be handed over of it. The one door of this room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from ...graph.landscape import Landscape
from ...ontology.catalogue import ToldError
from .codes import Codes
from .engines import engine as started
from .mapping import Mapping as LogMapping
from .moves import moves_of
from .period import years_of
from .protection import Shown, shown
from .referrals import Reader, Referrals
from .sources import source_of
from .spill import private_folder
from .tables import landscape_of
from .tallies import tallies

Progress = Callable[[str, int, int], None]
_STEPS: Final = 4
#: A longer word is no name of anything.
_LONGEST: Final = 40


class EmptyLogError(ToldError):
    """No row of the log can be used."""


@dataclass(frozen=True)
class Aggregates:
    """What a log says of routes and waits, without anything that is about one family.

    ``landscape``: the tables, without partners. ``rows`` = ``used`` + the sum of ``apart`` (by reason). ``unknown``: words of
    enough rows that mean nothing to us, by what they should have named (municipality, theme, outcome); ``persons``: rows that
    named a person where an organisation should stand. ``hidden``: figures that were too small, or would have given one away.
    """

    landscape: Landscape
    mapping: LogMapping
    engine: str
    files: tuple[str, ...]
    rows: int
    used: int
    apart: Mapping[str, int]
    since: date
    until: date
    by_day: bool
    ambiguous: int
    negative: int
    unknown: Mapping[str, Mapping[str, int]]
    persons: int
    hidden: int


def aggregate(
    files: Sequence[Path],
    mapping: LogMapping,
    *,
    engine: str = "duckdb",
    master: str | None = None,
    lang: str = "nl",
    progress: Progress = lambda what, done, total: None,
) -> Aggregates:
    """Read the files of a log (CSV, Parquet, XES; plain or gzipped) and count what families went through.

    ``engine`` is "duckdb" or "spark" (then ``master`` says where). Raises a ToldError with the cure when a file cannot be
    read as the mapping says, holds citizen service numbers, or has no row that can be used; or when the engine is not there.
    """
    with private_folder() as spill, started(engine, spill, master) as made:
        progress("log-read", 0, _STEPS)
        headers = tuple(dict.fromkeys(mapping.columns.values()))
        sources = [source_of(path, number, headers, spill) for number, path in enumerate(files)]
        read = Reader(made, mapping).referrals(sources)
        used = read.rows - sum(read.apart.values())
        if not used:
            raise EmptyLogError("log-nothing-used", rows=read.rows)
        progress("log-moves", 1, _STEPS)
        moves = moves_of(made, read.table, read.codes)
        progress("log-count", 2, _STEPS)
        told = tallies(made, read, moves, mapping)
    progress("log-protect", 3, _STEPS)
    kept = shown(told, read.codes, mapping.threshold, years_of(read.since, read.until))
    return _aggregates(files, mapping, engine, read, used, kept, lang)


def _aggregates(
    files: Sequence[Path], mapping: LogMapping, engine: str, read: Referrals, used: int, kept: Shown, lang: str
) -> Aggregates:
    return Aggregates(
        landscape_of(kept, read.codes, mapping, read.since, read.until, lang),
        mapping,
        engine,
        tuple(path.name for path in files),
        read.rows,
        used,
        read.apart,
        read.since,
        read.until,
        read.by_day,
        read.ambiguous,
        read.negative,
        _unknown(read.codes, mapping.threshold),
        read.codes.organisations.persons,
        kept.hidden,
    )


def _unknown(codes: Codes, threshold: int) -> dict[str, dict[str, int]]:
    """The words that mean nothing to us; a word of a few rows may be about somebody and is counted only ("")."""
    found: dict[str, dict[str, int]] = {}
    for name, words in (("municipality", codes.municipalities), ("theme", codes.themes), ("outcome", codes.outcomes)):
        told: dict[str, int] = {}
        for word, rows in sorted(words.unknown.items()):
            key = word if rows >= max(threshold, 1) and len(word) <= _LONGEST else ""
            told[key] = told.get(key, 0) + rows
        if told:
            found[name] = told
    return found
