"""XES → rows: what the standard allows, worked out by hand, in both ways of reading."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from routekaart.loaders.xes import held, reading, unpacking
from routekaart.loaders.xes.reading import USUAL, to_parquet
from routekaart.ontology.catalogue import ToldError

CASE, STEP, GROUP, TIME, TRANSITION = USUAL
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">\n'
TWO = """  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <classifier name="step" keys="concept:name lifecycle:transition"/>
  <string key="concept:name" value="the log itself"/>
  <trace>
    <string key="concept:name" value="zaak 1"/>
    <event>
      <string key="concept:name" value="verwezen"/>
      <string key="org:group" value="huisarts"/>
      <string key="org:resource" value="J. Jansen"/>
      <date key="time:timestamp" value="2024-03-01T09:00:00+01:00"/>
    </event>
    <event>
      <string key="concept:name" value="gestart"/>
      <string key="org:group" value="wijkteam"/>
      <date key="time:timestamp" value="2024-04-02"/>
      <string key="lifecycle:transition" value="complete"/>
    </event>
  </trace>
  <trace>
    <string key="concept:name" value="zaak 2"/>
    <event>
      <string key="org:group" value="huisarts"/>
    </event>
  </trace>
</log>
"""
#: TWO as a person reads it: the line of each event counted by hand, None where nothing stands.
ROWS = [
    (8, "zaak 1", "verwezen", "huisarts", "2024-03-01T09:00:00+01:00", None),
    (14, "zaak 1", "gestart", "wijkteam", "2024-04-02", "complete"),
    (23, "zaak 2", None, "huisarts", None, None),
]


def test_a_log_as_a_person_reads_it(reads: Any, way: str) -> None:
    seen = reads(HEAD + TWO)
    assert seen.rows == ROWS
    tally = seen.tally
    assert (tally.traces, tally.events, tally.empty, tally.loose, tally.log_attributes) == (2, 3, 0, 0, 1)
    assert tally.trace_attributes == {"concept:name": 2}
    assert tally.event_attributes == {
        "concept:name": 2,
        "org:group": 3,
        "org:resource": 1,
        "time:timestamp": 2,
        "lifecycle:transition": 1,
    }


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        "\n<log>\n",
        '\n<log xmlns="http://www.xes-standard.org">\n',
        '\ufeff<?xml version="1.0"?>\n<log>\n',
        '\n<log xmlns:x="http://www.xes-standard.org/">\n',
    ],
)
def test_with_and_without_namespace(reads: Any, way: str, head: str) -> None:
    assert reads(head + TWO).rows == ROWS


def test_a_prefix_on_every_name(reads: Any) -> None:
    text = '<?xml version="1.0"?>\n<x:log xmlns:x="http://www.xes-standard.org/">\n' + TWO.replace("</", "</x:").replace(
        "<", "<x:"
    ).replace("<x:/x:", "</x:")
    assert reads(text).rows == ROWS


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-15", "ascii"])
def test_other_encodings(reads: Any, encoding: str) -> None:
    text = HEAD.replace("UTF-8", encoding) + TWO.replace("huisarts", "&#233;cole" if encoding == "ascii" else "école")
    assert reads(text.encode(encoding)).rows == [tuple("école" if v == "huisarts" else v for v in row) for row in ROWS]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_with_every_line_end(reads: Any, way: str, line_end: str) -> None:
    assert reads((HEAD + TWO).replace("\n", line_end)).rows == ROWS


def test_a_log_on_one_line(reads: Any, way: str) -> None:
    assert reads("".join(line.strip() for line in TWO.join(("<log>", "")).splitlines())).rows == [(1, *row[1:]) for row in ROWS]


def test_gzip_is_known_by_its_first_signs_and_not_by_its_name(reads: Any, way: str) -> None:
    half = len(TWO) // 2
    assert reads(gzip.compress((HEAD + TWO).encode())).rows == ROWS
    parts = gzip.compress((HEAD + TWO[:half]).encode()) + gzip.compress(TWO[half:].encode())  # as `cat a.gz b.gz` makes
    assert reads(parts).rows == ROWS


def test_only_what_is_asked_for_is_kept(reads: Any, way: str) -> None:
    seen = reads(HEAD + TWO, ("org:group", "case:age"))
    assert seen.rows == [(8, "huisarts", None), (14, "wijkteam", None), (23, "huisarts", None)]


def test_lists_and_what_lies_inside_attributes_are_counted_and_not_flattened(reads: Any, way: str) -> None:
    inside = '<string key="org:group" value="not this"/>'
    seen = reads(f"""<log><trace>
        <string key="concept:name" value="a">{inside}</string>
        <list key="staff"><values>{inside}{inside}</values></list>
        <event><list key="org:group"><values>{inside}</values></list><string key="concept:name" value="b"/></event>
        <event><string key="concept:name" value="c">{inside}<int key="n" value="1"/></string><string key="org:group" value="d"/></event>
        <event><container key="x"><event/></container><note>{inside}</note></event>
        <event/></trace></log>""")
    assert seen.rows == [
        (4, "a", "b", None, None, None),
        (5, "a", "c", "d", None, None),
        (6, "a", None, None, None, None),
        (7, "a", None, None, None, None),
    ]
    tally = seen.tally
    # inside: 1 in concept:name, 2 in staff, 1 in the list of event 1, 2 in event 2, 1 in <note>
    assert (tally.lists, tally.nested, tally.foreign) == (3, 7, 1)
    assert (tally.trace_attributes, tally.event_attributes) == ({"concept:name": 1}, {"concept:name": 2, "org:group": 1})


def test_a_global_promises_and_fills_nothing_in(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(
        """<log>
        <global scope="trace"><string key="concept:name" value="__INVALID__"/></global>
        <global scope="event"><date key="time:timestamp" value="1970-01-01T00:00:00"/><string key="cost" value="0"/></global>
        <global><string key="org:group" value="UNKNOWN"/></global>
        <trace><event><string key="org:group" value="a"/></event></trace>
        <trace><string key="concept:name" value="1"/><event/></trace></log>""",
        "utf-8",
    )
    found = to_parquet(path, tmp_path / "log.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "log.parquet").to_pylist()
    assert [row[CASE] for row in table] == [None, "1"]
    assert [row[GROUP] for row in table] == ["a", None]
    assert [row[TIME] for row in table] == [None, None]
    assert found.promised == (CASE, GROUP, TIME)  # <global> without scope is of events
    assert found.missing == {CASE: 1, STEP: 2, GROUP: 1, TIME: 2, TRANSITION: 2}


def test_events_without_a_case_are_counted_apart(reads: Any, way: str) -> None:
    seen = reads("""<log><event><string key="concept:name" value="x"/></event>
        <trace/><trace><string key="concept:name" value="empty"/></trace>
        <trace><event><string key="concept:name" value="y"/></event></trace>
        <event><string key="concept:name" value="z"/></event></log>""")
    assert seen.rows == [(3, None, "y", None, None, None)]
    assert (seen.tally.events, seen.tally.loose, seen.tally.traces, seen.tally.empty) == (3, 2, 3, 2)
    assert seen.tally.event_attributes == {"concept:name": 1}


def test_odd_attributes(reads: Any, way: str) -> None:
    long = "x" * (held.LONGEST_VALUE + 1)
    seen = reads(f"""<log><trace><event>
        <string value="turned round" key='concept:name' />
        <string key="org:group"/><string value="no key"/>
        <string key="time:timestamp" value="first"/><string key="time:timestamp" value="last"/>
        <string key="lifecycle:transition" value="{long}"/></event>
        <event><string key="concept:name" value=""/><string key="org:group" value=" a&amp;b&#10;c
