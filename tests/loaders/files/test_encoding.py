"""Bytes → text: every encoding that Dutch offices use, mixtures of them, and text that was encoded twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routekaart.loaders.files.encoding import NoTextError, decoded, one_byte_encoding
from routekaart.loaders.files.mojibake import repaired

EXAMPLES = Path(__file__).parents[3] / "examples"
TEXT = "id;naam;gemeenten\nP1;Café Zoë;Ede\nP2;“Ouders” – samen;Ede\nP3;Eén-loket, auto’s en coördinatie;Ede\n"
ROWS = {2: ("P1", "Café Zoë", "Ede"), 3: ("P2", "“Ouders” – samen", "Ede"), 4: ("P3", "Eén-loket, auto’s en coördinatie", "Ede")}


@pytest.mark.parametrize(
    ("encoding", "codes"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("utf-16", []),
        ("utf-32", []),
        ("cp1252", []),  # what Excel writes in the Netherlands: nothing is assumed that letters do not say
        ("utf-16-le", ["encoding-judged"]),
        ("utf-16-be", ["encoding-judged"]),
        ("mac_roman", ["encoding-judged"]),
    ],
)
def test_every_encoding_is_the_same_table(reads: Any, encoding: str, codes: list[str]) -> None:
    seen = reads.text(TEXT, encoding=encoding)
    assert seen.rows == ROWS
    assert seen.codes == codes


#: Words of partner lists, each in the encodings that can hold it; the right answer is the word itself.
WORDS = ["Café", "Zoë", "coördinatie", "één", "naïef", "minuscüul", "crèche", "enquête", "Curaçao", "’s-Graveland", "vóór"]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
def test_one_word_with_an_accent_decides(word: str, encoding: str) -> None:
    try:
        data = f"id;naam\nP1;{word} te Ede;x\n".encode(encoding)
    except UnicodeEncodeError:
        pytest.skip(f"{encoding} has no {word}")
    found = decoded(data)
    assert word in found.text
    assert found.encoding == ("" if encoding == "cp1252" else encoding)


def test_a_single_euro_on_windows(reads: Any) -> None:
    seen = reads.bytes("id;naam;kosten\nP1;x;€ 5 per keer\n".encode("cp1252"))
    assert seen.rows == {2: ("P1", "x", "€ 5 per keer")}


def test_lines_in_two_encodings_are_each_read_in_their_own(reads: Any) -> None:
    data = "id;naam\nP1;Café\n".encode() + "P2;Zoë\n".encode("cp1252") + "P3;één\n".encode()
    seen = reads.bytes(data)
    assert seen.rows == {2: ("P1", "Café"), 3: ("P2", "Zoë"), 4: ("P3", "één")}
    assert seen.codes == ["encoding-mixed"]
    assert seen.said("encoding-mixed")["rows"] == "3"


def test_what_no_letter_decides_is_doubtful(reads: Any) -> None:
    seen = reads.bytes(b"id;naam\nP1;\xa8\xaf\xb8 x\n")
    assert seen.codes == ["encoding-doubtful"]
    assert len(seen.rows) == 1


def test_nul_signs_are_left_out_and_counted(reads: Any) -> None:
    seen = reads.bytes(b"id;naam\nP1;Jeugd\x00team Ede en omgeving\n")
    assert seen.rows == {2: ("P1", "Jeugdteam Ede en omgeving")}
    assert seen.said("null-signs")["number"] == 1


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", bytes(range(1, 9)) * 40, b"ab\x00\x00\x00\x00\x01\x00"])
def test_what_is_no_text_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(NoTextError):
        decoded(data)


# --- encoded twice ---------------------------------------------------------------------------
def misread(text: str, encoding: str, times: int) -> str:
    """UTF-8 taken for ``encoding``, as often as said; Windows fills the holes of cp1252 with control signs."""
    for _ in range(times):
        text = "".join(
            chr(b) if encoding == "cp1252" and b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([b]).decode(encoding)
            for b in text.encode()
        )
    return text


DUTCH = st.text(st.sampled_from("abcdefg éëïöüèêáàâäóôíîçñúùûÉÖ€’‘“”–… ,.;'\"123°½"), max_size=30)


@settings(max_examples=150, deadline=None)
@given(DUTCH, st.sampled_from(["cp1252 1", "cp1252 2", "cp1252 3", "mac_roman 1", "cp850 1"]))
def test_text_that_was_encoded_twice_comes_back(text: str, way: str) -> None:
    assume(repaired(text) == text)  # "â€‘" is itself a hyphen that was encoded twice
    encoding, times = way.split()
    assert repaired(misread(text, encoding, int(times))) == text


def test_text_that_looks_encoded_twice_is_mended_as_often_as_it_looks_so() -> None:
    """Found by the test above: whether somebody wrote these three signs or a hyphen, nobody can tell."""
    assert repaired("â€‘") == repaired(misread("â€‘", "cp1252", 1)) == "\u2011"


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from("abcdeënzéïöüèêáàóÉËÖ€’‘“”–… .,;:()/'\"0123456789½°•·×±«»"), max_size=60))
def test_ordinary_dutch_text_is_never_touched(text: str) -> None:
    assert repaired(text) == text


@pytest.mark.parametrize(
    "text", ["de ‘Æ’ van Ærø", "“Â” en “Ã”", "ÄÖÜ „Ä“", "Åse Ångström", "MÂÇON, SÃO", "√ 9 = 3", "¬ p", "é… en “é”", "«Â»"]
)
def test_capitals_between_quotation_marks_stay(text: str) -> None:
    assert repaired(text) == text


def test_mended_text_is_told_once_per_column_and_reads_as_it_was(reads: Any) -> None:
    seen = reads.text("id;naam;kosten\nP1;CafÃ© Ede;â‚¬ 5\nP2;ZoÃƒÂ«;\nP3;gewoon;\n")
    assert seen.rows == {2: ("P1", "Café Ede", "€ 5"), 3: ("P2", "Zoë", None), 4: ("P3", "gewoon", None)}
    assert seen.at("text-mended") == [(2, "naam", "CafÃ© Ede → Café Ede"), (2, "kosten", "â‚¬ 5 → € 5")]
    assert [dict(f.values)["number"] for f in seen.findings] == [2, 1]


def test_a_lost_letter_is_named_with_its_cell(reads: Any) -> None:
    seen = reads.text("id;naam\nP1;Caf\ufffd Ede\nP2;x\n")
    assert seen.at("text-lost") == [(2, "naam", "Caf\ufffd Ede")]
    assert seen.rows[2] == ("P1", "Caf\ufffd Ede")


def test_a_hundred_thousand_lost_letters_are_one_finding(reads: Any) -> None:
    seen = reads.text("id;naam\n" + "".join(f"P{n};Caf\ufffd\n" for n in range(100_000)))
    assert seen.codes == ["text-lost"]
    assert seen.said("text-lost")["number"] == 100_000
    assert len(seen.rows) == 100_000


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize("name", ["partners", "aanbod", "routes"])
def test_the_judge_is_right_about_the_examples(encoding: str, name: str) -> None:
    text = (EXAMPLES / "gelderse-vallei" / f"{name}.csv").read_text("utf-8")
    data = text.encode(encoding, "ignore")
    if data.isascii():
        pytest.skip("no letters with accents")
    assert one_byte_encoding(data) == (encoding, False)
