"""log: what a log of referrals says of routes and waits, for a partner to run at home and to hand over nothing else."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Optional

import typer

from .document import Cell, Document
from .errors import CallError
from .language import language, say
from .options import AsFormat, Format, Lang, Top
from .output import number, progress, remark, write
from .wording import weeks_text

if TYPE_CHECKING:
    from ..graph.landscape import Landscape
    from ..loaders.registrations.log import Aggregates

_FORMAT: Final = 1


class Engine(StrEnum):
    """What computes."""

    duckdb = "duckdb"
    spark = "spark"


def log(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help=say("cli.options.log_files"))],
    mapping: Annotated[Path, typer.Option("--mapping", metavar="M.toml", help=say("cli.options.log_mapping"))],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help=say("cli.options.log_out"))],
    engine: Annotated[Engine, typer.Option("--engine", help=say("cli.options.log_engine"))] = Engine.duckdb,
    master: Annotated[Optional[str], typer.Option("--master", metavar="URL", help=say("cli.options.log_master"))] = None,  # noqa: UP045
    format: AsFormat = Format.table,
    top: Top = 10,
    lang: Lang = None,
) -> int:
    from ..loaders.registrations.log import aggregate
    from ..loaders.registrations.mapping import read_mapping

    if master is not None and engine is not Engine.spark:
        raise CallError("log-master-without-spark")
    _free(out)
    given = read_mapping(mapping)
    with progress() as report:
        found = aggregate(files, given, engine=engine.value, master=master, lang=language(), progress=report)
    _written(found, out)
    # every route is a row of them: made only for who asks
    answer = _answer(found, out) if format is Format.json else {}
    write(_document(found, top, long=format is Format.csv), answer, format)
    for sentence in _remarks(found):
        remark(sentence)
    remark(say("log.written", folder=out.absolute()))
    return 1 if found.apart else 0


def _free(out: Path) -> None:
    """Refuse to replace what no log wrote."""
    from ..loaders.read import RECEIPT

    if out.exists() and not (out / RECEIPT).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise CallError("log-would-overwrite", path=out)


def _written(found: Aggregates, out: Path) -> None:
    """The tables, the settings, a note and the receipt: the folder appears whole or not at all."""
    from ..graph.edition import atomic_folder
    from ..graph.exports.tables import settings, tables
    from ..loaders.read import RECEIPT
    from ..loaders.registrations.tables import LOGGED

    said = {"source": found.mapping.source, "since": found.since, "until": found.until, "threshold": found.mapping.threshold}
    with atomic_folder(out) as making:
        for name, content in tables(found.landscape, LOGGED):
            (making / name).write_bytes(content)
        (making / "routekaart.toml").write_text(settings(found.landscape), "utf-8", newline="\n")
        (making / say("exports.note_name")).write_text(say("log.note", **said), "utf-8", newline="\n")
        receipt = json.dumps(_receipt(found), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (making / RECEIPT).write_text(receipt, "utf-8", newline="\n")


def _receipt(found: Aggregates) -> dict[str, Any]:
    """What was read and how; no number of families, and no word of a log that stands in few rows."""
    mapping = found.mapping
    return {
        "format": _FORMAT,
        "source": mapping.source,
        "files": list(found.files),
        "rows": {"read": found.rows, "used": found.used, "apart": dict(sorted(found.apart.items()))},
        "period_from": found.since.isoformat(),
        "period_until": found.until.isoformat(),
        "reference_date": found.until.isoformat(),
        "by_day": found.by_day,
        "same_moment": found.ambiguous,
        "started_before_referred": found.negative,
        "unknown_words": {name: dict(words) for name, words in found.unknown.items()},
        "persons_left_unread": found.persons,
        "figures_hidden": found.hidden,
        "threshold": mapping.threshold,
        "unit": mapping.unit,
        "unknown_after_weeks": mapping.unknown_after_weeks,
        "age_bands_months": list(mapping.ages),
        "columns": dict(mapping.columns),
    }


def _answer(found: Aggregates, out: Path) -> dict[str, Any]:
    from ..graph.schema import TABLES
    from ..loaders.registrations.tables import LOGGED

    return {
        "question": "log",
        "engine": found.engine,
        "folder": str(out),
        **{key: value for key, value in _receipt(found).items() if key != "format"},
        "tables": {TABLES[name].nl: found.landscape[name].height for name in LOGGED},
        "routes": _routes(found.landscape),
        "handovers": [
            {
                "from": row["from"],
                "to": row["to"],
                "number": row["number"],
                **({"suppressed": True} if row["number"] is None else {}),
                "weeks_median": row["weeks_median"],
                "weeks_p95": row["weeks_p95"],
                "stay_weeks_median": row["stay_weeks_median"],
                "stay_weeks_p95": row["stay_weeks_p95"],
            }
            for row in _rows(found.landscape, "handovers")
        ],
        "waits": [
            {
                "on": row["on"][0],
                "number": row["number"],
                "censored": row["censored"],
                "weeks_median": row["weeks_median"],
                "weeks_p90": row["weeks_p90"],
                "weeks_median_kaplan_meier": row["weeks_median_km"],
            }
            for row in _rows(found.landscape, "waits")
        ],
    }


def _routes(landscape: Landscape) -> list[dict[str, Any]]:
    """Every route with its cell (ages in years), how many families a year, and what they waited."""
    from ..graph.analyses.common import years

    waits = {row["on"][0].removeprefix("route:"): row for row in landscape["waits"].to_dicts()}
    found = []
    for row in _rows(landscape, "routes"):
        wait = waits.get(row["id"], {})
        found.append(
            {
                "id": row["id"],
                "from": row["from"],
                "to": row["to"],
                "municipality": (row["municipalities"] or [None])[0],
                "age_from": years(row["age_from"]),
                "age_until": years(row["age_until"]),
                "theme": (row["themes"] or [None])[0],
                "per_year": row["per_year"],
                **({"suppressed": True} if row["per_year"] is None else {}),
                "weeks_median": wait.get("weeks_median"),
                "weeks_p90": wait.get("weeks_p90"),
                "weeks_median_kaplan_meier": wait.get("weeks_median_km"),
            }
        )
    return sorted(
        found, key=lambda r: [str(r[k] if r[k] is not None else "") for k in ("from", "to", "municipality", "theme", "id")]
    )


def _rows(landscape: Landscape, table: str) -> list[dict[str, Any]]:
    """The rows of a table in order; of waits those at a partner: the others stand beside their routes."""
    frame = landscape[table]
    by = ["from", "to"] if "from" in frame.columns else ["on"]
    rows = (frame if "on" not in by else frame.filter(~frame["on"].list.first().str.starts_with("route:"))).to_dicts()
    return sorted(rows, key=lambda row: [str(row[name]) for name in by])


def _document(found: Aggregates, top: int, *, long: bool) -> Document:
    made = Document()
    told = {"source": found.mapping.source, "since": found.since, "until": found.until}
    made.heading(say("log.heading", **told))
    made.say(
        say(
            "log.counted",
            read=number(found.rows),
            used=number(found.used),
            apart=number(sum(found.apart.values())),
            unit=found.mapping.unit,
        )
    )
    _ways(made, found, top)
    _places(made, found, top)
    _back(made, found, top)
    if found.mapping.threshold:
        made.say(say("log.hidden", number=number(found.hidden), threshold=found.mapping.threshold, unit=found.mapping.unit))
    made.say(say("answers.footer"))
    if long:
        made.long([{"suppressed": False, **row} for row in _routes(found.landscape)])
    return made


def _ways(made: Document, found: Aggregates, top: int) -> None:
    """Between whom families went, most families first."""
    rows = sorted(found.landscape["handovers"].to_dicts(), key=lambda r: (-(r["number"] or 0), r["from"], r["to"]))
    made.heading(say("log.ways"))
    columns = ("from", "to", "families", "wait", "wait_p95", "stay")
    cells: list[list[Cell]] = [
        [
            row["from"],
            row["to"],
            _count(row["number"]),
            *(_weeks(row[c]) for c in ("weeks_median", "weeks_p95", "stay_weeks_median")),
        ]
        for row in (rows[:top] if top else rows)
    ]
    made.table([say(f"log.column.{c}") for c in columns], cells)
    _more(made, len(rows), top)


def _places(made: Document, found: Aggregates, top: int) -> None:
    """How long was waited at whom, by name."""
    rows = _rows(found.landscape, "waits")
    if not rows:
        return
    made.heading(say("log.waits"))
    made.say(say("log.kaplan_meier"))
    columns = ("place", "families", "waiting", "median", "median_km", "p90")
    cells: list[list[Cell]] = [
        [
            row["on"][0],
            _count(row["number"]),
            _count(row["censored"]),
            *(_weeks(row[c]) for c in ("weeks_median", "weeks_median_km", "weeks_p90")),
        ]
        for row in (rows[:top] if top else rows)
    ]
    made.table([say(f"log.column.{c}") for c in columns], cells)
    _more(made, len(rows), top)


def _back(made: Document, found: Aggregates, top: int) -> None:
    """Who went and came back; pairs of which no number may be told are only counted."""
    every = _rows(found.landscape, "back_and_forth")
    rows = [row for row in every if row["number"] is not None]
    if not every:
        return
    made.heading(say("log.back"))
    made.say(say("log.back_about"))
    columns = ("from", "to", "families", "unstarted", "weeks_back")
    cells: list[list[Cell]] = [
        [row["from"], row["to"], _count(row["number"]), _count(row["without_start"]), _weeks(row["weeks_median"])]
        for row in (rows[:top] if top else rows)
    ]
    if cells:
        made.table([say(f"log.column.{c}") for c in columns], cells)
    _more(made, len(rows), top)
    if len(rows) < len(every):
        made.say(say("log.back_few", number=number(len(every) - len(rows))))


def _more(made: Document, rows: int, top: int) -> None:
    if top and rows > top:
        made.say(say("log.more", number=number(rows - top)))


def _count(families: int | None) -> str:
    return say("log.not_shown") if families is None else number(families)


def _weeks(weeks: float | None) -> str:
    return say("log.nothing") if weeks is None else weeks_text(weeks * 7)


def _remarks(found: Aggregates) -> list[str]:
    """What was set apart, assumed or not understood, each with what can be done about it."""
    said = [say(f"log.apart.{reason}", number=number(rows)) for reason, rows in found.apart.items()]
    for name, words in found.unknown.items():
        named = ", ".join(f"{word} ({number(rows)})" for word, rows in words.items() if word)
        few = words.get("", 0)
        if named:
            said.append(say(f"log.unknown.{name}", words=named))
        if few:
            said.append(say(f"log.unknown_few.{name}", number=number(few)))
    if found.persons:
        said.append(say("log.persons", number=number(found.persons)))
    if not found.mapping.by_step and "from" not in found.mapping.columns:
        said.append(say("log.no_sender"))
    if found.by_day:
        said.append(say("log.by_day"))
    if found.ambiguous:
        said.append(say("log.ambiguous", number=number(found.ambiguous)))
    if found.negative:
        said.append(say("log.negative", number=number(found.negative)))
    if not found.mapping.reference_date:
        said.append(say("log.reference_date", date=found.until))
    if (found.until - found.since).days + 1 < 365:
        said.append(say("log.short"))
    if not found.mapping.threshold:
        said.append(say("log.no_threshold"))
    return said
