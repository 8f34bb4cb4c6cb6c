"""HSDS 1.1 and 2.0.1 as cities and helplines publish it: other names, other tables, and dirt.

Column names: the descriptor of 1.0/1.1 (openreferral/sample-HSDS-datapackage, all_resources), the tables that 2.0 renamed
(openreferral/specification, docs/hsds/changelog.md and classifications.md), what the hsds-transformer writes (service
areas and services_at_location without ids, numbers as ids). The records are made up.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from routekaart.loaders.hsds.dialect import table_named
from routekaart.loaders.hsds.mapping import Mapped
from routekaart.loaders.hsds.waiting import in_dutch
from routekaart.loaders.read import read

Package = Callable[..., Path]

ORGANIZATION = (
    "id",
    "name",
    "alternate_name",
    "description",
    "email",
    "url",
    "tax_status",
    "tax_id",
    "year_incorporated",
    "legal_status",
)
SERVICE = (
    "id organization_id program_id name alternate_name description url email status interpretation_services application_process "
    "wait_time fees accreditations licenses taxonomy_ids"
).split()


def row(columns: tuple[str, ...] | list[str], **cells: object) -> dict[str, object]:
    assert set(cells) <= set(columns), cells
    return {c: cells.get(c, "") for c in columns}


@pytest.fixture
def county(package: Package) -> Path:
    """1.1: a county's 211 export, with spaces, a phone that is personal, numbers that Excel made decimals, and orphans."""
    return package(
        organizations=[
            row(
                ORGANIZATION,
                id="101",
                name=" Family Center ",
                alternate_name="FC",
                description="<p>Help &amp; support</p>",
                url="familycenter.example.org",
                email="info@familycenter.example.org",
                tax_id="12-3456789",
            ),
            row(ORGANIZATION, id="102", name="Youth Line", description="Age <5 and >3", email="jane.doe@gmail.example"),
            row(ORGANIZATION, id="102", name="Youth Line (old)", description="double"),
            row(ORGANIZATION, id="", name="No id", description=""),
        ],
        services=[
            row(
                SERVICE,
                id="1",
                organization_id="101.0",
                name="Counseling",
                status="active",
                wait_time="2-3 weeks",
                fees="Sliding scale",
                description="Talk",
                taxonomy_ids="T1, T2",
            ),
            row(
                SERVICE,
                id="2",
                organization_id="102",
                name="Parent group",
                status="Active",
                wait_time="No wait list",
                application_process="Walk in",
            ),
            row(SERVICE, id="3", organization_id="999", name="Lost", status="active", wait_time="1 month"),
            row(SERVICE, id="4", organization_id="101", name="Old", status="defunct"),
            row(SERVICE, id="5", organization_id="101", name="Closed for now", status="temporarily closed", wait_time="Call us"),
            row(SERVICE, id="6", organization_id="101", name="Odd", status="pending", wait_time="Depends on the season"),
        ],
        locations=[
            row(["id", "organization_id", "name", "latitude", "longitude"], id="L1", organization_id="101", name="Main"),
            row(["id", "organization_id", "name", "latitude", "longitude"], id="L2", organization_id="102", name="Branch"),
        ],
        services_at_location=[
            {"id": "", "service_id": "1", "location_id": "L1", "description": ""},
            {"id": "", "service_id": "1", "location_id": "L2", "description": ""},
            {"id": "", "service_id": "2", "location_id": "L9", "description": ""},
            {"id": "", "service_id": "2", "location_id": "L2", "description": ""},
        ],
        physical_addresses=[
            {
                "id": "1",
                "location_id": "L1",
                "attention": "Mr. Doe",
                "address_1": "1 Main St",
                "city": "Ede",
                "state_province": "GE",
                "postal_code": "1",
                "country": "NL",
            },
            {
                "id": "2",
                "location_id": "L2",
                "attention": "",
                "address_1": "2 Main St",
                "city": "Springfield",
                "state_province": "IL",
                "postal_code": "2",
                "country": "US",
            },
            {
                "id": "3",
                "location_id": "L8",
                "attention": "",
                "address_1": "3 Main St",
                "city": "Ede",
                "state_province": "GE",
                "postal_code": "3",
                "country": "NL",
            },
        ],
        postal_addresses=[
            {
                "id": "9",
                "location_id": "L2",
                "address_1": "PO Box",
                "city": "Barneveld",
                "state_province": "",
                "postal_code": "",
                "country": "NL",
            }
        ],
        service_areas=[
            {"id": "", "service_id": "1", "service_area": "Cook County", "description": ""},
            {"id": "", "service_id": "2", "service_area": "Ede", "description": ""},
        ],
        eligibility=[
            {"id": "1", "service_id": "1", "eligibility": "teen"},
            {"id": "2", "service_id": "1", "eligibility": "family"},
        ],
        services_taxonomy=[
            {"id": "1", "service_id": "2", "taxonomy_id": "T3", "taxonomy_detail": ""},
            {"id": "2", "service_id": "2", "taxonomy_id": "T404", "taxonomy_detail": ""},
        ],
        taxonomy=[
            {"id": "T1", "name": "Anxiety", "parent_id": "", "parent_name": "", "vocabulary": "own"},
            {"id": "T2", "name": "Case Management", "parent_id": "", "parent_name": "", "vocabulary": "AIRS"},
            {"id": "T3", "name": "Bedtime", "parent_id": "T5", "parent_name": "", "vocabulary": "own"},
            {"id": "T5", "name": "sleeping and eating", "parent_id": "T3", "parent_name": "", "vocabulary": "own"},
        ],
        regular_schedules=[
            {
                "id": "1",
                "service_id": "1",
                "location_id": "",
                "service_at_location_id": "",
                "weekday": "1",
                "opens_at": "09:00",
                "closes_at": "17:00",
            }
        ]
        * 7,
        holiday_schedules=[
            {"id": "1", "service_id": "1", "closed": "TRUE", "start_date": "2020-12-25", "end_date": "2020-12-25"}
        ],
        contacts=[{"id": "1", "organization_id": "101", "service_id": "", "name": "John Doe", "email": "john.doe@gmail.example"}],
        phones=[{"id": str(n), "organization_id": "101", "number": "555-0100"} for n in range(12)],
        payments_accepted=[{"id": "1", "service_id": "1", "payment": "cash"}],
        accessibility_for_disabilities=[{"id": "1", "location_id": "L1", "accessibility": "ramp", "details": ""}],
    )


