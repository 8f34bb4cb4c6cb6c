"""export: one option for every form, a file or a folder that appears whole, and nothing overwritten that is not its own."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from routekaart.cli.app import run
from routekaart.graph.exports.formats import FORMATS, files
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading, read

Built = Callable[[str], Path]


@pytest.mark.parametrize("name", [n for n, f in FORMATS.items() if not f.several])
def test_the_screen_and_a_file_hold_the_same(
    name: str, built: Built, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    gv = str(built("gelderse-vallei"))
    target = tmp_path / f"x.{FORMATS[name].ending}"
    assert run(["export", gv, "--as", name, "-o", str(target)]) == 0
    told = capfdbinary.readouterr()
    assert told.out == b""
    assert target.name in told.err.decode()
    done = subprocess.run(  # the stream itself, which a test cannot stand in for
        [sys.executable, "-m", "routekaart.cli", "export", gv, "--as", name], capture_output=True, check=True
    )
    assert done.stdout == target.read_bytes()


def test_an_unknown_format_names_all_that_there_are(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(built("gelderse-vallei")), "--as", "docx"]) == 2
    said = capsys.readouterr().err
    assert [n for n in FORMATS if n not in said] == []


def test_help_names_all_formats(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "--help"]) == 0
    assert "|".join(FORMATS) in capsys.readouterr().out


def test_several_files_need_a_place_and_the_sentence_says_which(built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(built("gelderse-vallei")), "--as", "csv"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "-o MAP" in said.err
    assert ".zip" in said.err


def test_tables_in_a_folder_and_in_a_zip(built: Built, tmp_path: Path, gelderse_vallei: Reading) -> None:
    gv = str(built("gelderse-vallei"))
    assert run(["export", gv, "--as", "csv", "-o", str(tmp_path / "new" / "map")]) == 0
    assert run(["export", gv, "--as", "csv", "-o", str(tmp_path / "x.ZIP")]) == 0
    folder = {p.name: p.read_bytes() for p in (tmp_path / "new" / "map").iterdir()}
    archive = zipfile.ZipFile(tmp_path / "x.ZIP")
    assert folder == {n: archive.read(n) for n in archive.namelist()} == dict(files(gelderse_vallei.landscape, "csv"))
    assert read(tmp_path / "new" / "map").landscape["routes"].height == gelderse_vallei.landscape["routes"].height


def test_a_folder_that_holds_something_stays_as_it_is(built: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gv = str(built("gelderse-vallei"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "partners.csv").write_text("mijn werk", "utf-8")
    assert run(["export", gv, "--as", "csv", "-o", str(tmp_path / "data")]) == 2
    assert str(tmp_path / "data") in capsys.readouterr().err
    assert [(p.name, p.read_text("utf-8")) for p in (tmp_path / "data").iterdir()] == [("partners.csv", "mijn werk")]
    (tmp_path / "empty").mkdir()
    assert run(["export", gv, "--as", "csv", "-o", str(tmp_path / "empty")]) == 0
    assert (tmp_path / "empty" / "partners.csv").is_file()


@pytest.mark.parametrize("name", ["csv", "gexf"])
def test_what_is_cut_off_leaves_nothing_behind(name: str, built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full halfway: exit code 3, and no half file or folder."""

    def full(self: Landscape, table: str) -> object:
        if table == "lines":
            raise OSError(28, "No space left on device")
        return self.frames[table]

    gv = str(built("gelderse-vallei"))
    monkeypatch.setattr(Landscape, "__getitem__", full)
    assert run(["export", gv, "--as", name, "-o", str(tmp_path / "x")]) == 3
    assert list(tmp_path.iterdir()) == []


def test_labels_follow_the_language(built: Built) -> None:
    gv = str(built("gelderse-vallei"))
    kinds = {}
    for lang in ("nl", "en"):
        # the language is looked up once in a process
        call = [sys.executable, "-m", "routekaart.cli", "export", gv, "--as", "kumu", "--lang", lang]
        done = subprocess.run(call, capture_output=True, check=True)
        kinds[lang] = {e["type"] for e in json.loads(done.stdout)["elements"]}
    assert kinds == {"nl": {"partner", "aanbod", "rol"}, "en": {"partner", "offering", "role"}}


def test_asking_for_help_reads_no_heavy_library() -> None:
    code = "import sys, routekaart.cli.querying; print([m for m in ('networkx', 'polars', 'pyoxigraph', 'scipy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
