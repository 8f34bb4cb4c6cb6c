"""What would change as a document and as JSON: answers first, then waits, routes, offerings, partners, the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .document import Cell, Document, Table
from .language import say
from .naming import row_name, value_text
from .output import number
from .telling_answers import answers_json, tell
from .wording import header, plain_weeks

if TYPE_CHECKING:
    import polars as pl

    from ..graph.analyses.differences.changes import Changes, ColumnChange, TableChanges
    from ..graph.analyses.differences.outcomes import AnswerChanges
    from ..graph.analyses.sources import SourceChange
    from ..graph.landscape import Landscape

#: The order of importance for a reader; the other tables follow as the schema has them.
_FIRST: Final = ("waits", "routes", "offerings", "partners", "lines")


@dataclass(frozen=True)
class Found:
    """Everything that differs. ``answers`` None: not compared; ``first`` names a build that is not there yet."""

    old: Landscape
    new: Landscape
    changes: Changes
    answers: AnswerChanges | None
    sources: tuple[SourceChange, ...]
    codes: tuple[str, ...]
    first: str | None

    @property
    def threshold(self) -> int:
        return max(self.old.settings.threshold, self.new.settings.threshold)

    @property
    def nothing(self) -> bool:
        """Whether no row and no answer differs; moves and sources of facts left out."""
        return not self.changes and not (self.answers and (self.answers.answers or self.answers.offers))


# --- for readers -----------------------------------------------------------------------------------------
def document(found: Found, top: int) -> Document:
    """The whole, each table with ``top`` rows at most (0: all)."""
    made = Document()
    made.heading(say("changes.title"))
    before, after = found.old.settings.reference_date, found.new.settings.reference_date
    if found.first is not None:
        made.say(say("changes.all_new", out=found.first))
    if found.first is not None or before == after:
        made.say(say("changes.date", after=after))
    else:
        made.say(say("changes.dates", before=before, after=after))
    if found.nothing:
        made.say(say("changes.nothing_here" if found.codes else "changes.nothing"))
    _warn(made, found.sources)
    if not found.nothing:
        _summary(made, found)
    _answers(made, found, top)
    if found.first is None:
        _tables(made, found, top)
        _sources(made, found.sources)
    if found.changes.restated:
        made.say(say("changes.restated", number=number(found.changes.restated)))
    if found.changes.moved:
        made.say(say("changes.moved", number=number(found.changes.moved)))
    made.say(say("answers.footer"))
    made.flat = _flat(found)
    return made


def tell_rows(made: Document, found: Found, top: int) -> None:
    """What came, went and changed: counts per table, then each table with ``top`` rows at most (0: all)."""
    _summary(made, found)
    _tables(made, found, top)


def _tables(made: Document, found: Found, top: int) -> None:
    for told in sorted(found.changes.tables.values(), key=lambda t: _FIRST.index(t.table.name) if t.table.name in _FIRST else 99):
        if told.says_else:
            _table(made, found, told, top)


def _answers(made: Document, found: Found, top: int) -> None:
    if found.answers is not None:
        if not found.nothing:
            tell(made, found.old, found.new, found.answers, top)
    elif found.first is not None:
        made.say(say("changes.answers.first"))
    else:
        made.say(say("changes.answers.not_asked"))


def _summary(made: Document, found: Found) -> None:
    names = ("table", "before", "after", "added", "gone", "changed", "provenance", "moved_column")
    rows: list[list[Cell]] = [
        [
            t.table.nl,
            number(t.before),
            number(t.after),
            *("" if not n else number(n) for n in (t.added.height, t.gone.height, t.changed, t.restated, t.moved)),
        ]
        for t in found.changes.tables.values()
    ]
    made.table([say(f"changes.{n}") for n in names], rows)


def _table(made: Document, found: Found, told: TableChanges, top: int) -> None:
    total = told.added.height + told.gone.height + told.changed
    title = "changes.waits.title" if told.table.name == "waits" else "changes.rows"
    made.heading(say(title, table=told.table.nl, number=number(total)))
    rows: list[list[Cell]] = []
    for what, name, text in _events(found, told, top):
        rows.append([say(f"changes.event.{what}"), name, text])
    made.table([say("changes.happens"), say("changes.what"), ""], rows)
    if top and total > top:
        made.say(say("answers.more", number=number(total - top)))


def _events(found: Found, told: TableChanges, top: int) -> Iterator[tuple[str, str, str]]:
    """(what happens, the row's name, in which way) of the ``top`` most important rows (0: all)."""
    from ..graph.analyses.differences.changes import by_importance

    picked = by_importance(found.old, found.new, told, top)
    cells = _cells(told, {id_ for what, id_ in picked if what == "changed"})
    rows = {
        "added": _by_id(told, told.added, picked, "added"),
        "gone": _by_id(told, told.gone, picked, "gone"),
        "changed": _by_id(told, found.new[told.table.name], picked, "changed"),
    }
    for what, id_ in picked:
        row = rows[what][id_]
        landscape = found.old if what == "gone" else found.new
        name = row_name(landscape, told.table, row)
        if what == "changed":
            yield what, name, "; ".join(_becomes(found, told, change, old, new, hush) for change, old, new, hush in cells[id_])
        else:
            yield what, name, wait_text(landscape, row) if told.table.name == "waits" else ""


def _by_id(told: TableChanges, frame: pl.DataFrame, picked: Sequence[tuple[str, str]], what: str) -> dict[str, dict[str, Any]]:
    import polars as pl

    ids = [id_ for sort, id_ in picked if sort == what]
    wanted = frame.filter(pl.col(told.table.key).is_in(ids))
    return {row[told.table.key]: row for row in wanted.iter_rows(named=True)}


def _cells(told: TableChanges, ids: set[str]) -> dict[str, list[tuple[ColumnChange, Any, Any, bool]]]:
    """Per row what its cells were and become."""
    import polars as pl

    found: dict[str, list[tuple[ColumnChange, Any, Any, bool]]] = {}
    for change in told.columns:
        if change.sort == "content":
            frame = change.frame.filter(pl.col("id").is_in(list(ids)))
            for id_, old, new, hush in frame.select("id", "old", "new", "suppressed").iter_rows():
                found.setdefault(id_, []).append((change, old, new, hush))
    return found


def _becomes(found: Found, told: TableChanges, change: ColumnChange, old: Any, new: Any, hush: bool) -> str:
    texts = []
    for landscape, value in ((found.old, old), (found.new, new)):
        if value is None and hush:
            texts.append(say("cli.explain.suppressed", threshold=found.threshold))
        else:
            texts.append(say("changes.empty") if value is None else value_text(landscape, change.column, value))
    return say("changes.becomes", column=change.column.nl, old=texts[0], new=texts[1])


def wait_text(landscape: Landscape, row: Mapping[str, Any]) -> str:
    """A registered wait as it was written, with its date; a stop as a stop."""
    from ..graph.waiting import STOP
    from ..graph.waits import written

    text = say("answers.wait.closed") if row["state"] == STOP else written([dict(row)]) or say("answers.wait.unknown")
    if row["as_of"]:
        return say("changes.waits.as_of", wait=text, date=row["as_of"])
    return say("changes.waits.undated", wait=text)


def _warn(made: Document, sources: Sequence[SourceChange]) -> None:
    for s in sources:
        if s.shrunk:
            about = {"file": _source(s), "supplier": f" ({s.supplier})" if s.supplier else "", "before": number(s.before or 0)}
            if s.after is None:
                made.say(say("changes.sources.vanished", **about))
            else:
                made.say(say("changes.sources.shrunk", after=number(s.after), **about))


def _source(source: SourceChange) -> str:
    name = source.file + (f" [{source.sheet}]" if source.sheet else "")
    return say("changes.sources.was_called", file=name, before=source.file_before) if source.file_before else name


def _sources(made: Document, sources: Sequence[SourceChange]) -> None:
    differ = [s for s in sources if s.before != s.after or s.file_before]
    if not differ:
        return
    made.heading(say("changes.sources.title"))
    rows: list[list[Cell]] = [[_source(s), *("" if n is None else number(n) for n in (s.before, s.after))] for s in differ]
    made.table([say("changes.sources.file"), say("changes.before"), say("changes.after")], rows)


# --- for machines ------------------------------------------------------------------------------------------
def answer(found: Found) -> dict[str, Any]:
    """The answer as CONTRACTS §6 has it for trend, and ``answers``; tables and columns by their Dutch names."""
    from ..graph.analyses.common import Assumption, frame

    settings = found.new.settings
    assumed = [] if settings.reference_date_given else [Assumption("reference_date", (("date", settings.reference_date),))]
    told: dict[str, Any] = {
        **header(frame(found.new, "diff", (), assumed)),
        "reference_date_before": None if found.first is not None else found.old.settings.reference_date,
        "added": list(_rows(found, "added")),
        "gone": list(_rows(found, "gone")),
        "changed": list(_changed(found, "content")),
        "provenance": list(_changed(found, "provenance")),
        "moved": {t.table.nl: t.moved for t in found.changes.tables.values() if t.moved},
        "sources": [
            {
                "file": s.file,
                "sheet": s.sheet,
                "file_before": s.file_before,
                "supplier": s.supplier,
                "before": s.before,
                "after": s.after,
                "shrunk": s.shrunk,
            }
            for s in found.sources
        ],
    }
    compared = {"answers": None, "offers": None, "municipalities": None}
    return {**told, **(answers_json(found.answers) if found.answers is not None else compared)}


def _rows(found: Found, what: str) -> Iterator[dict[str, Any]]:
    for t in found.changes.tables.values():
        landscape = found.new if what == "added" else found.old
        frame: pl.DataFrame = getattr(t, what)
        for row in frame.sort(t.table.key).iter_rows(named=True):
            yield {"table": t.table.nl, "id": row[t.table.key], "name": row_name(landscape, t.table, row)}


def _changed(found: Found, sort: str) -> Iterator[dict[str, Any]]:
    for t in found.changes.tables.values():
        for change in t.columns:
            if change.sort != sort:
                continue
            for id_, old_id, old, new, hush in change.frame.select("id", "old_id", "old", "new", "suppressed").iter_rows():
                row = {"table": t.table.nl, "id": id_, "column": change.column.nl, "old": old, "new": new}
                row |= {"old_id": old_id} if old_id != id_ else {}
                yield row | ({"suppressed": True} if hush else {})


def _flat(found: Found) -> Table:
    """One long table: answers, then rows, one figure a line."""
    columns = ("change", "table", "id", "name", "column", "old", "new", "suppressed")
    rows: list[list[Cell]] = []
    for a in found.answers.answers if found.answers else ():
        ends: list[Cell] = [plain_weeks(o.days) if o.days is not None else o.reason for o in (a.before, a.after)]
        rows.append(["answer", a.municipality, a.start, None, f"level {a.level}", *ends, False])
    for what in ("added", "gone"):
        rows += [[what, r["table"], r["id"], r["name"], None, None, None, False] for r in _rows(found, what)]
    for what, sort in (("changed", "content"), ("provenance", "provenance")):
        for r in _changed(found, sort):
            values = [_plain(r[c]) for c in ("old", "new")]
            rows.append([what, r["table"], r["id"], None, r["column"], *values, bool(r.get("suppressed"))])
    return Table(columns, rows)


def _plain(value: Any) -> Cell:
    return "; ".join(value) if isinstance(value, list) else value
