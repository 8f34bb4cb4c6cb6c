"""shapes.ttl asks of each column what schema.py says that it holds: neither says something that the other does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from routekaart.graph.schema import ADDRESS, TABLES, Column, Kind, Table
from routekaart.loaders.rdf.shapes import SH, Check, Shape, Target, targets
from routekaart.ontology.concepts import schemes
from routekaart.ontology.terms import PREFIXES, iri

XSD, IN_SCHEME = PREFIXES["xsd"], PREFIXES["skos"] + "inScheme"
PARTNER, OFFERING, ROUTE, ROLE = (iri(term) for term in ("org:Organization", "cpsv:PublicService", "Route", "Role"))
DATES = {XSD + "date", XSD + "gYearMonth", XSD + "gYear", "http://id.loc.gov/datatypes/edtf/EDTF"}
#: Columns whose values are narrower in the graph than their kind: nobody is referred to a route (CONTRACTS, endpoints).
NO_ROUTE = {(table, end) for table in ("routes", "handovers", "back_and_forth") for end in ("from", "to")}
COLUMNS = [(table, column) for table in TABLES.values() for column in table.stored if column.name not in ADDRESS]


def target_of(table: Table) -> Target:
    """The kind of thing that has most rules of those of a table's class."""
    return max((t for t in targets() if t.of_class == iri(table.term)), key=lambda t: len(t.rules))


def asked(rules: list[Shape]) -> Iterator[Check]:
    """Every word of some rules, those within sh:or and sh:node too."""
    for rule in rules:
        for check in rule.checks:
            yield check
            if check.word in ("or", "node", "property"):
                yield from asked(
                    [s if s.path is None else Shape(s.name, None, s.severity, s.said, s.checks) for s in check.value]
                )


def of(rules: list[Shape], word: str) -> set[Any]:
    return {check.value for check in asked(rules) if check.word == word}


def lists(rules: list[Shape]) -> set[str]:
    """The concept schemes that some rules ask for."""
    found: set[str] = set()
    for rule in rules:
        for check in rule.checks:
            if rule.path == IN_SCHEME and check.word == "hasValue":
                found.add(check.value)
            if check.word in ("or", "node", "property"):
                found |= lists(list(check.value))
    return found


def rkc(name: str) -> str:
    return PREFIXES["rkc"] + name


def expected(table: Table, column: Column) -> dict[str, set[Any]]:
    """What the rules of a column ask, by its kind, written out by hand."""
    integer, decimal = {"datatype": {XSD + "integer"}}, {"datatype": {XSD + "decimal"}}
    endpoint = {"class": {PARTNER, OFFERING, ROUTE, ROLE}, "lists": {rkc("role")}}
    if (table.name, column.name) in NO_ROUTE:
        endpoint["class"] = {PARTNER, OFFERING, ROLE}
    own = {"role": {iri("Role")}, "theme": {iri("Theme")}}
    concept = {"lists": {rkc(column.scheme)}, "class": own.get(column.scheme, set())}
    return {
        **{key: {"datatype": {XSD + "string"}} for key in (Kind.ID, Kind.TEXT, Kind.TEXTS, Kind.KVK, Kind.AGB)},
        **dict.fromkeys((Kind.AGE, Kind.COUNT, Kind.FAMILIES), integer),
        **dict.fromkeys((Kind.NUMBER, Kind.DAYS), decimal),
        **dict.fromkeys((Kind.CONCEPT, Kind.CONCEPTS), concept),
        **{key: {"class": {PARTNER}} for key in (Kind.PARTNER, Kind.PARTNERS)},
        **{key: {"nodeKind": {SH + "IRI"}} for key in (Kind.MUNICIPALITY, Kind.MUNICIPALITIES)},
        Kind.URL: {"datatype": {XSD + "anyURI"}},
        Kind.YESNO: {"datatype": {XSD + "boolean"}},
        Kind.DATE: {"datatype": DATES},
        Kind.ENDPOINT: endpoint,
        Kind.DESTINATION: {"class": {PARTNER, OFFERING, ROUTE, ROLE}, "lists": {rkc("role"), rkc("outcome")}},
        Kind.CHAIN: {"class": {PARTNER, OFFERING, ROUTE, ROLE, iri("Chain")}, "lists": {rkc("role")}},
    }[column.kind]


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{t.name}.{c.name}" for t, c in COLUMNS])
def test_a_column_is_asked_what_its_kind_holds(table: Table, column: Column) -> None:
    rules = [rule for rule in target_of(table).rules if rule.path == iri(column.term)]
    assert rules
    if (table.name, column.name) == ("municipalities", "code"):
        assert {c.value.pattern for c in asked(rules) if c.word == "pattern"} == {"^GM[0-9]{4}$"}
        return
    if table.name in ("roles", "themes") and column.name == "name":
        return  # a region may rename a role of ours, which has names in two languages already
    found = {"lists": lists(rules), **{word: of(rules, word) for word in ("datatype", "class", "nodeKind")}}
    for word, values in expected(table, column).items():
        assert found[word] == values, word


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{t.name}.{c.name}" for t, c in COLUMNS])
def test_what_is_required_is_asked_for_and_what_is_not_is_no_fault(table: Table, column: Column) -> None:
    rules = [rule for rule in target_of(table).rules if rule.path == iri(column.term)]
    needed = {rule.severity for rule in rules for check in rule.checks if check.word == "minCount"}
    derived = {("waits", "state")}  # always filled by the reading
    if column.required or column.kind is Kind.ID or (table.name, column.name) in derived:
        assert needed == {"fout"}
    else:
        assert needed <= {"waarschuwing"}


@pytest.mark.parametrize("column", [c for _, c in COLUMNS if c.kind in (Kind.AGE, Kind.COUNT, Kind.FAMILIES, Kind.DAYS)])
def test_counts_ages_and_durations_are_not_below_zero(column: Column) -> None:
    rules = [rule for target in targets() for rule in target.rules if rule.path == iri(column.term)]
    assert of(rules, "minInclusive")


def test_a_wait_runs_from_low_by_expected_to_high_and_ages_upward() -> None:
    pairs = {
        (r.path, c.value) for t in targets() for r in t.rules for c in r.checks if c.word in ("lessThan", "lessThanOrEquals")
    }
    for low, high in (
        ("daysLow", "daysExpected"),
        ("daysExpected", "daysHigh"),
        ("daysLow", "daysHigh"),
        ("ageFrom", "ageUntil"),
    ):
        assert (iri(low), iri(high)) in pairs


def test_every_list_of_the_tables_is_a_list_of_the_ontology() -> None:
    assert {c.scheme for _, c in COLUMNS if c.scheme} <= schemes().keys()


def test_no_rule_is_about_a_property_that_no_table_has() -> None:
    """But for what only the graph has: chains, roles as memberships, durations, shortcuts and what is withheld."""
    known = {iri(c.term) for t in TABLES.values() for c in t.columns}
    for target in targets():
        if target.of_class in {iri(t.term) for t in TABLES.values()}:
            others = {r.path for r in target.rules} - known
            assert others <= {iri("withholds"), iri("time:hasDuration")}, target.name
