"""diff with a log, as its users call it: what is stated beside what was seen, and what went wrong on the way."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from routekaart.cli import language as room
from routekaart.cli.app import run
from routekaart.graph.edition import write_edition
from routekaart.loaders.read import read

MakeData = Callable[..., Path]
Rows = list[Mapping[str, object]]

TOML = '[regio]\npeildatum = "2026-06-01"\ngemeenten = ["Ede", "Barneveld"]\n'
PARTNERS = [
    {"id": "P1", "naam": "Huisarts De Brink", "andere_namen": "Brinkpraktijk", "rollen": "huisarts", "gemeenten": "Ede"},
    {"id": "P2", "naam": "Wijkteam", "rollen": "lokaal-team", "gemeenten": "Ede; Barneveld", "reactie": "Wij tellen anders."},
    {"id": "P3", "naam": "Jeugdhulp De Kade", "rollen": "jeugdhulp", "gemeenten": "Ede"},
    {"id": "P4", "naam": "School Het Veld", "rollen": "school", "gemeenten": "Ede"},
]
ROUTES = [
    {"id": "R1", "van": "P1", "naar": "P2", "soort": "verwijzing", "gemeenten": "Ede", "aantal_per_jaar": "40"},
    {"id": "R2", "van": "P1", "naar": "P3", "soort": "verwijzing", "aantal_per_jaar": "4"},
    {"id": "R3", "van": "P4", "naar": "P2", "soort": "verwijzing"},
]
WAITS = [
    {"op": "P2", "soort": "aanmeldwachttijd", "waarde": "4 - 6 weken", "klok_van": "aanmelding", "klok_tot": "intake"},
    {"op": "P3", "soort": "totaal", "waarde": "20 weken"},
]
PERIOD = {"periode_van": "2025-01-01", "periode_tm": "2025-12-31", "bron": "Wijkregistratie"}
HANDOVERS = [
    {"van": "P1", "naar": "P2", "aantal": "38", **PERIOD},
    {"van": "P2", "naar": "P3", "aantal": "", **PERIOD},
    {"van": "Praktijk De Brinck", "naar": "P2", "aantal": "12", **PERIOD},
]
LOG_ROUTES = [
    {"id": "LOG-1", "van": "P1", "naar": "P2", "soort": "verwijzing", "gemeenten": "Barneveld", "aantal_per_jaar": "14"},
    {"id": "LOG-2", "van": "P1", "naar": "P2", "soort": "verwijzing", "gemeenten": "", "aantal_per_jaar": "24"},
]
CLOCK = {"klok_van": "verwijzing", "klok_tot": "eerste afspraak", "peildatum": "2025-12-31", "bron": "Wijkregistratie"}
LOG_WAITS = [
    {"op": "P2", "soort": "aanmeldwachttijd", "weken_mediaan": "7", "weken_p90": "15", "weken_mediaan_km": "8", "aantal": "50", **CLOCK},
    {"op": "P3", "soort": "aanmeldwachttijd", "weken_mediaan": "7", "weken_p90": "15", "weken_mediaan_km": "", "aantal": "30", **CLOCK},
]  # fmt: skip
LOG_TOML = '[regio]\npeildatum = "2025-12-31"\neenheid = "gezinnen"\n[instellingen]\ndrempel = 10\nleeftijden = [0, 23]\n'


class Call:
    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: object) -> None:
        self.code = run([str(a) for a in arguments])
        self.out, self.err = capsys.readouterr()
        #: The answer without the places where the terminal breaks a line.
        self.text = " ".join(self.out.split())

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def build(tmp_path: Path, make_data: MakeData) -> Path:
    out = tmp_path / "uit"
    dated = [{"peildatum": "2026-05-01", "bron": "lijst", **row} for row in WAITS]
    data = make_data(toml=TOML, partners=PARTNERS, routes=ROUTES, wachttijden=dated)
    write_edition(read(data).landscape, {"findings": [], "tables": {}}, out, store=False)
    return out


@pytest.fixture
def make_log(tmp_path: Path) -> Callable[..., Path]:
    """A folder as `log` writes it."""

    def make(handovers: Rows, routes: Rows = (), waits: Rows = (), toml: str = LOG_TOML) -> Path:  # type: ignore[assignment]
        folder = tmp_path / "log"
        folder.mkdir(exist_ok=True)
        (folder / "routekaart.toml").write_text(toml, "utf-8")
        (folder / "log.json").write_text("{}", "utf-8")
        (folder / "LEESMIJ.txt").write_text("Uit een log.\n", "utf-8")
        for name, rows in {"overdrachten": handovers, "routes": routes, "wachttijden": waits}.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                if rows:
                    writer = csv.DictWriter(file, list(rows[0]))
                    writer.writeheader()
                    writer.writerows(rows)
            if not rows:
                (folder / f"{name}.csv").unlink()
        return folder

    return make


@pytest.fixture
def log(make_log: Callable[..., Path]) -> Path:
    return make_log(HANDOVERS, LOG_ROUTES, LOG_WAITS)


def test_the_answer_as_json(capsys: pytest.CaptureFixture[str], build: Path, log: Path) -> None:
    call = Call(capsys, "diff", build, "--log", log, "--format", "json")
    told = call.json
    # a name that is not recognised is a finding of severity fout
    assert call.code == 1
    assert (told["question"], told["reference_date"], told["unit"]) == ("diff-log", "2026-06-01", "gezinnen")
    assert told["log"] == {
        "source": "Wijkregistratie",
        "period_from": "2025-01-01",
        "period_until": "2025-12-31",
        "reference_date": "2025-12-31",
        "unit": "gezinnen",
    }
    (unseen,) = told["declared_not_seen"]
    assert (unseen["route"], unseen["from"], unseen["to"], unseen["per_year"], unseen["suppressed"]) == (
        "R2",
        "P1",
        "P3",
        None,
        True,
    )
    barred, undeclared = told["seen_not_declared"]
    assert (barred["why"], barred["municipality"], barred["excluded_by"], barred["route"]) == (
        "voorwaarden",
        "GM0203",
        ["gemeente", "werkgebied"],
        "R1",
    )
    assert (undeclared["from"], undeclared["to"], undeclared["why"]) == ("P2", "P3", "geen route")
    assert (undeclared["number"], undeclared["suppressed"]) == (None, True)
    assert undeclared["responses"] == [{"partner": "P2", "response": "Wij tellen anders."}]
    assert [(s["file"], s["row"]) for s in undeclared["log_sources"]] == [("overdrachten.csv", 3)]
    (wait,) = told["waits"]
    # 8 weeks by Kaplan and Meier beside 4–6
    assert (wait["on"], wait["outcome"], wait["difference_weeks"], wait["other_clock"]) == ("P2", "langer", 2.0, True)
    assert (wait["declared"]["low"], wait["declared"]["high"]) == (4.0, 6.0)
    assert (wait["observed"]["median"], wait["observed"]["p90"], wait["observed"]["method"]) == (8.0, 15.0, "kaplan-meier")
    reasons = [(n["what"], n["reason"], n.get("route") or n["on"]) for n in told["not_covered"]]
    assert reasons == [("route", "zender niet in het log", "R3"), ("wait", "alleen totaal", "P3")]
    (unknown,) = told["unknown_names"]
    assert (unknown["name"], unknown["rows"]) == ("Praktijk De Brinck", 1)
    assert "Huisarts De Brink" in unknown["suggestions"]


def test_the_answer_for_readers(capsys: pytest.CaptureFixture[str], build: Path, log: Path) -> None:
    text = Call(capsys, "diff", build, "--log", log, "--format", "md").text.replace("\\", "")
    for sentence in (
        "Het log: Wijkregistratie, van 2025-01-01 tot en met 2025-12-31. De kaart: peildatum 2026-06-01.",
        "Van 3 geregistreerde routes die gezinnen verder brengen staan er 1 ook in het log, 1 niet; over 1 zegt het log niets.",
        "1 organisatie uit het log is niet herkend",
        "Niet in het log is niet hetzelfde als niet gebruikt",
        "| Wijkteam (P2) | Jeugdhulp De Kade (P3) | niet te noemen | Reactie van Wijkteam: “Wij tellen anders.” |",
        "de route geldt volgens de opgave niet voor gemeente Barneveld",
        "| 4–6 weken, 2026-05-01 | mediaan 8 weken, 90% binnen 15 weken | 2 weken langer |",
        "Andere klok: opgave aanmelding → intake, log verwijzing → eerste afspraak.",
        "Over deze verwijzers gaat het log niet (achter de naam het aantal routes): School Het Veld (P4): 1.",
        "Alleen een totale wachttijd opgegeven; die wordt nooit met de aanmeldwachttijd vergeleken (1): Jeugdhulp De Kade (P3).",
        "| Huisarts De Brink (P1) | Wijkteam (P2) | 40 | 38 |",
    ):
        assert sentence in text, sentence
    for word in ("fout", "te traag", "te lang", "slecht"):
        assert not re.search(rf"\b{word}\b", text.casefold()), word


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answers in English while it lasts."""
    monkeypatch.setenv("ROUTEKAART_LANG", "en")
    room.language.cache_clear()
    yield
    monkeypatch.undo()
    room.language.cache_clear()


