"use strict";
/* The view Aanbod: what there is in the municipality, or there for a child; lightest and nearest first. */
(function () {
  const CRISIS = 4;
  const FIRST = 10; /* of each level; the rest is made on asking, and for paper */
  const free = new Set(rk.data.free);

  function fact(column, texts, cls) {
    return labelled(rk.heading("offerings", column), texts, cls);
  }

  function labelled(label, texts, cls) {
    return rk.make("div", { cls: "fact " + (cls || "") }, [rk.make("span", { cls: "label", text: label + " " }), ...texts]);
  }

  function offer(number, nearby, wait, state) {
    const row = number - rk.data.holds.length;
    const said = (column) => rk.said("offerings", row, column);
    const partner = rk.data.offered_by[row];
    const access = said("access"), apply = said("how_to_apply");
    return rk.make("li", { cls: "offer" }, [
      rk.make("div", { cls: "name" }, [
        rk.make("h4", {}, [rk.link(number)]),
        partner >= 0 ? rk.make("p", {}, [rk.link(partner)]) : null,
        rk.make("span", { cls: "themes", text: said("themes") }),
      ]),
      fact("whom", [rk.make("span", { text: said("whom") })]),
      labelled(rk.say("where"), [rk.make("span", { text: nearby })]),
      fact("how_to_apply", [
        rk.make("span", { cls: free.has(row) ? "free" : "", text: access }),
        apply === access ? null : rk.make("span", { cls: "apply", text: apply === rk.say("unknown") ? rk.say("apply_unknown") : apply }),
      ].filter(Boolean)),
      labelled(rk.say("wait"), [rk.make("span", { text: wait })], "wait " + state),
      rk.response(partner),
    ]);
  }

  /* The partner's own words beside the figure, folded because they may be long. */
  rk.response = function (partner) {
    const said = partner >= 0 && partner < rk.data.holds.length ? rk.said("partners", partner, "response") : "";
    if (!said) return null;
    return rk.make("details", { cls: "said" }, [rk.make("summary", { text: rk.heading("partners", "response") }), rk.make("p", { text: said })]);
  };

  let waiting = []; /* what makes the rest of a list */
  const make = (list, makers) => list.append(...makers.splice(0).map((maker) => maker()));

  function more(list, rest, n, level) {
    list.classList.add("short");
    waiting.push(() => make(list, rest));
    const button = rk.make("button", { type: "button", cls: "more", text: rk.say("show_all", { n, level }) });
    button.addEventListener("click", () => {
      make(list, rest);
      list.classList.remove("short");
      list.children[FIRST].querySelector("a").focus();
      button.remove();
    });
    return button;
  }

  function section(heading, makers) {
    const n = makers.length, list = rk.make("ul", { cls: "offers" });
    const title = heading.charAt(0).toUpperCase() + heading.slice(1);
    const rest = n > FIRST + 2 ? makers.splice(FIRST) : [];
    make(list, makers);
    const count = rk.make("span", { cls: "count", text: `(${n})` });
    return rk.make("section", { cls: "level" }, [rk.make("h3", { text: title + " " }, [count]), list, rest.length ? more(list, rest, n, title) : null]);
  }

  /* Everything that is registered here, as it was ordered in Python. */
  const everything = (here) =>
    here.groups.map(([heading, flat]) => {
      const makers = [];
      for (let i = 0; i < flat.length; i += 4) makers.push(() => offer(flat[i], rk.text(flat[i + 1]), rk.text(flat[i + 2]), rk.data.states[flat[i + 3]]));
      return section(heading, makers);
    });

  /* What there is for a child, by the rules of the command line; crisis stands apart, as above. */
  function fitting(here, { place, age, theme, level }) {
    const where = new Map();
    for (const [, flat] of here.groups) for (let i = 0; i < flat.length; i += 4) where.set(flat[i], rk.text(flat[i + 1]));
    const item = (o) => () => offer(o.number, where.get(o.number), rk.waitInList(o.wait), rk.stateOf(o.wait));
    const levels = level === null ? rk.data.finder.levels.map(([l]) => l) : [level];
    const found = rk.offers(place, age, theme, levels);
    const heading = (l) => (l === CRISIS ? rk.say("apart", { level: rk.levelSaid(l) }) : rk.levelSaid(l));
    const groups = levels.filter((l) => l !== CRISIS).map((l) => [heading(l), found.offers.filter((o) => o.level === l)]);
    groups.push([rk.say("no_level"), found.unlevelled]);
    if (levels.includes(CRISIS)) groups.push([heading(CRISIS), found.offers.filter((o) => o.level === CRISIS)]);
    groups.push([rk.say("safety"), found.safety]);
    const shown = [...found.offers, ...found.unlevelled];
    const said = rk.make("p", { cls: "answer", text: rk.say("offers_for", { child: rk.childSaid(here.name, age, theme), n: shown.length }) });
    const none = found.offers.length ? null : rk.make("p", { cls: "none", text: rk.told("offers.none") });
    const assumed = found.assumptions.map(([which, values]) => rk.make("li", { text: rk.told("assumed." + which, values) }));
    const waits = shown.map((o) => o.wait), count = (list) => list.filter(Boolean).length;
    const known = { number: waits.length, known: count(waits.map((w) => w.known)), outdated: count(waits.map((w) => w.outdated)), date: rk.data.finder.reference[2] };
    rk.announce(said.textContent);
    return [
      said, none, waits.length ? rk.make("p", { cls: "lead", text: rk.told("offers.known", known) }) : null, ...groups.filter(([, offers]) => offers.length).map(([title, offers]) => section(title, offers.map(item))),
      assumed.length ? rk.make("section", { cls: "assumed" }, [rk.make("h3", { text: rk.say("assumed") }), rk.make("ul", {}, assumed)]) : null,
    ].filter(Boolean);
  }

  rk.showOffers = function () {
    const here = rk.municipality(), question = rk.question();
    const asked = question.age !== null || question.theme !== null || question.level !== null;
    waiting = [];
    const parts = !here ? [] : asked ? fitting(here, question) : everything(here);
    if (here && !here.groups.length) parts.push(rk.make("p", { text: rk.say("nothing") }));
    rk.byId("offers").replaceChildren(...parts);
  };
  window.addEventListener("beforeprint", () => waiting.splice(0).forEach((rest) => rest()));
})();
