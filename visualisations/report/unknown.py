"""What nobody stated, what was assumed meanwhile, and where everything stands: the last parts of a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...graph.analyses.common import Assumption
from ...graph.analyses.offers import UNKNOWN, Offer
from ...graph.schema import TABLES
from ...ontology.catalogue import text
from ..advice.receipts import ranges
from .marks import UsedFile
from .parts import Cell, Group, Section, Table
from .telling import Telling

#: So many of a source's own words on where its rows come from.
WORDS = 12


def unknown(telling: Telling, number: int) -> Section:
    """What to ask for, by what is not stated; nobody is blamed for it."""
    say = telling.say
    groups = [Group(say("unknown.asked"), lines=tuple(_lines(telling)) or (Cell(say("unknown.nothing")),))]
    assumed = tuple(Cell(line) for line in _assumed(telling))
    if assumed:
        groups.append(Group(say("unknown.assumed"), lines=assumed))
    return Section("unknown", number, say("section.unknown"), say("unknown.lead"), (), tuple(groups))


def _lines(telling: Telling) -> Iterator[Cell]:
    every = telling.found.every
    kinds: tuple[tuple[str, list[Offer]], ...] = (
        ("waits", [o for o in every if o.wait.assumed and not o.wait.outdated]),
        ("outdated", [o for o in every if o.wait.assumed and o.wait.outdated]),
        ("ages", [o for o in every if o.age_from is None and o.age_until is None]),
        ("access", [o for o in every if o.access is None]),
        ("apply", [o for o in every if not o.how_to_apply]),
        ("place", [o for o in every if o.nearby == UNKNOWN]),
        ("level", [o for o in every if o.level is None]),
    )
    for key, offers in kinds:
        if offers:
            names = telling.several(sorted((o.name for o in offers), key=str.casefold), 8)
            yield Cell(telling.say(f"unknown.{key}", number=len(offers), all=len(every), names=names))
    roles = {
        n for level in telling.found.ways for u in level.ways for n in u.way.path if n.startswith("rol:") and n != "rol:gezin"
    }
    if roles:
        labels = sorted(telling.role(r.removeprefix("rol:")) for r in roles)
        yield Cell(telling.say("unknown.roles", names=telling.several(labels, 8)))


def _assumed(telling: Telling) -> Iterator[str]:
    """What was assumed in any of the answers, each once."""
    found = telling.found
    frames = [found.offers.frame, found.long.frame, *(a.frame for a in found.asked.values())]
    if found.together:
        frames += [found.together.flows.frame, found.together.gaps.frame, found.together.contacts.frame]
    once: dict[str, Assumption] = {}
    for frame in frames:
        for assumption in frame.assumptions:
            # of a count that several answers have the one about all that is offered
            once.setdefault(assumption.key, assumption)
    for assumption in once.values():
        yield text(f"answers.assumed.{assumption.key}", telling.lang, **dict(assumption.values))


def sources(telling: Telling, number: int) -> Section:
    """The files by their letters, with their dates and their own words on where their rows come from.

    Everything else must have been told before: then all letters are known.
    """
    say = telling.say
    columns = tuple(say(f"column.{c}") for c in ("letter", "file", "table", "rows", "newest", "verified"))
    suppliers = {
        (file, sheet): supplier
        for file, sheet, supplier in telling.found.landscape["sources"].select("file", "sheet", "supplier").iter_rows()
    }
    files = telling.marks.files()
    rows = tuple(_file(telling, used, suppliers.get((used.file, used.sheet))) for used in files)
    said = tuple(_said(telling, files))
    groups = [Group("", tables=(Table("sources", say("section.sources"), columns, rows),) if rows else ())]
    if said:
        groups.append(Group(say("sources.said"), lines=said))
    date = telling.words.date(telling.found.landscape.settings.reference_date)
    return Section("sources", number, say("section.sources"), say("sources.lead", date=date), (), tuple(groups))


def _file(telling: Telling, used: UsedFile, supplier: str | None) -> tuple[Cell, ...]:
    sheet = (telling.say("sources.sheet", sheet=used.sheet),) if used.sheet else ()
    by = (telling.say("sources.supplier", name=supplier),) if supplier else ()
    lang = telling.lang
    tables = ", ".join(TABLES[t].nl if lang == "nl" else TABLES[t].name for t in used.tables)
    return (
        Cell(used.letter),
        Cell(used.file, (*sheet, *by)),
        Cell(tables),
        Cell(str(len(used.rows)), look="number"),
        Cell(telling.date(used.newest)),
        Cell(telling.words.date(used.verified) if used.verified else telling.say("sources.not_verified")),
    )


def _said(telling: Telling, files: Iterable[UsedFile]) -> Iterator[Cell]:
    """Where rows come from in the words of their sources: the first ones of each file."""
    for used in files:
        for words, rows in used.said[:WORDS]:
            yield Cell(telling.say("sources.words", rows=used.letter + ranges(rows), words=words))
        left = len(used.said) - WORDS
        if left > 0:
            yield Cell(telling.count("sources.more", left, letter=used.letter))
