"use strict";
/* The data of the page, its state, and how text gets into the document: always as text. */
const rk = {};

rk.data = JSON.parse(document.getElementById("data").textContent);
/** A sentence with its places filled; what is not given stays as it is. */
rk.filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => (values && name in values ? values[name] : all));
rk.say = (key, values) => rk.filled(rk.data.say[key], values);
rk.text = (number) => rk.data.strings[number];
rk.byId = (id) => document.getElementById(id);

/** What takes time to make and is not asked for by every reader: made at the first asking. */
rk.once = function (make) {
  let made;
  return () => (made === undefined ? (made = make()) : made);
};

/* Objects that were sent as rows; 0 stands for a field that is not there. */
rk.unrowed = ({ names, rows }) =>
  rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]]).filter(([, value]) => value !== 0)));

/* An element with text and children; attributes are set one by one, never as markup. */
rk.make = function (tag, options, children) {
  const made = document.createElement(tag);
  const { text, cls, ...attributes } = options || {};
  if (text !== undefined) made.textContent = text;
  if (cls) made.className = cls;
  for (const name of Object.keys(attributes)) made.setAttribute(name, attributes[name]);
  for (const child of children || []) if (child) made.append(child);
  return made;
};

/* Without case, accents and punctuation: the form in which names are compared. */
rk.folded = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** Saves a file: every browser asks or puts it where downloads go. */
rk.download = function (name, blob) {
  const address = URL.createObjectURL(blob), link = rk.make("a", { href: address, download: name, hidden: "" });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000); /* some begin to read it later */
};

rk.announce = function (text) {
  rk.byId("live").textContent = text;
};

/* Works in slices of so many milliseconds, so that the page stays usable; ``current`` says whether it is still asked for. */
const SLICE = 40;
rk.inSlices = function (box, work, current, busy, then) {
  box.removeAttribute("aria-busy");
  const go = function () {
    if (!current()) return;
    const until = performance.now() + SLICE;
    for (;;) {
      const { done, value } = work.next();
      if (done) {
        box.removeAttribute("aria-busy");
        return then(value);
      }
      if (performance.now() > until) {
        box.setAttribute("aria-busy", "true");
        busy(value);
        return setTimeout(go, 0);
      }
    }
  };
  go();
};

/** Does something once what is there now has been painted, and whoever chose something meanwhile has been heard. */
const PAUSE = 20;
rk.afterPaint = (work) => requestAnimationFrame(() => setTimeout(work, PAUSE));

/* --- state: it lives in the address, so that a link shows the same page ------------------- */
rk.VIEWS = { aanbod: "offers", route: "route", kaart: "map", tabel: "table" };
rk.shows = {}; /* what shows a view that only one edition has, by its name in the address */
rk.number = new Map(rk.data.ids.map((id, number) => [id, number]));
rk.state = { gemeente: rk.data.start, beeld: "aanbod", toon: "", van: "", naar: "", leeftijd: "", thema: "", niveau: "", k: "" };
rk.fromAddress = function () {
  const asked = new URLSearchParams(location.hash.slice(1));
  const codes = rk.data.municipalities.map((m) => m.code);
  const state = { ...rk.state };
  const gemeente = asked.get("gemeente");
  if (codes.includes(gemeente) || (gemeente === "*" && codes.length > 1)) state.gemeente = gemeente;
  const beeld = asked.get("beeld") || asked.get("weergave") || "";
  if (Object.hasOwn(rk.VIEWS, beeld)) state.beeld = beeld;
  const toon = asked.get("toon");
  state.toon = toon !== null && rk.number.has(toon) ? toon : "";
  return { ...state, ...rk.asked(asked) };
};

rk.toAddress = function (state) {
  const said = new URLSearchParams();
  if (state.gemeente) said.set("gemeente", state.gemeente);
  said.set("beeld", state.beeld);
  for (const field of rk.FIELDS) if (state[field]) said.set(field, state[field]);
  if (state.toon) said.set("toon", state.toon);
  return "#" + said.toString();
};

/* Every change goes through here: `show` (start.js) compares with what was and redraws that only. */
rk.go = function (change) {
  const next = { ...rk.state, ...change };
  const address = rk.toAddress(next);
  if (location.hash !== address) history.pushState(null, "", address);
  rk.show(next);
};

rk.municipality = () => rk.data.municipalities.find((m) => m.code === rk.state.gemeente) || null;
