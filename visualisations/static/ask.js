"use strict";
/* The question above the views Aanbod and Route: for whom, which level, from where to where. It lives in the address. */
(function () {
  const facts = rk.data.finder;
  const FIELDS = ["van", "naar", "leeftijd", "thema", "niveau", "k"];
  const OLDEST = 120; /* years */
  rk.FIELDS = FIELDS;

  /** Years as people write them ("14", "2,5", "17,75") in whole months; null for nothing, undefined for what is no age. */
  rk.months = function (text) {
    const said = text.trim().replace(",", ".");
    if (!said) return null;
    if (!/^\d{1,3}(\.\d+)?$/.test(said) || Number(said) > OLDEST) return undefined;
    return Math.floor(Number(said) * 12 + 1e-9);
  };

  const known = {
    van: (said) => rk.nodeOf.has(said) && !said.startsWith("aanbod:"),
    naar: (said) => rk.nodeOf.has(said) || (said.startsWith("aanbod:") && rk.number.has(said)),
    leeftijd: (said) => typeof rk.months(said) === "number",
    thema: (said) => facts.themes.some(([slug]) => slug === said),
    niveau: (said) => facts.levels.some(([level]) => String(level) === said),
    k: (said) => /^[2-5]$/.test(said),
  };
  /** What the address asks for; what is not known is left out. */
  rk.asked = (params) => Object.fromEntries(FIELDS.map((field) => [field, known[field](params.get(field) || "") ? params.get(field) : ""]));

  /** The question of the page. @returns {Question} */
  rk.question = function () {
    const { gemeente, van, naar, leeftijd, thema, niveau, k } = rk.state;
    return {
      place: rk.data.municipalities.findIndex((m) => m.code === gemeente),
      start: van, goal: naar, age: rk.months(leeftijd), theme: thema || null, level: niveau === "" ? null : Number(niveau), k: Number(k) || 1,
    };
  };

  const option = (value, text) => rk.make("option", { value, text });
  const group = (label, options) => (options.length ? [rk.make("optgroup", { label }, options)] : []);
  const named = (ids) => ids.map((id) => [id, rk.name(rk.number.get(id))]).sort((a, b) => a[1].localeCompare(b[1], rk.data.lang));
  /** What people call an end of a way: a partner's or offering's name, a role's label. */
  rk.endpointSaid = (id) => (rk.number.has(id) ? rk.name(rk.number.get(id)) : facts.roles[id] || id);

  /* The choices of a municipality; one that was asked for and is not there stays, for its answer says so. */
  let filled = null;
  function fill(here) {
    const partners = named([...here.serve].map((node) => rk.nodeIds[node])).map(([id, name]) => option(id, name));
    const roles = facts.entry.map((node) => rk.nodeIds[node]).filter((id) => id.startsWith("rol:"));
    const offerings = named([...here.offerings.keys()].map((number) => rk.data.ids[number])).map(([id, name]) => option(id, name));
    rk.byId("ask-van").replaceChildren(
      option("", rk.say("from_anywhere")), ...group(rk.say("roles"), roles.map((id) => option(id, rk.endpointSaid(id)))), ...group(rk.say("partners"), partners));
    rk.byId("ask-naar").replaceChildren(
      option("", rk.say("to_offerings")), ...group(rk.say("partners"), partners.map((o) => o.cloneNode(true))), ...group(rk.say("offerings"), offerings));
    filled = here;
  }

  function show(field, value) {
    const control = rk.byId("ask-" + field);
    control.value = value;
    if (control.value === value) return;
    control.append(option(value, rk.endpointSaid(value)));
    control.value = value;
  }

  /** The form as the address has it. */
  rk.showAsk = function () {
    const route = rk.state.beeld === "route", place = rk.question().place;
    const form = rk.byId("ask");
    form.hidden = place < 0 || !(route || rk.state.beeld === "aanbod");
    if (form.hidden) return;
    for (const part of form.querySelectorAll(".of-route")) part.hidden = !route;
    if (route && filled !== rk.locale(place)) fill(rk.locale(place));
    for (const field of FIELDS) if (route || !["van", "naar", "k"].includes(field)) show(field, rk.state[field]);
    wrongAge(false);
    rk.byId("ask-clear").hidden = !FIELDS.some((field) => rk.state[field]);
  };

  function wrongAge(wrong) {
    const field = rk.byId("ask-leeftijd");
    if (wrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    rk.byId("ask-wrong").hidden = !wrong;
  }

  function submit(focus) {
    const said = Object.fromEntries(FIELDS.map((field) => [field, rk.byId("ask-" + field).value.trim()]));
    if (rk.months(said.leeftijd) === undefined) {
      wrongAge(true);
      rk.announce(rk.byId("ask-wrong").textContent);
      if (focus) rk.byId("ask-leeftijd").focus();
      return;
    }
    /* the view Aanbod has no choice of ends: what the view Route chose stays */
    if (rk.state.beeld !== "route") for (const field of ["van", "naar", "k"]) delete said[field];
    rk.go(said);
  }

  rk.startAsk = function () {
    for (const [slug, label] of facts.themes) rk.byId("ask-thema").append(option(slug, label));
    for (const [level, label] of facts.levels) rk.byId("ask-niveau").append(option(String(level), label));
    rk.byId("ask").addEventListener("submit", (event) => {
      event.preventDefault();
      submit(true);
    });
    rk.byId("ask").addEventListener("change", () => submit(false));
    rk.byId("ask-clear").addEventListener("click", () => {
      rk.go(Object.fromEntries(FIELDS.map((field) => [field, ""])));
      rk.byId("ask-leeftijd").focus();
    });
  };
})();