def test_a_package_of_1_1_becomes_partners_and_offerings(county: Path) -> None:
    reading = read(county)
    partners = {p["id"]: p for p in reading.landscape["partners"].to_dicts()}
    # the row without an id and the second 102 are put apart
    assert (reading.counts["partners"].read, reading.counts["partners"].used) == (4, 2)
    first = partners["101"]
    assert (first["name"], first["remark"], first["website"]) == (
        "Family Center",
        "Help & support",
        "https://familycenter.example.org",
    )
    assert (first["locations"], first["contact"]) == (["GM0228"], "info@familycenter.example.org")
    assert partners["102"]["remark"] == "Age <5 and >3"
    assert partners["102"]["contact"] is None  # somebody's own address
    # the branch has a postal address in Barneveld, but that is not where it stands
    assert partners["102"]["locations"] is None
    offerings = {o["id"]: o for o in reading.landscape["offerings"].to_dicts()}
    assert (reading.counts["offerings"].read, reading.counts["offerings"].used) == (6, 4)
    assert set(offerings) == {"1", "2", "5", "6"}
    assert offerings["1"]["partner"] == "101"  # written as 101.0
    assert offerings["1"]["themes"] == ["angst-en-somberheid"]
    assert offerings["1"]["description"] == "Talk\nVoor wie: teen, family"
    assert (offerings["1"]["place"], offerings["1"]["location"]) == (["locatie"], "GM0228")
    assert offerings["1"]["costs"] == "Sliding scale"
    assert offerings["2"]["themes"] == ["slapen-en-eten"]  # by the term above it, although the two are in a circle
    assert offerings["2"]["municipalities"] == ["GM0228"]
    assert offerings["2"]["how_to_apply"] == "Walk in"
    assert offerings["6"]["description"] == "Wachttijd volgens de bron: Depends on the season"