def test_the_answer_as_csv(capsys: pytest.CaptureFixture[str], build: Path, log: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(Call(capsys, "diff", build, "--log", log, "--format", "csv").out)))
    lists = ["declared_not_seen", *["seen_not_declared"] * 2, "waits", "numbers", *["not_covered"] * 2, "unknown_names"]
    assert [row["list"] for row in rows] == lists


@pytest.mark.usefixtures("english")
def test_the_answer_in_english(capsys: pytest.CaptureFixture[str], build: Path, log: Path) -> None:
    text = Call(capsys, "diff", build, "--log", log).text
    assert "Registered, not in the log (1)" in text
    assert "2 weeks longer" in text


def test_a_partner_by_another_name_changes_nothing(
    capsys: pytest.CaptureFixture[str], build: Path, make_log: Callable[..., Path]
) -> None:
    answers = []
    for name in ("P1", "Huisarts De Brink", "brinkpraktijk"):
        handovers = [{**h, "van": name if h["van"] == "P1" else h["van"]} for h in HANDOVERS[:2]]
        call = Call(capsys, "diff", build, "--log", make_log(handovers, LOG_ROUTES, LOG_WAITS), "--format", "json")
        assert call.code == 0
        told = call.json
        # the id of a handover, a hash of its ends, is that of the partner too
        answers.append(told)
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["unknown_names"] == []


