"""Waits as the NZa had them collected in 2018: every text right, and each difference from the NZa's own coding explained.

The data itself is not part of this project (its licence is not stated): without it these tests are skipped, loudly.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from routekaart.graph.landscape import Landscape
from routekaart.loaders import values
from routekaart.loaders.read import Reading, read

NZA = Path(__file__).parents[4] / "shared" / "data" / "nza-2018-gelderse-vallei" / "wachttijden_ggz_2018_gelderse_vallei.csv"
pytestmark = pytest.mark.skipif(not NZA.exists(), reason=f"no NZa waits: put the file at {NZA} to run these tests")
KINDS = ("Aanmeldwachttijd", "Behandelwachttijd")


def rows() -> list[dict[str, str]]:
    with NZA.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def by_hand(text: str) -> tuple[Fraction, Fraction, Fraction] | None:
    """(low, expected, high) in days of a text of this file, by a second method: its digits and its unit; None for unknown."""
    if text == "Onbekend":
        return None
    if text == "Geen wachttijd":
        return Fraction(0), Fraction(0), Fraction(0)
    unit = {"dag": Fraction(1), "werkdag": Fraction(1), "we": Fraction(7), "wk": Fraction(7), "ma": Fraction(364, 12)}
    size = Fraction(7, 5) if "werkdag" in text else next(v for k, v in unit.items() if re.search(rf"\b{k}", text))
    numbers = [int(n) * size for n in re.findall(r"\d+", text)]
    if text.startswith(("<", "Minder dan")):
        return Fraction(0), numbers[0] / 2, numbers[0]
    return numbers[0], sum(numbers, Fraction(0)) / len(numbers), numbers[-1]


def test_every_text_has_the_right_weeks() -> None:
    texts = {row[f"{kind}_letterlijk"] for row in rows() for kind in KINDS} - {""}
    assert len(texts) >= 45
    for text in texts:
        found, expected = values.wait(text), by_hand(text)
        assert not found.assumed
        if expected is None:
            assert found.state == "onbekend"
        else:
            days = tuple(int(d + Fraction(1, 2)) for d in expected)
            assert (text, found.low, found.expected, found.high) == (text, *days)


def why_different(text: str, coded: str) -> str:
    """Why our weeks are not the NZa's, one reason per difference; empty when they are the same to the decimal given."""
    found = values.wait(text)
    if found.state == "onbekend":
        return "" if coded == "Onbekend" else "?"
    ours, theirs = (found.expected or 0) / 7, float(coded)
    if ours == 0:
        return "no wait is coded 1" if theirs == 1 else "?"
    if found.low == 0 and theirs == pytest.approx((found.high or 0) / 7):
        return "a bound is coded as the wait itself"
    if "werkdagen" in text and theirs == pytest.approx(int(text.split()[0]) / 7, abs=0.05):
        return "working days are counted as days"
    if "maanden" in text:
        weeks = [4 * int(n) for n in re.findall(r"\d+", text)]
        return "a month is coded as four weeks" if theirs == sum(weeks) / len(weeks) else "?"
    # a half week is rounded up to whole days
    return "" if theirs == pytest.approx(ours, abs=0.5 / 7 + 1e-9) else "?"


def test_each_difference_from_the_coding_has_its_reason() -> None:
    reasons: Counter[str] = Counter()
    for row in rows():
        for kind in KINDS:
            text, coded = row[f"{kind}_letterlijk"], row[kind]
            if text:
                reasons[why_different(text, coded)] += 1
    # counted by hand in the file, 87 + 69 texts: 10 × "0 weken" and 5 × "Geen wachttijd"; 10 + 10 bounds; 8 working days; 2 texts in months
    assert reasons == {
        "": 156 - 15 - 20 - 1 - 2,
        "no wait is coded 1": 15,
        "a bound is coded as the wait itself": 20,
        "working days are counted as days": 1,
        "a month is coded as four weeks": 2,
    }