def test_waits_of_1_1_are_read_where_they_can_only_mean_one_thing(county: Path) -> None:
    waits = {w["on"][0]: w for w in read(county).landscape["waits"].to_dicts()}
    assert set(waits) == {"aanbod:1", "aanbod:2", "aanbod:5"}
    first = waits["aanbod:1"]
    assert (first["days_low"], first["days_high"]) == (14.0, 21.0)
    assert first["value"] == "2-3 weeks"
    assert waits["aanbod:2"]["days_expected"] == 0.0
    assert waits["aanbod:5"]["state"] == "stop"  # temporarily closed


def test_what_leads_nowhere_in_1_1_is_counted_per_table_and_column(county: Path) -> None:
    found = {
        (f.file, f.column): dict(f.values)["number"]
        for f in read(county).findings
        if f.code in ("hsds-dangling", "hsds-orphan-service")
    }
    # counted by hand in the tables above
    assert found == {
        ("services.csv", "organization_id"): 1,
        ("services_at_location.csv", "location_id"): 1,
        ("physical_addresses.csv", "location_id"): 1,
        ("services_taxonomy.csv", "taxonomy_id"): 1,
    }


def test_what_1_1_has_that_we_have_no_place_for_is_counted(county: Path, mapped_all: Callable[[Path], list[Mapped]]) -> None:
    (made,) = mapped_all(county)
    unused = {a.table: a.unused for a in made.accounts}
    # 7 regular and 1 holiday schedules, 12 phones
    assert (unused["schedule"], unused["phone"], unused["contact"]) == (8, 12, 1)
    assert (unused["payment_accepted"], unused["accessibility"]) == (1, 1)
    accounts = {a.table: a for a in made.accounts}
    # physical 3 + postal 1: one hangs on nothing, one is in Springfield, one is postal
    address = accounts["address"]
    assert (address.read, address.used, address.unused, address.dangling) == (4, 1, 2, 1)
    # two in services.taxonomy_ids, two in services_taxonomy: Case Management is no theme, T404 is nothing
    attribute = accounts["attribute"]
    assert (attribute.read, attribute.used, attribute.unused, attribute.dangling) == (4, 2, 1, 1)
    assert (accounts["service"].used, accounts["service"].apart) == (4, 2)


@pytest.fixture
def city(package: Package) -> Path:
    """2.0.1: renamed tables in a folder with a descriptor that names more than there is, with a byte-order mark."""
    data = package(
        "orange-county",
        encoding="utf-8-sig",
        organization=[
            {
                "ID": "OC-1",
                "Name": "Harbor House",
                "Alternate_Name": "HH; Harbor",
                "Description": "x",
                "URL": "http://hh.example.org",
            }
        ],
        service=[
            {
                "id": "A:1",
                "organization_id": "OC-1",
                "name": "Shelter",
                "status": "active",
                "eligibility": "Families",
                "source_id": "x9",
            },
            {
                "id": "A:2",
                "organization_id": "OC-1",
                "name": "Hotline",
                "status": "inactive",
                "eligibility": "",
                "source_id": "x8",
            },
        ],
        service_attribute=[
            {"id": "1", "service_id": "A:1", "taxonomy_term_id": "t1"},
            {"id": "2", "service_id": "A:2", "taxonomy_term_id": "t1"},
        ],
        other_attribute=[
            {"id": "1", "link_id": "OC-1", "link_type": "organization", "taxonomy_term_id": "t1"},
            {"id": "2", "link_id": "OC-7", "link_type": "organization", "taxonomy_term_id": "t1"},
        ],
        taxonomy_term=[{"id": "t1", "term": "wonen", "description": "", "parent_id": "", "taxonomy": "own", "language": "nl"}],
        taxonomy=[{"id": "x", "name": "own", "description": "", "uri": "", "version": "1"}],
        schedule=[{"id": "1", "service_id": "A:1", "freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00"}],
    )
    (data / "orange-county" / "datapackage.json").write_text(
        '{"name": "human_services_data", "version": "2.0.1", "resources": ['
        '{"name": "organization", "path": "organization.csv"}, {"name": "service", "path": "service.csv"},'
        '{"name": "location", "path": "location.csv"}]}',
        "utf-8",
    )
    return data


