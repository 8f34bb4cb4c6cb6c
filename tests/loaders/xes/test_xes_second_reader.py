"""XES against a plain reader of the whole file (ElementTree): the same rows, counts and refusals, in both ways."""

from __future__ import annotations

import gzip
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any
from xml.parsers import expat

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from routekaart.loaders.xes import held, reading, unpacking
from routekaart.loaders.xes.held import Tally
from routekaart.loaders.xes.reading import batches
from routekaart.ontology.catalogue import ToldError

KINDS = ("string", "date", "int", "float", "boolean", "id")


def plainly(data: bytes, wanted: tuple[str, ...]) -> tuple[list[tuple[str | None, ...]], Counter[str]]:
    """The rows of a log by ElementTree, and its counts: the whole file at once, no state, no depth."""
    root = ElementTree.fromstring(data)
    space = root.tag.removesuffix("log")
    simple = {space + kind for kind in KINDS}
    rows, counts = [], Counter[str]()

    def pairs(element: ElementTree.Element, kind: str) -> dict[str, str]:
        found = {}
        for below in element:
            if below.tag in simple and "key" in below.attrib and "value" in below.attrib:
                counts[f"{kind} {below.get('key')}"] += 1
                if len(below.attrib["value"]) <= held.LONGEST_VALUE:
                    found[below.attrib["key"]] = below.attrib["value"]
            for inner in below.iter() if below.tag != f"{space}event" else ():
                counts["nested"] += inner is not below and inner.tag in simple | {f"{space}list"}
            counts["lists"] += below.tag == f"{space}list"
        return found

    for own in root:
        if own.tag in simple | {f"{space}list"}:
            counts["nested"] += sum(inner.tag in simple | {f"{space}list"} for inner in own.iter()) - 1
    for trace in root.findall(f"{space}trace"):
        counts["traces"] += 1
        case = pairs(trace, "case")
        events = trace.findall(f"{space}event")
        counts["empty"] += not events
        for event in events:
            counts["events"] += 1
            row = {f"case:{key}": value for key, value in case.items()} | {
                k: v for k, v in pairs(event, "event").items() if not k.startswith("case:")
            }
            rows.append(tuple(row.get(name) for name in wanted))
    loose = len(root.findall(f"{space}event"))
    counts.update({"loose": loose, "events": loose})
    return rows, counts


def sound(data: bytes) -> bool:
    """Whether it is XML 1.0 apart from its prefixes: ElementTree resolves them, the reader takes names as written."""
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError:
        return False
    return True


def counted(tally: Tally) -> Counter[str]:
    counts = Counter({name: getattr(tally, name) for name in ("nested", "lists", "traces", "empty", "events", "loose")})
    counts.update({f"case {key}": number for key, number in tally.trace_attributes.items()})
    counts.update({f"event {key}": number for key, number in tally.event_attributes.items()})
    return counts


VALUES = ["verwezen", "é€😀", "", " a  b ", "x<y", "a&b", 'say "hi"', "tab\tline\nend", "<event>", "</event>", "]]>", "x" * 260]
NOISE = [
    "<!-- <event><string key='org:group' value='no'/></event> -->",
    "<!-- </trace> <event> -->",
    "<?note <event>?>",
    '<![CDATA[<event><string key="org:group" value="no"/></event>]]>',
    "text > & text".replace("&", "&amp;"),
    '<list key="org:group"><values><string key="concept:name" value="no"/></values></list>',
    '<y:event xmlns:y="urn:other"><y:string key="org:group" value="no"/></y:event>',
]


class Writer:
    """A log as some program might write it: mostly one form, now and then something else. Notes the line of each event."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.end = random.choice(["\n", "\r\n", "", "\n\t\t"])
        self.odd = random.choice([0.0, 0.02, 0.3])
        self.parts: list[str] = ['<?xml version="1.0"?>\n<log xmlns="http://www.xes-standard.org/">', self.end]
        self.lines: list[int] = []
        for _ in range(random.choice([0, 1, 3, 12])):
            self.trace()
        if self.strange():
            self.parts.append("<event><string key='org:group' value='loose'/></event>")
        self.parts.append("</log>")
        self.text = "".join(self.parts)

    def strange(self) -> bool:
        return self.random.random() < self.odd

    def say(self, *parts: str) -> None:
        self.parts += [*parts, self.end]
        if self.strange():
            self.parts.append(self.random.choice(NOISE))

    def trace(self) -> None:
        self.say("<trace>")
        for key in ("concept:name", "age")[: self.random.choice([1, 1, 1, 2, 0])]:
            self.attribute(key)
        for _ in range(self.random.choice([0, 1, 2, 3, 40])):
            self.event()
        if self.strange():
            self.attribute("late")
        self.say("</trace>")

    def event(self) -> None:
        self.lines.append("".join(self.parts).count("\n") + 1)
        self.say("<event >" if self.strange() else "<event>")
        keys = ["concept:name", "org:group", "time:timestamp"]
        if self.strange():
            self.random.shuffle(keys)
            keys = keys[self.random.randint(0, 3) :] + self.random.choices(["own", "concept:name"], k=1)
        for key in keys:
            self.attribute(key)
        self.say("</event>")

    def attribute(self, key: str) -> None:
        value = self.random.choice(VALUES) if self.strange() else f"{key} {self.random.randint(1, 5)}"
        value = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        kind = self.random.choice(KINDS) if self.strange() else "string"
        if self.strange():
            self.say(f"<{kind} value='{value}' key='{key}' />")
        elif self.strange():
            self.say(f'<{kind} key="{key}" value="{value}">', '<string key="org:group" value="inside"/>', f"</{kind}>")
        else:
            self.say(f'<{kind} key="{key}" value="{value}"/>')


WANTED = ("case:concept:name", "case:late", "org:group", "concept:name", "own")
PROPERTY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def ways(reads: Any, data: bytes, piece: int) -> tuple[Any, Any]:
    """The file read quickly and carefully, in pieces of so many bytes; the code of the error where one was told."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unpacking, "_PIECE", piece)
        found: list[Any] = []
        for careful in (False, True):
            if careful:
                patch.setattr(reading, "_is_utf8", lambda piece: False)
            try:
                found.append(reads(data, WANTED))
            except ToldError as error:
                found.append(error.code)
    return found[0], found[1]


