"""Packages in a .zip: bounded, and nothing outside their folder."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from routekaart.loaders.hsds import archive
from routekaart.loaders.read import read

SERVICES = "id,organization_id,name,status\n1,,Een,active\n"


def packed(tmp_path: Path, members: dict[str, str], name: str = "stad.zip") -> Path:
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)
    with zipfile.ZipFile(data / name, "w", zipfile.ZIP_DEFLATED) as made:
        for member, content in members.items():
            made.writestr(member, content)
    return data


def codes(data: Path) -> set[str]:
    return {f.code for f in read(data).findings} - {"no-partners", "no-date"}


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_BYTES", 1_000_000)
    data = packed(tmp_path, {"services.csv": SERVICES + "2,,x,active\n" * 500_000})
    assert (data / "stad.zip").stat().st_size < 100_000
    assert codes(data) == {"zip-too-large"}


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    assert codes(packed(tmp_path, {f"{n}.csv": "a" for n in range(4)})) == {"zip-too-large"}


def test_a_member_that_points_out_of_the_folder_is_not_unpacked(tmp_path: Path) -> None:
    data = packed(tmp_path, {"../../buiten.csv": "weg", "/tmp/x.csv": "weg", "services.csv": SERVICES})
    reading = read(data)
    assert not list(tmp_path.parent.rglob("buiten.csv"))
    assert reading.counts["offerings"].used == 1


def test_broken_and_locked_archives_are_told(tmp_path: Path) -> None:
    data = packed(tmp_path, {"services.csv": SERVICES})
    whole = (data / "stad.zip").read_bytes()
    (data / "stad.zip").write_bytes(whole[: len(whole) // 2])
    assert codes(data) == {"zip-unreadable"}
    # bit 0 of the flags says that a member is encrypted, in both headers
    locked = bytearray(whole)
    locked[6] |= 1
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    (data / "stad.zip").write_bytes(locked)
    assert codes(data) == {"zip-unreadable"}


def test_an_archive_of_something_else_is_told(tmp_path: Path) -> None:
    assert codes(packed(tmp_path, {"foto.jpg": "x", "lijst.csv": "a;b\n1;2\n"})) == {"hsds-not-recognised"}


def test_two_sources_may_both_have_a_service_1(tmp_path: Path) -> None:
    """Ids that are no UUIDs get the name of their source, so that neither takes the other's place."""
    packed(tmp_path, {"services.csv": SERVICES}, "Stad A.zip")
    data = packed(tmp_path, {"pakket/services.csv": SERVICES}, "stad-b.zip")
    reading = read(data)
    assert sorted(reading.landscape["offerings"]["id"]) == ["stad-a-1", "stad-b-pakket-1"]
    assert reading.landscape["offerings"].sort("id")["file"].to_list() == [
        "Stad A.zip/services.csv",
        "stad-b.zip/pakket/services.csv",
    ]


def test_an_archive_by_itself_is_data_too(tmp_path: Path) -> None:
    data = packed(tmp_path, {"services.csv": SERVICES})
    assert read(data / "stad.zip").landscape["offerings"]["id"].to_list() == ["1"]


def test_a_descriptor_reads_nothing_outside_its_folder(tmp_path: Path, package: Callable[..., Path]) -> None:
    data = package("bron", services=[{"id": "1", "organization_id": "", "name": "Een", "status": "active"}])
    (tmp_path / "organizations.csv").write_text("id,name,description\ngeheim,Geheim,x\n", "utf-8")
    (data / "bron" / "datapackage.json").write_text(
        '{"resources": [{"name": "organization", "path": "../../organizations.csv"}, {"name": "service", "path": "services.csv"},'
        '{"name": "phone", "path": "https://example.com/phones.csv"}, {"name": "location", "path": "/etc/passwd"}, 3]}',
        "utf-8",
    )
    reading = read(data)
    assert reading.counts["partners"].read == 0
    assert reading.counts["offerings"].used == 1
    (told,) = [f for f in reading.findings if f.code == "hsds-missing-file"]
    assert dict(told.values)["number"] == 3
