"""JSON that is broken, hostile or merely odd ends in findings, in bounded time and memory; what is good is read."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routekaart.loaders.hsds import documents
from routekaart.loaders.read import Reading, read

Document = Callable[..., Path]


def codes(reading: Reading) -> dict[str, Any]:
    return {f.code: f for f in reading.findings if f.code not in ("no-partners", "no-date")}


def service(id_: str = "s1", **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "name": f"Dienst {id_}",
        "status": "active",
        "organization": {"id": "o1", "name": "Een", "description": "x"},
        **more,
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[{"id": "s1",\n"name": "a"},\n{"id": ', 3),
        ('{"contents": [{"id": "s1"\n}', 2),
        ("[1, 2", 1),
        ('{"id": "s1", "name": }', 1),
        ("dit is geen json", 1),
        ('[{"id": "s1", "minimum_age": ' + "9" * 5000 + "}}", 1),
    ],
)
def test_broken_json_says_on_which_line_and_gives_nothing(text: str, line: int, document: Document) -> None:
    reading = read(document(text))
    assert codes(reading)["json-unreadable"].row == line
    assert reading.landscape["offerings"].height == 0
    assert reading.counts["offerings"].read == 0


@pytest.mark.parametrize("text", ["[" * 10_000 + "]" * 10_000, '{"a":' * 10_000 + "1" + "}" * 10_000])
def test_ten_thousand_levels_are_refused_at_once(text: str, document: Document) -> None:
    began = time.process_time()
    assert "json-too-deep" in codes(read(document(text)))
    assert time.process_time() - began < 5


def test_records_nested_in_each_other_without_end_are_cut_off_and_counted(document: Document) -> None:
    value: dict[str, Any] = service("s0")
    for n in range(1, 40):
        value = {"id": f"o{n}", "name": "x", "description": "x", "services": [service(f"s{n}", organization=value)]}
    reading = read(document(value, "organizations.json"))
    assert "hsds-malformed" in codes(reading)


def test_a_large_list_is_walked_in_bounded_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """12 MB of services as a page, of which one in a hundred is new: memory follows the text, not the objects."""
    monkeypatch.setattr(documents, "_LARGE", 1024**2)
    padding = "x" * 1000
    items = [json.dumps(service(f"s{n % 100}", interpretation_services=padding)) for n in range(10_000)]
    path = tmp_path / "page.json"
    path.write_text('{"page_number": 1, "contents": [' + ",".join(items) + '], "total_items": 10000}', "utf-8")
    size = path.stat().st_size
    del items
    tracemalloc.start()
    reading = read(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reading.counts["offerings"].used == 100
    # bytes and text of the file, and some for what is made of it
    assert peak < 4 * size


def test_a_file_over_the_bound_is_refused_with_its_cure(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 100)
    found = codes(read(document([service()])))["json-too-large"]
    assert "CSV" in found.cure()


def test_a_key_given_twice_is_told_and_the_first_counts(document: Document) -> None:
    text = '[{"id": "s1", "name": "eerste", "name": "tweede", "status": "active", "organization": {"id": "o1", "name": "Een", "name": "Twee", "email": "info@een.nl"}}]'
    reading = read(document(text))
    found = dict(codes(reading)["json-double-keys"].values)
    assert found["number"] == 2
    assert reading.landscape["offerings"]["name"].to_list() == ["eerste"]


def test_values_of_a_wrong_kind_are_unknown_and_told_once_per_column(document: Document) -> None:
    wrong = [service(f"s{n}", description=["a", {"b": 1}], minimum_age={"age": 3}, maximum_age=True) for n in range(3)]
    reading = read(document(wrong))
    found = [(f.column, dict(f.values)["number"]) for f in reading.findings if f.code == "hsds-wrong-type"]
    assert sorted(found) == [("description", 3), ("minimum_age", 3)]
    assert reading.landscape["offerings"]["age_from"].null_count() == 3
    # a yes/no is text of a kind: the age parser says what it thinks of it
    assert [f.value for f in reading.findings if f.code == "bad-value" and f.column == "maximum_age"] == ["true"] * 3


def test_what_is_no_record_in_a_list_is_counted(document: Document) -> None:
    reading = read(document([service(), "los woord", 3, None, {"geen": "record"}, []]))
    found = codes(reading)
    assert dict(found["hsds-malformed"].values)["number"] == 5
    assert reading.counts["offerings"].used == 1


def test_lines_that_are_no_json_are_put_apart_one_by_one(document: Document) -> None:
    lines = [json.dumps(service("s1")), "{", "", json.dumps(service("s2")), "[1,"]
    reading = read(document("\n".join(lines), "services.ndjson"))
    assert [f.row for f in reading.findings if f.code == "json-unreadable"] == [2, 5]
    assert reading.counts["offerings"].used == 2


def test_nothing_written_as_nan_is_nothing(document: Document) -> None:
    reading = read(document('[{"id": "s1", "name": "x", "status": "active", "minimum_age": NaN, "maximum_age": Infinity}]'))
    assert reading.landscape["offerings"].select("age_from", "age_until").row(0) == (None, None)


def test_two_records_of_one_id_are_one_and_where_they_differ_the_first_counts(document: Document) -> None:
    first, second = service("s1", description="een"), service("s1", description="twee", alert="let op")
    reading = read(document([first, second]))
    row = reading.landscape["offerings"].to_dicts()[0]
    assert (row["description"], row["remark"]) == ("een", "let op")
    found = codes(reading)["hsds-conflict"]
    assert (found.column, dict(found.values)["number"]) == ("description", 1)


def test_a_location_of_two_organisations_stands_for_both(document: Document) -> None:
    place = {"id": "l1", "location_type": "physical", "addresses": [{"id": "a1", "city": "Ede", "address_type": "physical"}]}
    organizations = [{"id": f"o{n}", "name": f"Org {n}", "description": "x", "locations": [place]} for n in (1, 2)]
    partners = read(document(organizations, "organizations.json")).landscape["partners"].sort("id")
    assert partners["locations"].to_list() == [["GM0228"], ["GM0228"]]


@pytest.mark.parametrize("id_", ["urn:uuid:1", "a;b", "x>y", "50%", "a%3Ab", "a\tb"])
def test_an_id_with_a_sign_of_ours_is_written_so_that_it_can_be_undone(id_: str, document: Document) -> None:
    reading = read(document([service(id_, wait_time="3 weken", last_modified="2026-01-01")]))
    (made,) = reading.landscape["offerings"]["id"].to_list()
    assert unquote(made) == id_
    assert reading.landscape["waits"]["on"].to_list() == [[f"aanbod:{made}"]]
    assert "hsds-ids" in codes(reading)
    assert "fout" not in {f.severity for f in reading.findings}


def test_an_organisation_whose_services_come_before_its_id_is_still_one_record(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_LARGE", 0)  # the walk that large files get
    text = json.dumps(
        {"services": [{"id": "s1", "name": "x", "status": "active"}], "id": "o1", "name": "Een", "description": "x"}
    )
    reading = read(document(text, "x.json"))
    assert reading.landscape["offerings"].select("id", "partner").rows() == [("s1", "o1")]


def test_json_that_is_not_hsds_is_told_and_not_read(document: Document) -> None:
    found = codes(read(document({"type": "FeatureCollection", "features": [{"type": "Feature", "id": 3}]}, "kaart.json")))
    assert set(found) == {"hsds-not-recognised"}


def test_citizen_numbers_anywhere_refuse_the_source(document: Document) -> None:
    # 111222333 and 123456782 pass the eleven test (RvIG's own examples)
    people = [{"id": f"c{n}", "name": "x", "bsn": "111222333"} for n in range(3)]
    reading = read(document([service(contacts=people)]))
    assert reading.refused
    assert "privacy-bsn" in codes(reading)
    assert reading.landscape["offerings"].height == 0


def test_private_addresses_and_numbers_stay_unread_and_no_finding_repeats_them(document: Document) -> None:
    reading = read(
        document(
            [
                service(
                    wait_time="bel Jan op 06-12345678",
                    application_process="mail jan.jansen@gmail.example",
                    service_areas=[{"id": "a", "name": "wijk van 06-87654321"}],
                )
            ]
        )
    )
    told = json.dumps([f.as_dict() for f in reading.findings])
    stored = json.dumps(reading.landscape["offerings"].to_dicts())
    for secret in ("12345678", "87654321", "jansen"):
        assert secret not in told
        assert secret not in stored
    assert sorted(str(f.column) for f in reading.findings if f.code == "privacy-person") == [
        "application_process",
        "name",
        "wait_time",
    ]


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "id name status services service organization locations location addresses attributes taxonomy_term "
                "taxonomy contents phones minimum_age email eligibility service_areas".split()
            ),
            below,
            max_size=4,
        )
    ),
    max_leaves=15,
)


def test_whatever_the_json_the_reading_adds_up(tmp_path: Path) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(_VALUES)
    def check(value: Any) -> None:
        (tmp_path / "x.json").write_text(json.dumps(value), "utf-8")
        reading = read(tmp_path)
        for count in reading.counts.values():
            assert 0 <= count.used <= count.read
        for finding in reading.findings:
            assert finding.message()
            assert finding.cure()

    check()
