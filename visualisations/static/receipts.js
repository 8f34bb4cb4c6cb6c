"use strict";
/* The figures of the layers as lists, and their receipts: value, kind, as-of date, source, file and row, reaction. */
(function () {
  const data = rk.data.layers;
  const FIRST = 12;
  const pair = (term, value) => rk.make("div", {}, [rk.make("dt", { text: term }), rk.make("dd", {}, typeof value === "string" ? [rk.make("span", { text: value })] : value)]);
  const ROUTE_KINDS = 2; /* a from and a to */

  /* The filled cells of a row of a table, under what they are called. */
  function cells(sheet, row, columns) {
    return columns
      .filter((column) => rk.said(sheet, row, column))
      .map((column) => pair(rk.heading(sheet, column), rk.contents(sheet, row, column)));
  }

  const computed = (kind) => [pair(rk.laySay("kind"), rk.laySay(kind)), pair(rk.laySay("as_of"), data.date)];

  /** A receipt that opens: made when it is asked for, because there may be hundreds. */
  function opening(id, { name, value, note }, make) {
    const summary = rk.make("summary", {}, [
      rk.make("span", { text: name + ": " }), rk.make("strong", { text: value }), note ? rk.make("span", { cls: "note", text: note }) : null]);
    const box = rk.make("details", { cls: "receipt", "data-receipt": id }, [summary]);
    box.addEventListener("toggle", () => {
      if (box.open && box.children.length === 1) box.append(...make(), rk.copying(() => summary.textContent, box));
    });
    return box;
  }

  rk.receipt = (sheet, row, id, told) =>
    opening(id, told, () => [rk.make("dl", {}, [...computed(told.kind), ...cells(sheet, row, rk.data.tables[sheet].slice(1))])]);

  /* Every wait that is registered on a partner and on what it offers. */
  function waitsOf(number) {
    const first = rk.data.holds.length;
    const subjects = new Set([number, ...rk.data.offered_by.flatMap((partner, row) => (partner === number ? [first + row] : []))]);
    return rk.data.waits.flatMap((on, row) => (on.some((n) => subjects.has(n)) ? [row] : []));
  }
  const waitReceipt = (number) =>
    waitsOf(number).map((row) => rk.make("dl", {}, cells("waits", row, rk.data.tables.waits)));
  const noWait = () => [rk.make("p", { text: rk.laySay("nothing") })];

  function factReceipt([, , found, response]) {
    return found.map(([text, source]) =>
      rk.make("dl", {}, [
        pair(rk.laySay("value"), text), ...computed("kind_facts"), pair(rk.heading("waits", "source"), source),
        ...(response ? [pair(rk.heading("waits", "response"), response)] : []),
      ]));
  }

  /* --- the receipts of the layer that is on, by partner ---------------------------------------------------- */
  const levelOf = () => data.flows.find((flow) => flow.level === rk.layerLevel());
  const flowReceipt = (name, [number, row, , said, sole], value) =>
    rk.receipt("layer-flow", row, `gezinnen-${row}`, { name, value: value === "sole" ? sole : said, kind: "kind_flow" });
  const makers = {
    wachttijd: () => data.waiting.map((found) => [found[0], (name) => opening(`wachttijd-${found[0]}`, { name, value: found[2] }, () => {
      const made = waitReceipt(found[0]);
      return made.length ? made : noWait();
    })]),
    gezinnen: () => levelOf().partners.map((found) => [found[0], (name) => flowReceipt(name, found, "said"), found[1]]),
    schakel: () => levelOf().partners.filter((found) => found[4]).map((found) => [found[0], (name) => flowReceipt(name, found, "sole"), found[1]]),
    feiten: () => data.facts.map((found) => [found[0], (name) => opening(`feiten-${found[0]}`, { name, value: found[1] }, () => factReceipt(found))]),
  };

  function stepReceipt(name, row) {
    return rk.receipt("layer-steps", row, `stap-${row}`, { name, value: rk.said("layer-steps", row, "step_per_year"), kind: "kind_flow" });
  }

  /* --- the lists -------------------------------------------------------------------------------------------- */
  function list(title, about, items, note) {
    const made = rk.make("ul", { cls: "short" }, items.map((item) => rk.make("li", {}, [item])));
    const count = rk.make("span", { cls: "count", text: `(${items.length})` });
    const parts = [rk.make("h3", { text: title.charAt(0).toUpperCase() + title.slice(1) + " " }, [count]), rk.make("p", { cls: "lead", text: about }), made];
    if (!items.length) parts.push(rk.make("p", { text: rk.laySay("nothing") }));
    if (items.length > FIRST) {
      const more = rk.make("button", { type: "button", cls: "more", text: rk.laySay("more", { n: items.length }) });
      more.addEventListener("click", () => {
        made.classList.remove("short");
        made.children[FIRST].querySelector("summary").focus();
        more.remove();
      });
      parts.push(more);
    }
    if (note) parts.push(rk.make("p", { cls: "lead", text: note }));
    return rk.make("section", { cls: "layer-list" }, parts);
  }

  const nameOf = (number, row) => (number >= 0 ? rk.name(number) : rk.titleOf("layer-flow", row));

  rk.showLayerLists = function (on, byRole) {
    const parts = [];
    if (on.node && !byRole) {
      const drawn = makers[on.node]().filter(([number]) => rk.isDrawn({ from: number, to: number }));
      const share = on.node === "gezinnen" && !data.weighted ? "flow_share" : { wachttijd: "waiting", gezinnen: "flow", schakel: "sole", feiten: "facts" }[on.node];
      parts.push(list(rk.layerName(on.node), rk.aboutLayer(share), drawn.map(([number, make, row]) => make(nameOf(number, row)))));
      if (on.node === "gezinnen") {
        const level = levelOf(), steps = level.steps.filter(([from, to]) => rk.isDrawn({ from, to }));
        const items = steps.map(([, , row]) => stepReceipt(rk.titleOf("layer-steps", row), row));
        parts.push(list(rk.laySay("steps"), rk.laySay("about_steps"), items, level.hidden ? rk.laySay("hidden_steps", { n: level.hidden }) : ""));
      }
    }
    if (on.contacts && !byRole) {
      const items = rk.contactsHere().map((contact) => rk.receipt("layer-contacts", contact.row, `contact-${contact.row}`, {
        name: rk.titleOf("layer-contacts", contact.row), value: rk.laySay("missing", { what: rk.said("layer-contacts", contact.row, "missing").replaceAll("\n", ", ") }),
        kind: "kind_contacts", note: rk.isDrawn(contact) ? "" : rk.laySay("not_drawn"),
      }));
      parts.push(list(rk.layerName("contacten"), rk.aboutLayer("contacts"), items));
    }
    rk.byId("layer-lists").replaceChildren(...parts);
  };

  /** Opens the receipt of a line that was chosen on the map. */
  rk.openReceipt = function (id) {
    const found = document.querySelector(`[data-receipt="${CSS.escape(id)}"]`);
    if (!found) return;
    if (rk.byId("layers").contains(found)) rk.byId("layers").open = true;
    const short = found.closest(".short");
    if (short) short.classList.remove("short");
    found.open = true;
    found.querySelector("summary").focus();
    found.scrollIntoView({ block: "center" });
  };

  /* --- beside the details of what was chosen ------------------------------------------------------------------ */
  const before = rk.showDetails;
  rk.showDetails = function (id) {
    before(id);
    const { node } = rk.layersOn(), number = rk.number.get(id);
    if (rk.byId("details").hidden || rk.state.beeld !== "kaart" || !node) return;
    const found = makers[node]().filter(([n]) => n === number).map(([, make]) => make(rk.layerName(node)));
    if (node === "gezinnen" && rk.place(number).sheet === "routes") {
      const ends = rk.data.routes[rk.place(number).row].slice(0, ROUTE_KINDS).join();
      for (const [from, to, row] of levelOf().steps) if ([from, to].join() === ends) found.push(stepReceipt(rk.layerName(node), row));
    }
    if (!found.length) return;
    rk.byId("details-body").prepend(rk.make("section", { cls: "layer-list" }, [rk.make("h3", { text: rk.laySay("in_layers") }), ...found]));
  };
})();
