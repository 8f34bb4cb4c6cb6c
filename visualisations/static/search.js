"use strict";
/* The search field: partners, offerings and roles by any of their words, without case and accents. */
(function () {
  const MOST = 12;
  const WORDS = { partners: ["name", "further"], offerings: ["name", "partner", "themes"] };
  let names = null;

  function index() {
    names = [];
    let number = 0;
    for (const sheet of Object.keys(WORDS)) {
      const count = sheet === "partners" ? rk.data.holds.length : rk.data.offered_by.length;
      for (let row = 0; row < count; row++) {
        const texts = WORDS[sheet].map((column) => rk.said(sheet, row, column));
        names.push({ number: number++, title: rk.folded(texts[0]), all: rk.folded(texts.join(" ")) });
      }
    }
    for (const id of Object.keys(rk.data.roles)) {
      const title = rk.folded(rk.data.roles[id][0]);
      names.push({ number: rk.number.get(id), title, all: title, role: true });
    }
  }

  /* What fits all words: what is for this municipality first, then what is called so, then what mentions it. */
  rk.search = function (asked) {
    if (!names) index();
    const words = rk.folded(asked).split(" ").filter(Boolean);
    if (!words.length) return [];
    const here = rk.municipality();
    const local = new Set(here ? here.here : []);
    return names
      .filter((entry) => words.every((word) => entry.all.includes(word)))
      .map((entry) => {
        const elsewhere = here !== null && !entry.role && !local.has(entry.number);
        const named = words.every((word) => entry.title.includes(word));
        const near = entry.title.startsWith(words[0]) ? 0 : named ? 1 : 2;
        return { ...entry, elsewhere, rank: (elsewhere ? 3 : 0) + near };
      })
      .sort((a, b) => a.rank - b.rank || (a.title < b.title ? -1 : 1));
  };

  function showFound() {
    const asked = rk.byId("search").value;
    const box = rk.byId("found");
    box.hidden = !rk.folded(asked);
    if (box.hidden) return box.replaceChildren();
    const found = rk.search(asked);
    const here = rk.municipality();
    const list = rk.make("ul");
    for (const entry of found.slice(0, MOST)) {
      const about = [rk.say("kind_" + rk.place(entry.number).sheet)];
      if (entry.elsewhere) about.push(rk.say("elsewhere", { name: here.name }));
      list.append(rk.make("li", {}, [rk.link(entry.number), rk.make("span", { cls: "note", text: about.join(", ") })]));
    }
    let said = rk.say("found", { n: found.length });
    if (!found.length) said = rk.say("none");
    else if (found.length > MOST) said = rk.say("found_first", { n: found.length, shown: MOST });
    box.replaceChildren(rk.make("p", { cls: "note", text: said }), ...(found.length ? [list] : []));
    rk.announce(said);
  }

  rk.clearSearch = function () {
    rk.byId("search").value = "";
    showFound();
  };

  rk.startSearch = function () {
    const field = rk.byId("search"), box = rk.byId("found");
    field.addEventListener("input", showFound);
    field.addEventListener("keydown", (event) => {
      const first = box.querySelector("a");
      if (event.key !== "ArrowDown" || !first) return;
      event.preventDefault();
      first.focus();
    });
    box.addEventListener("keydown", (event) => {
      const links = [...box.querySelectorAll("a")];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const at = links.indexOf(document.activeElement);
      if (!step || at < 0) return;
      event.preventDefault();
      (links[at + step] || (step < 0 ? field : links[at])).focus();
    });
  };
})();
