"""Files for ``neo4j-admin database import full``: a header and a data file for each label and relationship type.

The importer (https://neo4j.com/docs/operations-manual/current/import/) writes a database without transactions, several times
faster than any push. What it makes is what a push makes, hashes included: a push afterwards finds nothing to write.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from . import names
from .elements import Block, PropertyGraph
from .names import EDITION, HASH, KEY, LISTED, MARK, OWNER, PLACE, REGION

SCRIPT: Final = "import.sh"
#: Between the items of a list: a sign that no text of a spreadsheet has, tried in this order.
_BETWEEN: Final = ("\x1f", "\x1e", "\x1d")
_TYPES: Final = {pl.String(): "string", pl.Int64(): "long", pl.Float64(): "double", pl.Boolean(): "boolean"}


def write_files(graph: PropertyGraph, folder: Path) -> dict[str, int]:
    """Write everything to ``folder``; the number of rows of each data file. OSError when the disk refuses."""
    between = _free_sign(graph)
    rows: dict[str, int] = {}
    arguments: list[str] = []
    for labels, name, frame in _nodes(graph):
        _write(folder, name, frame, _node_header(frame), between)
        rows[f"{name}.csv"] = frame.height
        arguments.append(f"--nodes={labels}={name}-header.csv,{name}.csv")
    for type_, name, frame in _relationships(graph):
        _write(folder, name, frame, _relationship_header(frame), between)
        rows[f"{name}.csv"] = frame.height
        arguments.append(f"--relationships={type_}={name}-header.csv,{name}.csv")
    code = f"U+{ord(between):04X}"
    (folder / SCRIPT).write_text(_script(arguments, code), "utf-8", newline="\n")
    return rows


def _script(arguments: list[str], between: str) -> str:
    lines = [
        "#!/bin/sh",
        "# Reads these files into the database named first (else neo4j), which must be empty or new; the server must not run.",
        "# neo4j-admin is the one of the server: set NEO4J_ADMIN to its path where the shell does not find it.",
        'cd "$(dirname "$0")" || exit 3',
        '"${NEO4J_ADMIN:-neo4j-admin}" database import full "${1:-neo4j}" --id-type=string --multiline-fields=true \\',
        f"  --array-delimiter={between} \\",
    ]
    return "\n".join([*lines, *(f"  {a} \\" for a in arguments[:-1]), f"  {arguments[-1]}", ""])


def _nodes(graph: PropertyGraph) -> Iterator[tuple[str, str, pl.DataFrame]]:
    for number, block in enumerate(graph.blocks):
        if block.frame.is_empty():
            continue
        labels = ":".join((MARK, block.label, *((LISTED,) if block.listed else ())))
        frame = block.frame.select(
            KEY, *block.properties, HASH, pl.lit(graph.region).alias(REGION), pl.lit(graph.edition).alias(EDITION)
        )
        yield labels, f"nodes-{number:02}-{block.label.lower()}", frame


def _relationships(graph: PropertyGraph) -> Iterator[tuple[str, str, pl.DataFrame]]:
    for type_ in names.relationship_types():
        parts = [f for b in graph.blocks for f in _of_type(b, type_)]
        frame = pl.concat(parts, how="diagonal") if parts else pl.DataFrame()
        if not frame.is_empty():
            yield type_, f"relationships-{type_.lower()}", frame


def _of_type(block: Block, type_: str) -> Iterator[pl.DataFrame]:
    """Start, end and properties of the relationships of one type that follow from a block."""
    if type_ in block.types:
        ends = block.frame.select(pl.col(KEY).alias("start"), pl.col(f"->{type_}").alias("end"))
        if type_ in block.numbered:
            places = pl.int_ranges(1, pl.col("end").list.len().fill_null(0).cast(pl.Int64) + 1).alias(PLACE)
            yield ends.with_columns(places).explode("end", PLACE).drop_nulls("end")
        else:
            yield ends.explode("end").drop_nulls("end")
    if block.shortcut is not None and block.shortcut.type == type_:
        found = block.frame.filter("shortcut")
        yield found.select(
            pl.col("->VAN").list.first().alias("start"),
            pl.col("->NAAR").list.first().alias("end"),
            pl.col(KEY).alias(OWNER),
            *block.shortcut.properties,
        )


def _header(column: str, kind: pl.DataType) -> str:
    if isinstance(kind, pl.List):
        return f"{column}:string[]"
    return f"{column}:{_TYPES[kind]}"


def _node_header(frame: pl.DataFrame) -> list[str]:
    return [f"{KEY}:ID", *(_header(c, t) for c, t in frame.schema.items() if c != KEY)]


def _relationship_header(frame: pl.DataFrame) -> list[str]:
    ends = {"start": ":START_ID", "end": ":END_ID"}
    return [ends.get(c) or _header(c, t) for c, t in frame.schema.items()]


def _write(folder: Path, name: str, frame: pl.DataFrame, header: list[str], between: str) -> None:
    with (folder / f"{name}-header.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(header)
    lists = [c for c, t in frame.schema.items() if isinstance(t, pl.List)]
    flat = frame.with_columns(pl.col(c).list.join(between) for c in lists)
    with (folder / f"{name}.csv").open("wb") as data:
        flat.write_csv(data, include_header=False, quote_style="necessary")


def _free_sign(graph: PropertyGraph) -> str:
    """A sign that stands in no list of the graph."""
    for sign in _BETWEEN:
        if not any(_holds(b.frame, sign) for b in graph.blocks):
            return sign
    raise ValueError("every separator of lists stands in some text")


def _holds(frame: pl.DataFrame, sign: str) -> bool:
    lists = [c for c, t in frame.schema.items() if isinstance(t, pl.List)]
    return any(bool(frame[c].explode().drop_nulls().str.contains(sign, literal=True).any()) for c in lists)
