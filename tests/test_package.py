"""The house: the wheel holds every room and works from there, arrows run down, and the docs are true."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("cli", "graph", "loaders", "ontology", "visualisations")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of what git would ship, so that no build/ or stray file takes part."""
    source, out = tmp_path_factory.mktemp("source") / "routekaart-main", tmp_path_factory.mktemp("wheel")
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    files = (
        names.stdout.splitlines() if names.returncode == 0 else [str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if p.is_file()]
    )
    for name in files:
        if (ROOT / name).is_file() and not name.startswith((".venv", "build/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(out), str(source)], check=True)
    return next(out.glob("*.whl"))


def modules(names: list[str]) -> list[str]:
    return sorted(n.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for n in names if n.endswith(".py"))


def test_the_packages_are_all_the_rooms() -> None:
    declared = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"])
    found = {"routekaart"} | {
        ".".join(("routekaart", *p.parent.relative_to(ROOT).parts)) for room in ROOMS for p in (ROOT / room).rglob("__init__.py")
    }
    assert declared == found
    assert {p.name for p in ROOT.glob("*.py")} == {"__init__.py"}


def test_the_wheel_holds_every_module_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    mine = [n.removeprefix("routekaart/") for n in names if n.startswith("routekaart/")]
    expected = ["__init__.py", *(str(p.relative_to(ROOT)) for room in ROOMS for p in (ROOT / room).rglob("*.py"))]
    assert modules(mine) == modules(expected)
    assert not [n for n in mine if n.startswith(("tests", "bench", "docs"))]
    for needed in ("py.typed", "ontology/shapes.ttl", "ontology/texts/errors.toml", "examples/gelderse-vallei/partners.csv"):
        assert needed in mine
    assert [n for n in mine if n.startswith("visualisations/static/vendor/")]
    assert "routekaart-0.1.0.dist-info/licenses/LICENSE" in names


def test_every_module_imports_and_both_examples_build_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(target)
    listed = [
        n.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        for n in zipfile.ZipFile(wheel).namelist()
        if n.endswith(".py")
    ]
    wanted = [m for m in listed if not m.endswith("__main__")]
    code = (
        "import importlib, sys, pathlib\n"
        f"sys.path.insert(0, {str(target)!r})\n"
        f"[importlib.import_module(m) for m in {wanted!r}]\n"
        "import routekaart\n"
        f"assert routekaart.__file__.startswith({str(target)!r})\n"
        "from routekaart.cli.app import run\n"
        "data = pathlib.Path(routekaart.__file__).parent / 'examples'\n"
        f"print([run(['build', str(data / n), '-o', {str(tmp_path)!r} + '/' + n]) for n in ('gelderse-vallei', 'voorbeeldregio')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("[0, 0]")


def test_the_docs_are_made_from_the_code() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_names_only_commands_that_exist() -> None:
    from routekaart.cli.app import COMMANDS, GROUPS

    readme = (ROOT / "README.md").read_text("utf-8")
    used = {line.split("routekaart ", 1)[1].split()[0] for line in readme.splitlines() if "bin/routekaart " in line}
    assert used
    assert used <= {*COMMANDS, *GROUPS}


def test_nothing_of_a_machine_stands_in_the_project() -> None:
    done = subprocess.run(
        ["git", "grep", "-nIE", r"(^|[^A-Za-z0-9_.])/(home|root|Users)/[a-z]"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in done.stdout.splitlines() if "test_package.py" not in line] == []


def test_the_guide_of_the_clinic_names_commands_and_options_that_exist() -> None:
    import typer

    from routekaart.cli.app import app

    commands = typer.main.get_command(app()).commands  # type: ignore[attr-defined]  # a group has commands
    guide = (ROOT / "docs" / "kliniek.md").read_text("utf-8")
    told = re.findall(r"^\|[^|]*\|([^|]*)\|", guide, re.MULTILINE)
    calls = [shlex.split(call) for cell in told for call in re.findall(r"`([^`]+)`", cell)]
    assert len(calls) >= 8
    for name, *rest in calls:
        options = {o for p in commands[name].params for o in p.opts}
        assert {word for word in rest if word.startswith("-")} <= options, name
