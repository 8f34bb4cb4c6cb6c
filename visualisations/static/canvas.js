"use strict";
/* The drawing itself: vis-network with our positions, colours from the style sheet, and its size. */
(function () {
  const options = rk.data.graph.options;
  /* How a kind of route is drawn: dashes and width, so that colour alone never tells. */
  const LINES = {
    "warme-overdracht": { width: 2.6 },
    opschaling: { dashes: [16, 4] },
    "rechtstreekse-toegang": { width: 1.8, dashes: [22, 3], tone: "--back" },
    terugverwijzing: { dashes: [9, 5], tone: "--back" },
    afschaling: { width: 1.8, dashes: [4, 4], tone: "--back" },
    consultatie: { dashes: [2, 4], tone: "--talk" },
    overbrugging: { dashes: [12, 4, 2, 4], tone: "--talk" },
    melding: { dashes: [4, 3], tone: "--apart-line" },
    contact: { width: 2.2, dashes: [3, 6], tone: "--contact", ways: "both" }, /* a line is of two people */
    voorstel: { width: 3.2, dashes: [10, 7], tone: "--proposal" },
  };
  const LEAST = 0.72, LABELLED = 5;
  const SOON = 300; /* boxes and lines; of more come the boxes in sight first, and a moment later what takes longest to make and to paint */
  let network = null, nodes = null, edges = null, view = null, scale = null, marked = null;
  let chosen = () => {};

  rk.onChosen = (listener) => (chosen = listener);

  const colours = new Map(); /* of this drawing: asking the style sheet for each line takes long */
  function colour(name) {
    if (!colours.has(name)) colours.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
    return colours.get(name);
  }

  function groups() {
    const found = {};
    for (const column of [...rk.data.columns, rk.data.band, rk.data.apart]) {
      const background = colour(`--${column.id}`), border = colour(`--${column.id}-line`);
      const strong = { background, border: colour("--strong") };
      found[column.id] = { color: { background, border, highlight: strong, hover: strong }, font: { color: colour("--text") } };
    }
    return found;
  }

  /* A route that was stated of a role is drawn lighter than one that partners state themselves. */
  const strength = (edge, on) => {
    if (!on) return 0.1;
    if (edge.layer) return 1;
    if (edge.faint) return marked ? 0.5 : 0.15;
    const calm = Math.min(1, Math.max(0.4, 70 / view.edges.length)); /* many lines are drawn lighter, until one is chosen */
    return (edge.derived ? 0.5 : 0.9) * (marked ? 1 : calm);
  };

  /* What changes with what is chosen. */
  function lit(edge) {
    const on = !marked || marked.on.has(edge.id), tone = (LINES[edge.kind] || {}).tone || "--route";
    const named = marked && on && marked.on.size <= LABELLED;
    return {
      label: edge.label || (named ? rk.data.kinds[edge.kind] || edge.kind : undefined),
      color: { color: colour(tone), highlight: colour("--strong"), hover: colour("--strong"), opacity: strength(edge, on) },
    };
  }

  function look(edge) {
    const line = LINES[edge.kind] || {};
    const a = view.places.get(edge.from), b = view.places.get(edge.to);
    const near = Math.abs(a.x - b.x) < rk.data.geometry.width;
    const band = a.group === rk.data.band.id || b.group === rk.data.band.id;
    return {
      id: edge.id,
      from: edge.from,
      to: edge.to,
      dashes: line.dashes || false,
      width: edge.width || line.width || 1.2,
      ...lit(edge),
      ...(line.ways ? { arrows: { from: { enabled: false }, to: { enabled: false } } } : {}),
      font: { color: colour("--text"), strokeColor: colour("--paper") },
      ...(near && !band ? { smooth: { enabled: true, type: "curvedCW", roundness: 0.25 } } : {}),
      ...(band ? { smooth: { enabled: true, type: "cubicBezier", forceDirection: "vertical", roundness: 0.4 } } : {}),
    };
  }

  const ruler = document.createElement("canvas").getContext("2d");

  /* A name in at most two lines of the node, cut with … where it is longer; under it what comes beside.
     A word that is wider than the node is broken with a hyphen. */
  const labels = new Map(); /* measuring takes long, and most boxes come back in the next drawing */
  function fitted(name, sub) {
    const key = JSON.stringify([name, sub]);
    if (!labels.has(key)) labels.set(key, broken(name, sub));
    return labels.get(key);
  }

  function broken(name, sub) {
    ruler.font = `${options.nodes.font.size}px system-ui, sans-serif`;
    const room = rk.data.geometry.width - 26;
    const fits = (text) => ruler.measureText(text).width <= room;
    /* How many letters fit, at least one. */
    const head = (text, end) => {
      let n = 1;
      for (let most = text.length; n < most; ) {
        const middle = Math.ceil((n + most) / 2);
        if (fits(text.slice(0, middle) + end)) n = middle;
        else most = middle - 1;
      }
      return n;
    };
    const lines = [];
    let rest = name.trim();
    while (rest && lines.length < 2) {
      const last = lines.length === 1;
      let n = fits(rest) ? rest.length : rest.slice(0, head(rest, "") + 1).lastIndexOf(" ");
      let end = "";
      if (last && n < rest.length) [n, end] = [head(rest, "…"), "…"];
      else if (n < 1) [n, end] = [head(rest, "-"), "-"];
      lines.push(rest.slice(0, n).trimEnd() + end);
      rest = rest.slice(n).trimStart();
    }
    if (sub) lines.push(fits(sub) ? sub : sub.slice(0, head(sub, "…")) + "…");
    return lines.join("\n");
  }

  /* What is not chosen is dimmed. */
  const shade = (mark, id) => (!mark || mark.ends.has(id) ? 1 : 0.35);

  function looks(node) {
    const { id, x, y, group, placeholder } = node;
    const w = rk.data.geometry.width, h = rk.data.geometry.height;
    const box = { id, label: fitted(node.label, node.sub), x, y, group, widthConstraint: { minimum: w - 12 }, heightConstraint: { minimum: h - 12 }, opacity: shade(marked, id) };
    if (placeholder) {
      box.shapeProperties = { borderDashes: [5, 4], borderRadius: 5 };
      box.color = { background: colour("--paper"), border: colour("--muted") };
      box.font = { color: colour("--muted") };
    }
    if (node.mark) {
      const { ground, border, width: line, dashes } = node.mark;
      box.color = { background: colour(ground), border: colour(border) };
      box.font = { color: colour("--text") };
      box.borderWidth = line;
      box.shapeProperties = { borderDashes: dashes || false, borderRadius: 5 };
    }
    return box;
  }

  /* Behind the nodes: the columns with their headings, the band and what stands apart. */
  function paint(ctx) {
    ctx.textBaseline = "middle";
    for (const frame of view.frames) {
      ctx.fillStyle = colour("--column");
      ctx.fillRect(frame.left, frame.top, frame.width, frame.height);
      if (frame.apart) {
        ctx.strokeStyle = colour("--apart-line");
        ctx.lineWidth = 2;
        ctx.strokeRect(frame.left, frame.top, frame.width, frame.height);
      }
    }
  }

  /* Over the lines, each on its own ground: the headings of the columns and of the roles in them. */
  function letter(ctx) {
    const { width, heading } = rk.data.geometry;
    ctx.textBaseline = "middle";
    const write = (text, x, y, font, tone, most) => {
      ctx.font = `${font} system-ui, sans-serif`;
      ctx.fillStyle = colour("--column");
      ctx.fillRect(x - 3, y - 10, Math.min(most, ctx.measureText(text).width) + 6, 20);
      ctx.fillStyle = colour(tone);
      ctx.fillText(text, x, y, most);
    };
    for (const { label, left, top, width: room, nodes: inside } of view.frames) {
      write(label, left + 12, top + heading / 2, "600 15px", "--text", room - 20);
      if (!inside.length) write(rk.filtering() ? rk.laySay("filter_empty") : rk.say("empty_column"), left + 12, top + heading + 13, "13px", "--muted", room - 20);
    }
    for (const { text, x, y } of view.titles) write(text, x + 4, y, "13px", "--muted", width - 8);
  }

  /* The library draws after every step; here it does so once, after the last. */
  function drawOnce(...steps) {
    const { emitter } = network.body;
    emitter.emit("_blockRedraw");
    for (const step of steps) step();
    emitter.emit("_allowRedraw");
    network.redraw();
  }

  function resize() {
    network.setSize(Math.round(view.size.width * scale) + "px", Math.round(view.size.height * scale) + "px");
    network.moveTo({ position: { x: view.size.width / 2, y: view.size.height / 2 }, scale, animation: false });
  }

  function fit() {
    const room = rk.byId("map-frame").clientWidth - 4;
    scale = Math.min(1.15, Math.max(LEAST, room / view.size.width));
  }

  /* The boxes that whoever looks at the page can see now. */
  function inSight() {
    const { top } = rk.byId("map").getBoundingClientRect(), half = rk.data.geometry.height / 2;
    return view.nodes.filter(({ y }) => top + (y + half) * scale > 0 && top + (y - half) * scale < window.innerHeight);
  }

  /* The library takes as long to start as the rest of the page: it is text until the first map. */
  function start(dress) {
    document.body.append(rk.make("script", { text: rk.byId("library").textContent }));
    network = new vis.Network(rk.byId("map"), {}, { ...options, interaction: { ...options.interaction, hideEdgesOnDrag: true }, groups: dress });
    network.on("beforeDrawing", paint);
    network.on("afterDrawing", letter);
    network.on("click", (hit) => chosen(hit.nodes[0], hit.edges[0]));
    for (const [event, cursor] of [["hoverNode", "pointer"], ["blurNode", ""], ["hoverEdge", "pointer"], ["blurEdge", ""]]) {
      network.on(event, () => (rk.byId("map").style.cursor = cursor));
    }
    rk.network = network;
  }

  let dressed = ""; /* the colours that the library has: giving it others goes over every node and line */

  rk.draw = function (next) {
    view = next;
    view.places = new Map(view.nodes.map((n) => [n.id, n]));
    marked = null;
    colours.clear();
    fit();
    const dress = groups(), worn = JSON.stringify(dress);
    if (!network) start(dress);
    else if (worn !== dressed) network.setOptions({ groups: dress });
    dressed = worn;
    const later = view.nodes.length + view.edges.length > SOON && !document.documentElement.classList.contains("printing");
    const first = new Set(later ? inSight() : view.nodes);
    nodes = new vis.DataSet([...first].map(looks));
    edges = new vis.DataSet(later ? [] : view.edges.map(look));
    rk.byId("map-frame").setAttribute("aria-busy", String(later));
    drawOnce(() => network.setData({ nodes, edges }), resize);
    legend();
    if (later) rk.afterPaint(() => {
      if (view !== next) return;
      const rest = view.nodes.filter((n) => !first.has(n));
      drawOnce(() => nodes.add(rest.map(looks)), () => edges.add(view.edges.map(look)), select);
      rk.byId("map-frame").setAttribute("aria-busy", "false");
    });
  };

  /* Shows the library what is chosen, as far as it is there. */
  function select() {
    const there = (set, ids) => ids.filter((id) => set.get(id));
    const { node, on } = marked || { on: [] };
    network.setSelection({ nodes: there(nodes, node ? [node] : []), edges: there(edges, [...on]) }, { highlightEdges: false });
  }

  /* Lights up a node and the edges around it (or a route's edges), and dims everything else. */
  rk.highlight = function (node, around) {
    if (!network) return;
    const ends = new Set(around.flatMap((e) => [e.from, e.to]).concat(node || []));
    const on = new Set(around.map((e) => e.id));
    const was = marked;
    marked = ends.size ? { node, ends, on } : null;
    if (!was && !marked) return;
    select();
    nodes.update(
      view.nodes.filter((n) => nodes.get(n.id) && shade(was, n.id) !== shade(marked, n.id)).map((n) => ({ id: n.id, opacity: shade(marked, n.id) }))
    );
    if (edges.length) edges.update(
      view.edges.filter((e) => !was || !marked || was.on.has(e.id) || on.has(e.id)).map((e) => ({ id: e.id, ...lit(e) }))
    );
  };

  /* Scrolls the frame, and the page where needed, so that a node is in sight. */
  rk.reveal = function (node) {
    const frame = rk.byId("map-frame");
    const x = node.x * scale, y = node.y * scale, half = (rk.data.geometry.width / 2 + 20) * scale;
    if (x - half < frame.scrollLeft) frame.scrollLeft = x - half;
    if (x + half > frame.scrollLeft + frame.clientWidth) frame.scrollLeft = x + half - frame.clientWidth;
    const top = frame.getBoundingClientRect().top + y;
    if (top < 120 || top > window.innerHeight - 140) window.scrollBy(0, top - window.innerHeight / 2);
  };

  function legend() {
    const kinds = [...new Set(view.edges.map((e) => e.kind))];
    const order = Object.keys(rk.data.kinds);
    kinds.sort((a, b) => order.indexOf(a) - order.indexOf(b));
    const svg = (attributes, name) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const key of Object.keys(attributes)) made.setAttribute(key, attributes[key]);
      return made;
    };
    const items = kinds.map((kind) => {
      const line = LINES[kind] || {};
      const picture = svg({ width: 42, height: 10, viewBox: "0 0 42 10", "aria-hidden": "true" }, "svg");
      const stroke = { stroke: colour(line.tone || "--route"), "stroke-width": (line.width || 1.2) + 0.6, "stroke-dasharray": (line.dashes || []).join(" ") };
      picture.append(svg({ x1: 0, y1: 5, x2: 34, y2: 5, ...stroke }, "line"));
      if (!line.ways) picture.append(svg({ d: "M33 1 L41 5 L33 9 Z", fill: colour(line.tone || "--route") }, "path"));
      return rk.make("li", {}, [picture, rk.make("span", { text: rk.data.kinds[kind] || kind })]);
    });
    if (view.nodes.some((n) => n.placeholder)) {
      items.push(rk.make("li", {}, [rk.make("span", { cls: "placeholder" }), rk.make("span", { text: rk.say("legend_placeholder") })]));
    }
    rk.byId("legend").replaceChildren(...items);
  }

  rk.startCanvas = function () {
    const grow = (factor) => () => {
      if (!network) return;
      scale = Math.min(2.5, Math.max(0.2, scale * factor));
      drawOnce(resize);
    };
    rk.byId("larger").addEventListener("click", grow(1.25));
    rk.byId("smaller").addEventListener("click", grow(0.8));
    rk.byId("fit").addEventListener("click", () => {
      if (!network) return;
      scale = Math.min(1.15, (rk.byId("map-frame").clientWidth - 4) / view.size.width);
      drawOnce(resize);
    });
    const again = () => {
      if (network && rk.state.beeld === "kaart") rk.showMap();
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
    const printing = (on) => () => {
      document.documentElement.classList.toggle("printing", on);
      again();
    };
    window.addEventListener("beforeprint", printing(true));
    window.addEventListener("afterprint", printing(false));
  };
})();
