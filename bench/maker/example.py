"""The example region in two editions: one world, of which each year sees its own part."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import referrals
import story
from draw import HERE, SOURCE, chance, only, provenance, table
from figures import demand, indicators, municipalities, norms
from offerings import offerings
from output import settings, write
from partners import example_slots, partners
from plan import Plan
from plan import example as plan_of
from relations import agreements, lines, outflow
from routes import candidates, role_routes, routes, sample
from waits import subjects, waits
from world import Tables

YEARS: Final = (2026, 2025)
_OFFERINGS, _ROUTES = 600, 1_000
#: Partners that came after the first edition, and those that went.
_NEW: Final = ("jongerenwerk GM9004", "informeel GM9008", "jeugdhulp 8", "ouderlijn 0")
_GONE: Final = ("oudergroep GM9004", "jeugdhulp 7", "sport GM9005")
_OWN_ROLE: Final = """
[rollen.huiskamer]
naam = "huiskamer"
instap = true
niveaus = ["0", "1"]
kolom = "gewone leven"

[gemeenten.GM9003]
naam = "Elzerbroek"
streefwaarden = { "tijd tot eerste afspraak" = 10 }

[bestanden."partners.csv"]
tabel = "partners"
leverancier = "Coalitie Samen Opgroeien Vierstromen (fictief)"
elke_maanden = 12
rijen_minimaal = 100
"""


def tables(year: int) -> Tables:
    """All tables of the edition of ``year``."""
    plan = plan_of(year)
    made, members = partners(example_slots(plan), plan)
    made, members = story.areas(made, members, plan)
    made = _touched(made)
    offered = story.offerings(offerings(made, members, plan), made, plan)
    pairs = sample(candidates(made, members), plan.routes, plan.rng(20))
    between = story.routes(routes(pairs, offered, plan), made, members, plan)
    spoken = role_routes(plan, 1, 4)
    every = pl.concat([between, spoken.with_columns(pl.lit(None, pl.String).alias("id"))], how="diagonal_relaxed")
    every = every.with_columns(pl.format("R{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(4)).alias("id"))
    every = every.with_columns(pl.col(c).cast(pl.Int64) for c in ("leeftijd_van", "leeftijd_tot"))
    said = story.waits(waits(subjects(made, offered, between), plan, 2026 - year), made, offered, plan)
    known = between.filter(pl.col("_van").str.starts_with("P"))
    found = {
        "gemeenten": municipalities(plan),
        "partners": made,
        "aanbod": offered,
        "routes": every,
        "wachttijden": said,
        "lijnen": lines(known, plan),
        "vraag": _asked(demand(plan), plan),
        "afspraken": agreements(known, made, plan),
        "normen": norms(plan),
        "indicatoren": indicators(plan),
        "voorbeelden": provenance(table("example/voorbeelden.csv"), plan.rng(63), plan.day),
        "casussen": provenance(table("example/casussen.csv"), plan.rng(64), plan.day),
        "uitstroom": outflow(known, made, plan),
    }
    seen = _edition(found if year == max(YEARS) else _year_before(found, plan), plan)
    seen = referrals.logged(seen, referrals.drawn(known, made, plan), plan)
    return {**seen, "koppelingen": _matches(seen["partners"], plan), "bevestigingen": _responses(seen["partners"], plan)}


def _matches(seen: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Two pairs of partners whose names are alike and that somebody found to be different."""
    alike = [seen.filter(pl.col("_kind") == kind).head(2) for kind in ("jeugdhulp", "huisarts")]
    rows = [
        {
            "geschreven": pair["naam"][1],
            "partner": pair["id"][0],
            "oordeel": "ander",
            "score": 76,
            "waarom": "twee organisaties, nagevraagd",
            "beslist_door": "projectleider",
            "beslist_op": plan.day.replace(day=1).isoformat(),
        }
        for pair in alike
    ]
    made = provenance(pl.DataFrame(rows), plan.rng(68), plan.day)
    return made.with_columns(pl.col("beslist_op").alias("geverifieerd_op"), pl.lit("Nagevraagd bij beide.").alias("opmerking"))


