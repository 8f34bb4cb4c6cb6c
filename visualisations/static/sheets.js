"use strict";
/* The tables: what is told stands there once, and everything that says it finds it by row number.
   For readers without scripts they stand in noscript, which the browser then leaves as text: rows are made where they are seen. */
(function () {
  const MARK = '<tr data-m="', HEAD = '<th scope="row">'; /* of _sheet.html.j2; data cannot hold them, for its < and " are escaped */
  const FIRST = 20; /* rows of each table that are there at once: more than a screen */
  const SMOOTH = 100; /* milliseconds for a step that adds rows, until they have been painted */
  const PART = 8; /* a step adds at least an eighth of what is there: each lays out the whole table again */
  const ON_PAPER = 2000; /* rows that are added at a time, one after the other: an engine takes only so many arguments */
  const SAID = { amp: "&", lt: "<", gt: ">", "#34": '"', "#39": "'" }; /* all that Python escapes */

  const sheets = new Map();
  function sheetOf(id) {
    if (!sheets.has(id)) {
      const [head, ...rows] = rk.byId("sheet-" + id).textContent.split(MARK);
      sheets.set(id, { id, head, rows, cells: new Map(), made: new Map(), shown: null, seen: null });
    }
    return sheets.get(id);
  }
  /* A document in which nothing is loaded or run. */
  const inert = (html) => new DOMParser().parseFromString(html, "text/html");

  /* --- one cell -------------------------------------------------------------------------------- */
  function cellsOf(id, row) {
    const sheet = sheetOf(id);
    if (!sheet.cells.has(row)) {
      const html = sheet.rows[row];
      sheet.cells.set(row, html.slice(html.indexOf(HEAD) + HEAD.length, html.indexOf("</tr>")).split("<td>"));
    }
    return sheet.cells.get(row);
  }
  const html = (id, row, column) => cellsOf(id, row)[rk.data.tables[id].indexOf(column)];
  const text = (cell) => cell.replace(/<[^>]*>/g, "").replace(/&(amp|lt|gt|#34|#39);/g, (all, name) => SAID[name]);

  /** What a cell says. */
  rk.said = (id, row, column) => text(html(id, row, column));
  /** What a row is about: its first cell. */
  rk.titleOf = (id, row) => text(cellsOf(id, row)[0]);
  /** What is in a cell, for elsewhere in the page; links in it (made and checked in Python) come along. */
  rk.contents = (id, row, column) => [...inert(`<p>${html(id, row, column)}</p>`).body.firstChild.childNodes];
  /** What a column is called. */
  rk.heading = function (id, column) {
    const sheet = sheetOf(id);
    sheet.headings = sheet.headings || [...inert(sheet.head).querySelectorAll("th")].map((cell) => cell.textContent);
    return sheet.headings[rk.data.tables[id].indexOf(column)];
  };

  /* Rows carry the numbers of the municipalities for which they count, or *. */
  const countsIn = (row, number) => {
    const where = row.slice(0, row.indexOf('"'));
    return number === "-1" || where === "*" || where.split(" ").includes(number);
  };
  const placeNumber = () => String(rk.data.municipalities.findIndex((m) => m.code === rk.state.gemeente));
  /** Whether a row counts for the chosen municipality; of the whole region all do. */
  rk.countsHere = (id, row) => countsIn(sheetOf(id).rows[row], placeNumber());

  /* --- what a number stands for ------------------------------------------------------------------ */
  const lengths = [["partners", rk.data.holds.length], ["offerings", rk.data.offered_by.length], ["routes", rk.data.routes.length]];
  /** Which table and row a number stands for; a role has no row. */
  rk.place = function (number) {
    let row = number;
    for (const [sheet, length] of lengths) {
      if (row < length) return { sheet, row };
      row -= length;
    }
    return { sheet: "roles", row };
  };
  rk.name = function (number) {
    const { sheet, row } = rk.place(number);
    return sheet === "roles" ? rk.data.roles[rk.data.ids[number]][0] : rk.titleOf(sheet, row);
  };
  /** A link to the details of something; its address works in a new tab too. */
  rk.link = (number, said) =>
    rk.make("a", {
      text: said === undefined ? rk.name(number) : said,
      href: rk.toAddress({ ...rk.state, toon: rk.data.ids[number] }),
      "data-toon": rk.data.ids[number],
    });

  /* --- the tables that are seen: the rows that count for the chosen municipality --------------------- */
  function elements(sheet, numbers) {
    const missing = numbers.filter((row) => !sheet.made.has(row));
    if (missing.length) {
      const { rows } = inert(`<table><tbody>${missing.map((row) => MARK + sheet.rows[row].slice(0, sheet.rows[row].indexOf("</tr>"))).join("")}`).querySelector("tbody");
      [...rows].forEach((made, i) => sheet.made.set(missing[i], made));
    }
    return numbers.map((row) => sheet.made.get(row));
  }

  const left = ({ sheet, body }) => sheet.seen.length - body.rows.length;
  function add({ sheet, body }, n) {
    const from = body.rows.length;
    body.append(...elements(sheet, sheet.seen.slice(from, from + n)));
  }

  /* Adds n rows once those before them have been painted, and so on: as many as the browser lays out without a hitch. */
  function fill(view, shown, n) {
    const start = performance.now(), next = shown.find(left);
    view.box.setAttribute("aria-busy", String(!!next));
    if (!next) return;
    rk.afterPaint(() => {
      if (view.shown !== shown) return;
      const fast = performance.now() - start < SMOOTH, share = Math.ceil(next.body.rows.length / PART);
      add(next, Math.max(n, share));
      fill(view, shown, Math.max(FIRST, fast ? 2 * n : n / 2));
    });
  }

  const views = {};
  /** Of the tables of a view the rows that count here: the first at once, the rest after that. */
  rk.showSheets = function (name) {
    const number = placeNumber(), box = rk.byId("view-" + name);
    const view = (views[name] = views[name] || { box, parts: [...box.querySelectorAll(".sheet")], number: null, shown: [] });
    if (view.number === number) return;
    view.number = number;
    const gone = []; /* what was shown before: out of sight at once, and taken out a moment later, because that takes longer */
    view.shown = view.parts.map((part) => {
      const source = part.querySelector("noscript"), sheet = sheetOf(source.id.slice("sheet-".length));
      const was = sheet.shown, table = inert(sheet.head).querySelector("table");
      if (was) {
        was.className = "gone";
        was.firstChild.removeAttribute("id");
        gone.push(was);
      }
      source.after((sheet.shown = rk.make("div", {}, [table])));
      sheet.seen = [...sheet.rows.keys()].filter((row) => countsIn(sheet.rows[row], number));
      const n = sheet.seen.length, of = sheet.rows.length;
      part.querySelector(".count").textContent = n === of ? `(${of})` : rk.say("rows", { n, of });
      const made = { sheet, body: table.tBodies[0] };
      add(made, FIRST);
      return made;
    });
    if (gone.length) rk.afterPaint(() => gone.forEach((was) => was.remove()));
    fill(view, view.shown, FIRST);
  };
  /* On paper every row at once. */
  window.addEventListener("beforeprint", () => {
    for (const { shown } of Object.values(views)) for (const one of shown) while (left(one)) add(one, ON_PAPER);
  });
})();