def test_a_package_of_2_0_1_in_a_folder_of_the_data_folder(city: Path, mapped_all: Callable[[Path], list[Mapped]]) -> None:
    reading = read(city)
    assert "unread-folder" not in {f.code for f in reading.findings}
    partner = reading.landscape["partners"].to_dicts()[0]
    assert (partner["id"], partner["other_names"], partner["website"]) == (
        "orange-county-OC-1",
        ["HH", "Harbor"],
        "http://hh.example.org",
    )
    offering = reading.landscape["offerings"].to_dicts()[0]
    assert (offering["id"], offering["partner"]) == ("orange-county-A%3A1", "orange-county-OC-1")
    assert (offering["themes"], offering["description"]) == (["wonen"], "Voor wie: Families")
    assert (offering["file"], offering["row"]) == ("orange-county/service.csv", 2)
    assert (reading.counts["offerings"].read, reading.counts["offerings"].used) == (2, 1)
    codes = {f.code: f for f in reading.findings}
    assert dict(codes["hsds-missing-file"].values)["files"] == "location.csv"
    assert "services.source_id 2" in codes["hsds-unknown-columns"].message()
    (made,) = mapped_all(city)
    attribute = {a.table: a for a in made.accounts}["attribute"]
    # of the shelter used, of the ended hotline apart, of the organisation unused, of OC-7 dangling
    assert (attribute.used, attribute.apart, attribute.unused, attribute.dangling) == (1, 1, 1, 1)


def test_a_list_of_our_own_called_services_is_no_hsds(tmp_path: Path) -> None:
    (tmp_path / "partners.csv").write_text("id,naam\nP1,Een\n", "utf-8")
    (tmp_path / "services.csv").write_text("dienst;prijs\nknippen;12\n", "utf-8")
    assert {f.code for f in read(tmp_path).findings} & {"unknown-table", "hsds-read"} == {"unknown-table"}


def test_our_own_tables_and_a_package_go_side_by_side(package: Package) -> None:
    data = package("bron", organizations=[{"id": "1", "name": "Een", "description": "x"}])
    (data / "partners.csv").write_text("id,naam\n1,Eigen\n", "utf-8")
    (data / "leeg").mkdir()
    reading = read(data)
    assert reading.landscape["partners"].sort("id").select("id", "name").rows() == [("1", "Eigen"), ("bron-1", "Een")]
    assert [f.file for f in reading.findings if f.code == "unread-folder"] == ["leeg"]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("data/physical_addresses.csv", "address"),
        ("organisation.csv", "organization"),
        ("services_at_location", "service_at_location"),
        ("service_at_locations", "service_at_location"),
        ("service_taxonomys", "attribute"),
        ("regular_schedule", "schedule"),
        ("accessibility_for_disabilities.csv", "accessibility"),
        ("hsds_organizations.csv", "organization"),
        ("services2.csv", "service"),
        ("partners", None),
        ("aanbod.csv", None),
    ],
)
def test_names_of_tables(name: str, table: str | None) -> None:
    found = table_named(name)
    assert (found.table if found else None) == table


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2-3 weeks", (14, 21)),
        ("2 to 3 weeks", (14, 21)),
        ("Approximately 6 months.", (182, 182)),
        ("less than 1 week", (0, 7)),
        ("Up to 2 weeks", (0, 14)),
        ("No wait", (0, 0)),
        ("There is currently no waiting list", (0, 0)),
        ("None", (0, 0)),
        ("10 business days", (14, 14)),
        ("8 - 12 weken", (56, 84)),
        ("Waiting time is 3 days", (3, 3)),
        ("Varies", None),
        ("N/A", None),
    ],
)
def test_english_waits(written: str, days: tuple[int, int] | None) -> None:
    from routekaart.loaders.values import wait

    read_as = in_dutch(written)
    assert read_as is not None
    found = wait(read_as)
    if days is None:
        assert found.state == "onbekend"
    else:
        assert (found.low, found.high) == days


@pytest.mark.parametrize(
    "written", ["Call Monday to Friday", "first come first served", "wait_time", "2 or so", "weeks", "see website"]
)
def test_what_is_no_wait_stays_text(written: str) -> None:
    assert in_dutch(written) is None
