"use strict";
/* The layers of the map: which are on (in the address), and how partners and lines are drawn by them. */
(function () {
  const data = rk.data.layers;
  const ON_PARTNERS = ["wachttijd", "gezinnen", "schakel", "feiten"];
  const LABELLED = 12; /* of the steps that get their number on the map: the largest */
  const waiting = new Map(data.waiting.map(([number, look, said]) => [number, { look, said }]));
  const facts = new Map(data.facts.map(([number, said]) => [number, said]));
  const together = !!data.flows;
  rk.laySay = (key, values) => rk.filled(data.say[key], values);

  /* --- what is on -------------------------------------------------------------------------------------- */
  /** The layers of an address: one on the partners, contacts or not, and how many proposals (null: that layer is off). */
  function parsed(text) {
    const words = (text || "").split(",");
    const steps = words.map((w) => /^voorstellen(\d?)$/.exec(w)).find(Boolean);
    const node = ON_PARTNERS.find((name) => words.includes(name) && (together || !["gezinnen", "schakel"].includes(name))) || "";
    return { node, contacts: together && words.includes("contacten"), steps: together && steps ? Number(steps[1]) : null };
  }
  const said = ({ node, contacts, steps }) =>
    [node, contacts ? "contacten" : "", steps === null ? "" : "voorstellen" + (steps || "")].filter(Boolean).join(",");
  const asked = rk.asked;
  rk.FIELDS = [...rk.FIELDS, "lagen", "plek"];
  rk.state = { ...rk.state, lagen: "", plek: "" };
  rk.spotOf = () => null; /* gaps.js */
  rk.spotOver = () => {};
  rk.asked = (params) => ({ ...asked(params), lagen: said(parsed(params.get("lagen"))), plek: rk.spotOf(params.get("plek")) ? params.get("plek") : "" });
  rk.layersOn = () => parsed(rk.state.lagen);
  const turn = (change) => rk.go({ lagen: said({ ...rk.layersOn(), ...change }) });

  /* The level of the figures: that of the question, else the lightest. */
  rk.layerLevel = function () {
    const level = Number(rk.state.niveau);
    return rk.state.niveau !== "" && data.levels.some(([l]) => l === level) ? level : data.levels[0][0];
  };
  const levelName = function () {
    const label = data.levels.find(([l]) => l === rk.layerLevel())[1];
    return label.charAt(0).toUpperCase() + label.slice(1);
  };
  const ofLevel = () => data.flows.find((flow) => flow.level === rk.layerLevel());
  rk.plan = () => (data.proposals || []).map(([level, from, to], row) => ({ level, from, to, row })).filter((p) => p.level === rk.layerLevel());

  /* --- on partners ------------------------------------------------------------------------------------- */
  const plain = { ground: "--paper", border: "--line", width: 1 };
  const LOOKS = {
    unknown: { ground: "--paper", border: "--muted", width: 2, dashes: [7, 5] },
    old: { ground: "--paper", border: "--warn", width: 2, dashes: [2, 3] },
    stop: { ground: "--paper", border: "--apart-line", width: 4 },
    hidden: { ground: "--paper", border: "--layer-line", width: 2, dashes: [7, 5] },
    sole: { ground: "--layer-2", border: "--layer-line", width: 4 },
  };
  const weight = (step) => ({ ground: "--layer-" + step, border: "--layer-line", width: 1 + step / 2 });
  const byNumber = {
    wachttijd: (number) => {
      const wait = waiting.get(number);
      return wait ? { mark: LOOKS[wait.look] || weight(wait.look), sub: wait.said } : null;
    },
    gezinnen: (number) => {
      const found = ofLevel().partners.find(([n]) => n === number);
      return found ? { mark: found[2] < 0 ? LOOKS.hidden : weight(found[2]), sub: found[3] } : null;
    },
    schakel: (number) => {
      const found = ofLevel().partners.find(([n]) => n === number);
      return found && found[4] ? { mark: LOOKS.sole, sub: found[4] } : null;
    },
    feiten: (number) => (facts.has(number) ? { mark: LOOKS.old, sub: facts.get(number) } : null),
  };

  function overPartners(nodes, layer) {
    for (const node of nodes) {
      const found = byNumber[layer](rk.number.get(node.id));
      if (!found && node.placeholder) continue;
      node.mark = found ? found.mark : plain;
      node.sub = found ? found.sub : undefined;
    }
  }

  /* The steps that families take: as wide as they are many, the largest with their number. */
  function overSteps(drawn) {
    const steps = new Map(ofLevel().steps.map(([from, to, row, step]) => [from + ">" + to, { row, step }]));
    const shown = [];
    for (const edge of drawn.edges) {
      const key = rk.number.get(edge.from) + ">" + rk.number.get(edge.to), found = steps.get(key);
      steps.delete(key); /* two routes between the same partners: the number stands at the first */
      if (found) {
        edge.width = 1 + 1.6 * found.step;
        shown.push([found, edge]);
      } else edge.faint = true;
    }
    shown.sort((a, b) => a[0].row - b[0].row);
    for (const [found, edge] of shown.slice(0, LABELLED)) edge.label = rk.said("layer-steps", found.row, "step_per_year");
  }

  /* --- between partners -------------------------------------------------------------------------------- */
  /** The contacts here: of the municipality, or of the whole region. */
  rk.contactsHere = function () {
    return (data.contacts || []).map(([from, to], row) => ({ from, to, row })).filter(({ row }) => rk.countsHere("layer-contacts", row));
  };

  function between(drawn, pairs, kind, label) {
    const there = new Map(drawn.nodes.map((node) => [rk.number.get(node.id), node.id]));
    for (const [i, { from, to, row }] of pairs.entries()) {
      if (!there.has(from) || !there.has(to)) continue;
      drawn.edges.push({ from: there.get(from), to: there.get(to), kind, layer: true, route: `${kind}-${row}`, label: label ? label(i + 1) : undefined });
    }
  }

  /** Whether both ends of a pair are on the map as it is drawn now. */
  let onMap = new Set();
  rk.isDrawn = (pair) => onMap.has(pair.from) && onMap.has(pair.to);

  /** Called for each drawing, before it is packed: marks nodes and adds edges. */
  rk.layOver = function (drawn, unit) {
    const on = rk.layersOn(), byRole = unit === "roles";
    onMap = new Set(byRole ? [] : drawn.nodes.map((node) => rk.number.get(node.id)));
    if (!byRole) {
      if (on.node) overPartners(drawn.nodes, on.node);
      if (on.node === "gezinnen") overSteps(drawn);
      if (on.contacts) between(drawn, rk.contactsHere().slice(0, data.most), "contact");
      if (on.steps) between(drawn, rk.plan().slice(0, on.steps), "voorstel", (n) => rk.laySay("proposal_mark", { n }));
    }
    rk.spotOver(drawn, byRole);
    show(on, byRole);
    rk.showLayerLists(on, byRole);
    if (rk.state.toon) rk.showDetails(rk.state.toon);
  };

  /* --- the control --------------------------------------------------------------------------------------- */
  const swatch = (cls, text) => rk.make("li", {}, [rk.make("span", { cls: "swatch " + cls }), rk.make("span", { text })]);
  function legend(node) {
    const of = (name, cls) => swatch(cls || name, rk.laySay("legend_" + name, { threshold: data.threshold }));
    if (node === "wachttijd") return [0, 1, 2, 3, 4].map((n) => of("wait" + n, "w" + n)).concat(of("stop"), of("old"), of("unknown"));
    if (node === "gezinnen") return [swatch("w4", rk.laySay("legend_flow")), ...(data.weighted ? [of("hidden", "hidden-figure")] : [])];
    return node === "schakel" ? [of("sole")] : node === "feiten" ? [of("facts", "old")] : [];
  }

  rk.layerName = (name) => {
    const input = document.querySelector(`#layers [value="${name}"], #layer-${name}`);
    return input.parentElement.textContent.trim();
  };

  function show(on, byRole) {
    const names = [on.node, on.contacts ? "contacten" : "", on.steps === null ? "" : "voorstellen"].filter(Boolean);
    rk.byId("layers-on").textContent = names.length ? `(${names.map(rk.layerName).join(", ")})` : "";
    for (const input of document.querySelectorAll("[name=layer]")) input.checked = input.value === on.node;
    if (together) {
      rk.byId("layer-contacten").checked = on.contacts;
      rk.byId("layer-voorstellen").checked = on.steps !== null;
      rk.byId("layer-level").value = String(rk.layerLevel());
    }
    const items = byRole && names.length ? [rk.make("li", { text: rk.laySay("choose_unit") })] : legend(on.node);
    rk.byId("layer-legend").replaceChildren(...items);
    rk.byId("layer-legend").hidden = !items.length;
    proposals(on);
  }

  /* One by one: each with what it does together with those before it. */
  function proposals(on) {
    const box = rk.byId("layer-proposals"), total = rk.byId("layer-total");
    total.hidden = on.steps === null;
    if (on.steps === null) return box.replaceChildren();
    const plan = rk.plan(), about = rk.make("p", { cls: "lead", text: rk.laySay("about_proposals", { level: levelName() }) });
    if (!data.proposals || !plan.length) {
      total.textContent = rk.laySay(data.proposals ? "no_proposals" : "too_large");
      return box.replaceChildren(about);
    }
    const active = box.contains(document.activeElement) ? document.activeElement.id : "";
    const steps = Math.min(on.steps, plan.length);
    const items = plan.map((proposal, i) => {
      const input = rk.make("input", { type: "checkbox", id: "proposal-" + (i + 1), "aria-label": rk.laySay("proposal_mark", { n: i + 1 }) });
      input.checked = i < steps;
      input.addEventListener("change", () => turn({ steps: input.checked ? i + 1 : i }));
      return rk.make("li", { cls: "steps-on" }, [rk.make("label", {}, [input]), rk.receipt("layer-proposals", proposal.row, `voorstel-${proposal.row}`, {
        name: rk.titleOf("layer-proposals", proposal.row), value: totalOf(proposal), kind: "kind_proposals", note: rk.isDrawn(proposal) ? "" : rk.laySay("not_drawn"),
      })]);
    });
    box.replaceChildren(rk.make("section", { cls: "layer-list", "aria-label": rk.layerName("voorstellen") }, [about, rk.make("ol", {}, items)]));
    total.textContent = steps ? rk.laySay("total", { n: steps, ...joint(plan[steps - 1]) }) : rk.laySay("total_none");
    if (active) rk.byId(active).focus();
  }
  const isNumber = (text) => /^\d/.test(text);
  function joint({ row }) {
    const weeks = rk.said("layer-proposals", row, "joint_weeks"), newly = rk.said("layer-proposals", row, "joint_newly");
    const shown = (text, key) => (isNumber(text) ? (key ? rk.laySay(key, { n: text }) : text) : rk.laySay("not_shown"));
    return { weeks: shown(weeks, data.weighted ? "weeks_year" : "weeks_plain"), newly: shown(newly) };
  }
  const totalOf = (proposal) => rk.laySay("joint", joint(proposal));

  rk.aboutLayer = (name) => rk.laySay("about_" + name, { level: levelName(), most: data.most });

  rk.startLayers = function () {
    if (data.contacts) rk.data.kinds.contact = rk.laySay("line_contact");
    if (data.proposals) rk.data.kinds.voorstel = rk.laySay("line_proposal");
    for (const input of document.querySelectorAll("[name=layer]")) input.addEventListener("change", () => turn({ node: input.value }));
    rk.byId("layers").open = !!rk.fromAddress().lagen;
    if (!together) return;
    rk.byId("layer-contacten").addEventListener("change", (event) => turn({ contacts: event.target.checked }));
    rk.byId("layer-voorstellen").addEventListener("change", (event) => turn({ steps: event.target.checked ? 0 : null }));
    for (const [level, label] of data.levels) rk.byId("layer-level").append(rk.make("option", { value: String(level), text: label }));
    rk.byId("layer-level").addEventListener("change", (event) => {
      const on = rk.layersOn();
      rk.go({ niveau: event.target.value, lagen: said({ ...on, steps: on.steps === null ? null : 0 }) });
    });
  };
})();
