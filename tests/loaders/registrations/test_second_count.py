"""The tables of random logs against the count by hand: everything equal, in both forms, small and larger."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

#: Ibis asks DuckDB for Arrow in a way that its newer versions call old.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

UNTIL = date(2025, 12, 31)
#: The last one comes after the outcomes by name.
PLACES = ("Aanbieder", "Begeleiding", "Centrum", "Zorghuis")
MUNICIPALITIES = ("", "GM0228", "GM0203")
THEMES = ("", "scheiding", "opvoeden")
OUTCOMES = ("hulp", "uitval", "onbekend")

Rows = list[dict[str, str]]
#: A row in small numbers, so that chance and Hypothesis meet often: case, from, to, day, minutes, wait (−1: none), the rest.
Draw = tuple[int, ...]
_SIZES = (3, 6, 6, 8, 3, 14, 3, 5, 3, 5)
_DRAWS = st.lists(st.tuples(*(st.integers(0, size - 1) for size in _SIZES)), min_size=1, max_size=9)


def referral(world: int, draw: Draw) -> dict[str, str]:
    """A row of a world whose organisations and cases no other world has; 0 is the last of a year, days lie three weeks apart."""
    case, source, target, day, minutes, wait, municipality, age, theme, outcome = draw
    places = ["", *(f"{name} {world}" for name in PLACES), f"Aanbieder {world}"]
    at = datetime(2024, 10, 1) + timedelta(days=21 * day, minutes=(0, 0, 600)[minutes])
    # waits of three weeks and their neighbours, so that a start meets the next referral; and a slip of the pen
    days = (-1, 0, 1, 7, 20, 21, 22, 42, 63, 500, -8, 3, -1, -1)[wait]
    ends = {**dict.fromkeys(range(len(places)), ""), 0: OUTCOMES[(case + day) % 3]}
    return {
        "casus": f"{world}-{case}",
        "van": places[source],
        "naar": ends[target] or places[target],
        "verwezen": at.isoformat(" ", "minutes") if minutes else at.date().isoformat(),
        "gestart": "" if days == -1 else (at.date() + timedelta(days=days)).isoformat(),
        "gemeente": MUNICIPALITIES[municipality],
        "leeftijd": ("", "0", "4", "13", "40")[age],
        "thema": THEMES[theme],
        "uitkomst": ("", "", *OUTCOMES)[outcome],
    }


def step(world: int, draw: Draw) -> dict[str, str]:
    row = referral(world, draw)
    return {
        "casus": row["casus"],
        "organisatie": row["naar"],
        "tijd": row["verwezen"],
        "volgorde": ("", "1", "2,5", "10")[draw[5] % 4].replace(",", "."),
        **{name: row[name] for name in ("gemeente", "leeftijd", "thema", "uitkomst")},
    }


FORMS = {"referrals": referral, "steps": step}


def alike(logs: ModuleType, by_hand: ModuleType, folder: Path, rows: Rows, form: str, years: float) -> list[str]:
    headers = logs.STEPS if form == "steps" else logs.REFERRALS
    made = logs.counted(folder, rows, headers, reference_date=UNTIL.isoformat())
    assert made.rows == made.used + sum(made.apart.values()) == len(rows)
    found: list[str] = logs.differences(logs.Told(made), by_hand.count(rows, UNTIL, logs.BANDS), years)
    return found


def years(rows: Rows) -> float:
    moments = [row.get("verwezen") or row["tijd"] for row in rows]
    first = min(date.fromisoformat(m[:10]) for m in moments)
    return max(1.0, ((UNTIL - first).days + 1) / 365.25)


@pytest.mark.parametrize("form", FORMS)
@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_small_logs(form: str, data: Any, logs: ModuleType, by_hand: ModuleType, tmp_path_factory: Any) -> None:
    """Many small logs at once: they share no case and no organisation, so each has its own rows in every table."""
    worlds = data.draw(st.lists(_DRAWS, min_size=20, max_size=40))
    rows = [FORMS[form](n, draw) for n, draws in enumerate(worlds) for draw in draws]
    assert not alike(logs, by_hand, tmp_path_factory.mktemp("log"), rows, form, years_of(rows, form))


def years_of(rows: Rows, form: str) -> float:
    """The period from the first row that is used: per year is rounded from there."""
    used = [r for r in rows if form == "steps" or (r["van"] != r["naar"] and r["van"] not in OUTCOMES)]
    return years(used or rows)


@pytest.mark.parametrize("form", FORMS)
def test_a_thousand_small_logs(form: str, logs: ModuleType, by_hand: ModuleType, tmp_path: Path) -> None:
    r = Random(8)
    rows = [
        FORMS[form](world, tuple(r.randrange(size) for size in _SIZES)) for world in range(1000) for _ in range(r.randint(1, 9))
    ]
    r.shuffle(rows)
    assert not alike(logs, by_hand, tmp_path, rows, form, years_of(rows, form))


@pytest.mark.parametrize("form", FORMS)
def test_a_log_of_twenty_thousand_rows(form: str, logs: ModuleType, by_hand: ModuleType, tmp_path: Path) -> None:
    """Families that go on from where they are, over three years, among thirty organisations."""
    r = Random(20_000)
    names = [f"Praktijk {n:02d}" for n in range(30)]
    rows: Rows = []
    case = 0
    while len(rows) < 20_000:
        case += 1
        about = {
            "casus": f"f{case}",
            "gemeente": r.choice(MUNICIPALITIES),
            "leeftijd": str(r.randint(0, 22)),
            "thema": r.choice(THEMES),
        }
        place, at = r.choice(names[:8]), datetime(2023, 1, 1) + timedelta(minutes=r.randrange(1000 * 1440))
        if form == "steps" or r.random() < 0.1:
            first = {"organisatie": place, "tijd": at.isoformat(" ", "minutes"), "volgorde": ""}
            rows.append({**about, **(first if form == "steps" else _sent("", place, at, None))})
        before = place
        for _ in range(r.choice((1, 1, 2, 2, 3, 5))):
            to = before if r.random() < 0.15 else r.choice(names)
            if to == place and form == "referrals":
                continue
            wait = int(r.lognormvariate(3, 1)) if r.random() < 0.8 else None
            if form == "steps":
                row = {"organisatie": to, "tijd": at.isoformat(" ", "minutes"), "volgorde": str(r.randint(1, 3))}
            else:
                row = _sent(place, to, at, None if wait is None else at + timedelta(days=wait))
            rows.append({**about, **row, "uitkomst": r.choice(("", "", "", *OUTCOMES))})
            before, place, at = place, to, at + timedelta(days=r.choice((0, 5, 30, 90)), minutes=r.randrange(600))
    r.shuffle(rows)
    assert not alike(logs, by_hand, tmp_path, rows, form, years_of(rows, form))


def _sent(source: str, target: str, at: datetime, started: datetime | None) -> dict[str, str]:
    return {
        "van": source,
        "naar": target,
        "verwezen": at.isoformat(" ", "minutes"),
        "gestart": started.date().isoformat() if started else "",
    }
