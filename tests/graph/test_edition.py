"""A build appears whole or not at all, says who made it, and is the same bytes for the same input."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import routekaart.graph as graph
from routekaart.graph.edition import MANIFEST, EditionError, atomic_folder, open_edition, write_edition
from routekaart.graph.schema import FORMAT
from routekaart.graph.stores.oxigraph import QueryError, ask
from routekaart.loaders.read import Reading

EXAMPLES = Path(__file__).parents[2] / "examples"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and "store" not in p.parts
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, gelderse_vallei: Reading) -> Path:
    path = tmp_path_factory.mktemp("build") / "uit"
    write_edition(gelderse_vallei.landscape, {"findings": [], "tables": {}}, path)
    return path


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "routekaart.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload, no-any-return]  # options are keywords of run


def test_a_build_reads_back(built: Path, gelderse_vallei: Reading) -> None:
    assert graph.read(built) == gelderse_vallei.landscape


def test_rdflib_opens_it_and_asks_sparql(built: Path) -> None:
    found = graph.open(built).query("SELECT ?name WHERE { ?p rk:role rkc:role-jeugd-ggz ; skos:prefLabel ?name } ORDER BY ?name")
    assert [str(row[0]) for row in found] == [
        "De Hoop",
        "Eleos",
        "Karakter kinder- en jeugdpsychiatrie",
        "Pro Persona",
    ]  # region/partners.csv


def test_two_builds_are_the_same_bytes(built: Path, tmp_path: Path, gelderse_vallei: Reading) -> None:
    write_edition(gelderse_vallei.landscape, {"findings": [], "tables": {}}, tmp_path / "other")
    assert contents(tmp_path / "other") == contents(built)


def test_the_command_line_builds_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    for name, seed in (("a", "1"), ("b", "2")):
        done = run(
            "build",
            str(EXAMPLES / "voorbeeldregio"),
            "-o",
            str(tmp_path / name),
            "--no-store",
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_no_build_no_folder_another_version_and_damage_each_have_their_sentence(tmp_path: Path, built: Path) -> None:
    (tmp_path / "leeg").mkdir()
    other, before, damaged = (tmp_path / name for name in ("other", "before", "damaged"))
    for folder, format_ in ((other, 999), (before, FORMAT - 1), (damaged, FORMAT)):
        folder.mkdir()
        (folder / MANIFEST).write_text(json.dumps({"format": format_, "version": "0.1.0"}), "utf-8")
    for path, code in (
        (tmp_path / "nergens", "no-edition"),
        (tmp_path / "leeg", "not-an-edition"),
        (other, "other-version"),
        (before, "other-version"),
        (damaged, "edition-damaged"),
    ):
        with pytest.raises(EditionError) as caught:
            open_edition(path).landscape()
        assert caught.value.code == code
        assert str(path) in caught.value.told("nl")
    (damaged / MANIFEST).write_text("{", "utf-8")
    with pytest.raises(EditionError, match="damaged"):
        open_edition(damaged)


def test_a_folder_that_is_no_build_is_never_overwritten(tmp_path: Path, gelderse_vallei: Reading) -> None:
    (tmp_path / "brief.txt").write_text("van mij")
    with pytest.raises(EditionError) as caught:
        write_edition(gelderse_vallei.landscape, {}, tmp_path)
    assert caught.value.code == "would-overwrite"
    assert [p.name for p in tmp_path.iterdir()] == ["brief.txt"]


def test_what_fails_half_way_leaves_the_old_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "uit"
    target.mkdir()
    (target / "old").write_text("old")

    def fails() -> None:
        with atomic_folder(target) as making:
            (making / "new").write_text("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert [p.name for p in tmp_path.iterdir()] == ["uit"]
    assert [p.name for p in target.iterdir()] == ["old"]


def test_a_build_that_was_cut_off_between_its_renames_is_put_back(tmp_path: Path, built: Path) -> None:
    target = tmp_path / "uit"
    shutil.copytree(built, tmp_path / ".uit.vorige")
    assert open_edition(target).manifest["name"] == "Gelderse Vallei"
    assert [p.name for p in tmp_path.iterdir()] == ["uit"]


@pytest.mark.skipif(os.name != "posix", reason="kills a process the POSIX way")
def test_a_build_that_is_killed_leaves_the_old_build_untouched(tmp_path: Path, built: Path) -> None:
    target = tmp_path / "uit"
    shutil.copytree(built, target)
    before = contents(target)
    command = [sys.executable, "-m", "routekaart.cli", "build", str(EXAMPLES / "voorbeeldregio"), "-o", str(target)]
    killed = 0
    for delay in (0.5, 0.8, 1.0, 1.2, 1.4, 1.6):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        found = contents(target)
        if process.returncode == -signal.SIGKILL and open_edition(target).manifest["name"] == "Gelderse Vallei":
            assert found == before
    assert killed
    # the next build takes the place of it all, and sweeps what the killed ones left
    assert run("build", str(EXAMPLES / "gelderse-vallei"), "-o", str(target)).returncode == 0
    assert [p.name for p in tmp_path.iterdir()] == ["uit"]
    assert graph.read(target) == graph.read(built)


@pytest.mark.skipif(os.name != "posix", reason="limits file sizes the POSIX way")
def test_a_full_disk_is_one_sentence_and_the_old_build_stands(tmp_path: Path, built: Path) -> None:
    target = tmp_path / "uit"
    shutil.copytree(built, target)
    before = contents(target)

    import resource

    def small_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = run("build", str(EXAMPLES / "voorbeeldregio"), "-o", str(target), preexec_fn=small_disk)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "schijf" in done.stderr
    assert contents(target) == before
    assert [p.name for p in tmp_path.iterdir()] == ["uit"]


def test_an_unwritable_place_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("build", str(EXAMPLES / "gelderse-vallei"), "-o", str(tmp_path / "file" / "uit"))
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


# --- questions -------------------------------------------------------------------------------------------
def test_a_large_build_loads_its_store_on_the_first_question(tmp_path: Path, gelderse_vallei: Reading) -> None:
    edition = write_edition(gelderse_vallei.landscape, {"findings": []}, tmp_path / "uit", store=False)
    assert not (tmp_path / "uit" / "store").exists()
    assert ask(edition.store(), "ASK { ?r a rk:Route }").rows == (("true",),)
    assert (tmp_path / "uit" / "store").is_dir()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "query-service"),
        ("SELECT * WHERE { ?s ?p ?o FILTER EXISTS { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } } }", "query-service"),
        ("SELECT * WHERE { { SELECT ?s WHERE { SERVICE ?s { ?s ?p ?o } } } }", "query-service"),
        ("DELETE WHERE { ?s ?p ?o }", "query-syntax"),
        ("LOAD <http://127.0.0.1:9/>", "query-syntax"),
        ("INSERT DATA { <a:b> <a:c> <a:d> }", "query-syntax"),
        ("bla", "query-syntax"),
        ("", "query-syntax"),
        ("SELECT * WHERE { ?s nergens:bekend ?o }", "query-failed"),
    ],
)
def test_only_questions_that_read_and_stay_at_home(built: Path, query: str, code: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask(open_edition(built).store(), query)
    assert caught.value.code == code


def test_a_question_that_takes_too_long_is_stopped(built: Path) -> None:
    start = time.monotonic()
    with pytest.raises(QueryError) as caught:
        ask(open_edition(built).store(), "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", seconds=1)
    assert caught.value.code == "query-too-long"
    assert caught.value.outside
    assert time.monotonic() - start < 5


def test_the_word_service_in_a_text_is_no_service(built: Path) -> None:
    assert ask(open_edition(built).store(), 'SELECT ?s WHERE { ?s rdfs:comment "SERVICE <x>" }').rows == ()
