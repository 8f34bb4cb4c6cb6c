"""Small regions as rows of the stored tables (ages in months, waits in days): random ones, and short ones by hand."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import polars as pl

from routekaart.graph.landscape import Landscape, dtype
from routekaart.graph.schema import TABLES

EDE, BARNEVELD = "GM0228", "GM0203"
#: In the order of the scheme, as cells hold them.
ROLES = ("huisarts", "school", "soj", "gemeente", "lokaal-team", "jeugdhulp", "jeugd-ggz", "veiligheid")
#: adhd is narrower than druk-gedrag.
THEMES = ("algemeen", "opvoeden", "druk-gedrag", "adhd")
SETTINGS = {
    "id": "regio",
    "reference_date": "2026-06-01",
    "reference_date_given": True,
    "municipalities": [BARNEVELD, EDE],
    "unknown_weeks_low": 2.0,
    "unknown_weeks_high": 26.0,
    # the middle, 29¾ days, is no sum of the other times: no two parallel steps of equal days wait unequally
    "unknown_decision_low": 0.5,
    "unknown_decision_high": 8.0,
    "outdated_after_months": 24,
}

ROUTES = 24

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]


def landscape(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Landscape:
    """A Landscape out of rows; what a row does not say is unknown."""
    frames = dict(_nothing().frames)
    for name, rows in {"region": [SETTINGS], **tables}.items():
        columns = TABLES[name].stored
        cells = {c.name: pl.Series([row.get(c.name) for row in rows], dtype=dtype(c)) for c in columns}
        frames[name] = pl.DataFrame(cells).sort(TABLES[name].key)
    return Landscape(frames)


@cache
def _nothing() -> Landscape:
    return Landscape.of({})


def wait(on: str, days: float | tuple[float, float, float | None] | str, **more: Any) -> dict[str, Any]:
    """A row of the waits: days (or low, expected, high), or a state: "stop" or "onbekend"."""
    row = {"id": "", "on": [on], "kind": "aanmeldwachttijd", "as_of": "2026-05-01", "state": "getal", **more}
    if isinstance(days, str):
        return {**row, "state": days}
    low, expected, high = days if isinstance(days, tuple) else (days, days, days)
    return {**row, "days_low": low, "days_expected": expected, "days_high": high}


def numbered(rows: Rows, letter: str) -> Rows:
    """Rows with an id where they have none."""
    return [{**row, "id": row.get("id") or f"{letter}{n:02}"} for n, row in enumerate(rows)]


def region(
    partners: Mapping[str, str],
    offerings: Rows,
    routes: Sequence[tuple[str, str] | dict[str, Any]],
    waits: Rows = (),  # type: ignore[assignment]
    **more: Rows,
) -> Tables:
    """A region by hand: ``partners`` by id with their role, all of them in Ede; routes are referrals."""
    written = [r if isinstance(r, dict) else {"from": r[0], "to": r[1]} for r in routes]
    return {
        "partners": [{"id": i, "name": i, "roles": [role], "municipalities": [EDE]} for i, role in partners.items()],
        "offerings": numbered([{"name": "aanbod", "access": "verwijzing", **o} for o in offerings], "A"),
        "routes": numbered([{"kind": "verwijzing", **r} for r in written], "R"),
        "waits": numbered(list(waits), "W"),
        **{name: numbered(rows, name[0].upper()) for name, rows in more.items()},
    }


def made(seed: int) -> Tables:
    """A small random region with conditions of every kind; in every third one routes have waits of their own."""
    r = random.Random(seed)
    partners = [
        {
            "id": f"P{n}",
            "name": f"Partner {n}",
            "roles": sorted(r.sample(ROLES, r.choice([1, 1, 1, 2])), key=ROLES.index),
            "municipalities": r.choice([*[[EDE]] * 4, [BARNEVELD, EDE], [BARNEVELD], ["regio"], ["landelijk"], None]),
        }
        for n in range(7)
    ]
    offerings = [
        {
            "id": f"A{n}",
            "partner": r.choice([*(f"P{x}" for x in range(7)), *["P3"] * 3, *["P4"] * 3, None]),
            "name": f"Aanbod {n}",
            "level": r.choice(["1", "1", "3", "3", None]),
            "access": r.choice(["vrij", *["verwijzing"] * 5, None]),
            "themes": r.choice([None, None, ["opvoeden"], ["druk-gedrag"], ["adhd"], ["algemeen"]]),
            "municipalities": r.choice([None, None, None, [EDE], [BARNEVELD], ["regio"]]),
            **_ages(r),
            **_valid(r),
        }
        for n in range(7)
    ]
    return {
        "partners": partners,
        "offerings": offerings,
        "routes": _routes(r),
        "waits": _waits(r, own=seed % 3 == 1),
    }


def _ends() -> list[str]:
    return [
        *(f"P{n}" for n in range(7)),
        *(f"P{n}" for n in range(7)),
        *(f"P{n}" for n in range(7)),
        *(f"rol:{x}" for x in ROLES[:-1]),
        "rol:gezin",
    ]


def _ages(r: random.Random) -> dict[str, int | None]:
    return {"age_from": r.choice([None, None, None, None, 0, 144]), "age_until": r.choice([*[None] * 5, 150, 180, 216])}


def _valid(r: random.Random) -> dict[str, str | None]:
    return r.choice([*[{}] * 9, {"valid_until": "2026-01-01"}, {"valid_from": "2027"}, {"valid_until": "2026-12"}])


def _routes(r: random.Random) -> Rows:
    rows = []
    for n in range(ROUTES):
        source, target = r.choice(_ends()), r.choice([*_ends(), *(f"aanbod:A{x}" for x in range(5))])
        if source != target:
            rows.append(
                {
                    "id": f"R{n:02}",
                    "from": source,
                    "to": target,
                    "kind": r.choice(
                        ["verwijzing", "verwijzing", "opschaling", "warme-overdracht", "warme-overdracht", "consultatie"]
                    ),
                    "municipalities": r.choice([None, None, None, None, [EDE], [BARNEVELD], ["regio"]]),
                    "themes": r.choice([*[None] * 6, ["opvoeden"], ["druk-gedrag"], ["adhd"]]),
                    "decision_needed": r.choice([None, None, False, False, True]),
                    "handover_days": r.choice([None, None, 1.0, 2.0]),
                    **_ages(r),
                    **_valid(r),
                }
            )
    return rows


def _waits(r: random.Random, *, own: bool) -> Rows:
    subjects = [*_ends()[:-1], *(f"aanbod:A{n}" for n in range(7)), *((f"route:R{n:02}" for n in range(ROUTES)) if own else ())]
    rows = []
    for _ in range(30):
        days = r.choice([0, 0, 0, 7, 14, 14, 21, (14, 21, 28), (7, 14, 21), (70, 70, None), "stop", "onbekend"])
        rows.append(
            wait(
                r.choice(subjects),
                days,
                kind=r.choice(["aanmeldwachttijd"] * 6 + ["behandelwachttijd"]),
                as_of=r.choice(["2026-05-01", "2026-05-01", "2026-03", "2025", "2020-01-01", None]),
                themes=r.choice([None, None, None, ["opvoeden"], ["druk-gedrag"]]),
                municipalities=r.choice([None, None, None, [EDE], [BARNEVELD]]),
                basis=r.choice([None, None, None, "uitspraak"]),
                **r.choice([{}, {}, _ages(r)]),
            )
        )
        if rows[-1]["basis"] == "uitspraak":
            rows[-1]["state"] = "uitspraak"
        elif days == "stop":
            rows[-1]["closed_until"] = r.choice([None, None, "2026-01", "2026-12"])
    if own:
        # short on some routes and at partners, long at what is offered: then a way could pass its end before it gets there
        rows += [wait(f"route:R{n:02}", r.choice([0, 0, 7])) for n in range(0, ROUTES, 2)]
        rows += [wait(f"aanbod:A{n}", r.choice([70, 70, 21, "stop"])) for n in range(6)]
        rows += [wait(f"P{n}", 0) for n in range(2, 7)]
    rows += [wait(r.choice(subjects), r.choice([14, 28, "stop"]), kind="totaal") for _ in range(3)]
    rows += [wait(f"P{r.randrange(7)}", 10, kind="besluit", as_of=r.choice(["2026-05-01", None])) for _ in range(2)]
    return numbered(rows, "W")