def test_one_municipality(capsys: pytest.CaptureFixture[str], build: Path, log: Path) -> None:
    told = Call(capsys, "diff", build, "--log", log, "--gemeente", "Barneveld", "--format", "json").json
    assert told["declared_not_seen"] == []
    assert [(n["from"], n["municipality"]) for n in told["seen_not_declared"]] == [("P1", "GM0203")]
    text = Call(capsys, "diff", build, "--log", log, "--gemeente", "Barneveld").text
    assert "Een overdracht in het log heeft geen gemeente. Voor Barneveld staan hier" in text


@pytest.mark.parametrize("arguments", [(), ("data", "--log", "log")])
def test_data_or_a_log_and_not_both(capsys: pytest.CaptureFixture[str], build: Path, arguments: tuple[str, ...]) -> None:
    call = Call(capsys, "diff", build, *arguments)
    assert (call.code, call.out) == (2, "")
    assert "--log" in call.err
    assert "precies één van beide" in call.err


def test_a_folder_that_log_did_not_write(capsys: pytest.CaptureFixture[str], build: Path, make_data: MakeData) -> None:
    call = Call(capsys, "diff", build, "--log", make_data(partners=PARTNERS))
    assert (call.code, call.out) == (2, "")
    assert "geen map die `routekaart log` heeft gemaakt" in call.err


def test_what_else_is_wrong_in_the_log_is_said_beside_the_answer(
    capsys: pytest.CaptureFixture[str], build: Path, make_log: Callable[..., Path]
) -> None:
    rows = [*HANDOVERS[:1], {"van": "P1", "naar": "Brinkpraktijk", "aantal": "12", **PERIOD}]
    call = Call(capsys, "diff", build, "--log", make_log(rows), "--format", "json")
    assert call.code == 1
    assert "overdrachten.csv, rij 3, naar" in call.err


def test_nothing_small_of_a_log_is_printed(
    capsys: pytest.CaptureFixture[str], build: Path, make_log: Callable[..., Path]
) -> None:
    """A log with a threshold of its own that is lower than that of the build: 7 and 8 are hidden here."""
    handovers = [{"van": "P1", "naar": "P2", "aantal": "7", **PERIOD}, {"van": "P2", "naar": "P3", "aantal": "8", **PERIOD}]
    routes = [{**LOG_ROUTES[0], "aantal_per_jaar": "7"}]
    waits = [{**LOG_WAITS[0], "aantal": "8", "weken_mediaan_km": "77"}]
    folder = make_log(handovers, routes, waits, LOG_TOML.replace("drempel = 10", "drempel = 5"))
    told = Call(capsys, "diff", build, "--log", folder, "--format", "json").json
    assert told["waits"] == []
    assert {n["reason"] for n in told["not_covered"]} == {"zender niet in het log", "te weinig in het log"}
    for said in told["seen_not_declared"]:
        assert said["number"] is None
        assert all(c["per_year"] is None for c in said["cells"])
    for format_ in ("table", "md", "csv"):
        out = Call(capsys, "diff", build, "--log", folder, "--format", format_).out
        assert "77" not in out
