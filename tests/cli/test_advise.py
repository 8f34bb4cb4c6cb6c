"""advise as its users call it: both examples, both languages, on the screen and as files."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest

from routekaart.cli import language as room
from routekaart.cli.app import run

FOOTER = "Deze kaart gaat over vinden en wachten, niet over besparen."
HEADINGS = ["Dit is er.", "Hier wordt gewacht.", "Dit weten we niet.", "Dit is om te bespreken."]
#: Never said, but in the footer (ANALYSES, Wording).
NEVER = ["vermijdbaar", "schuld", "slechtste", "passende hulp", "doorlooptijd", "bestaat niet"]
Ask = Callable[..., str]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    def asked(out: Path, *arguments: str, lang: str = "nl") -> str:
        monkeypatch.setenv("ROUTEKAART_LANG", lang)
        room.language.cache_clear()
        code = run(["advise", str(out), *arguments])
        told, err = capsys.readouterr()
        assert (code, err) == (0, "")
        return told

    yield asked
    monkeypatch.undo()
    room.language.cache_clear()


def shown(page: Path) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page.read_text("utf-8").split("<main")[1].split("<script")[0]))


def plain(markdown: str) -> str:
    """Markdown without its escapes."""
    return re.sub(r"\\(.)", r"\1", markdown)


def test_on_the_screen_the_four_sentences_come_first_and_the_footer_last(vr: str, ask: Ask) -> None:
    told = ask(vr, "--gemeente", "Elzerbroek")
    places = [told.index(heading) for heading in HEADINGS]
    assert places == sorted(places)
    assert places[-1] < told.index("1. Licht, dichtbij")
    assert told.index("Voor de coalitie, niet voor publicatie") < places[0]
    assert FOOTER in told
    assert "112" in told.rsplit("\n", 3)[-2]


@pytest.mark.parametrize(("name", "place"), [("vr", "Elzerbroek"), ("vr", "Zilverveen"), ("gv", "Ede"), ("gv", "Renswoude")])
def test_page_and_markdown_say_the_same(name: str, place: str, request: pytest.FixtureRequest, ask: Ask, tmp_path: Path) -> None:
    out = request.getfixturevalue(name)
    page, md = tmp_path / "advies.html", tmp_path / "advies.md"
    said = ask(out, "--gemeente", place, "-o", str(page), "-o", str(md))
    assert said.splitlines() == [f"Om te bespreken over {place}: {page}", f"Om te bespreken over {place}: {md}"]
    text, marked = " ".join(shown(page).split()), plain(md.read_text("utf-8"))
    for line in marked.splitlines():
        bare = re.sub(r" \[\d+\]", "", line.lstrip("#->| ").strip("*| "))
        if line.startswith("- "):
            assert " ".join(bare.split()) in re.sub(r" \[\d+\]", "", text), line
    assert FOOTER in marked


@pytest.mark.parametrize(("name", "place"), [("vr", "Elzerbroek"), ("gv", "Ede")])
def test_words_that_are_never_said(name: str, place: str, request: pytest.FixtureRequest, ask: Ask) -> None:
    told = ask(request.getfixturevalue(name), "--gemeente", place, "--format", "md").casefold()
    before_footer = told.replace(FOOTER.casefold(), "")
    for word in [*NEVER, "besparen"]:
        assert word not in before_footer, word


def test_knelpunt_only_where_it_is_one(vr: str, gv: str, ask: Ask) -> None:
    found = json.loads(ask(vr, "--gemeente", "Elzerbroek", "--format", "json"))
    real = [w["partner"] for w in found["waiting"] if w["bottleneck"]]
    told = plain(ask(vr, "--gemeente", "Elzerbroek", "--format", "md"))
    assert real == ["P140"]
    assert told.count("Knelpunt: ") == 2  # in short, and where it is told
    # no wait of the other example is current
    assert "Knelpunt: " not in plain(ask(gv, "--gemeente", "Ede", "--format", "md"))


def test_every_receipt_that_is_mentioned_stands_at_the_back(vr: str, ask: Ask) -> None:
    told = plain(ask(vr, "--gemeente", "Elzerbroek", "--format", "md"))
    body, _, back = told.partition("## Bonnen")
    mentioned = {int(n) for n in re.findall(r"\[(\d+)\]", body.partition("## 1. ")[2])}
    listed = [int(n) for n in re.findall(r"^\| (\d+) \|", back, re.MULTILINE)]
    assert listed == list(range(1, len(listed) + 1))
    assert mentioned == set(listed)
    rows = re.findall(r"^\| \d+ \| [^|]+ \| ([^|]+) \|", back, re.MULTILINE)
    assert all(re.search(r"\.csv: rij \d|routekaart\.toml", row) for row in rows)


def test_a_receipt_can_be_explained(vr: str, ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    back = plain(ask(vr, "--gemeente", "Elzerbroek", "--format", "md")).partition("## Bonnen")[2]
    ids = re.findall(r"^\| \d+ \|.*\| ([\w, -]*) \|$", back, re.MULTILINE)
    for id_ in {one for cell in ids for one in cell.split(", ") if one}:
        assert run(["explain", str(vr), id_]) == 0, id_
    capsys.readouterr()


def test_no_small_number_of_families_is_printed(vr: str, ask: Ask) -> None:
    for place in ("Elzerbroek", "Wilgendam", "Kwartelo"):
        told = plain(ask(vr, "--gemeente", place, "--format", "md"))
        numbers = [int(n.replace(".", "")) for n in re.findall(r"ngeveer ([\d.]+) (?:gezinnen|keer per jaar)", told)]
        assert numbers
        assert min(numbers) >= 10


def test_as_rows_and_as_one_object(vr: str, ask: Ask) -> None:
    rows = list(csv.DictReader(io.StringIO(ask(vr, "--gemeente", "Elzerbroek", "--format", "csv"))))
    assert {r["section"] for r in rows} >= {"light_support", "waiting", "lacking", "contact", "route", "to_ask", "agreement"}
    found = json.loads(ask(vr, "--gemeente", "GM9003", "--format", "json"))
    assert (found["question"], found["municipality"], found["reference_date"]) == ("advise", "GM9003", "2026-09-01")
    assert len(found["routes"]) == sum(r["section"] == "route" for r in rows) == 5


def test_in_english(vr: str, gv: str, ask: Ask, tmp_path: Path) -> None:
    told = ask(vr, "--gemeente", "Elzerbroek", lang="en")
    assert told.index("This is there.") < told.index("Here people wait.") < told.index("This we do not know.")
    assert "For the coalition, not for publication" in told
    page = tmp_path / "a.html"
    ask(gv, "--gemeente", "Ede", "-o", str(page), lang="en")
    assert '<html lang="en">' in page.read_text("utf-8")
    assert "Questions to talk about together" in shown(page)


def test_the_same_bytes_again(vr: str, ask: Ask, tmp_path: Path) -> None:
    for name in ("a", "b"):
        ask(vr, "--gemeente", "Elzerbroek", "-o", str(tmp_path / f"{name}.html"), "-o", str(tmp_path / f"{name}.md"))
    for ending in (".html", ".md"):
        assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--gemeente", "Elzerbroek", "--weergave", "openbaar"], "alleen voor de coalitie"),
        (["--gemeente", "Elzerbroek", "-o", "advies.pdf"], "eindigt niet op .html of .md"),
        ([], "Voor welke gemeente?"),
        (["--gemeente", "Elzerbroekk"], "Elzerbroek"),
    ],
)
def test_wrong_calls_tell_their_cure(
    vr: str, arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["advise", str(vr), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
