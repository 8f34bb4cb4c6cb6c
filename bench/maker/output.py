"""Tables → files: UTF-8 CSV with commas and \\n (or a workbook), routekaart.toml and texts."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import workbook
from plan import Plan
from world import Tables

_ORDER = ("bron", "bron_datum", "geverifieerd_op", "opmerking")


def public(frame: pl.DataFrame) -> pl.DataFrame:
    """What goes into a file: no helping columns, everything text, where it comes from at the end."""
    columns = [c for c in frame.columns if not c.startswith("_") and c not in _ORDER]
    return frame.select(pl.col(c).cast(pl.String) for c in (*columns, *_ORDER))


def write(tables: Tables, texts: dict[str, str], folder: Path, workbooks: tuple[str, ...] = ()) -> None:
    """Write every table and text into ``folder``; those named in ``workbooks`` as .xlsx."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        if name in workbooks:
            workbook.write(public(frame), name, folder / f"{name}.xlsx")
        else:
            public(frame).write_csv(folder / f"{name}.csv")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def settings(plan: Plan, naam: str, titel: str, extra: str = "") -> str:
    """routekaart.toml of a plan."""
    codes = "\n".join(f'    "{code}", # {name}' for code, name in plan.municipalities.select("code", "naam").iter_rows())
    return f"""# Alles in deze map is verzonnen en gemaakt door bench/maker.

[regio]
naam = "{naam}"
titel = "{titel}"
peildatum = "{plan.day.isoformat()}"
uitgever = "fictief (gemaakt door bench/maker)"
licentie = "EUPL-1.2"
contact = "routekaart@voorbeeldregio.example"
eenheid = "gezinnen"
gemeenten = [
{codes}
]

[instellingen]
onbekend_weken = [2, 26]
verouderd_na_maanden = 24
drempel = 10
leeftijden = [0, 23]

[themas.samen-eten]
naam = "samen eten"
valt_onder = "eenzaamheid-en-netwerk"
{extra}"""
