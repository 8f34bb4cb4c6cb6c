"""M.toml: what it may say, in Dutch or English, and one sentence for each thing that it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from routekaart.loaders.registrations.mapping import Mapping, MappingError, read_mapping

COLUMNS = '[kolommen]\ncasus = "c"\nnaar = "n"\nverwezen = "v"\n'


def given(folder: Path, text: str | bytes) -> Mapping:
    path = folder / "m.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_mapping(path)


def test_everything(tmp_path: Path) -> None:
    assert given(
        tmp_path,
        """
        [log]
        bron = " Wijkteam "
        peildatum = 2025-06-30
        datumvorm = "dd/mm/yyyy"
        eenheid = "jeugdigen"
        drempel = 5
        leeftijdsgroepen = [0, 12, 18]
        onbekend_na_weken = 26
        [kolommen]
        casus = "Dossier"
        van = "Verwijzer"
        naar = "Naar wie"
        verwezen = "Datum"
        gestart = "Start"
        gemeente = "Gem"
        leeftijd = "Lft"
        thema = "Th"
        uitkomst = "Uit"
        [organisaties]
        "Zorg BV" = "P1"
        [gemeenten]
        "gem. E" = "Ede"
        [themas]
        ruzie = "scheiding"
        [uitkomsten]
        klaar = "hulp"
        """,
    ) == Mapping(
        {
            "case": "Dossier",
            "from": "Verwijzer",
            "to": "Naar wie",
            "referred": "Datum",
            "started": "Start",
            "municipality": "Gem",
            "age": "Lft",
            "theme": "Th",
            "outcome": "Uit",
        },
        "Wijkteam",
        "2025-06-30",
        "dd-mm-jjjj",
        "jeugdigen",
        5,
        (0, 144, 216),
        26,
        {"Zorg BV": "P1"},
        {"gem. E": "Ede"},
        {"ruzie": "scheiding"},
        {"klaar": "hulp"},
    )


def test_in_english_and_by_default(tmp_path: Path) -> None:
    """The source is called as the file; the threshold is that of routekaart (10)."""
    found = given(tmp_path, b'\xef\xbb\xbf[columns]\ncase = "c"\norganisation = "o"\ntime = "t"\nsequence = "s"\n')
    assert found == Mapping({"case": "c", "organisation": "o", "time": "t", "sequence": "s"}, "m")
    assert (found.by_step, found.threshold, found.ages) == (True, 10, (0, 48, 144, 216, 276))
    assert not given(tmp_path, COLUMNS).by_step


WRONG = {
    "no toml": ("[kolommen", "log-mapping-broken", "m.toml"),
    "no utf-8": (b'[log]\nbron = "\xe9"\n', "log-mapping-broken", "m.toml"),
    "a section": ("[kolomen]\n" + COLUMNS, "log-mapping-key", "Did you mean: kolommen"),
    "a column": (COLUMNS + 'verwizen = "x"\n', "log-mapping-key", "kolommen.verwizen. Did you mean: verwezen"),
    "a setting": ("[log]\nzzz = 1\n" + COLUMNS, "log-mapping-key", "log.zzz"),
    "no columns": ("", "log-mapping-incomplete", "casus, naar, verwezen"),
    "a column short": ('[kolommen]\ncasus = "c"\norganisatie = "o"\n', "log-mapping-incomplete", "lacks: tijd"),
    "both forms": (COLUMNS + 'organisatie = "o"\ntijd = "t"\n', "log-mapping-both", "naar, verwezen"),
    "an order of referrals": (COLUMNS + 'volgorde = "o"\n', "log-mapping-both", "volgorde"),
    "no section": ("kolommen = 1\n", "log-mapping-value", "kolommen"),
    "no text": (COLUMNS + "van = 1\n", "log-mapping-value", "kolommen.van"),
    **{
        line: (f"[log]\n{line}\n{COLUMNS}", "log-mapping-value", f"log.{line.split()[0]}")
        for line in (
            "bron = ''",
            "bron = 3",
            "peildatum = 'juni'",
            "peildatum = '2025-06'",
            "peildatum = '2025-02-30'",
            "datumvorm = 'iso'",
            "eenheid = 'mensen'",
            "drempel = -1",
            "drempel = 2.5",
            "drempel = true",
            "onbekend_na_weken = 0",
            "leeftijdsgroepen = [4]",
            "leeftijdsgroepen = [4, 4]",
            "leeftijdsgroepen = [12, 4]",
            "leeftijdsgroepen = [0, 101]",
            "leeftijdsgroepen = [0, 3.5]",
            "leeftijdsgroepen = 4",
        )
    },
}


@pytest.mark.parametrize("why", WRONG)
def test_what_is_wrong(why: str, tmp_path: Path) -> None:
    text, code, part = WRONG[why]
    with pytest.raises(MappingError) as told:
        given(tmp_path, text)
    assert told.value.code == code
    assert part in str(told.value)


def test_no_mapping(tmp_path: Path) -> None:
    for path in (tmp_path / "m.toml", tmp_path):
        with pytest.raises(MappingError) as told:
            read_mapping(path)
        assert told.value.code == "log-no-mapping"
