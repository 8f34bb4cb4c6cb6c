"""Every record of every table is accounted for, and every reference is followed: counted a second way, with plain Python."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routekaart.loaders.hsds.mapping import Mapped
from routekaart.loaders.read import read

#: What a record may refer to: ids that may exist and one that never does.
IDS = [f"r{n}" for n in range(4)]


@st.composite
def packages(draw: st.DrawFn, resources: list[dict[str, Any]]) -> dict[str, list[dict[str, str]]]:
    """Rows for each table of the specification, with references to records that are there, absent or not given."""
    made: dict[str, list[dict[str, str]]] = {}
    for resource in resources:
        keys = {k["fields"] for k in resource["schema"].get("foreignKeys", [])}
        rows = []
        for id_ in draw(st.lists(st.sampled_from(IDS), unique=True, max_size=4)):
            row = {f["name"]: "" for f in resource["schema"]["fields"]}
            row |= {"id": f"{resource['name']}-{id_}", "name": f"Naam {id_}"}
            for key in resource["schema"].get("foreignKeys", []):
                target = key["reference"]["resource"]
                row[key["fields"]] = draw(st.sampled_from(["", *(f"{target}-{i}" for i in IDS)]))
            if resource["name"] == "organization":
                row["parent_organization_id"] = draw(st.sampled_from(["", *(f"organization-{i}" for i in IDS)]))
            if resource["name"] == "taxonomy_term":
                row["parent_id"] = draw(st.sampled_from(["", *(f"taxonomy_term-{i}" for i in IDS)]))
                row["name"] = draw(st.sampled_from(["slapen", "onbekend woord", "Triple P"]))
            if resource["name"] == "service":
                row["status"] = draw(st.sampled_from(["active", "defunct", "inactive", "temporarily closed", ""]))
            if resource["name"] == "attribute":
                row["link_entity"] = draw(st.sampled_from(["service", "organization"]))
                row["link_id"] = draw(st.sampled_from(["", *(f"{row['link_entity']}-{i}" for i in IDS)]))
            if resource["name"] == "address":
                row |= {"city": draw(st.sampled_from(["Ede", "Springfield"])), "address_type": "physical"}
            if resource["name"] == "service_area":
                row["name"] = draw(st.sampled_from(["Ede; Barneveld", "Cook County"]))
            rows.append({k: v for k, v in row.items() if k in {f["name"] for f in resource["schema"]["fields"]} | keys})
        made[resource["name"]] = rows
    return made


def dangling_by_hand(tables: dict[str, list[dict[str, str]]], resources: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """References to nothing per table and column: by the foreign keys of the descriptor, and the three it leaves out."""
    ids = {name: {row["id"] for row in rows} for name, rows in tables.items()}
    found: Counter[tuple[str, str]] = Counter()
    for resource in resources:
        name = resource["name"]
        keys = {k["fields"]: k["reference"]["resource"] for k in resource["schema"].get("foreignKeys", [])}
        keys |= {"organization": {"parent_organization_id": "organization"}, "taxonomy_term": {"parent_id": "taxonomy_term"}}.get(
            name, {}
        )
        for row in tables[name]:
            for column, target in keys.items():
                if row[column] and row[column] not in ids[target]:
                    found[name, column] += 1
            if name == "attribute" and row["link_id"] and row["link_id"] not in ids[row["link_entity"]]:
                found[name, "link_id"] += 1
    return found


def test_every_record_is_accounted_for_and_every_reference_followed(
    sample: Path, mapped_all: Callable[[Path], list[Mapped]]
) -> None:
    descriptor = sample / "csv" / "datapackage.json"
    resources = [r for r in json.loads(descriptor.read_text("utf-8"))["resources"] if r["name"] != "metadata"]
    files = {r["name"]: r["path"] for r in resources}

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(packages(resources))
    def check(tables: dict[str, list[dict[str, str]]]) -> None:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            shutil.copy(descriptor, folder)
            for resource in resources:
                with (folder / resource["path"]).open("w", encoding="utf-8", newline="") as file:
                    writer = csv.DictWriter(file, [f["name"] for f in resource["schema"]["fields"]])
                    writer.writeheader()
                    writer.writerows(tables[resource["name"]])
            (folder / "metadata.csv").write_text("id,resource_id\n", "utf-8")
            (made,) = mapped_all(folder)
        told: Counter[tuple[str, str]] = Counter()
        for finding in made.findings:
            if finding.code in ("hsds-dangling", "hsds-orphan-service"):
                table = next(name for name, path in files.items() if path == finding.file)
                told[table, str(finding.column)] += int(str(dict(finding.values)["number"]))
        assert told == dangling_by_hand(tables, resources)
        accounts = {a.table: a for a in made.accounts}
        for name, rows in tables.items():
            if not rows:
                assert name not in accounts
                continue
            a = accounts[name]
            assert a.read == len(rows)
            assert a.used + a.unused + a.dangling + a.apart + a.repeated == a.read, a
        organizations = {row["id"] for row in tables["organization"]}
        ended = [
            row
            for row in tables["service"]
            if row["status"] in ("defunct", "inactive")
            or (row["organization_id"] and row["organization_id"] not in organizations)
        ]
        rows_of = {"partners": len(tables["organization"]), "offerings": len(tables["service"]) - len(ended)}
        for table, number in rows_of.items():
            assert sum(s.sheet.frame.height for s in made.sheets if s.table == table) == number
        assert sum(s.apart for s in made.sheets) == len(ended)

    check()


def test_a_service_of_an_absent_organisation_is_put_apart_and_counted_with_the_offerings(package: Any) -> None:
    data = package(
        organizations=[{"id": "o1", "name": "Een", "description": "x"}],
        services=[
            {"id": "s1", "organization_id": "o1", "name": "Goed", "status": "active"},
            {"id": "s2", "organization_id": "o9", "name": "Wees", "status": "active"},
            {"id": "s3", "organization_id": "", "name": "Initiatief", "status": "active"},
            {"id": "s4", "organization_id": "o1", "name": "Voorbij", "status": "Defunct"},
        ],
    )
    reading = read(data)
    assert (reading.counts["offerings"].read, reading.counts["offerings"].used) == (4, 2)
    assert reading.landscape["offerings"].sort("id").select("id", "partner").rows() == [("s1", "o1"), ("s3", None)]
    source = reading.landscape["sources"].filter(of_table="offerings").to_dicts()[0]
    assert (source["rows_read"], source["rows_used"], source["rows_quarantined"]) == (4, 2, 2)
    codes = {f.code: f for f in reading.findings}
    assert codes["hsds-orphan-service"].row == 3
    assert {"hsds-ended-services", "hsds-without-organization"} <= set(codes)


def test_organisations_below_each_other_lose_what_they_are_part_of(package: Any) -> None:
    parents = {"a": "b", "b": "c", "c": "a", "d": "a", "e": "e", "f": ""}
    data = package(
        organizations=[
            {"id": i, "name": i.upper() * 3, "description": "x", "parent_organization_id": p} for i, p in parents.items()
        ]
    )
    reading = read(data)
    found = dict(reading.landscape["partners"].select("id", "part_of").rows())
    assert found == {"a": None, "b": None, "c": None, "d": "a", "e": None, "f": None}
    (told,) = [f for f in reading.findings if f.code == "hsds-parent-circle"]
    assert dict(told.values)["number"] == 4
