"""template --for and check --workbook: what goes out to partners."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from routekaart.cli.app import run


@pytest.fixture
def data(make_data: Callable[..., Path]) -> Path:
    return make_data(
        partners=[{"id": "P1", "naam": "Wijkteam Ede"}, {"id": "P2", "naam": "De Brug"}],
        lijnen=[{"van": "P1", "naar": "P2", "sterkte": "kennen"}, {"van": "P1", "naar": "Piet", "sterkte": "kennen"}],
    )


def test_a_workbook_for_one_partner(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, file = tmp_path / "uit", tmp_path / "P.xlsx"
    run(["build", str(data), "-o", str(out), "--no-store"])
    assert run(["template", "--for", "wijkteam ede", "--from", str(out), "-o", str(file)]) == 0
    book = openpyxl.load_workbook(file)
    assert book["partners"]["B2"].value == "Wijkteam Ede"
    assert book["lijnen"]["B2"].value == "De Brug"
    assert book["bevestigingen"]["A2"].value == "Wijkteam Ede"
    assert "2 rijen" in capsys.readouterr().out


def test_wrong_calls_say_what_to_do(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "uit"
    run(["build", str(data), "-o", str(out), "--no-store"])
    assert run(["template", "--for", "P1", "-o", str(tmp_path / "x.xlsx")]) == 2
    assert "--from" in capsys.readouterr().err
    assert run(["template", "--for", "Nergens", "--from", str(out), "-o", str(tmp_path / "x.xlsx")]) == 2
    assert not (tmp_path / "x.xlsx").exists()
    assert run(["check", str(data), "--workbook", str(data)]) == 2
    assert run(["check", str(data), "--workbook", str(data / ".." / data.name)]) == 2


def test_check_writes_what_goes_back(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "terug" / "2026"
    assert run(["check", str(data), "--workbook", str(folder)]) == 1
    names = {p.name for p in folder.iterdir()}
    assert names == {"overzicht.md"} | {f"{t} - {x}" for t in ("partners", "lijnen") for x in ("brief.md", "nagekeken.xlsx")}
    assert openpyxl.load_workbook(folder / "lijnen - nagekeken.xlsx")["lijnen"]["B3"].comment is not None