def _responses(seen: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """What a few partners said about what stands about them, without having seen it all."""
    said = (
        "Onze inloop is er ook op zaterdag; die staat er nog niet bij.",
        "De wachttijd is een schatting; wij meten vanaf dit najaar.",
        "Graag bellen wij eerst even mee voordat iemand verwijst.",
    )
    silent = seen.filter(pl.col("reactie").is_null())
    rows = [
        {
            "partner": silent["id"][40 * (number + 1)],
            "bevestigd_op": plan.day.replace(day=1).isoformat(),
            "bevestigd_door": "teamleider",
            "klopt": None,
            "reactie": words,
        }
        for number, words in enumerate(said)
    ]
    made = provenance(pl.DataFrame(rows, schema_overrides={"klopt": pl.String}), plan.rng(69), plan.day)
    return made.with_columns(pl.col("bevestigd_op").alias("geverifieerd_op"), pl.lit("Per mail.").alias("opmerking"))


def _year_before(found: Tables, plan: Plan) -> Tables:
    """The same tables with the figures of a year earlier: more or fewer families, weaker lines."""
    rng = plan.rng(67)

    def other(table_name: str, column: str, share: float) -> pl.DataFrame:
        frame = found[table_name]
        factor = np.where(chance(rng, share, frame.height), rng.lognormal(-0.05, 0.15, frame.height), 1.0)
        value = (pl.col(column) * pl.Series(factor)).round().cast(pl.Int64).clip(1)
        return frame.with_columns(value.alias(column))

    weaker = {"samenwerken": "kennen", "afstemmen": "samenwerken", "integreren": "afstemmen"}
    fewer = pl.Series(chance(rng, 0.2, found["lijnen"].height))
    strength = pl.when(fewer).then(pl.col("sterkte").replace(weaker)).otherwise("sterkte").alias("sterkte")
    return {
        **found,
        "aanbod": other("aanbod", "capaciteit", 0.1),
        "routes": other("routes", "aantal_per_jaar", 0.3),
        "lijnen": found["lijnen"].with_columns(strength),
        # the long way of the first story is of the year after
        "casussen": found["casussen"].filter(pl.col("id") != "C01"),
        "vraag": other("vraag", "aantal_per_jaar", 0.9),
        "uitstroom": other("uitstroom", "aantal", 0.9),
    }


def _touched(made: pl.DataFrame) -> pl.DataFrame:
    """Details by hand: one partner with the region's own role; register numbers that cannot be anybody's."""
    huiskamer = pl.col("id").is_in(story.who(made, "informeel GM9008"))
    roles = pl.when(huiskamer).then(pl.lit("informeel;huiskamer")).otherwise("rollen")
    number = pl.int_range(1, pl.len() + 1)
    care = pl.col("_kind").is_in(["jeugdhulp", "jggz", "huisarts"])
    return made.with_columns(
        roles.alias("rollen"),
        pl.format("0000{}", (number + 1000).cast(pl.String)).alias("kvk"),
        pl.when(care).then(pl.format("9999{}", (number + 1000).cast(pl.String))).alias("agb"),
    )


def _asked(made: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Demand with the families of the story: 14 a year in the town, twelve the year before."""
    here = (
        (pl.col("gemeente") == story.TOWN)
        & (pl.col("instap") == "rol:huisarts")
        & (pl.col("thema") == story.THEME)
        & (pl.col("leeftijd_van") == 12)
        & (pl.col("niveau") == 3)
    )
    row = {
        "gemeente": story.TOWN,
        "instap": "rol:huisarts",
        "leeftijd_van": 12,
        "leeftijd_tot": 18,
        "thema": story.THEME,
    }
    number = 14 if plan.day.year == 2026 else 12
    own = pl.DataFrame([{**row, "niveau": 3, "aantal_per_jaar": number, "peiljaar": plan.day.year - 1}])
    kept = made.filter(~here.fill_null(value=False))
    return pl.concat([kept, provenance(own, plan.rng(65), plan.day)], how="diagonal_relaxed")


def _edition(found: Tables, plan: Plan) -> Tables:
    """What the edition sees; every reference points to something that it sees, too."""
    rng = plan.rng(66)
    made = found["partners"]
    new = {i for handle in _NEW for i in story.who(made, handle)}
    gone = {i for handle in _GONE for i in story.who(made, handle)}
    latest = plan.day.year == max(YEARS)
    seen = set(made["id"]) - (gone if latest else new)
    offered, every = found["aanbod"], found["routes"]
    fixed = [*table("example/aanbod.csv")["id"]]
    old = _surplus(offered, pl.col("_partner").is_in(gone), pl.col("id").is_in(fixed), _OFFERINGS, rng)
    recent = set(offered["id"].gather(rng.choice(offered.height, 24, replace=False))) - old - set(fixed)
    offered = offered.filter(pl.col("_partner").is_in(seen) & ~pl.col("id").is_in(old if latest else recent))
    target = every.select(pl.when(pl.col("naar").is_in(offered["id"].implode())).then("naar").otherwise("_naar")).to_series()
    every = every.with_columns(target.alias("naar")).unique(["van", "naar", "soort"], keep="first", maintain_order=True)
    ended = pl.col("_van").is_in(gone) | pl.col("_naar").is_in(gone)
    keep = (pl.int_range(pl.len()) < 12) | pl.col("van").str.starts_with("rol:")
    old = _surplus(every, ended, keep, _ROUTES, rng)
    recent = set(every.filter(~keep)["id"].gather(rng.choice(every.filter(~keep).height, 60, replace=False))) - old
    there = [pl.col(c).is_in(seen) | pl.col(c).str.starts_with("rol:") for c in ("_van", "_naar")]
    every = every.filter(*there, ~pl.col("id").is_in(old if latest else recent))
    refers = [*seen, *offered["id"], *every["id"]]
    ends = [pl.col(c).is_in(seen) for c in ("van", "naar")]
    lines_seen = pl.Series(rng.random(found["lijnen"].height) < (0.9 if latest else 0.68))
    agreed = found["afspraken"].filter(pl.col("partners").str.split(";").list.eval(pl.element().is_in(seen)).list.all())
    parent = pl.when(pl.col("onderdeel_van").is_in(seen)).then("onderdeel_van")
    out = found["uitstroom"]
    outcomes = pl.col("naar").is_in(["hulp", "uitval", "onbekend"])
    return {
        **found,
        "partners": made.filter(pl.col("id").is_in(seen)).with_columns(parent.alias("onderdeel_van")),
        "aanbod": offered,
        "routes": every,
        "wachttijden": found["wachttijden"].filter(pl.col("op").is_in(refers) | pl.col("op").str.starts_with("rol:")),
        "lijnen": found["lijnen"].filter(lines_seen, *ends),
        "afspraken": agreed if latest else _proposed(agreed, rng),
        "uitstroom": out.filter(pl.col("partner").is_in(seen), outcomes | pl.col("naar").is_in(seen)),
    }


def _surplus(frame: pl.DataFrame, ended: pl.Expr, fixed: pl.Expr, number: int, rng: np.random.Generator) -> set[str]:
    """Ids to leave out so that ``number`` remain: what has ended, and as many others as it takes."""
    first = frame.filter(ended)["id"].to_list()
    others = frame.filter(~ended & ~fixed)["id"]
    return {
        *first,
        *others.gather(np.sort(rng.choice(others.len(), frame.height - number - len(first), replace=False))),
    }


def _proposed(agreed: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The year before: half of them, and most of those a proposal."""
    made = agreed.filter(pl.Series(rng.random(agreed.height) < 0.55))
    still = pl.Series(rng.random(made.height) < 0.8)
    evaluated = only(~still.to_numpy(), made["evalueren_op"])
    status = pl.when(still).then(pl.lit("voorstel")).otherwise("status")
    return made.with_columns(status.alias("status"), evaluated.alias("evalueren_op"))


def make(year: int, folder: Path) -> None:
    """Write the edition of ``year`` into ``folder``."""
    found = tables(year)
    plan = plan_of(year)
    text = (HERE / "example" / "LEESMIJ.md").read_text(encoding="utf-8")
    rest = (HERE / "example" / f"LEESMIJ-{year}.md").read_text(encoding="utf-8").rstrip()
    waits_of = {2026: ("14", "10", "8", "46", "78"), 2025: ("10", "8", "8", "16", "42")}[year]
    rows = "\n".join(f"| {name} | {frame.height} |" for name, frame in found.items())
    values = (
        ("{verhaal}", rest),
        ("{jaar}", str(year)),
        ("{bron}", SOURCE),
        ("{rijen}", rows),
        ("{peildatum}", plan.day.isoformat()),
    )
    for key, value in (
        *values,
        *zip(("{soj}", "{gemeente}", "{besluit}", "{ggz}", "{samen}"), waits_of, strict=True),
    ):
        text = text.replace(key, value)
    region = settings(plan, "Voorbeeldregio (fictief)", f"Routekaart Voorbeeldregio {year} (fictief)", _OWN_ROLE)
    # the list of waits as many keep it: in a workbook
    write(
        found,
        {"routekaart.toml": region, "LEESMIJ.md": text},
        folder,
        () if year == 2026 else ("wachttijden",),
    )
