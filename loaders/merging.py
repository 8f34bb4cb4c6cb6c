"""Rows of partners that people decided to be one: one row is kept, the others are put apart and told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from ..graph.schema import PROVENANCE, TABLES
from ..ontology.concepts import folded
from .decisions import Decision, Settled
from .findings import Finding

#: How much of a cell a finding repeats.
_SHOWN: Final = 60


def merged_partners(frame: pl.DataFrame, found: Settled) -> tuple[pl.DataFrame, list[Finding]]:
    """The partners without the rows that were decided to be another, and for each row what it said otherwise.

    Nothing of such a row is taken over but its names, as other names of the partner that is kept.
    """
    rows = {r["id"]: r for r in frame.iter_rows(named=True) if r["id"] in found.merged}
    wanted = {kept for kept, _ in found.merged.values()}
    keeping = {r["id"]: r for r in frame.filter(pl.col("id").is_in(sorted(wanted))).iter_rows(named=True)}
    findings: list[Finding] = []
    names: dict[str, set[str]] = {}
    gone: list[str] = []
    for id_, row in rows.items():
        kept, decision = found.merged[id_]
        if kept not in keeping:
            continue
        gone.append(id_)
        names.setdefault(kept, set()).update(n for n in (row["name"], row["short_name"], *(row["other_names"] or ())) if n)
        findings.append(_told(row, keeping[kept], decision))
    if not gone:
        return frame, findings
    others = []
    for id_, short, name, known in frame.select("id", "short_name", "name", "other_names").iter_rows():
        mine = {folded(n) for n in (name, short, *(known or ())) if n}
        added = {n for n in names.get(id_, ()) if folded(n) not in mine}
        others.append(sorted({*(known or ()), *added}) or None)
    made = frame.with_columns(pl.Series("other_names", others, dtype=frame.schema["other_names"]))
    made = made.filter(~pl.col("id").is_in(gone))
    for id_, file, sheet, row in made.filter(pl.col("part_of") == pl.col("id")).select("id", "file", "sheet", "row").iter_rows():
        findings.append(Finding("part-of-itself", file, sheet, row, TABLES["partners"].column("part_of").nl, id_))
    return made.with_columns(pl.when(pl.col("part_of") != pl.col("id")).then("part_of")), findings


def _told(row: Mapping[str, Any], kept: Mapping[str, Any], decision: Decision) -> Finding:
    """What a row that is another says that the kept row lacks or says otherwise."""
    own = {c.name for c in PROVENANCE} | {"id", "name", "short_name", "other_names"}
    lacks, differs = [], []
    for column in TABLES["partners"].stored:
        here, there = row[column.name], kept[column.name]
        if column.name in own or here is None or here == there:
            continue
        if there is None:
            lacks.append(f"{column.nl} ({_cell(here)})")
        else:
            differs.append(f"{column.nl} ({_cell(here)} ↔ {_cell(there)})")
    place = decision.file + (f" [{decision.sheet}]" if decision.sheet else "")
    values = (
        ("kept", kept["id"]),
        ("kept_name", kept["name"]),
        ("decision", place),
        ("decision_row", decision.row),
        ("lacks", "; ".join(lacks) or "–"),
        ("differs", "; ".join(differs) or "–"),
    )
    return Finding("partner-merged", row["file"], row["sheet"], row["row"], "id", row["id"], values=values)


def _cell(value: Any) -> str:
    shown = ", ".join(value) if isinstance(value, list) else str(value)
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
