"""Logs as the tests write them, and what came out as plain dicts, to lay beside what was counted by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from routekaart.loaders.registrations.log import Aggregates, aggregate
from routekaart.loaders.registrations.mapping import Mapping as LogMapping

REFERRALS = ("casus", "van", "naar", "verwezen", "gestart", "gemeente", "leeftijd", "thema", "uitkomst")
STEPS = ("casus", "organisatie", "tijd", "volgorde", "gemeente", "leeftijd", "thema", "uitkomst")
MEANINGS = {
    "casus": "case",
    "van": "from",
    "naar": "to",
    "verwezen": "referred",
    "gestart": "started",
    "organisatie": "organisation",
    "tijd": "time",
    "volgorde": "sequence",
    "gemeente": "municipality",
    "leeftijd": "age",
    "thema": "theme",
    "uitkomst": "outcome",
}
BANDS = (0, 48, 144, 216, 276)
TABLES = ("routes", "waits", "demand", "outflow", "back_and_forth", "handovers")


def mapping(headers: Sequence[str] = REFERRALS, **given: Any) -> LogMapping:
    """A mapping of columns that are called what they mean; nothing is too small unless ``threshold`` says so."""
    return LogMapping({MEANINGS[h]: h for h in headers}, **{"source": "Proef", "threshold": 0, **given})


def csv_of(rows: Iterable[Mapping[str, str]], headers: Sequence[str] = REFERRALS) -> str:
    target = io.StringIO()
    writer = csv.DictWriter(target, headers, delimiter=";", lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


def rows_of(text: str, headers: Sequence[str] = REFERRALS) -> list[dict[str, str]]:
    """The rows of a small text: a line each, cells split by commas, the last ones left out when empty."""
    made = []
    for line in filter(None, map(str.strip, text.splitlines())):
        cells = [cell.strip() for cell in line.split(",")]
        made.append(dict(zip(headers, [*cells, *[""] * (len(headers) - len(cells))], strict=True)))
    return made


def counted(folder: Path, rows: Iterable[Mapping[str, str]], headers: Sequence[str] = REFERRALS, **given: Any) -> Aggregates:
    """The log of these rows, read and counted."""
    path = folder / "log.csv"
    path.write_text(csv_of(rows, headers), "utf-8")
    return aggregate([path], mapping(headers, **given))


class Told:
    """The tables of a log as dicts by what a row is about; waits in weeks as they are written."""

    def __init__(self, made: Aggregates) -> None:
        self.made = made
        self.tables = {name: made.landscape[name].to_dicts() for name in TABLES}
        rows = self.tables
        names = {row["id"]: (row["from"], row["to"], *_cell(row)) for row in rows["routes"]}
        assert len(names) == len(rows["routes"])
        cells, rests = ([r for r in rows["routes"] if bool(r["remark"]) is rest] for rest in (False, True))
        self.routes = _by(cells, lambda r: (r["from"], r["to"], *_cell(r)), "per_year")
        #: What is left of a pair beside its cells: a number, or None where that is too small as well.
        self.rests = _by(rests, lambda r: (r["from"], r["to"]), "per_year")
        self.handovers = _by(
            rows["handovers"],
            lambda r: (r["from"], r["to"]),
            "number",
            "weeks_median",
            "weeks_p95",
            "stay_weeks_median",
            "stay_weeks_p95",
        )
        waits = ("weeks_median", "weeks_p90", "weeks_median_km")
        own = [r for r in rows["waits"] if not r["on"][0].startswith("route:")]
        self.places = _by(own, lambda r: r["on"][0], "number", "censored", *waits)
        of_routes = [r for r in rows["waits"] if r["on"][0].startswith("route:")]
        self.cells = _by(of_routes, lambda r: names[r["on"][0].removeprefix("route:")], "number", *waits)
        cells, rests = ([r for r in rows["demand"] if bool(r["remark"]) is rest] for rest in (False, True))
        self.demand = _by(cells, lambda r: (r["entry"], *_cell(r)), "per_year")
        self.demand_rests = _by(rests, lambda r: (r["entry"], r["municipality"]), "per_year")
        onward = [r for r in rows["outflow"] if not r["to"].startswith("uitkomst:")]
        ends = [r for r in rows["outflow"] if r["to"].startswith("uitkomst:")]
        self.onward = _by(onward, lambda r: (r["partner"], r["to"], r["year"]), "number", "returned")
        self.ends = _by(ends, lambda r: (r["partner"], r["to"].removeprefix("uitkomst:"), r["year"]), "number")
        self.back = _by(rows["back_and_forth"], lambda r: (r["from"], r["to"]), "number", "without_start", "weeks_median")


def _by(rows: Sequence[dict[str, Any]], key: Any, *values: str) -> dict[Any, Any]:
    """Rows by their key, which none shares; one value as it is, more as a tuple."""
    made = {key(row): tuple(row[v] for v in values) if len(values) > 1 else row[values[0]] for row in rows}
    assert len(made) == len(rows)
    return made


def _cell(row: Mapping[str, Any]) -> tuple[str, int, str]:
    """As the hand counts it: municipality, number of the band, theme."""
    places = row.get("municipalities") or ([row["municipality"]] if row.get("municipality") else [""])
    themes = row.get("themes") or ([row["theme"]] if row.get("theme") else [""])
    (place,), (theme,) = places, themes
    band = 0 if row["age_from"] is None else BANDS.index(row["age_from"]) + 1
    assert not band or row["age_until"] == BANDS[band]
    return place, band, theme


def differences(told: Told, by_hand: Any, years: float = 1.0) -> list[str]:
    """Where the tables are not what was counted by hand."""
    found: list[str] = []

    def compare(name: str, one: Mapping[Any, Any], other: Mapping[Any, Any]) -> None:
        found.extend(
            f"{name} {key}: {one.get(key)} is not {other.get(key)}"
            for key in sorted({*one, *other}, key=repr)
            if not _alike(one.get(key), other.get(key))
        )

    def cells(known: Mapping[Any, Any]) -> dict[Any, Any]:
        return {(*key[:-1], *key[-1]): value for key, value in known.items()}

    def per_year(known: Mapping[Any, int]) -> dict[Any, int]:
        return {key: int(families / years + 0.5) for key, families in cells(known).items()}

    def with_a_wait(known: Mapping[Any, tuple[Any, ...]]) -> dict[Any, Any]:
        return {key: value for key, value in known.items() if value[-3] is not None or value[-1] is not None}

    compare("routes", told.routes, per_year(by_hand.routes))
    compare("handovers", told.handovers, {k: (v[0], *map(_weeks, v[1:])) for k, v in by_hand.handovers.items()})
    compare("places", told.places, {k: (*v[:2], *map(_weeks, v[2:])) for k, v in with_a_wait(by_hand.places).items()})
    compare("cells", told.cells, {k: (v[0], *map(_weeks, v[1:])) for k, v in with_a_wait(cells(by_hand.cells)).items()})
    compare("demand", told.demand, {k: v for k, v in per_year(by_hand.demand).items() if k[1]})
    compare("onward", told.onward, by_hand.onward)
    compare("ends", told.ends, by_hand.ends)
    compare("back", told.back, {k: (*v[:2], _weeks(v[2])) for k, v in by_hand.back.items()})
    return found


class Weeks(float):
    """Weeks by hand, unrounded."""


def _weeks(days: float | None) -> Weeks | None:
    return None if days is None else Weeks(days / 7)


def _alike(one: Any, other: Any) -> bool:
    """The same; weeks to a tenth."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(other, Weeks):
        return one is not None and abs(one - other) <= 0.05 + 1e-9
    return bool(one == other)


def stories(given: dict[str, str], headers: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of several stories: "P " before an organisation and the case are of that story alone."""
    rows = []
    for story, text in given.items():
        for row in rows_of(text, headers):
            named = {k: f"{story} {v.removeprefix('P ')}" if v.startswith("P ") else v for k, v in row.items()}
            rows.append({**named, "casus": f"{story}-{row['casus']}"})
    return rows


def of(story: str, table: dict[Any, Any]) -> dict[Any, Any]:
    """The rows of one story, without its name before those of the organisations."""
    made = {}
    for key, value in table.items():
        words = key if isinstance(key, tuple) else (key,)
        if any(isinstance(w, str) and w.startswith(f"{story} ") for w in words):
            plain = tuple(w.removeprefix(f"{story} ") if isinstance(w, str) else w for w in words)
            made[plain if isinstance(key, tuple) else plain[0]] = value
    return made


def weeks(days: float | None) -> float | None:
    return None if days is None else round(days / 7, 1)


def way(families: int, wait: float | None, p95: float | None, stay: float | None = None, stay95: float | None = None) -> Any:
    return (families, weeks(wait), weeks(p95), weeks(stay), weeks(stay95))
