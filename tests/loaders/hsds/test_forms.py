"""The same record in several forms gives the same graph."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from routekaart.graph.landscape import Landscape
from routekaart.graph.schema import ADDRESS
from routekaart.loaders.read import read

Change = Callable[[str], str]
Facts = Callable[[Change], dict[str, Any]]
TABLES = ("partners", "offerings", "waits")
#: Ids of the example that lead nowhere in its CSV form, and where its JSON form nests the same record.
ORGANIZATION, SERVICE = "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "ac148810-d857-441c-9679-408f346de14b"
LINKED = {"985e4a42-bd9f-4edc-911d-0243a4640aca": ORGANIZATION, "f28dd44b-0c4d-479f-8e90-4c52219a8b3c": SERVICE}


def facts(landscape: Landscape) -> dict[str, list[dict[str, Any]]]:
    """Rows without where they were read."""
    return {t: landscape[t].drop(ADDRESS).sort("id").to_dicts() for t in TABLES}


def csv_folder(sample: Path, data: Path, change: Callable[[str], str]) -> None:
    for path in (sample / "csv").iterdir():
        (data / path.name).write_text(change(path.read_text("utf-8")), "utf-8")


def sub_folder(sample: Path, data: Path, change: Callable[[str], str]) -> None:
    (data / "bron").mkdir()
    csv_folder(sample, data / "bron", change)


def archive(sample: Path, data: Path, change: Callable[[str], str]) -> None:
    with zipfile.ZipFile(data / "bron.zip", "w") as packed:
        for path in sorted((sample / "csv").iterdir()):
            packed.writestr(f"hsds/{path.name}", change(path.read_text("utf-8")))


def document(name: str) -> Callable[[Path, Path, Callable[[str], str]], None]:
    def write(sample: Path, data: Path, change: Callable[[str], str]) -> None:
        (data / name).write_text(change((sample / name).read_text("utf-8")), "utf-8")

    return write


def wrapped(name: str, wrap: Callable[[Any], str]) -> Callable[[Path, Path, Callable[[str], str]], None]:
    """A document of the example in another wrapping: a list, a page, a line."""

    def write(sample: Path, data: Path, change: Callable[[str], str]) -> None:
        value = json.loads(change((sample / "service_full.json").read_text("utf-8")))
        (data / name).write_text(wrap(value), "utf-8")

    return write


FORMS = {
    "csv": csv_folder,
    "folder in the data folder": sub_folder,
    "zip": archive,
    "tabular.json": document("tabular.json"),
    "organization_full.json": document("organization_full.json"),
    "service_full.json": document("service_full.json"),
    "list": wrapped("services.json", lambda v: json.dumps([v])),
    "page": wrapped("page.json", lambda v: json.dumps({"total_items": 1, "page_number": 1, "contents": [v]})),
    "the same twice": wrapped("page.json", lambda v: json.dumps({"contents": [v, v]})),
    "lines": wrapped("services.ndjson", lambda v: json.dumps(v) + "\n\n"),
    "lines in a .json": wrapped("services.json", lambda v: f"{json.dumps(v)}\n{json.dumps(v)}\n"),
    "two files": lambda sample, data, change: (
        document("organization_full.json")(sample, data, change),
        document("location.json")(sample, data, change),
    ),
}


def as_it_is(text: str) -> str:
    return text


def dutch(text: str) -> str:
    """The example in the Netherlands, with a theme, a wait and a number in the trade register, and every link in place."""
    for old, new in {
        "The service is available to all residents of the MyCity area. We provide the service in our offices or via video "
        "conferencing to any who can provide evidence of their residency.": "Ede en Barneveld",
        ",MyCity,MyRegion": ",Ede,MyRegion",
        '"city": "MyCity"': '"city": "Ede"',
        '"address_type": "postal"': '"address_type": "physical"',
        ",US,postal": ",NL,physical",
        '"country": "US"': '"country": "NL"',
        '"wait_time": "wait_time"': '"wait_time": "6 weeks"',
        ",wait_time,fees_description,": ",6 weeks,fees_description,",
        "GB-COH": "NL-KVK",
        ",1234567\n": ",12345678\n",
        ": 1234567\n": ": 12345678\n",
        '"1234567"': '"12345678"',
        '"link_entity": "link_entity"': '"link_entity": "service"',
        ",link_entity,value": ",service,value",
        "3f7b145d-84af-42d7-8fae-eaca714b02b2,code,name,": "3f7b145d-84af-42d7-8fae-eaca714b02b2,code,slapen,",
        '"code": "code",\n      "name": "name"': '"code": "code",\n      "name": "slapen"',
        '"code": "code",\n        "name": "name"': '"code": "code",\n        "name": "slapen"',
        '"code": "code",\n            "name": "name"': '"code": "code",\n            "name": "slapen"',
        **LINKED,
    }.items():
        text = text.replace(old, new)
    # the header of attributes.csv has link_entity,value as well: it must stay
    return text.replace("link_type,service,value\n", "link_type,link_entity,value\n", 1)


@pytest.fixture(scope="session")
def by_csv(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """The facts that the CSV form gives."""

    @cache
    def read_as(change: Callable[[str], str]) -> dict[str, Any]:
        data = tmp_path_factory.mktemp("csv")
        csv_folder(sample, data, change)
        return facts(read(data).landscape)

    return read_as


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_example_gives_the_same_partners_and_offerings(
    form: str, sample: Path, tmp_path: Path, by_csv: Facts
) -> None:
    """As published: the CSV form has more dangling links (its location belongs to an organisation that is absent, its
    attribute to no service), but they carry no fact that reaches our tables: the city and the term are placeholders."""
    data = tmp_path / "data"
    data.mkdir()
    FORMS[form](sample, data, as_it_is)
    reading = read(data)
    assert {f.code for f in reading.findings if f.severity == "fout"} == set()
    found = facts(reading.landscape)
    # written out from the example's CSV tables by hand
    assert [(p["id"], p["name"], p["other_names"], p["contact"]) for p in found["partners"]] == [
        (ORGANIZATION, "Example Organization Inc.", ["Example Org"], "email@example.com")
    ]
    (offering,) = found["offerings"]
    assert (offering["id"], offering["partner"], offering["name"]) == (SERVICE, ORGANIZATION, "Community Counselling")
    # 12 up to and including 100: until the 101st birthday
    assert (offering["age_from"], offering["age_until"]) == (12 * 12, 101 * 12)
    assert (offering["source_date"], offering["verified_on"]) == ("2023-03-15", "2005-01-01")
    assert (offering["place"], offering["location"], offering["municipalities"], offering["themes"]) == (
        ["locatie"],
        None,
        None,
        None,
    )
    assert found["waits"] == []  # "wait_time" is no wait
    assert found == by_csv(as_it_is)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_example_in_dutch_gives_the_same_graph(form: str, sample: Path, tmp_path: Path, by_csv: Facts) -> None:
    data = tmp_path / "data"
    data.mkdir()
    FORMS[form](sample, data, dutch)
    found = facts(read(data).landscape)
    (partner,) = found["partners"]
    (offering,) = found["offerings"]
    (wait,) = found["waits"]
    # codes: CBS, Ede GM0228 and Barneveld GM0203
    assert (partner["locations"], partner["kvk"]) == (["GM0228"], "12345678")
    assert (offering["municipalities"], offering["location"], offering["themes"]) == (
        ["GM0203", "GM0228"],
        "GM0228",
        ["slapen-en-eten"],
    )
    assert (wait["on"], wait["kind"], wait["days_expected"], wait["as_of"]) == (
        [f"aanbod:{SERVICE}"],
        "totaal",
        42.0,
        "2005-01-01",
    )
    assert found == by_csv(dutch)


def test_a_location_by_itself_says_nothing_of_partners_or_offerings(sample: Path, tmp_path: Path) -> None:
    document("location.json")(sample, tmp_path, as_it_is)
    reading = read(tmp_path)
    assert {t: reading.landscape[t].height for t in TABLES} == dict.fromkeys(TABLES, 0)
    (told,) = [f for f in reading.findings if f.code == "hsds-unused"]
    # location.json nests the phone twice and the language three times
    assert told.message() == (
        "Niet overgenomen, alleen geteld (7 records): locations 1, addresses 1, contacts 1, phones 1, schedules 1, languages 1, "
        "accessibility 1."
    )


def test_a_document_about_the_api_holds_no_data(sample: Path, tmp_path: Path) -> None:
    document("base.json")(sample, tmp_path, as_it_is)
    assert [f.code for f in read(tmp_path).findings if "hsds" in f.code] == ["hsds-about"]


def test_where_a_row_of_json_comes_from_is_told(sample: Path, tmp_path: Path) -> None:
    document("organization_full.json")(sample, tmp_path, as_it_is)
    row = read(tmp_path).landscape["offerings"].select(ADDRESS).row(0)
    assert row == ("organization_full.json", "service: services[]", 1)


@pytest.mark.parametrize("name", ["organization_full", "service_full", "location"])
def test_the_example_is_what_the_specification_asks(name: str, sample: Path) -> None:
    """So that what the mapping reads is valid input, not something of ours."""
    registry: Registry[Any] = Registry(
        retrieve=lambda uri: Resource.from_contents(
            json.loads((sample / "schema" / uri).read_text("utf-8")) | {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        )
    )
    schema = json.loads((sample / "schema" / f"{name.removesuffix('_full')}.json").read_text("utf-8"))
    value = json.loads((sample / f"{name}.json").read_text("utf-8"))
    assert list(Draft202012Validator(schema, registry=registry).iter_errors(value)) == []


def test_the_model_knows_every_table_column_and_link_of_the_specification(sample: Path) -> None:
    """The declared mapping against the descriptor of the specification itself."""
    from routekaart.loaders.hsds.dialect import table_named
    from routekaart.loaders.hsds.model import HSDS

    for resource in json.loads((sample / "csv" / "datapackage.json").read_text("utf-8"))["resources"]:
        table = HSDS[resource["name"]]
        assert resource["path"] == f"{table.file}.csv"
        found = table_named(resource["path"])
        assert found is not None
        assert found.table == resource["name"]
        assert {f["name"] for f in resource["schema"]["fields"]} <= set(table.columns)
        for key in resource["schema"].get("foreignKeys", []):
            assert table.links[key["fields"]] == key["reference"]["resource"]


def test_nothing_of_a_contact_reaches_any_table(sample: Path, tmp_path: Path) -> None:
    csv_folder(sample, tmp_path, as_it_is)
    reading = read(tmp_path)
    told = json.dumps([f.as_dict() for f in reading.findings])
    for secret in ("Ann Persona", "A. Persona", "+44 1234", "Reception Manager"):
        assert secret not in told
        for name in ("partners", "offerings", "waits", "sources"):
            frame = reading.landscape[name]
            texts = frame.select(pl.col(pl.String)).to_dicts()
            assert secret not in json.dumps(texts)
