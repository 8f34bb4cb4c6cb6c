"use strict";
/* The view Kaart: which nodes and routes are drawn, in which place (pack), and how they are chosen. */
(function () {
  const MOST = 1000; /* nodes; a larger region is always drawn by role */
  const MANY = 150; /* nodes; a larger region is drawn by role until the reader asks for the partners */
  const COUNT = rk.data.graph.nodes.rows.length;
  const graph = rk.once(() => ({ nodes: rk.unrowed(rk.data.graph.nodes), edges: rk.unrowed(rk.data.graph.edges) }));
  const nodeNumber = rk.once(() => new Map(graph().nodes.map((node, number) => [node.id, number])));
  let view = null;
  const units = { municipality: "partners", region: COUNT > MANY ? "roles" : "partners" };
  let unit = "partners";
  let at = null; /* the node on which the arrow keys stand */

  /* --- what is drawn ------------------------------------------------------------------------ */
  function ofMunicipality(here) {
    const { nodes, edges: routes } = graph(), edges = [];
    for (let i = 0; i < here.edges.length; i += 3) {
      const route = routes[here.edges[i + 2]];
      edges.push({
        from: nodes[here.edges[i]].id,
        to: nodes[here.edges[i + 1]].id,
        kind: route.kind,
        route: "route:" + route.id,
        derived: here.edges[i] !== nodeNumber().get(route.from) || here.edges[i + 1] !== nodeNumber().get(route.to),
      });
    }
    return { nodes: here.nodes.map((n) => ({ ...nodes[n] })), edges };
  }

  function ofRegion() {
    return {
      nodes: graph().nodes.map((node) => ({ ...node })),
      edges: graph().edges.map((e) => ({ from: e.from, to: e.to, kind: e.kind, route: "route:" + e.id })),
    };
  }

  /* Partners taken together by the role under which they stand; a route per pair of roles and kind. */
  function byRole(whole) {
    const roles = new Map();
    const home = new Map();
    for (const node of whole.nodes) {
      const id = "rol:" + node.block;
      home.set(node.id, id);
      if (!roles.has(id)) roles.set(id, { id, group: node.group, block: node.block, order: node.order, n: 0 });
      const role = roles.get(id);
      role.order = Math.min(role.order, node.order);
    }
    /* counted are all who hold the role, also those that stand under another one */
    for (const node of whole.nodes) {
      const number = rk.number.get(node.id);
      for (const held of rk.data.holds[number] || []) if (roles.has(rk.data.ids[held])) roles.get(rk.data.ids[held]).n += 1;
    }
    for (const role of roles.values()) {
      role.label = rk.data.blocks[role.block];
      if (!role.n) role.placeholder = 1;
      else role.sub = rk.say(role.n === 1 ? "holder" : "holders", { n: role.n });
    }
    const edges = new Map();
    for (const edge of whole.edges) {
      const from = home.get(edge.from), to = home.get(edge.to);
      const key = from + ">" + to + ">" + edge.kind;
      if (from !== to && !edges.has(key)) edges.set(key, { from, to, kind: edge.kind, route: edge.route });
    }
    return { nodes: [...roles.values()], edges: [...edges.values()] };
  }

  /* --- where it stands ---------------------------------------------------------------------- */
  /* Columns from left to right; a long column gets more lanes. The band lies above all columns, what
     stands apart to the right of them. Adds x and y to the nodes; returns the frames to paint. */
  rk.pack = function (nodes) {
    const { width, height, gap_x, gap_y, heading, block, margin } = rk.data.geometry;
    const groups = new Map();
    for (const node of nodes) {
      if (!groups.has(node.group)) groups.set(node.group, []);
      groups.get(node.group).push(node);
    }
    for (const group of groups.values()) group.sort((a, b) => a.order - b.order);
    const columns = [...rk.data.columns, rk.data.apart].map((column) => ({ ...column, nodes: groups.get(column.id) || [] }));
    const rows = Math.max(12, Math.ceil(Math.max(...columns.map((c) => c.nodes.length)) / 4));
    const blocks = unit === "partners";
    const frames = [];
    let x = margin;
    for (const column of columns) {
      const apart = column.id === rk.data.apart.id;
      if (apart) x += gap_x;
      column.lanes = Math.max(1, Math.ceil(column.nodes.length / rows));
      column.left = x;
      column.width = column.lanes * (width + gap_y) + gap_x - gap_y;
      x += column.width + 4;
      frames.push({ ...column, apart });
    }
    const total = x - 4 + margin;
    const band = groups.get(rk.data.band.id) || [];
    const perRow = Math.max(1, Math.floor((total - 2 * margin - gap_x + gap_y) / (width + gap_y)));
    band.forEach((node, i) => {
      node.x = margin + gap_x / 2 + width / 2 + (i % perRow) * (width + gap_y);
      node.y = margin + heading + height / 2 + Math.floor(i / perRow) * (height + gap_y);
    });
    const bandHeight = heading + Math.max(1, Math.ceil(band.length / perRow)) * (height + gap_y) + 4;
    const top = margin + bandHeight + 12;
    let bottom = top + heading + height;
    const titles = [];
    for (const column of frames) {
      const perLane = Math.ceil(column.nodes.length / column.lanes);
      column.nodes.forEach((node, i) => {
        const lane = Math.floor(i / perLane);
        const before = i % perLane ? column.nodes[i - 1] : null;
        if (!before) column.y = top + heading;
        node.x = column.left + gap_x / 2 + width / 2 + lane * (width + gap_y);
        if (blocks && (!before || before.block !== node.block)) {
          if (before) column.y += 6;
          /* a block that is one placeholder already says the role */
          const next = column.nodes[i + 1];
          const alone = node.placeholder && (!next || next.block !== node.block);
          if (!alone) titles.push({ text: rk.data.blocks[node.block], x: node.x - width / 2, y: column.y + block / 2 });
          column.y += block;
        }
        node.y = column.y + height / 2;
        column.y += height + gap_y;
        bottom = Math.max(bottom, column.y);
      });
    }
    const size = { width: total, height: bottom + margin };
    for (const column of frames) Object.assign(column, { top, height: bottom - top });
    frames.unshift({ ...rk.data.band, nodes: band, left: margin, width: total - 2 * margin, top: margin, height: bandHeight });
    return { frames, titles, size };
  };

  /* --- showing and choosing ----------------------------------------------------------------- */
  /** What lays figures over a drawing before it is packed (layers.js). */
  rk.layOver = () => {};

  rk.showMap = function () {
    const here = rk.municipality();
    const forced = !here && COUNT > MOST;
    const choice = rk.byId("unit");
    choice.disabled = forced;
    unit = forced ? "roles" : units[here ? "municipality" : "region"];
    choice.value = unit;
    const whole = here ? ofMunicipality(here) : ofRegion();
    const left = rk.sift(whole);
    const drawn = unit === "roles" ? byRole(left) : left;
    for (const node of drawn.nodes) {
      if (node.placeholder) node.sub = rk.say(here || unit === "roles" ? "placeholder" : "as_role");
    }
    rk.layOver(drawn, unit);
    view = { ...drawn, ...rk.pack(drawn.nodes) };
    view.edges.forEach((edge, i) => (edge.id = "e" + i));
    rk.draw(view);
    rk.byId("map-note").textContent = forced ? rk.say("too_many") : view.nodes.length ? (here ? here.note : "") : rk.say("empty_map");
    rk.markOnMap(rk.state.toon);
    const routes = new Set(view.edges.filter((e) => !e.layer).map((e) => e.route)).size;
    const partners = left.nodes.filter((n) => !n.placeholder).length;
    rk.announce(rk.say("shown", { name: here ? here.name : rk.say("region"), partners, routes }));
  };

  /* The nodes and edges that belong to a card: a node itself, or a route's edges and both their ends. */
  rk.markOnMap = function (id) {
    if (!view || rk.state.beeld !== "kaart") return;
    let node = view.nodes.find((n) => n.id === id);
    if (!node && unit === "roles" && nodeNumber().has(id)) {
      node = view.nodes.find((n) => n.id === "rol:" + graph().nodes[nodeNumber().get(id)].block);
    }
    if (node) at = node.id;
    const edges = view.edges.filter((e) => (node ? e.from === node.id || e.to === node.id : e.route === id));
    rk.highlight(node ? node.id : null, edges);
  };

  function walk(from, key) {
    if (!from) return view.nodes.reduce((best, n) => (!best || n.y < best.y || (n.y === best.y && n.x < best.x) ? n : best), null);
    const along = { ArrowUp: ["y", -1], ArrowDown: ["y", 1], ArrowLeft: ["x", -1], ArrowRight: ["x", 1] }[key];
    const [axis, sign] = along;
    const across = axis === "x" ? "y" : "x";
    let best = null, least = Infinity;
    for (const node of view.nodes) {
      const ahead = (node[axis] - from[axis]) * sign;
      if (ahead <= 1) continue;
      const cost = ahead + 3 * Math.abs(node[across] - from[across]);
      if (cost < least) [best, least] = [node, cost];
    }
    return best;
  }

  rk.startMap = function () {
    const frame = rk.byId("map-frame");
    frame.addEventListener("keydown", (event) => {
      if (!view || !view.nodes.length) return;
      const current = view.nodes.find((n) => n.id === at) || null;
      if (event.key.startsWith("Arrow") && !event.ctrlKey && !event.altKey) {
        event.preventDefault();
        const next = walk(current, event.key);
        if (!next) return;
        at = next.id;
        const edges = view.edges.filter((e) => e.from === at || e.to === at);
        rk.highlight(at, edges);
        rk.reveal(next);
        const column = [...rk.data.columns, rk.data.band, rk.data.apart].find((c) => c.id === next.group);
        rk.announce(
          rk.say("node", {
            name: next.sub ? `${next.label}, ${next.sub}` : next.label,
            column: column.label,
            out: edges.filter((e) => e.from === at).length,
            in: edges.filter((e) => e.to === at).length,
          })
        );
      } else if ((event.key === "Enter" || event.key === " ") && current && rk.number.has(at)) {
        event.preventDefault();
        rk.open(at, frame);
      }
    });
    rk.onChosen((node, edge) => {
      const id = node || (edge && view.edges.find((e) => e.id === edge).route);
      if (rk.number.has(id)) rk.open(id, frame);
      else if (edge) rk.openReceipt(id);
    });
    rk.byId("unit").addEventListener("change", (event) => {
      units[rk.municipality() ? "municipality" : "region"] = event.target.value;
      rk.showMap();
    });
    rk.startCanvas();
  };
})();