@PROPERTY
@given(seed=st.integers(0, 1 << 32), piece=st.sampled_from([1, 7, 50, 333, 5_000, 1 << 20]))
def test_the_same_as_a_reader_of_the_whole_file(reads: Any, seed: int, piece: int) -> None:
    written = Writer(Random(seed))
    data = written.text.encode()
    rows, counts = plainly(data, WANTED)
    for found in ways(reads, data, piece):
        assert not isinstance(found, str), found
        assert [row[1:] for row in found.rows] == rows
        assert [row[0] for row in found.rows] == written.lines
        assert +counted(found.tally) == +counts


@PROPERTY
@given(seed=st.integers(0, 1 << 32), piece=st.sampled_from([40, 400, 1 << 20]), count=st.integers(1, 3))
@example(seed=3817, piece=40, count=2)  # <y:string> became <:string>
def test_a_damaged_file_is_refused_exactly_when_it_is_no_xml(reads: Any, seed: int, piece: int, count: int) -> None:
    random = Random(seed)
    data = bytearray(Writer(random).text.encode())
    for _ in range(count):
        place = random.randrange(len(data))
        match random.randrange(4):
            case 0:
                del data[place]
            case 1:
                data.insert(place, random.choice(b"<>/&\"' \x00\x0b\xff-a"))
            case 2:
                end = min(len(data), place + random.randint(1, 60))
                data[place:place] = data[place:end]
            case _:
                del data[place : place + random.randint(1, 60)]
    try:
        rows, _ = plainly(bytes(data), WANTED)
    except ElementTree.ParseError:
        rows = None
    quick, careful = ways(reads, bytes(data), piece)
    if not isinstance(quick, str) and not isinstance(careful, str):
        assert rows is not None or sound(bytes(data))
        assert quick.rows == careful.rows
        assert quick.tally == careful.tally
        if rows is not None and (not data.count(b"xmlns=") or b'xmlns="http://www.xes-standard.org/"' in data):
            assert [row[1:] for row in quick.rows] == rows
    else:
        assert quick == careful
        assert rows is None or quick == "xes-other"


def test_a_log_of_several_batches(tmp_path: Path) -> None:
    """300,000 events of two forms over many pieces and more than two batches, against a count while it was written."""
    random = Random(8)
    path, expected, number = tmp_path / "log.xes.gz", Counter[tuple[str, str | None]](), 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.write("<log>\n")
        while number < 300_000:
            length = random.randint(1, 30)
            parts = [f'<trace>\n<string key="concept:name" value="z{number}"/>\n']
            for _ in range(length):
                group = random.choice(["huisarts", "wijkteam", None])
                expected[str(length), group] += 1
                shown = f'<string key="org:group" value="{group}"/>\n' if group else ""
                parts.append(f'<event>\n{shown}<int key="length" value="{length}"/>\n</event>\n')
            number += length
            file.write("".join(parts) + "</trace>\n")
        file.write("</log>")
    tally = Tally()
    found, sizes, cases, lines = Counter[Any](), [], set(), [0]
    for batch in batches(path, ("case:concept:name", "org:group", "length"), tally):
        found.update(zip(batch["length"], batch["org:group"], strict=True))
        cases.update(batch["case:concept:name"])
        sizes.append(len(batch["__row"]))
        lines += batch["__row"]
    assert found == expected
    assert tally.events == sum(sizes) == number
    assert len(cases) == tally.traces
    assert max(sizes) < held.BATCH + 10_000  # one piece of the file more at most
    assert len(sizes) == 3
    assert lines == sorted(set(lines))
