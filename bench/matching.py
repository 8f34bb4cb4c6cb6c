"""Fit and measure the weights of loaders/matching/evidence.py on tests/loaders/names.csv.

python bench/matching.py          print fitted weights, and precision and recall of both parts
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from routekaart.loaders.matching.evidence import WEIGHTS, Known, domain_of, judged, phone_of
from routekaart.loaders.matching.names import NameReader
from routekaart.loaders.matching.proposals import THRESHOLD
from routekaart.ontology.municipalities import municipalities

TABLE = Path(__file__).parent.parent / "tests" / "loaders" / "names.csv"
#: Set by us: the table cannot teach them.
FIXED = {
    "area_shared",
    "role_same",
    "place_served",
    "place_wide",
    "kvk_same",
    "kvk_other",
    "agb_same",
    "agb_other",
    "website_same",
    "mail_same",
    "phone_same",
}
#: How strongly a fitted weight is held near the one that stands: few pairs teach each of them.
HOLD = 0.15


def known(reader: NameReader, row: dict[str, str], side: str) -> Known:
    """One side of a pair."""
    codes = {n: c for c, names in municipalities().items() for n in names}
    marks = dict(m.split("=", 1) for m in row[f"kenmerk_{side}"].split("|") if m)
    places = frozenset(codes[p] for p in row[f"gemeenten_{side}"].split(";") if p in codes)
    return Known(
        side,
        reader.variants(row[side]),
        row[side],
        frozenset(r for r in row[f"rollen_{side}"].split(";") if r),
        places,
        row[f"gemeenten_{side}"] == "landelijk",
        kvk=marks.get("kvk"),
        website=domain_of(marks.get("website")),
        phone=phone_of(marks.get("tel")),
    )


def main() -> None:
    reader = NameReader()
    rows = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
    codes = list(WEIGHTS)
    features = np.zeros((len(rows), len(codes)))
    truth = np.array([r["zelfde"] == "ja" for r in rows])
    learning = np.array([r["deel"] == "leer" for r in rows])
    scores = []
    for n, row in enumerate(rows):
        judgement = judged(known(reader, row, "a"), known(reader, row, "b"), {}, {}, all_told=True)
        scores.append(judgement.score)
        features[n, codes.index("base")] = 1
        for e in judgement.evidence:
            if e.code == "exact":
                features[n, codes.index("share")] = features[n, codes.index("exact")] = 1
            elif WEIGHTS[e.code]:
                features[n, codes.index(e.code)] += e.points / WEIGHTS[e.code]
    start = np.array([WEIGHTS[c] for c in codes])
    bounds = [
        (w, w) if c in FIXED else (None, None) if c == "base" else (0, None) if w > 0 else (None, 0)
        for c, w in zip(codes, start, strict=True)
    ]

    def loss(w: np.ndarray) -> float:
        z = features[learning] @ w
        signs = np.where(truth[learning], 1, -1)
        return float(np.logaddexp(0, -signs * z).sum() + HOLD * ((w - start) ** 2).sum())

    fitted = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
    print("weights (standing → fitted)")
    for c, old, new in zip(codes, start, fitted, strict=True):
        print(f"  {c:18} {old:6.2f} → {new:6.2f}   in {int((features[learning, codes.index(c)] != 0).sum())} pairs")
    for name, found in (("standing", np.array(scores)), ("fitted", 100 / (1 + np.exp(-features @ fitted)))):
        for part, where in (("leer", learning), ("toets", ~learning)):
            said = found >= THRESHOLD
            hit = (said & truth & where).sum()
            precision, recall = hit / max(1, (said & where).sum()), hit / (truth & where).sum()
            print(f"{name:9} {part:6} precision {precision:.3f} recall {recall:.3f} of {where.sum()} pairs")
        for low in range(0, 100, 20):
            inside = (found >= low) & (found < low + 20 + (low == 80))
            print(
                f"   score {low:3}–{low + 20}: {inside.sum():3} pairs, {truth[inside].mean() if inside.any() else 0:.2f} the same"
            )
    print("wrong at the threshold:")
    for row, score, same in zip(rows, scores, truth, strict=True):
        if (score >= THRESHOLD) != same:
            print(f"  {row['deel']:6} {score:3} {row['zelfde']:4} {row['a']} | {row['b']}  ({row['waarom']})")


if __name__ == "__main__":
    main()