d "/></event></trace></log>""")
    assert seen.rows == [
        (1, None, "turned round", None, "last", None),
        (6, None, "", " a&b\nc d ", None, None),  # a line end in a value is a space, a written one (&#10;) stays (XML 3.3.3)
    ]
    tally = seen.tally
    assert (tally.unreadable, tally.repeated, tally.too_long) == (2, 1, 1)


def test_an_attribute_of_the_case_after_its_events_still_counts(reads: Any, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    event = '<event><string key="concept:name" value="e"/></event>\n'
    begin = '<trace><int key="n" value="1"/>'
    late = f'{begin}{event * 400}<string key="concept:name" value="a"/></trace>'
    log = f"<log>{f'{begin}{event}</trace>' * 9}{late}{begin}{event}</trace></log>"
    seen = reads(log)
    assert [row[1] for row in seen.rows] == [None] * 9 + ["a"] * 400 + [None]
    monkeypatch.setattr(held, "BATCH", 50)  # rows of that case are gone by then: refused, never half filled
    monkeypatch.setattr(unpacking, "_PIECE", 1_000)
    with pytest.raises(ToldError) as told:
        reads(log)
    assert told.value.code == "xes-order"


def test_names_of_another_kind_than_a_log_has_are_counted_together(reads: Any, way: str) -> None:
    many = "".join(f'<string key="k{n}" value="v"/>' for n in range(2_500))
    seen = reads(f'<log><trace><event>{many}<string key="{"k" * 300}" value="v"/></event></trace></log>')
    assert len(seen.tally.event_attributes) == 2_000
    assert seen.tally.unnamed == 501


def test_a_column_of_the_case_and_one_of_the_event_are_two(reads: Any, way: str) -> None:
    seen = reads(
        '<log><trace><string key="concept:name" value="case"/><event><string key="case:concept:name" value="event"/>'
        '<string key="__row" value="7"/></event></trace></log>',
        ("concept:name", "case:concept:name"),
    )
    assert seen.rows == [(1, None, "case")]


def test_parquet_holds_the_same_rows_and_counts(tmp_path: Path) -> None:
    path, target = tmp_path / "log.xes", tmp_path / "log.parquet"
    path.write_text(HEAD + TWO, "utf-8")
    found = to_parquet(path, target)
    table = pyarrow.parquet.read_table(target)
    assert [str(field.type) for field in table.schema] == ["int64", *["string"] * 5]
    assert [tuple(row.values()) for row in table.to_pylist()] == ROWS
    assert (found.rows, found.traces, found.promised) == (3, 2, ())
    assert found.missing == {CASE: 0, STEP: 1, GROUP: 0, TIME: 1, TRANSITION: 2}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["log.parquet", "log.xes"]


def test_an_empty_log_is_a_table_without_rows(tmp_path: Path) -> None:
    (tmp_path / "log.xes").write_text("<log/>", "utf-8")
    assert to_parquet(tmp_path / "log.xes", tmp_path / "t", ("a",)).rows == 0
    assert pyarrow.parquet.read_table(tmp_path / "t").column_names == ["__row", "a"]


def test_short_traces_of_a_few_forms(reads: Any, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events and traces of several forms in turn, an odd one now and then: expected rows are made beside the text."""
    parts, expected, line = ["<log>\n"], [], 2
    for number in range(900):
        case = f"zaak {number}" if number % 7 else None
        parts.append("<trace>\n" + (f'<string key="concept:name" value="{case}"/>\n' if case else "\n"))
        line += 2
        for step in range(1 + number % 3):
            group, raw = f"g{step}é", f"a{number}"
            forms = {
                0: f'\n<string key="concept:name" value="{raw}"/>\n<string key="org:group" value="{group}"/>\n',
                1: f'\n<string key="org:group" value="{group}"/><int key="age" value="7"/>\n<string key="concept:name" value="{raw}"/>\n',
                2: f"<string value='{group}' key='org:group'/>\n<string key=\"concept:name\" value=\"{raw}\"/>\n\n",
                3: f'\n<string key="concept:name" value="x"/>\n<string key="concept:name" value="{raw}"/><id key="org:group" value="{group}"/>\n',
                4: f'\n<string key="concept:name" value="{raw}"/>\n<string key="org:group" value="g{step}\té"/>\n',
            }
            form = (0, 0, 0, 1, 1, 0, 2, 0, 3, 4)[number % 10]
            parts.append(f"<event>{forms[form]}</event>\n")
            expected.append((line, case, raw, f"g{step} é" if form == 4 else group, None, None))
            line += 4
        parts.append("</trace>\n")
        line += 1
    monkeypatch.setattr(unpacking, "_PIECE", 10_001)
    seen = reads("".join(parts) + "</log>")
    assert seen.rows == expected
    assert (seen.tally.traces, seen.tally.events) == (900, len(expected))
    assert seen.tally.repeated == sum(1 + n % 3 for n in range(900) if n % 10 == 8)


def test_a_log_of_one_form_is_hardly_seen_by_the_parser(reads: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes it fast, said without a clock; and an odd log is not tried over and over."""
    fed, tried = [], []
    feed, read = reading.Walk.feed, reading.Runs.read
    monkeypatch.setattr(reading.Walk, "feed", lambda self, piece: (fed.append(len(piece)), feed(self, piece))[1])
    monkeypatch.setattr(reading.Runs, "read", lambda self, text, start: (tried.append(start), read(self, text, start))[1])
    event = '<event>\n<string key="concept:name" value="stap"/>\n</event>\n'
    log = "<log>" + f'<trace>\n<string key="concept:name" value="é"/>\n{event * 3}</trace>\n' * 10_000 + "</log>"
    assert len(reads(log).rows) == 30_000
    assert sum(fed) < len(log) / 5  # line ends are most of it
    tried.clear()
    monkeypatch.setattr(unpacking, "_PIECE", 10_001)
    assert len(reads(log.replace("<string", "<string ")).rows) == 30_000
    assert len(tried) < 500
