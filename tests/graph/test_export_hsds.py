"""HSDS 3: valid by the schemas of the specification, and there and back through the loaders without loss."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from routekaart.graph.exports.formats import export
from routekaart.graph.exports.hsds_values import Ids
from routekaart.graph.landscape import Landscape
from routekaart.graph.stores.iris import base_of
from routekaart.loaders.read import Reading, read

EXAMPLES = Path(__file__).parents[2] / "examples"
# beside the project, never in it: CC BY-SA, see its BRON.md
SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "hsds3"
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="session")
def sample() -> Path:
    if not (SAMPLE / "service_full.json").is_file():
        pytest.skip(f"THE HSDS EXAMPLE IS NOT THERE: nothing about the real specification was tested (wanted: {SAMPLE})")
    return SAMPLE


def document(landscape: Landscape, lang: str = "nl") -> dict[str, Any]:
    out = io.BytesIO()
    export(landscape, "hsds", out, lang)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def services(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [s for o in found["organizations"] for s in o.get("services", [])] + found["services"]


def ids_of(value: Any) -> Iterator[str]:
    """Every id and reference in a document."""
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str) and (key == "id" or key.endswith("_id")):
                yield item
            yield from ids_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from ids_of(item)


# --- valid -----------------------------------------------------------------------------------------------
def test_every_record_is_what_the_specification_asks(sample: Path, example: Reading) -> None:
    registry: Registry[Any] = Registry(
        retrieve=lambda uri: Resource.from_contents(
            json.loads((sample / "schema" / uri).read_text("utf-8")) | {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        )
    )

    def validator(name: str) -> Draft202012Validator:
        schema = json.loads((sample / "schema" / f"{name}.json").read_text("utf-8"))
        return Draft202012Validator(schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)

    found = document(example.landscape)
    organization, service = validator("organization"), validator("service")
    wrong = [e.message for o in found["organizations"] for e in organization.iter_errors(o)]
    # every third is enough: one way makes them all, and the schemas take their time
    wrong += [e.message for s in services(found)[::3] for e in service.iter_errors(s)]
    assert wrong == []
    # the schemas allow what they do not know, so a slip in a name would go unseen
    known = {p.stem: set(json.loads(p.read_text("utf-8"))["properties"]) for p in (sample / "schema").glob("*.json")}
    assert {k for o in found["organizations"] for k in o} <= known["organization"] | {"services"}
    assert {k for s in services(found) for k in s} <= known["service"]
    for name, below in (
        ("service_area", "service_areas"),
        ("service_at_location", "service_at_locations"),
        ("attribute", "attributes"),
    ):
        assert {k for s in services(found) for r in s.get(below, []) for k in r} <= known[name]
    terms = [a["taxonomy_term"] for s in services(found) for a in s.get("attributes", [])]
    assert {k for t in terms for k in t} <= known["taxonomy_term"]


def test_ids_are_uuids_and_one_thing_has_one(example: Reading) -> None:
    landscape = example.landscape
    found = document(landscape)
    assert [i for i in ids_of(found) if not UUID.fullmatch(i)] == []
    organizations = [o["id"] for o in found["organizations"]]
    assert len(set(organizations)) == len(organizations) == landscape["partners"].height
    offered = [s["id"] for s in services(found)]
    assert len(set(offered)) == len(offered) == landscape["offerings"].height
    assert {o["parent_organization_id"] for o in found["organizations"] if "parent_organization_id" in o} <= set(organizations)


def test_counts_are_those_of_the_files() -> None:
    landscape = read(EXAMPLES / "voorbeeldregio").landscape
    found = document(landscape)

    def rows(name: str) -> list[dict[str, str]]:
        with (EXAMPLES / "voorbeeldregio" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    partners, offerings = rows("partners"), rows("aanbod")
    assert len(found["organizations"]) == len(partners)
    assert len(services(found)) == len(offerings)
    assert len(found["services"]) == sum(1 for o in offerings if not o["partner"])
    numbers = Counter(i["identifier_type"] for o in found["organizations"] for i in o["organization_identifiers"])
    assert numbers == {
        "KvK-nummer": sum(1 for p in partners if p["kvk"]),
        "AGB-code": sum(1 for p in partners if p["agb"]),
        "routekaart": len(partners),
    }


# --- there and back --------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["gelderse-vallei", "voorbeeldregio"])
def test_an_example_comes_back_in_every_field_that_both_know(name: str, tmp_path: Path) -> None:
    landscape = read(EXAMPLES / name).landscape
    found = document(landscape)
    (tmp_path / "services.json").write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    for file in ("routekaart.toml", "gemeenten.csv"):
        shutil.copy(EXAMPLES / name / file, tmp_path)
    reading = read(tmp_path)
    assert {f.code for f in reading.findings if f.severity == "fout"} == set()
    ids = Ids(base_of(landscape))
    partner = {row["id"]: ids.of("partners", row["id"]) for row in landscape["partners"].iter_rows(named=True)}
    got = {row["id"]: row for row in reading.landscape["partners"].iter_rows(named=True)}
    assert set(got) == set(partner.values())
    for row in landscape["partners"].iter_rows(named=True):
        back = got[partner[row["id"]]]
        for column in ("name", "other_names", "locations", "website", "contact", "kvk", "agb"):
            assert back[column] == row[column], (row["id"], column)
        assert back["part_of"] == partner.get(row["part_of"])
        # what to ask a partner for has no field of its own in HSDS and stands behind what is remarked
        assert (back["remark"] or "").startswith(row["remark"] or "")
        for said in filter(None, (row["ask_for"], row["not_for"])):
            assert said in back["remark"]
    areas = dict(zip(landscape["partners"]["id"], landscape["partners"]["municipalities"].to_list(), strict=True))
    today = landscape.settings.reference_date
    offered = {row["id"]: row for row in reading.landscape["offerings"].iter_rows(named=True)}
    missing = []
    for row in landscape["offerings"].iter_rows(named=True):
        back = offered.pop(ids.of("offerings", row["id"]), None)
        if back is None:
            missing.append(row)
            continue
        for column in (
            "name",
            "themes",
            "methods",
            "audience",
            "age_from",
            "age_until",
            "location",
            "how_to_apply",
            "costs",
            "remark",
        ):
            assert back[column] == row[column], (row["id"], column)
        assert back["partner"] == partner.get(row["partner"])
        assert back["verified_on"] == row["verified_on"]
        # HSDS has moments only: a year or month has no place
        assert back["source_date"] == (row["source_date"] if len(row["source_date"] or "") == 10 else None)
        # an offering that names no area has that of its partner
        assert back["municipalities"] == (row["municipalities"] or areas.get(row["partner"])), row["id"]
        at = {"online", "locatie"} & set(row["place"] or ()) | ({"locatie"} if row["location"] else set())
        assert set(back["place"] or ()) == at, row["id"]
        assert (back["description"] or "").split("\nWachttijd volgens de bron: ")[0] == (row["description"] or "")
    assert offered == {}
    # a service that has ended or not begun is put apart by who reads it
    assert [r["id"] for r in missing if not ((r["valid_until"] or "9") <= today or (r["valid_from"] or "0") > today)] == []
    # no wait comes back that was not there: of the same day, in as many days, and total
    for wait in reading.landscape["waits"].iter_rows(named=True):
        offering = next(i for i in landscape["offerings"]["id"] if f"aanbod:{ids.of('offerings', i)}" == wait["on"][0])
        own = landscape["waits"].filter(landscape["waits"]["on"].list.get(0) == f"aanbod:{offering}").to_dicts()
        if wait["state"] == "stop":
            assert "stop" in {w["state"] for w in own}
        else:
            assert (wait["kind"], wait["days_expected"], wait["as_of"]) in {
                (w["kind"], w["days_expected"], w["as_of"]) for w in own
            }


def dutch(text: str) -> str:
    """The example of the specification with facts that we know too: a municipality, a theme, a wait, a register."""
    for old, new in {
        '"city": "MyCity"': '"city": "Ede"',
        '"address_type": "postal"': '"address_type": "physical"',
        '"country": "US"': '"country": "NL"',
        '"wait_time": "wait_time"': '"wait_time": "between 6 and 8 weeks"',
        "GB-COH": "NL-KVK",
        ": 1234567\n": ": 12345678\n",
        '"1234567"': '"12345678"',
        '"link_entity": "link_entity"': '"link_entity": "service"',
        '"name": "name"': '"name": "slapen"',
    }.items():
        text = text.replace(old, new)
    return re.sub(r'"name": "The service is available to all residents[^"]*"', '"name": "Ede en Barneveld"', text)


@pytest.mark.parametrize("wait", ["wait_time", "6 weeks", "8 - 12 weken", "up to 3 months", "varies"])
def test_the_example_of_the_specification_comes_back(wait: str, sample: Path, tmp_path: Path) -> None:
    text = dutch((sample / "service_full.json").read_text("utf-8")).replace("between 6 and 8 weeks", wait)
    (tmp_path / "service_full.json").write_text(text, "utf-8")
    given = json.loads(text)
    found = document(read(tmp_path).landscape)
    (organization,) = found["organizations"]
    (service,) = organization["services"]
    for field in (
        "id",
        "name",
        "alternate_name",
        "url",
        "status",
        "application_process",
        "eligibility_description",
        "wait_time",
        "alert",
    ):
        assert service[field] == given[field], field
    for field in ("minimum_age", "maximum_age", "assured_date"):
        assert service[field] == given[field], field
    assert service["description"] == given["description"].strip()
    # the day of the moment; the fees and the cost option in one text
    assert service["last_modified"][:10] == given["last_modified"][:10]
    assert service["fees_description"].startswith(given["fees_description"])
    assert given["cost_options"][0]["option"] in service["fees_description"]
    for field in ("id", "name", "alternate_name", "description", "email", "website"):
        assert organization[field] == given["organization"][field], field
    assert sorted(a["name"] for a in service["service_areas"]) == ["Barneveld", "Ede"]
    (at,) = service["service_at_locations"]
    assert (at["location"]["location_type"], at["location"]["addresses"][0]["city"]) == ("physical", "Ede")
    assert [a["taxonomy_term"]["code"] for a in service["attributes"]] == ["slapen-en-eten"]
    # a second time round nothing changes any more
    other = tmp_path / "again"
    other.mkdir()
    (other / "services.json").write_text(json.dumps(found), "utf-8")
    (other / "routekaart.toml").write_text(f'[regio]\nnaam = "{tmp_path.name}"\n', "utf-8")
    again = document(read(other).landscape)
    assert again["organizations"][0]["services"][0] == service | {
        k: again["organizations"][0]["services"][0][k]
        for k in ("service_at_locations", "service_areas", "attributes")
        if k in service
    }
