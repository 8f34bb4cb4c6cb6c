"""Make the pages that follow from the code: the data dictionary and the commands. ``--check`` only compares.

Run it with the project installed: ``python docs/make.py``.
"""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from routekaart.graph.schema import INPUT_TABLES, PROVENANCE, TABLES, Column, Kind
from routekaart.graph.stores.neo4j import names
from routekaart.ontology.concepts import scheme
from routekaart.ontology.terms import definition, iri

HERE = Path(__file__).parent
_KINDS = {
    Kind.ID: "id",
    Kind.TEXT: "tekst",
    Kind.TEXTS: "teksten, met ;",
    Kind.URL: "webadres",
    Kind.KVK: "KvK-nummer",
    Kind.AGB: "AGB-code",
    Kind.CONCEPT: "keuze",
    Kind.CONCEPTS: "keuzes, met ;",
    Kind.MUNICIPALITY: "gemeente",
    Kind.MUNICIPALITIES: "gemeenten, met ;",
    Kind.PARTNER: "partner",
    Kind.PARTNERS: "partners, met ;",
    Kind.ENDPOINT: "eindpunt",
    Kind.DESTINATION: "eindpunt of hulp / uitval / onbekend",
    Kind.CHAIN: "eindpunt of keten met >",
    Kind.DATE: "datum",
    Kind.AGE: "leeftijd",
    Kind.YESNO: "ja / nee",
    Kind.COUNT: "geheel getal",
    Kind.FAMILIES: "aantal gezinnen",
    Kind.NUMBER: "getal",
    Kind.DAYS: "duur",
}


def data_dictionary() -> str:
    """docs/gegevens.md: every table and column, from schema.py and the ontology."""
    parts = [
        "# De tabellen",
        "",
        "Gemaakt uit `graph/schema.py` en de ontologie door `docs/make.py`.",
        "Een lege cel is *onbekend*, tenzij het er anders staat.",
        "Nederlandse en Engelse kolomnamen worden herkend, in elke volgorde en met of zonder hoofdletters.",
    ]
    for table in INPUT_TABLES:
        parts += [
            "",
            f"## {table.nl}",
            "",
            definition(table.term)
            + (" Deze tabel maakt `routekaart log`; niemand hoeft haar in te vullen." if table.made else ""),
            "",
            "| kolom | Engels | wat | betekenis | term |",
            "|---|---|---|---|---|",
        ]
        for column in table.headed:
            parts.append(
                f"| {'**' + column.nl + '**' if column.required else column.nl} | {column.en} | {_kind(column)} "
                f"| {definition(column.term).replace('|', '/')} | `{_term(column)}` |"
            )
    parts += ["", "Een **vette** kolom moet in elke regel ingevuld zijn.", "", "# De keuzelijsten"]
    for name in sorted({c.scheme for t in INPUT_TABLES for c in t.headed if c.scheme}):
        parts += ["", f"## {name}", "", "| slug | naam | ook herkend | betekenis |", "|---|---|---|---|"]
        for concept in scheme(name).concepts.values():
            also = ", ".join(concept.alternatives)
            parts.append(f"| `{concept.slug}` | {concept.label()} | {also} | {concept.definitions.get('nl', '')} |")
    return "\n".join(parts) + "\n"


def _kind(column: Column) -> str:
    return f"{_KINDS[column.kind]} ({column.scheme})" if column.scheme else _KINDS[column.kind]


def _term(column: Column) -> str:
    iri(column.term)  # a term that the ontology does not declare is an error here too
    return column.term if ":" in column.term else f"rk:{column.term}"


def commands() -> str:
    """docs/opdrachten.md: the help of every command, as it is printed."""
    # language and width are looked at when the commands are read
    told = {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "ROUTEKAART_LANG": "nl"}
    with patch.dict(os.environ, told), patch.object(sys, "argv", ["routekaart"]):
        from routekaart.cli.app import COMMANDS, GROUPS, run

        parts = ["# De opdrachten", "", "Gemaakt uit `--help` door `docs/make.py`; met `--lang en` in het Engels."]
        below = [f"{group} {name}" for group, names in GROUPS.items() for name in names]
        for name in ["", *COMMANDS, *below]:
            with redirect_stdout(StringIO()) as text:
                code = run([*name.split(), "--help"])
            if code:
                raise SystemExit(f"routekaart {name} --help: {code}")
            parts += ["", f"## routekaart {name}".rstrip(), "", "```", text.getvalue().strip("\n"), "```"]
    return "\n".join(parts) + "\n"


def property_graph() -> str:
    """docs/neo4j.md: labels, relationship types and properties, after the words of docs/neo4j-inleiding.md."""
    parts = [(HERE / "neo4j-inleiding.md").read_text("utf-8").strip(), "", "## Labels en hun eigenschappen", ""]
    parts.append(
        "Een rij van een tabel is een knoop; haar cellen zijn eigenschappen met de Engelse kolomnaam (docs/gegevens.md)."
    )
    parts += ["", "| label | tabel | eigenschappen | relaties |", "|---|---|---|---|"]
    for table in TABLES.values():
        cells = ", ".join(f"`{c.name}`" for c in table.stored if c not in PROVENANCE)
        ends = ", ".join(f"`{names.type_of(c)}` (`{c.name}`)" for c in names.links(table))
        parts.append(f"| **{names.label(table)}** | {table.nl} | {cells} | {ends} |")
    parts += ["", "Elke rij heeft ook: " + ", ".join(f"`{c.name}`" for c in PROVENANCE) + " (waar het feit vandaan komt)."]
    parts += ["", "## Relaties", "", "| relatie | wat | term |", "|---|---|---|"]
    for term, type_ in sorted(names.TYPES.items(), key=lambda pair: pair[1]):
        parts.append(f"| `{type_}` | {definition(term)} | `{term if ':' in term else f'rk:{term}'}` |")
    parts += ["", "## Korte wegen", "", "| relatie | volgt uit | eigenschappen |", "|---|---|---|"]
    for shortcut in names.SHORTCUTS:
        cells = ", ".join(f"`{p}`" for p in (*shortcut.properties, names.OWNER))
        parts.append(f"| `{shortcut.type}` | {names.label(TABLES[shortcut.table])} | {cells} |")
    listed = ", ".join(f"{names.listed_label(s)} ({s})" for s in names.listed_schemes())
    parts += [
        "",
        "## Vaste lijsten",
        "",
        f"Met het tweede label **{names.LISTED}**: {listed}; en elke gemeente die een rij noemt zonder dat",
    ]
    parts += ["zij zelf in de tabel staat (**Municipality**). Eigenschappen: `scheme`, `slug`, `name`, `name_en`, `order`."]
    return "\n".join(parts) + "\n"


def main() -> int:
    """Write the pages, or with ``--check`` say which are no longer true (exit 1)."""
    stale = []
    for name, made in (("gegevens.md", data_dictionary()), ("opdrachten.md", commands()), ("neo4j.md", property_graph())):
        path = HERE / name
        if path.exists() and path.read_text("utf-8") == made:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(made, "utf-8", newline="\n")
    if stale:
        print(("no longer true, run docs/make.py: " if "--check" in sys.argv else "written: ") + ", ".join(stale))
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