def test_no_wait_is_zero_although_the_source_codes_one() -> None:
    coded = {row[kind] for row in rows() for kind in KINDS if row[f"{kind}_letterlijk"] in ("0 weken", "Geen wachttijd")}
    assert coded == {"1"}
    assert values.wait("0 weken") == values.wait("Geen wachttijd") == values.WrittenWait("getal", 0.0, 0.0, 0.0)


# --- the whole file as data -------------------------------------------------------------------------
_MAPPING = """
[regio]
naam = "NZa 2018"
peildatum = "2018-03-31"
"""
_FILE = """
[bestanden."{file}"]
tabel = "wachttijden"
kolommen = {{ op = "Naam_zorgaanbieder", waarde = "{kind}_letterlijk", peildatum = "Peildatum", gemeenten = "Gemeentecodes", opmerking = "Opmerking", bron = "URL_naar_wachttijden", bron_datum = "Datum_actualisatie_website" }}
"""


def as_data(folder: Path, *, with_kind: bool) -> Reading:
    """The file as it stands, or twice with the one column that it lacks: the kind of wait."""
    read_rows = rows()
    names = sorted({row["Naam_zorgaanbieder"] for row in read_rows})
    with (folder / "partners.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "naam", "rollen"), *((f"P{n}", name, "jeugd-ggz") for n, name in enumerate(names))])
    toml = _MAPPING
    for kind in KINDS:
        name = f"{kind}.csv" if with_kind else "nza.csv"
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            extra = (["soort"], [kind.lower()]) if with_kind else ([], [])
            writer.writerow([*read_rows[0], *extra[0]])
            writer.writerows([*row.values(), *extra[1]] for row in read_rows)
        if name not in toml:
            said = _FILE.format(file=name, kind=kind)
            toml += said if with_kind else said.replace(f'waarde = "{kind}_letterlijk", ', "")
    (folder / "routekaart.toml").write_text(toml, "utf-8")
    return read(folder)


def test_the_file_as_it_stands_is_read_by_its_own_words(tmp_path: Path) -> None:
    """Without a column for the kind the two kinds stand side by side, each as written and as coded: as written counts."""
    reading = as_data(tmp_path, with_kind=False)
    assert [f for f in reading.findings if f.severity == "fout"] == []
    assert "waits-side-by-side" in {f.code for f in reading.findings}
    filled = sum(1 for row in rows() for kind in KINDS if row[f"{kind}_letterlijk"])
    silent = sum(1 for row in rows() if not any(row[f"{kind}_letterlijk"] for kind in KINDS))
    count = reading.counts["waits"]
    assert count.read == filled + silent
    _same_as_the_texts(reading.landscape)


def test_the_file_with_its_kinds_is_read_whole(tmp_path: Path) -> None:
    reading = as_data(tmp_path, with_kind=True)
    count = reading.counts["waits"]
    assert count.read == 216
    assert count.read == count.used + count.quarantined
    # nothing of it is a fault: every name, municipality, date and wait could be read; what is left out is said
    codes = Counter(f.code for f in reading.findings)
    assert {f.code for f in reading.findings if f.severity == "fout"} == set()
    assert set(codes) <= {"unknown-column", "duplicate-row", "sources-disagree", "perhaps-same", "named-by-one"}
    assert codes["duplicate-row"] == count.quarantined
    _same_as_the_texts(reading.landscape)


def _same_as_the_texts(landscape: Landscape) -> None:
    for row in landscape["waits"].iter_rows(named=True):
        expected = by_hand(row["value"]) if row["value"] else None
        if expected is None:
            assert (row["state"], row["days_expected"]) == ("onbekend", None)
        else:
            assert row["days_expected"] == int(expected[1] + Fraction(1, 2))
        assert re.fullmatch(r"2018-\d\d-\d\d", row["as_of"])
        assert row["municipalities"] is not None
