"use strict";
/* What the map leaves out: the kinds of route and the waits that the reader does not ask for. It lives in the address. */
(function () {
  const NONE = "geen";
  const LOOKS = ["0", "1", "2", "3", "4", "stop", "old", "unknown"];
  const looks = new Map(rk.data.layers.waiting.map(([number, look]) => [number, String(look)]));
  const { names, rows } = rk.data.graph.edges;
  const drawn = new Set(rows.map((row) => row[names.indexOf("kind")]));
  const order = [...new Set([...Object.keys(rk.data.kinds), ...drawn])].filter((kind) => drawn.has(kind));

  /** The kinds of an address: all without any, none for "geen". */
  const parsed = (text) => (text === NONE ? [] : text ? order.filter((kind) => text.split(",").includes(kind)) : order);
  const said = (kinds) => (kinds.length === order.length ? "" : kinds.join(",") || NONE);
  const asked = rk.asked;
  rk.FIELDS = [...rk.FIELDS, "soort", "wacht"];
  rk.state = { ...rk.state, soort: "", wacht: "" };
  rk.asked = function (params) {
    const soort = params.get("soort") || "", wacht = params.get("wacht") || "";
    const known = soort === NONE || parsed(soort).length;
    return { ...asked(params), soort: known ? said(parsed(soort)) : "", wacht: LOOKS.includes(wacht) ? wacht : "" };
  };

  rk.filtering = () => !!(rk.state.soort || rk.state.wacht);

  /** What is left of a drawing, and how many partners and routes are not in it. */
  rk.sift = function (whole) {
    const kept = new Set(parsed(rk.state.soort)), { wacht } = rk.state;
    const nodes = wacht ? whole.nodes.filter((node) => looks.get(rk.number.get(node.id)) === wacht) : whole.nodes;
    const there = new Set(nodes.map((node) => node.id));
    const edges = whole.edges.filter((edge) => kept.has(edge.kind) && there.has(edge.from) && there.has(edge.to));
    const partners = (list) => list.filter((node) => !node.placeholder).length, routes = (list) => new Set(list.map((edge) => edge.route)).size;
    show(partners(whole.nodes) - partners(nodes), routes(whole.edges) - routes(edges));
    return { nodes, edges };
  };

  function show(partners, routes) {
    const kept = parsed(rk.state.soort);
    rk.byId("filter-on").textContent = rk.filtering() ? rk.laySay("filter_on", { partners, routes }) : "";
    rk.byId("filter-wait").value = rk.state.wacht;
    for (const box of rk.byId("filter-kinds").querySelectorAll("input")) box.checked = kept.includes(box.value);
  }

  rk.startFilter = function () {
    const box = rk.byId("filter-kinds");
    for (const kind of order) {
      const input = rk.make("input", { type: "checkbox", value: kind });
      input.addEventListener("change", () => {
        const kept = [...box.querySelectorAll("input:checked")].map((one) => one.value);
        rk.go({ soort: said(order.filter((one) => kept.includes(one))) });
      });
      box.append(rk.make("label", {}, [input, rk.make("span", { text: rk.data.kinds[kind] || kind })]));
    }
    const wait = rk.byId("filter-wait"), { soort, wacht } = rk.fromAddress();
    for (const look of LOOKS) wait.append(rk.make("option", { value: look, text: rk.laySay((/\d/.test(look) ? "legend_wait" : "filter_") + look) }));
    wait.addEventListener("change", () => rk.go({ wacht: wait.value }));
    rk.byId("filter-clear").addEventListener("click", () => rk.go({ soort: "", wacht: "" }));
    rk.byId("filter").open = !!(soort || wacht);
  };
})();
