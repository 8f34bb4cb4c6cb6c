"""match: names that may be a partner, with a score and why, for a person to decide."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from .document import Document, Table
from .errors import CallError
from .files import atomic_file
from .language import language, say
from .options import AsFormat, Data, Format, Lang, Top
from .output import number, progress, remark, write

if TYPE_CHECKING:
    from ..loaders.matching.proposals import Proposal
    from ..loaders.read import Reading

DecisionsOut = Annotated[
    Optional[Path],  # noqa: UP045  # typer reads it at run time
    typer.Option("--out", "-o", metavar="FILE", help=say("cli.options.match_out")),
]


def match(data: Data, out: DecisionsOut = None, format: AsFormat = Format.table, top: Top = 20, lang: Lang = None) -> int:
    from ..loaders.read import read

    if out is not None and out.suffix.casefold() != ".csv":
        raise CallError("match-csv", value=out)
    with progress() as report:
        reading = read(data, report)
    if reading.refused:
        remark(say("cli.match.refused"))
        return 1
    if out is not None:
        _write_file(reading, data, out)
    answer = _answer(reading)
    write(_document(reading, answer, top), {"proposals": answer, "decided": _decided(reading)}, format)
    return 0


def _decided(reading: Reading) -> int:
    return int(reading.landscape["matches"]["verdict"].is_not_null().sum())


def _answer(reading: Reading) -> list[dict[str, Any]]:
    """The proposals as JSON; ``places`` are the cells in which a name stands (of a row of partners: the row)."""
    named: dict[str, list[dict[str, Any]]] = {}
    for finding in reading.findings:
        if finding.code in ("unknown-reference", "ambiguous-reference") and finding.value:
            place = {"file": finding.file, "sheet": finding.sheet, "row": finding.row, "column": finding.column}
            named.setdefault(finding.value, []).append(place)
    rows = reading.landscape["partners"].rows_by_key("id", named=True, unique=True)
    return [_as_dict(p, named.get(p.written, []), rows.get(p.written) if p.row else None) for p in reading.proposals]


def _as_dict(proposal: Proposal, places: list[dict[str, Any]], row: Mapping[str, Any] | None) -> dict[str, Any]:
    if row is not None:
        places = [{"file": row["file"], "sheet": row["sheet"], "row": row["row"], "column": "naam"}]
    return {
        "written": proposal.written,
        "written_name": proposal.row_name,
        "partner": proposal.partner,
        "name": proposal.name,
        "score": proposal.score,
        "why": [e.told(language()) for e in proposal.judgement.evidence],
        "places": places,
    }


def _document(reading: Reading, answer: list[dict[str, Any]], top: int) -> Document:
    made = Document()
    made.say(say("cli.match.summary", open=number(len(answer)), decided=number(_decided(reading))))
    columns = [say(f"cli.match.{c}") for c in ("written", "where", "partner", "score", "why")]
    rows = [(_written(a), _where(a), f"{a['partner']} {a['name']}", a["score"], "; ".join(a["why"])) for a in answer]
    made.table(columns, rows[: top or None])
    if len(answer) > (top or len(answer)):
        made.say(say("cli.match.more", number=number(len(answer) - top)))
    names = ("written", "written_name", "partner", "name", "score")
    made.flat = Table((*names, "why"), [[*(a[n] for n in names), "; ".join(a["why"])] for a in answer])
    return made


def _written(answer: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (answer["written"], answer["written_name"])))


def _where(answer: Mapping[str, Any]) -> str:
    """The first place, and how many more."""
    places = answer["places"]
    if not places:
        return ""
    first = places[0]
    sheet = f" [{first['sheet']}]" if first["sheet"] else ""
    more = f" (+{len(places) - 1})" if len(places) > 1 else ""
    return f"{first['file']}{sheet}, {say('cli.check.row')} {first['row']}{more}"


def _write_file(reading: Reading, data: Path, out: Path) -> None:
    """The file of decisions: what stands in ``out``, else in the data, with the open proposals below it."""
    from ..loaders.matching.to_decide import to_decide

    base = out if out.is_file() else _standing(reading, data)
    earlier = base.read_bytes() if base else None
    others = [] if out.absolute().parent == data.absolute() else _elsewhere(reading, data, base)
    try:
        made = to_decide(earlier, reading.proposals, others, language())
    except ValueError as error:
        raise CallError("match-not-decisions", value=base) from error
    with atomic_file(out) as file:
        file.write(made.data)
    remark(say("cli.match.done", file=out.absolute(), kept=number(made.kept), added=number(made.added)))
    if made.left_out:
        remark(say("cli.match.left_out", number=number(made.left_out)))


def _standing(reading: Reading, data: Path) -> Path | None:
    """The csv file with decisions in the data, the first by name."""
    if not data.is_dir():
        return None
    sources = reading.landscape["sources"]
    names = sorted(
        f for f, t in sources.select("file", "of_table").iter_rows() if t == "matches" and f.casefold().endswith(".csv")
    )
    return data / names[0] if names else None


def _elsewhere(reading: Reading, data: Path, base: Path | None) -> list[list[str]]:
    """Decisions of the data that stand in another file than ``base``, as texts."""
    here = base.name if base is not None and base.parent.absolute() == data.absolute() else None
    rows = reading.landscape["matches"].sort("file", "sheet", "row").iter_rows(named=True)
    names = ("written", "partner", "verdict", "score", "why", "decided_by", "decided_on")
    return [["" if r[n] is None else str(r[n]) for n in names] for r in rows if r["verdict"] and r["file"] != here]
