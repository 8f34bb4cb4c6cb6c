"use strict";
/* The view Hiaten: a table of colours and words, of which each cell opens the map at the spot. */
(function () {
  const { ages, themes, places, ways } = rk.data.layers.gaps;
  const levels = rk.data.layers.levels;
  const all = { levels: false };
  rk.VIEWS.hiaten = "gaps";

  /* --- a spot: theme, level and age in the address ------------------------------------------------------------ */
  /** @returns {{theme: number, level: number, age: number, band: number}?} */
  rk.spotOf = function (text) {
    const said = /^(.+)~(\d)~(\d{1,4})$/.exec(text || "");
    if (!said) return null;
    const theme = themes.findIndex(([slug]) => slug === said[1]), level = Number(said[2]), age = Number(said[3]);
    const band = ages.findIndex(([low, high]) => age >= low && age < high);
    return theme >= 0 && band >= 0 && levels.some(([l]) => l === level) ? { theme, level, age, band } : null;
  };
  const levelName = (level) => levels.find(([l]) => l === level)[1];

  function rowOf(place, theme) {
    const body = rk.byId("rows-gaps").tBodies[place];
    return [...body.rows].find((row) => row.dataset.t && row.dataset.t.split(" ").includes(String(theme)));
  }
  const cellOf = (place, { theme, level, band }) =>
    rowOf(place, theme).cells[1 + levels.findIndex(([l]) => l === level) * ages.length + band];
  const hasWay = (cell) => ways.some((look) => cell.classList.contains(look)) && !cell.classList.contains("part");

  function fitting(place, { theme, level, age }) {
    const [slug, , standIn] = themes[theme];
    return rk.offers(place, age, standIn || slug, [level]).offers;
  }
  const partnerOf = (number) => rk.data.offered_by[number - rk.data.holds.length];

  /** Marks what fits at the spot, and says what is registered there. */
  rk.spotOver = function (drawn, byRole) {
    const box = rk.byId("spot"), spot = rk.spotOf(rk.state.plek);
    const place = rk.data.municipalities.findIndex((m) => m.code === rk.state.gemeente);
    const row = spot && place >= 0 ? places.indexOf(rk.state.gemeente) : -1;
    box.hidden = row < 0;
    if (row < 0) return box.replaceChildren();
    const offers = fitting(place, spot), fits = new Map();
    for (const { number } of offers) {
      const at = partnerOf(number) >= 0 ? partnerOf(number) : number;
      fits.set(at, (fits.get(at) || 0) + 1);
    }
    for (const node of byRole ? [] : drawn.nodes) {
      const n = fits.get(rk.number.get(node.id));
      if (n) Object.assign(node, { mark: { ground: "--layer-2", border: "--strong", width: 4 }, sub: rk.laySay("spot_mark", { n }) });
    }
    const cell = cellOf(row, spot);
    const elsewhere = places.filter((code, i) => i !== row && hasWay(cellOf(i, spot))).map((code) => rk.data.municipalities.find((m) => m.code === code).name);
    const values = { place: rk.municipality().name, age: ages[spot.band][2], theme: themes[spot.theme][1], level: levelName(spot.level), status: cell.textContent };
    const button = (key, change, focus) => {
      const made = rk.make("button", { type: "button", text: rk.laySay(key) });
      made.addEventListener("click", () => {
        rk.go(change);
        rk.byId(focus).focus();
      });
      return made;
    };
    box.replaceChildren(...[
      rk.make("h3", { id: "spot-title", text: rk.laySay("spot_title") }),
      rk.make("p", { text: rk.laySay("spot", values) }),
      rk.make("p", { text: rk.laySay(offers.length ? "spot_offers" : "spot_none") }),
      offers.length ? rk.make("ul", {}, offers.map((o) => rk.make("li", {}, [rk.link(o.number), rk.make("span", { cls: "note", text: rk.waitInList(o.wait) })]))) : null,
      places.length > 1 ? rk.make("p", { cls: "lead", text: elsewhere.length ? rk.laySay("spot_elsewhere", { places: elsewhere.join(", ") }) : rk.laySay("spot_nowhere") }) : null,
      rk.make("div", { cls: "buttons" }, [
        button("spot_route", { beeld: "route", van: "", naar: "" }, "tab-route"), button("spot_gaps", { beeld: "hiaten" }, "tab-gaps"),
        button("spot_clear", { plek: "" }, "map-frame"),
      ]),
    ].filter(Boolean));
  };

  /* --- the table ------------------------------------------------------------------------------------------------ */
  const shownLevels = () => levels.map(([level]) => all.levels || level === rk.layerLevel());

  /* Cells become buttons where they are seen: there are thousands. */
  function armed(cell, place, theme, level, band) {
    if (cell.firstElementChild) return;
    const text = cell.textContent;
    const values = { text, place: rk.data.municipalities.find((m) => m.code === places[place]).name, theme: themes[theme][1], age: ages[band][2], level: levelName(level) };
    const age = cell.dataset.a || ages[band][0];
    const button = rk.make("button", { type: "button", text, "aria-label": rk.laySay("open_spot", values), "data-spot": `${themes[theme][0]}~${level}~${age}`, "data-code": places[place] });
    cell.replaceChildren(button);
  }

  rk.shows.hiaten = function () {
    const seen = shownLevels(), table = rk.byId("rows-gaps");
    rk.byId("gap-level").value = all.levels ? "*" : String(rk.layerLevel());
    const [groups, bands] = table.tHead.rows;
    seen.forEach((shown, i) => (groups.cells[i + 1].hidden = !shown));
    [...bands.cells].forEach((cell, i) => (cell.hidden = !seen[Math.floor(i / ages.length)]));
    [...table.tBodies].forEach((body, place) => {
      body.hidden = rk.state.gemeente !== "*" && places[place] !== rk.state.gemeente;
      if (body.hidden) return;
      for (const row of [...body.rows].slice(1)) {
        const theme = Number(row.dataset.t.split(" ")[0]);
        for (let i = 1; i < row.cells.length; i++) {
          const level = Math.floor((i - 1) / ages.length);
          row.cells[i].hidden = !seen[level];
          if (seen[level]) armed(row.cells[i], place, theme, levels[level][0], (i - 1) % ages.length);
        }
      }
      body.rows[0].cells[0].colSpan = 1 + seen.filter(Boolean).length * ages.length;
    });
  };

  function startGaps() {
    /* with scripts it is a view under its tab; without it stands on the page by itself */
    rk.byId("view-gaps").setAttribute("role", "tabpanel");
    rk.byId("view-gaps").setAttribute("aria-labelledby", "tab-gaps");
    rk.byId("gap-level").addEventListener("change", (event) => {
      all.levels = event.target.value === "*";
      if (!all.levels) rk.go({ niveau: event.target.value });
      rk.shows.hiaten();
    });
    rk.byId("rows-gaps").addEventListener("click", (event) => {
      const button = event.target.closest("[data-spot]");
      if (!button) return;
      const spot = rk.spotOf(button.dataset.spot), slug = themes[spot.theme][0];
      /* the route finder knows the themes that somebody names, no others */
      const known = rk.data.finder.themes.some(([name]) => name === slug);
      rk.go({
        gemeente: button.dataset.code, beeld: "kaart", plek: button.dataset.spot, toon: "",
        leeftijd: rk.years(spot.age), thema: known ? slug : themes[spot.theme][2], niveau: String(spot.level),
      });
      rk.byId("spot").focus();
      rk.byId("spot").scrollIntoView({ block: "nearest" });
    });
  }
  startGaps();
})();
