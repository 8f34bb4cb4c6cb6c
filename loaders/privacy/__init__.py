"""Never ingest persons: what must not be read, found before anything is (DESIGN, Privacy)."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from ...ontology.concepts import folded
from ..findings import Finding
from ..files.sheet import ROW, Sheet

_BSN_HEADERS: Final = frozenset(("bsn", "burgerservicenummer", "sofinummer"))
_CASE_HEADERS: Final = frozenset(
    "client clientnaam clientnummer dossier dossiernummer casusbeschrijving casusomschrijving naamkind naamclient "
    "hulpvraagclient naamjeugdige patient patientnaam".split()
)
_PERSON_HEADERS: Final = frozenset(
    "contactpersoon voornaam achternaam voorletters geboortedatum geboortejaar naammedewerker naamcontactpersoon "
    "telefoonprive mobiel mobielnummer emailprive naamvrijwilliger".split()
)
_FREE_MAIL: Final = r"gmail|hotmail|outlook|live|yahoo|icloud|ziggo|kpnmail|kpnplanet|planet|xs4all|hetnet|upcmail|home"
# initials or a first name, a point, a surname: j.jansen@, jan.van.dijk@ — or any address at a private provider
_PERSONAL_MAIL: Final = rf"(?i)\b(?:[a-z]{{1,12}}(?:\.[a-z]+)+@[a-z0-9.-]+|[a-z0-9._%+-]+@(?:{_FREE_MAIL})\.[a-z]{{2,}})\b"
_FUNCTIONAL: Final = re.compile(
    r"(?i)\b(?:info|aanmeld|contact|secretariaat|post|jeugd|team|wijkteam|cjg|toegang|loket|receptie|verwijs|zorg|"
    r"balie|praktijk|hulp|advies|school|inloop|vraag|centrum|redactie|routekaart|directie|bestuur|welzijn|gemeente)"
)
_MOBILE: Final = r"(?:\+31 ?\(?0?\)?|\b0)6[ -]?(?:\d[ -]?){8}\b"
_NINE_DIGITS: Final = r"^\d{8,9}$|^\d{3}[ .]\d{3}[ .]\d{3}$"


def passes_eleven_test(text: str) -> bool:
    """The elfproef of a burgerservicenummer: 9·d1 + 8·d2 + … + 2·d8 − d9 is a multiple of 11."""
    digits = re.sub(r"\D", "", text).zfill(9)
    if len(digits) != 9 or digits == "000000000":
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 == 0


def screened(sheet: Sheet) -> tuple[Sheet | None, list[Finding]]:
    """The sheet without cells about persons; None where the whole file is refused.

    A file is refused for citizen service numbers (a column that says so, or at least three in a column
    and half of it) and for case descriptions. Names, private mail and mobile numbers stay unread.
    No finding repeats the value it is about.
    """
    findings: list[Finding] = []
    frame = sheet.frame
    for header in sheet.headers:
        plain = folded(header)
        column = frame[header].drop_nulls()
        if column.is_empty():
            continue
        if plain in _BSN_HEADERS or _holds_bsn(column, plain):
            findings.append(Finding("privacy-bsn", sheet.file, sheet.sheet, column=header))
        elif plain in _CASE_HEADERS:
            findings.append(Finding("privacy-case", sheet.file, sheet.sheet, column=header))
    if findings:
        return None, findings
    for header in sheet.headers:
        cells = pl.col(header)
        if folded(header) in _PERSON_HEADERS:
            number = frame[header].drop_nulls().len()
            if number:
                findings.append(Finding("privacy-column", sheet.file, sheet.sheet, column=header, values=(("number", number),)))
            frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(header))
            continue
        suspect = frame.filter(cells.str.contains(_PERSONAL_MAIL) | cells.str.contains(_MOBILE))
        rows = [r for text, r in suspect.select(header, ROW).iter_rows() if _is_person(text)]
        if rows:
            findings += [Finding("privacy-person", sheet.file, sheet.sheet, r, header) for r in rows]
            frame = frame.with_columns(pl.when(~pl.col(ROW).is_in(rows)).then(cells).alias(header))
    return Sheet(sheet.file, sheet.sheet, sheet.headers, frame), findings


def _holds_bsn(column: pl.Series, header: str) -> bool:
    """At least three cells and half of the column pass; ids and codes that count up are no numbers of persons."""
    if header in ("agb", "agbcode", "kvk", "kvknummer", "telefoon", "telefoonnummer"):
        return False
    candidates = column.filter(column.str.contains(_NINE_DIGITS))
    if candidates.len() < 3 or candidates.len() * 2 < column.len():
        return False
    passing = sum(passes_eleven_test(text) for text in candidates)
    return passing >= 3 and passing * 2 >= column.len()


def _is_person(text: str) -> bool:
    if re.search(_MOBILE, text):
        return True
    return any(not _FUNCTIONAL.match(mail) for mail in re.findall(_PERSONAL_MAIL, text))
