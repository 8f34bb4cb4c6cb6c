"use strict";
/* The details panel: the cells of a row, and what the row is connected to. */
(function () {
  const ORIGIN = "source";
  let opener = null;

  /* Where in a list of rows of numbers a number stands, by number; made once. */
  const turned = {};
  function rowsWith(list, number, place) {
    const key = list + place;
    if (!turned[key]) {
      turned[key] = new Map();
      rk.data[list].forEach((row, i) => {
        for (const n of new Set(place === undefined ? row : [row[place]])) {
          if (!turned[key].has(n)) turned[key].set(n, []);
          turned[key].get(n).push(i);
        }
      });
    }
    return turned[key].get(number) || [];
  }

  function item(number, text, note) {
    return rk.make("li", {}, [
      number >= 0 ? rk.link(number, text) : rk.make("span", { text }),
      note ? rk.make("span", { cls: "note", text: note }) : null,
    ]);
  }

  /* --- what goes into a list ------------------------------------------------------------------ */
  const first = { offerings: rk.data.holds.length, routes: rk.data.holds.length + rk.data.offered_by.length };

  const offerings = (number) =>
    rk.data.offered_by
      .map((partner, row) => (partner === number ? row : -1))
      .filter((row) => row >= 0)
      .map((row) => item(first.offerings + row, undefined, rk.said("offerings", row, "level")));

  /* Where the panel is not about the partner itself, its reaction stands with each of its waits. */
  const waits = (number, responses) =>
    rowsWith("waits", number).map((row) => {
      const said = (column) => rk.said("waits", row, column);
      const chain = rk.data.waits[row].length > 1 ? said("subject") + ": " : "";
      const status = said("status"), measured = said("measurement");
      const how = status.startsWith(measured) ? [status] : [status, measured]; /* a statement says so once */
      const about = [rk.say("as_of", { date: said("as_of") }), ...how, said("for"), said(ORIGIN)];
      if (responses && said("response")) about.unshift(`${rk.heading("waits", "response")}: ${said("response")}`);
      return item(-1, `${chain}${said("wait_kind")}: ${said("wait")}`, about.filter(Boolean).join("\n"));
    });

  const routes = (end) => (number) =>
    rowsWith("routes", number, end).map((row) => {
      const other = rk.data.routes[row][1 - end];
      const name = other >= 0 ? rk.name(other) : rk.said("routes", row, "route");
      const kind = rk.said("routes", row, "route_kind");
      return item(first.routes + row, rk.say(end ? "route_from" : "route_to", { kind, name }));
    });
  const leaving = routes(0), arriving = routes(1);

  const lines = (number) =>
    rowsWith("lines", number).map((row) => {
      const other = rk.data.lines[row].find((n) => n !== number);
      const about = ["strength", "fixed_contact", "consultation", "since"].map((c) => rk.heading("lines", c) + ": " + rk.said("lines", row, c));
      return item(other === undefined ? -1 : other, other >= 0 ? undefined : rk.said("lines", row, "line"), about.join("\n"));
    });

  const agreements = (number) =>
    rowsWith("agreements", number).map((row) => {
      const about = ["agreement_status", "partners", "owner", "evaluate_on"].map((c) => rk.heading("agreements", c) + ": " + rk.said("agreements", row, c));
      return item(-1, rk.said("agreements", row, "what"), about.join("\n"));
    });

  const holders = (number) => rowsWith("holds", number).map((row) => item(row));

  function lists(sheet, row, number) {
    const roles = sheet === "partners" ? rk.data.holds[row].filter((n) => n >= 0) : [];
    const partner = sheet === "offerings" ? rk.data.offered_by[row] : -1;
    const target = sheet === "routes" ? rk.data.routes[row][1] : -1;
    const shown = {
      partners: () => [
        ["list_offerings", offerings(number)], ["list_waits", waits(number)], ["list_waits_role", roles.flatMap((role) => waits(role))],
        ["list_to", leaving(number)], ["list_from", arriving(number)],
        ["list_to_role", roles.flatMap(leaving)], ["list_from_role", roles.flatMap(arriving)],
        ["list_lines", lines(number)], ["list_agreements", agreements(number)],
      ],
      offerings: () => [
        ["list_partner", partner >= 0 ? [item(partner)] : []],
        ["list_waits", waits(number)], ["list_waits_partner", partner >= 0 ? waits(partner) : []],
        ["list_to", leaving(number)], ["list_from", arriving(number)],
      ],
      routes: () => [
        ["list_ends", rk.data.routes[row].filter((n) => n >= 0).map((n) => item(n))],
        ["list_waits", waits(number, true)], ["list_waits_target", target >= 0 ? waits(target, true) : []],
      ],
      roles: () => [
        ["list_holders", holders(number)], ["list_waits", waits(number)],
        ["list_to", leaving(number)], ["list_from", arriving(number)],
      ],
    };
    return shown[sheet]().filter(([, items]) => items.length);
  }

  /* --- the panel --------------------------------------------------------------------------------- */
  /* The cells of a row as a list of facts; links in them (made and checked in Python) come along. */
  function facts(sheet, row, columns) {
    const made = rk.make("dl");
    for (const column of columns) {
      if (!rk.said(sheet, row, column)) continue;
      const value = rk.make("dd", {}, rk.contents(sheet, row, column));
      made.append(rk.make("div", {}, [rk.make("dt", { text: rk.heading(sheet, column) }), value]));
    }
    return made;
  }

  /* Of an offering the partner's reaction too: it stands beside every figure about the partner. */
  function reaction(sheet, row) {
    const partner = sheet === "offerings" ? rk.data.offered_by[row] : -1;
    return partner >= 0 ? facts("partners", partner, ["response"]) : null;
  }

  rk.showDetails = function (id) {
    const panel = rk.byId("details");
    const number = rk.number.get(id);
    panel.hidden = number === undefined;
    document.body.classList.toggle("with-details", !panel.hidden);
    if (panel.hidden) return;
    const { sheet, row } = rk.place(number);
    rk.byId("details-kind").textContent = rk.say("kind_" + sheet);
    rk.byId("details-title").textContent = rk.name(number);
    const mention = rk.byId("details-id");
    if (mention) mention.textContent = id;
    const parts = [];
    if (sheet === "roles") {
      if (rk.data.roles[id][1]) parts.push(rk.make("p", { text: rk.say("role_explained") }));
    } else {
      parts.push(facts(sheet, row, rk.data.tables[sheet].slice(1).filter((c) => c !== ORIGIN)), reaction(sheet, row));
    }
    for (const [title, items] of lists(sheet, row, number)) {
      parts.push(rk.make("section", {}, [rk.make("h3", { text: rk.say(title) }), rk.make("ul", {}, items)]));
    }
    if (sheet !== "roles") {
      const origin = facts(sheet, row, [ORIGIN]);
      origin.append(rk.make("div", {}, [rk.make("dt", { text: rk.say("id") }), rk.make("dd", { text: id })]));
      parts.push(rk.make("section", {}, [rk.make("h3", { text: rk.say("origin") }), origin]));
    }
    rk.byId("details-body").replaceChildren(...parts.filter(Boolean));
    panel.scrollTop = 0;
  };

  rk.open = function (id, from) {
    if (!rk.byId("details").contains(document.activeElement)) opener = from || document.activeElement;
    rk.go({ toon: id });
    rk.byId("details-title").focus();
  };

  rk.close = function () {
    rk.go({ toon: "" });
    rk.announce(rk.say("closed"));
    const again = opener && opener.isConnected ? opener : rk.byId("main");
    again.focus({ preventScroll: true });
    opener = null;
  };

  rk.startDetails = () => rk.byId("details-close").addEventListener("click", rk.close);
})();
