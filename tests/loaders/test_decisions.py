"""Decisions about names: what is applied, what is told, and that a decided byte never changes."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from routekaart.loaders.decisions import Bearer, Decision, settled
from routekaart.loaders.matching.evidence import Judgement
from routekaart.loaders.matching.proposals import Proposal
from routekaart.loaders.matching.to_decide import to_decide
from routekaart.loaders.read import Reading, read
from routekaart.ontology.concepts import folded

MakeData = Callable[..., Path]
PARTNERS = [
    {"id": "P1", "naam": "Centrum voor Jeugd en Gezin Ede", "rollen": "lokaal-team", "gemeenten": "Ede", "website": ""},
    {"id": "P2", "naam": "Huisartsenpraktijk De Linde", "rollen": "huisarts", "gemeenten": "Ede", "website": ""},
    {"id": "P3", "naam": "Loket Ede", "rollen": "gemeente", "gemeenten": "Ede", "website": "https://cjgede.nl"},
    {"id": "P4", "naam": "CJG Barneveld", "rollen": "lokaal-team", "gemeenten": "Barneveld", "website": ""},
]
ROUTES = [
    {"id": "R1", "van": "P2", "naar": "Het Centrum", "soort": "verwijzing"},
    {"id": "R2", "van": "P2", "naar": "P3", "soort": "verwijzing"},
    {"id": "R3", "van": "P2", "naar": "Loket Ede", "soort": "verwijzing"},
    {"id": "R4", "van": "P3", "naar": "P1", "soort": "verwijzing"},
]


def decision(written: str, partner: str, verdict: str) -> dict[str, str]:
    return {
        "geschreven": written,
        "partner": partner,
        "oordeel": verdict,
        "beslist_door": "beleidsadviseur",
        "beslist_op": "2026-05-01",
    }


def codes(reading: Reading, file: str = "koppelingen.csv") -> dict[int, str]:
    """What was found in each row; a second verdict on one pair is also a double row, which says nothing more."""
    return {f.row or 0: f.code for f in reading.findings if f.file == file and f.code != "duplicate-row"}


# --- what is applied ------------------------------------------------------------------------------------
def test_a_written_name_becomes_the_partner_everywhere(make_data: MakeData) -> None:
    folder = make_data(
        partners=PARTNERS,
        routes=ROUTES[:1],
        aanbod=[{"id": "A1", "naam": "Spreekuur", "partner": "het centrum!"}],
        wachttijden=[{"op": "Het Centrum > P4", "soort": "totaal", "waarde": "8 weken"}],
        afspraken=[{"id": "F1", "partners": "P2; Het centrum", "wat": "bellen"}],
        koppelingen=[decision("Het Centrum", "P1", "zelfde")],
    )
    landscape = read(folder).landscape
    assert landscape["routes"]["to"].to_list() == ["P1"]
    assert landscape["offerings"]["partner"].to_list() == ["P1"]
    assert landscape["waits"]["on"].to_list() == [["P1", "P4"]]
    assert landscape["agreements"]["partners"].to_list() == [["P1", "P2"]]
    assert landscape["matches"].select("written", "partner", "verdict", "decided_on").rows() == [
        ("Het Centrum", "P1", "zelfde", "2026-05-01")
    ]


def test_a_row_that_is_another_is_put_apart_and_told(make_data: MakeData) -> None:
    reading = read(make_data(partners=PARTNERS, routes=ROUTES[1:], koppelingen=[decision("P3", "P1", "zelfde")]))
    partners = reading.landscape["partners"]
    assert partners["id"].to_list() == ["P1", "P2", "P4"]
    assert reading.counts["partners"].read == 4
    assert reading.counts["partners"].quarantined == 1
    # its id and its name lead to the partner that is kept; a route between the two has the same ends
    assert reading.landscape["routes"].select("id", "to").rows() == [("R2", "P1"), ("R3", "P1")]
    assert [f.row for f in reading.findings if f.code == "same-ends"] == [4]
    (told,) = [f for f in reading.findings if f.code == "partner-merged"]
    assert (told.file, told.row, told.value, told.loses) == ("partners.csv", 4, "P3", "row")
    for piece in (
        "samengevoegd met P1",
        "koppelingen.csv rij 2",
        "website (https://cjgede.nl)",
        "rollen (gemeente ↔ lokaal-team)",
    ):
        assert piece in told.message()
    # nothing was taken over but the name
    kept = partners.filter(partners["id"] == "P1").to_dicts()[0]
    assert kept["website"] is None
    assert kept["other_names"] == ["Loket Ede"]


def test_a_row_is_also_meant_by_its_main_name_but_not_by_another_name(make_data: MakeData) -> None:
    by_name = read(make_data(partners=PARTNERS, koppelingen=[decision("loket ede", "P1", "zelfde")]))
    assert by_name.landscape["partners"]["id"].to_list() == ["P1", "P2", "P4"]
    partners = [dict(p, andere_namen="Jeugdloket" if p["id"] == "P3" else "") for p in PARTNERS]
    other = read(make_data(partners=partners, koppelingen=[decision("Jeugdloket", "P1", "zelfde")]))
    assert other.landscape["partners"].height == 4
    assert codes(other) == {2: "decision-taken"}


def test_part_of_itself_after_merging_is_emptied_and_told(make_data: MakeData) -> None:
    partners = [dict(p, onderdeel_van="P3" if p["id"] == "P1" else "") for p in PARTNERS]
    reading = read(make_data(partners=partners, koppelingen=[decision("P3", "P1", "zelfde")]))
    assert reading.landscape["partners"]["part_of"].to_list() == [None, None, None]
    assert [f.value for f in reading.findings if f.code == "part-of-itself"] == ["P1"]


def test_what_is_another_is_not_proposed_again(make_data: MakeData) -> None:
    partners = [PARTNERS[0], dict(PARTNERS[2], naam="CJG Ede")]
    routes = [{"id": "R1", "van": "rol:huisarts", "naar": "C.J.G. Ede e.o.", "soort": "verwijzing"}]
    before = read(make_data(partners=partners, routes=routes))
    assert {(p.written, p.partner) for p in before.proposals} >= {("C.J.G. Ede e.o.", "P1")}
    decided = [decision("CJG Ede e.o.", "P1", "ander")]
    after = read(make_data(partners=partners, routes=routes, koppelingen=decided))
    # the same name but for punctuation: the decision holds
    assert ("C.J.G. Ede e.o.", "P1") not in {(p.written, p.partner) for p in after.proposals}


def test_two_rows_that_are_two_are_not_proposed_again(make_data: MakeData) -> None:
    rows = [dict(PARTNERS[0]), {**PARTNERS[0], "id": "P9", "naam": "CJG gemeente Ede"}]
    assert [(p.written, p.partner) for p in read(make_data(partners=rows)).proposals] == [("P9", "P1")]
    for written in ("P1", "Centrum voor Jeugd en Gezin Ede"):
        reading = read(make_data(partners=rows, koppelingen=[decision(written, "P9", "ander")]))
        assert reading.proposals == ()
        assert not [f for f in reading.findings if f.code == "perhaps-same"]


def test_a_decision_chooses_between_partners_of_one_name(make_data: MakeData) -> None:
    partners = [dict(PARTNERS[0], naam="De Brug"), dict(PARTNERS[3], naam="De Brug")]
    routes = [{"id": "R1", "van": "rol:huisarts", "naar": "De Brug", "soort": "verwijzing"}]
    reading = read(make_data(partners=partners, routes=routes, koppelingen=[decision("De Brug", "P4", "zelfde")]))
    assert reading.landscape["routes"]["to"].to_list() == ["P4"]
    assert reading.landscape["partners"].height == 2


# --- what cannot be -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("decided", "expected", "ids"),
    [
        (
            [("P3", "P1", "zelfde"), ("P3", "P1", "ander")],
            {2: "decision-contradiction", 3: "decision-contradiction"},
            "P1 P2 P3 P4",
        ),
        ([("P3", "P1", "zelfde"), ("P1", "P3", "zelfde")], {2: "decision-cycle", 3: "decision-cycle"}, "P1 P2 P3 P4"),
        (
            [("P3", "P1", "zelfde"), ("P3", "P4", "zelfde")],
            {2: "decision-contradiction", 3: "decision-contradiction"},
            "P1 P2 P3 P4",
        ),
        ([("P3", "P1", "zelfde"), ("P1", "P4", "zelfde")], {2: "decision-chain"}, "P2 P4"),
        ([("Weg", "P1", "zelfde")], {2: "decision-idle"}, "P1 P2 P3 P4"),
        ([("Weg", "P1", "ander")], {2: "decision-idle"}, "P1 P2 P3 P4"),
        ([("–?", "P1", "zelfde")], {2: "decision-no-name"}, "P1 P2 P3 P4"),
        ([("P3", "P9", "zelfde")], {2: "unknown-reference"}, "P1 P2 P3 P4"),
        ([("P3", "P1", "misschien")], {2: "unknown-concept"}, "P1 P2 P3 P4"),
        ([("P3", "P1", "")], {}, "P1 P2 P3 P4"),
        ([("P3", "P3", "zelfde")], {}, "P1 P2 P3 P4"),
    ],
)
def test_what_cannot_be_applied_is_told(
    make_data: MakeData, decided: list[tuple[str, str, str]], expected: dict[int, str], ids: str
) -> None:
    reading = read(make_data(partners=PARTNERS, koppelingen=[decision(*d) for d in decided]))
    assert codes(reading) == expected
    assert reading.landscape["partners"]["id"].to_list() == ids.split()
    for count in reading.counts.values():
        assert count.read == count.used + count.quarantined


def decisions(ids: str) -> st.SearchStrategy[list[tuple[str, str, bool]]]:
    one = st.tuples(st.sampled_from([*ids, "x", "y"]), st.sampled_from(list(ids)), st.booleans())
    return st.lists(one, max_size=7)


@settings(max_examples=300)
@given(decisions("ABCD"))
def test_settled_decisions_agree_with_a_plain_closure(given_: list[tuple[str, str, bool]]) -> None:
    """Second method: follow the arrows by hand; what is applied never contradicts a decision that was made."""
    made = [Decision(w, p, same, "f", None, n) for n, (w, p, same) in enumerate(given_)]
    found = settled(made, [Bearer(i, f"naam {i}") for i in "ABCD"])
    where = {**{w: found.aliases[w] for w in "xy" if w in found.aliases}, **{i: kept for i, (kept, _) in found.merged.items()}}
    told = {(f.row, f.code) for f in found.findings}
    # nobody is merged into somebody that is merged away itself
    assert not set(where.values()) & set(found.merged)
    for n, (written, partner, same) in enumerate(given_):
        together = where.get(written, written) == where.get(partner, partner)
        if same and not together:
            assert {(n, "decision-contradiction"), (n, "decision-cycle")} & told or _said_twice(given_, n)
        if not same and together and written != partner:
            raise AssertionError(f"{written} and {partner} were denied to be one")
    # without contradictions everything that was said holds
    if not any(code in ("decision-contradiction", "decision-cycle") for _, code in told):
        for written, partner, same in given_:
            assert not same or where.get(written, written) == where.get(partner, partner)


def _said_twice(decided: list[tuple[str, str, bool]], n: int) -> bool:
    return decided.index(decided[n]) < n


def test_the_order_of_decisions_does_not_matter() -> None:
    rows = [("A", "B", True), ("B", "C", True), ("x", "A", True), ("x", "D", False)]
    partners = [Bearer(i, f"naam {i}") for i in "ABCD"]
    outcomes = set()
    for order in itertools.permutations(rows):
        found = settled([Decision(w, p, same, "f", None, 1) for w, p, same in order], partners)
        outcomes.add((tuple(sorted(found.aliases.items())), tuple(sorted((i, k) for i, (k, _) in found.merged.items()))))
    assert len(outcomes) == 1
    ((aliases, merged),) = outcomes
    assert dict(merged) == {"A": "C", "B": "C"}
    assert dict(aliases)["x"] == "C"


# --- the file -----------------------------------------------------------------------------------------------
def proposal(written: str, partner: str, score: int = 90) -> Proposal:
    return Proposal(written, partner, f"Naam {partner}", Judgement(score))


def test_a_new_file_opens_in_a_dutch_spreadsheet() -> None:
    data = to_decide(None, [proposal("CJG é", "P1")]).data
    assert data.startswith(b"\xef\xbb\xbfgeschreven;partner;oordeel;score;waarom;beslist_door;beslist_op\r\n")
    assert data.endswith(b"\r\n")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_a_decided_row_stays_byte_for_byte(delimiter: str, encoding: str, newline: str) -> None:
    head = delimiter.join(["Beslist_door", "Oordeel", "PARTNER", "geschreven", "eigen notitie"])
    decided = delimiter.join(["raad", "zelfde", "P1", f'"Café  {delimiter}""Één"" {newline}loket"', " let op "])
    touched = delimiter.join(["", "", "P2", "Naam", "nog vragen"])
    fresh = delimiter.join(["", "", "P9", "Verdwenen naam", ""])
    raw = newline.join([head, decided, fresh, touched]).encode(encoding)
    made = to_decide(raw, [proposal("Nieuw", "P3"), proposal("Naam", "P2"), proposal("cafe een loket", "P1")])
    assert decided.encode(encoding.removesuffix("-sig")) in made.data
    assert touched.encode(encoding.removesuffix("-sig")) in made.data
    assert b"Verdwenen" not in made.data  # an open proposal that nobody touched and that is open no more
    assert (made.kept, made.added, made.left_out) == (2, 1, 0)
    rows = list(csv.DictReader(io.StringIO(made.data.decode(encoding), newline=""), delimiter=delimiter))
    assert [r["geschreven"] for r in rows[1:]] == ["Naam", "Nieuw"]
    again = to_decide(made.data, [proposal("Nieuw", "P3"), proposal("Naam", "P2")])
    assert again.data == made.data


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=20),
            st.sampled_from(["P1", "P2"]),
            st.sampled_from(["zelfde", "ander"]),
        ),
        max_size=6,
    )
)
def test_any_decided_rows_survive_any_number_of_runs(decided: list[tuple[str, str, str]]) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([("geschreven", "partner", "oordeel"), *decided])
    raw = out.getvalue().encode()
    once = to_decide(raw, [proposal("Nieuwe naam", "P1")]).data
    assert once.startswith(raw)
    assert to_decide(once, [proposal("Nieuwe naam", "P1")]).data == once


def test_what_the_encoding_cannot_hold_is_counted_not_spoiled() -> None:
    raw = "geschreven;partner;oordeel\nCafé;P1;zelfde\n".encode("cp1252")
    made = to_decide(raw, [proposal("Żółw", "P1"), proposal("Gewoon", "P1")])
    assert (made.data.startswith(raw), made.added, made.left_out) == (True, 1, 1)


def test_a_formula_is_written_as_text_and_still_means_the_same_name() -> None:
    made = to_decide(None, [proposal("=SOM(A1)", "P1")])
    cell = next(csv.DictReader(io.StringIO(made.data.decode("utf-8-sig")), delimiter=";"))["geschreven"]
    assert cell == "'=SOM(A1)"
    assert folded(cell) == folded("=SOM(A1)")


def test_another_file_is_not_taken_for_decisions() -> None:
    with pytest.raises(ValueError, match="geschreven"):
        to_decide(b"id;naam\nP1;CJG Ede\n", [])


def test_decisions_in_a_sheet_of_a_workbook_are_used_too(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "alles.xlsx")
    sheets = {
        "partners": [["id", "naam", "rollen"], ["P1", "CJG Ede", "lokaal-team"], ["P2", "De Linde", "huisarts"]],
        "routes": [["id", "van", "naar", "soort"], ["R1", "P2", "Het Centrum", "verwijzing"]],
        "koppelingen": [["geschreven", "partner", "oordeel"], ["Het Centrum", "P1", "zelfde"]],
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    book.close()
    assert read(tmp_path / "alles.xlsx").landscape["routes"]["to"].to_list() == ["P1"]
