"""Files that are no XES log, or made to do harm: one told error with its cure, and nothing left behind."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from routekaart.loaders.xes import unpacking
from routekaart.loaders.xes.reading import to_parquet
from routekaart.ontology.catalogue import ToldError

EVENT = '<event><string key="concept:name" value="a"/></event>\n'
LOG = f"<log><trace>\n{EVENT * 3000}</trace></log>"
BOMB = (
    '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + ']>\n<log><trace><event><string key="concept:name" value="&i;"/></event></trace></log>'
)


def told(folder: Path, data: str | bytes) -> ToldError:
    path, target = folder / "log.xes", folder / "rows.parquet"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with pytest.raises(ToldError) as error:
        to_parquet(path, target)
    assert [p.name for p in folder.iterdir()] == ["log.xes"]
    for lang in ("nl", "en"):
        assert "log.xes" in error.value.told(lang)
    return error.value


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (BOMB, "xes-doctype", 1),
        ('<?xml version="1.0"?>\n<!DOCTYPE log SYSTEM "file:///etc/passwd">\n<log/>', "xes-doctype", 2),
        ('<!DOCTYPE log [<!ENTITY x SYSTEM "http://127.0.0.1/x">]><log><string key="a" value="&x;"/></log>', "xes-doctype", 1),
        (BOMB.encode("utf-16"), "xes-doctype", 1),
        ("<log>\n<trace>\n<event>\n&x;</event></trace></log>", "xes-broken", 4),  # an entity that is nowhere
        ("<log>\n<trace>\n</log>", "xes-broken", 3),
        (LOG.replace("</event>", "</evnt>"), "xes-broken", 2),
        (LOG[:-20], "xes-cut", 3001),
        (LOG[: len(LOG) // 2].encode(), "xes-cut", None),
        ("", "xes-cut", 1),
        ("\n\n", "xes-cut", 3),
        ("case;from;to\n1;a;b\n", "xes-broken", 1),
        (b"PK\x03\x04" + b"\0" * 100, "xes-broken", 1),
        (LOG[:-14].encode() + b'<event><string key="concept:name" value="\xff"/></event>', "xes-broken", 3002),
        ("<log/><log/>", "xes-broken", 1),
        ("<html><trace/></html>", "xes-other", None),
        ("<log>" + "<list>" * 5_000 + "</list>" * 5_000 + "</log>", "xes-unsafe", 1),
        ("<log>" + "".join(f"<n{n}/>" for n in range(50_000)) + "</log>", "xes-unsafe", 1),
        ("<log><trace><event " + " ".join(f'n{n}="1"' for n in range(50_000)) + "/></trace></log>", "xes-unsafe", 1),
        ('<log><string key="a" value="' + "a" * (9 << 20) + '"/></log>', "xes-unsafe", 1),
        ("<log><!--" + "a" * (9 << 20) + "--></log>", "xes-unsafe", 1),
    ],
)
def test_what_is_refused_and_where(tmp_path: Path, data: str | bytes, code: str, line: int | None) -> None:
    error = told(tmp_path, data)
    assert error.code == code
    if line is not None:
        assert error.values["line"] == line


def test_events_where_no_event_can_be_are_refused_as_xml_does(tmp_path: Path) -> None:
    """Read at once, an event still has to stand where an element can: after the log, in a tag or in a value it cannot."""
    for data in (LOG + EVENT, LOG.replace("<log>", f'<log a="{EVENT}">'), f"<log><trace {EVENT}/></log>"):
        assert told(tmp_path, data).code == "xes-broken"
        (tmp_path / "log.xes").unlink()


@pytest.mark.parametrize("cut", [1, 8, 200])
def test_a_gzip_that_stops_halfway(tmp_path: Path, cut: int) -> None:
    assert told(tmp_path, gzip.compress(LOG.encode())[:-cut]).code == "log-gzip"


@pytest.mark.parametrize("place", [11, 60, -6])  # in the head of the deflated part, inside it, and in the checksum
def test_a_gzip_that_is_damaged(tmp_path: Path, place: int) -> None:
    data = bytearray(gzip.compress(LOG.encode()))
    data[place] ^= 0xFF
    assert told(tmp_path, bytes(data)).code in {"log-gzip", "xes-broken"}  # the parser may meet nonsense first


def test_a_gzip_bomb_is_stopped_at_its_ratio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "SMALL_LOG", 1 << 20)
    bomb = gzip.compress(("<log>" + " " * (64 << 20) + "</log>").encode(), 9)  # some thousand times
    tracemalloc.start()
    error = told(tmp_path, bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (error.code, error.values["limit"]) == ("log-ratio", 200)
    assert peak < 32 << 20  # the bomb is 64 MB


def test_a_log_that_never_ends_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LARGEST_LOG", 100_000)
    assert told(tmp_path, LOG).code == "log-too-large"
    (tmp_path / "log.xes").unlink()
    assert told(tmp_path, gzip.compress(LOG.encode())).code == "log-too-large"


def test_a_real_log_that_shrinks_far_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every event alike but for a number and a date: the most that a log of real cases can shrink, some 40 times."""
    monkeypatch.setattr(unpacking, "SMALL_LOG", 0)
    events = "".join(
        f'\t\t<event>\n\t\t\t<string key="concept:name" value="stap"/>\n\t\t\t<string key="org:group" value="wijkteam"/>\n'
        f'\t\t\t<date key="time:timestamp" value="2024-01-{1 + n % 28:02d}T00:00:00.000+01:00"/>\n\t\t</event>\n'
        for n in range(20_000)
    )
    path = tmp_path / "log.xes.gz"
    path.write_bytes(gzip.compress(f"<log><trace>\n{events}</trace></log>".encode(), 9))
    assert to_parquet(path, tmp_path / "rows.parquet").rows == 20_000
