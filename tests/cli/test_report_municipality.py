"""report --gemeente and --all: files by their endings, refusals that tell their cure, the same bytes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from routekaart.cli.app import run
from routekaart.loaders.read import Reading


def shown(page: Path) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page.read_text("utf-8").split("<body")[1].split("<script")[0]))


def headings(page: Path) -> list[str]:
    return [unescape(h) for h in re.findall(r'<h2 id="deel-\d+"[^>]*>\d+\. ([^<]*)</h2>', page.read_text("utf-8"))]


def test_a_page_and_a_workbook_by_ending(gv: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, book = tmp_path / "p.html", tmp_path / "p.xlsx"
    assert run(["report", str(gv), "--gemeente", "Ede", "-o", str(page), "-o", str(book)]) == 0
    assert capsys.readouterr().out.count("Het overzicht van Ede staat in ") == 2
    assert "Ede" in shown(page)
    names = openpyxl.load_workbook(book).sheetnames
    assert names == ["Lees mij", "Aanbod", "Routes", "Wachttijden", "Bronnen"]


def test_openbaar_is_the_default_and_coalitie_adds_four_parts(gv: str, tmp_path: Path) -> None:
    made = []
    for name, more in (("a", []), ("b", ["--weergave", "openbaar"]), ("c", ["--weergave", "coalitie"])):
        made.append(tmp_path / f"{name}.html")
        assert run(["report", str(gv), "--gemeente", "GM0228", *more, "-o", str(made[-1])]) == 0
    assert made[0].read_bytes() == made[1].read_bytes()
    public, whole = headings(made[0]), headings(made[2])
    assert len(public) == 5
    assert len(whole) == 9
    assert [h for h in whole if h in public] == public


def test_without_a_file_it_names_one_itself(gv: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["report", str(gv), "--gemeente", "Ede"]) == 0
    assert [p.name for p in tmp_path.iterdir()] == ["gemeente-ede.html"]
    assert '<html lang="nl">' in (tmp_path / "gemeente-ede.html").read_text("utf-8")


def test_every_municipality_gets_both_and_stands_in_the_list(
    gv: str, gelderse_vallei: Reading, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "alle"
    assert run(["report", str(gv), "--all", str(folder)]) == 0
    codes = gelderse_vallei.landscape.region_municipalities
    assert f"Voor {len(codes)} gemeenten" in capsys.readouterr().out
    found = {p.name for p in folder.iterdir()}
    assert len(found) == 2 * len(codes) + 1
    links = re.findall(r'href="(gemeente-[^"]*)"', (folder / "index.html").read_text("utf-8"))
    assert {*links, "index.html"} == found
    # the same as one by one
    files = [tmp_path / "p.html", tmp_path / "p.xlsx"]
    assert run(["report", str(gv), "--gemeente", "Ede", "-o", str(files[0]), "-o", str(files[1])]) == 0
    for file in files:
        assert (folder / f"gemeente-ede{file.suffix}").read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--gemeente", "Ede", "--partner", "P20"], "niet allebei"),
        (["--gemeente", "Ede", "--all", "x"], "niet allebei"),
        (["--all", "x", "--all-partners", "y"], "niet allebei"),
        (["--all", "x", "-o", "p.html"], "laat -o weg"),
        (["--gemeente", "Ede", "-o", "p.pdf"], "eindigt niet op .html of .xlsx"),
        (["--gemeente", "Ede", "--before", "1 oktober 2026"], "--before hoort bij --partner"),
        (["--gemeente", "Ede", "--weergave", "geheim"], "--weergave is"),
        (["--gemeente", "Edee"], "Ede"),
    ],
)
def test_wrong_calls_tell_their_cure(
    gv: str, arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["report", str(gv), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_same_build_same_bytes_in_another_process(gv: str, tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        files = [tmp_path / f"{seed}.html", tmp_path / f"{seed}.xlsx"]
        arguments = [
            "report",
            str(gv),
            "--gemeente",
            "Ede",
            "--weergave",
            "coalitie",
            *(x for f in files for x in ("-o", str(f))),
        ]
        subprocess.run(
            [sys.executable, "-m", "routekaart.cli", *arguments],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        made.append([f.read_bytes() for f in files])
    assert made[0] == made[1]
