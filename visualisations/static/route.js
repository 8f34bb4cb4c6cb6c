"use strict";
/* The view Route: per level the fastest registered ways, how long they take and how sure that is. */
(function () {
  const facts = rk.data.finder;
  const MOST = 12; /* rows of how the answer differs by age and theme */
  const LIGHTER = 3;
  const p = (text, cls) => rk.make("p", { text, cls });
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const key = (reason) => reason.replaceAll(" ", "-");

  /* --- a way ----------------------------------------------------------------------------------------- */
  function known(waits) {
    const unknown = waits.filter((w) => w.assumed).length;
    return unknown ? ` ${rk.told("unknown_of", { unknown, total: waits.length })}.` : "";
  }

  /* Of no step the wait is known: then what was assumed is no answer, and is not shown as one. */
  const allUnknown = (way) => way.legs.length > 0 && way.legs.every((leg) => leg.wait.assumed);

  /* How long a way takes, as [what stands out, what stands beside it]. */
  function time(way) {
    const range = rk.range(way.low, way.high);
    if (allUnknown(way)) return [rk.say("unknown"), rk.say("time_assumed", { range })];
    return [rk.inWeeks(way.expected), way.low === way.high ? "" : `(${range})`];
  }

  function sentence(way, first) {
    const waits = way.legs.map((leg) => leg.wait);
    const values = {
      weeks: rk.inWeeks(way.expected), range: rk.range(way.low, way.high), hops: rk.counted("hops", way.hops),
      retellings: way.retellings, until: rk.told("until.afspraak"),
    };
    if (allUnknown(way)) return rk.told("route.all_unknown", values);
    const certain = way.low === way.high ? "certain" : "uncertain";
    return rk.told(`route.${first ? "fastest" : "alternative"}_${certain}`, values) + known(waits);
  }

  function station(node, here) {
    const number = facts.nodes[node], name = rk.stationSaid(node, here);
    return typeof number === "number" ? rk.link(number, name) : rk.make("span", { text: name });
  }

  /* Where a step and its waits stand: the rows of the tables, folded because there may be many. */
  function origin(leg) {
    const items = [];
    const add = (name, sheet, row) => items.push(rk.make("li", {}, [name, rk.make("span", { cls: "note", text: rk.said(sheet, row, "source") })]));
    if (leg.hop && leg.hop.route >= 0) add(rk.link(leg.hop.route), "routes", rk.place(leg.hop.route).row);
    for (const row of new Set([...leg.wait.rows, ...(leg.decision ? leg.decision.rows : [])])) {
      const text = `${rk.said("waits", row, "subject")}, ${rk.said("waits", row, "wait_kind")}: ${rk.said("waits", row, "wait")}`;
      add(rk.make("span", { text }), "waits", row);
    }
    return items.length ? rk.make("details", { cls: "said" }, [rk.make("summary", { text: rk.say("step_source") }), rk.make("ul", {}, items)]) : null;
  }

  function step(leg, here) {
    const { hop, wait } = leg;
    const kind = hop ? rk.data.kinds[hop.kind] : rk.told("route.there");
    const how = hop && hop.derived ? ` ${rk.told(hop.route >= 0 ? "route.derived" : "route.implied")}` : "";
    const said = [rk.waitOnWay(wait)];
    if (wait.derived) said.push(rk.say("of_role"));
    if (wait.asOf >= 0 && !wait.assumed) said.push(rk.say("as_of", { date: rk.date(wait.asOf) }));
    const label = facts.wait_kinds[wait.kind];
    const about = [rk.make("p", { cls: "wait " + rk.stateOf(wait) }, [
      rk.make("span", { cls: "label", text: capital(label) + " " }), rk.make("span", { text: said.join(", ") })])];
    const more = [];
    if (leg.decision) more.push(rk.told("route.decision", { wait: rk.waitOnWay(leg.decision) }));
    if (hop && hop.handover) more.push(rk.told("route.handover", { weeks: rk.inWeeks(hop.handover) }));
    if (more.length) about.push(p(more.join("; "), "note"));
    const partner = facts.nodes[leg.target];
    return rk.make("li", { cls: hop ? "step" : "start" }, [
      p(kind + how, "kind"), rk.make("p", { cls: "station" }, [station(leg.target, here)]), ...about, rk.response(partner), origin(leg),
    ]);
  }

  function wayBlock(way, answer, n) {
    const here = answer.here;
    const start = rk.make("li", { cls: "start" }, [p(rk.say("begin"), "kind"), rk.make("p", { cls: "station" }, [station(way.path[0], here)])]);
    const steps = [...(way.legs.length && way.legs[0].hop ? [start] : []), ...way.legs.map((leg) => step(leg, here))];
    const to = way.offering >= 0 ? rk.make("p", { cls: "to" }, [rk.make("span", { text: rk.say("to") + " " }), rk.link(way.offering)]) : null;
    const half = way.median === null ? null : p(rk.told("route.quantiles", { median: rk.weeks(way.median), p90: rk.weeks(way.p90) }), "note");
    const profile = way.profile;
    const whom = answer.spread && p(rk.told("route.for_profile", { profile: rk.childSaid(here.name, profile.age, profile.theme) }), "note");
    return rk.make("article", { cls: "way" }, [
      rk.make("h4", { text: n ? rk.say("other_way", { n: n + 1 }) : rk.say("fastest_way") }),
      rk.make("p", { cls: "weeks" }, [rk.make("strong", { text: time(way)[0] }), rk.make("span", { text: " " + time(way)[1] })]),
      p(sentence(way, !n)), half, whom, to, rk.make("ol", { cls: "steps" }, steps),
    ]);
  }

  /* --- an answer -------------------------------------------------------------------------------------- */
  /* A level by its name; without one the answer is about the end that was asked for. */
  const headed = (answer, level) => capital(level === null ? rk.endpointSaid(answer.question.goal) : rk.levelSaid(level));

  function levelBlock(answer, level) {
    const ways = answer.ways.filter((way) => way.level === level), parts = ways.map((way, n) => wayBlock(way, answer, n));
    const span = answer.spans.find((s) => s.level === level);
    if (span && span.highPath.length && span.highPath.join() !== ways[0].path.join()) {
      const path = span.highPath.map((node) => rk.stationSaid(node, answer.here)).join(" → ");
      parts.push(p(rk.told("route.other_path", { path, weeks: rk.inWeeks(span.high) })));
    }
    const none = answer.reasons.find((r) => r.level === level);
    if (none) parts.push(p(rk.told("reason." + key(none.reason)), "none"));
    return rk.make("section", { cls: "level" }, [rk.make("h3", { text: headed(answer, level) }), ...parts]);
  }

  /* The lightest free offerings that fit, where something heavier was asked for. */
  function lighter({ question, levels }) {
    const { place, age, theme } = question, least = Math.min(...levels);
    if (levels.includes(null) || !least || age === null) return [];
    const found = rk.offers(place, age, theme, Array.from({ length: least }, (_, level) => level)).offers.slice(0, LIGHTER);
    return found.filter((o) => o.access === 0 && !o.wait.closed).map((o) => {
      const where = rk.told("nearby." + rk.NEARNESS[o.near]);
      const partner = rk.data.offered_by[o.number - rk.data.holds.length];
      const name = rk.name(o.number) + (partner >= 0 ? ` (${rk.name(partner)})` : "");
      return p(rk.told("lighter", { name, where, wait: rk.waitOnWay(o.wait) }));
    });
  }

  function statement(s) {
    const weeks = s.expected === null ? "" : rk.told("statement_weeks", { weeks: rk.inWeeks(s.expected) });
    const values = {
      on: s.on.map((number) => (number < 0 ? "?" : rk.name(number))).join(" → "), text: s.text || "", weeks,
      until: s.until ? rk.told("statement_until", { clock: s.until }) : "", date: rk.date(s.asOf),
      source: rk.said("waits", s.row, "source").split("\n")[0],
    };
    return p(rk.told("statement", values) + (s.outside ? " " + rk.told("statement_outside") : ""), "note");
  }

  /* How the answer differs by age and theme: the distinct answers, the most frequent first. */
  function spread(answer) {
    const groups = new Map();
    for (const s of answer.spread || []) {
      const text = s.reason ? rk.told("reason_short." + key(s.reason)) : rk.range(s.low, s.high);
      const id = `${s.level} ${text}`;
      if (!groups.has(id)) groups.set(id, { level: s.level, text, n: 0, first: s });
      groups.get(id).n += 1;
    }
    if (groups.size <= answer.levels.length) return null;
    const ordered = [...groups.values()].sort((a, b) => a.level - b.level || b.n - a.n).slice(0, MOST);
    const cell = (text) => rk.make("td", { text: String(text) });
    const row = (g) => rk.make("tr", {}, [
      rk.make("th", { scope: "row", text: headed(answer, g.level) }), cell(g.text), cell(g.n),
      cell(`${rk.childSaid(answer.here.name, g.first.age, g.first.theme)}${g.n > 1 ? " …" : ""}`)]);
    const head = ["level", "weeks", "profiles", "example"].map((column) => rk.make("th", { scope: "col", text: rk.told("spread." + column) }));
    const table = rk.make("table", {}, [rk.make("thead", {}, [rk.make("tr", {}, head)]), rk.make("tbody", {}, ordered.map(row))]);
    const title = rk.make("h3", { id: "spread-title", text: rk.told("spread.title") });
    const frame = rk.make("div", { cls: "scroll", tabindex: "0", role: "region", "aria-labelledby": "spread-title" }, [table]);
    return rk.make("section", { cls: "level" }, [title, frame]);
  }

  /* Per level what the answer comes to. */
  function summary(answer) {
    return answer.levels.map((level) => {
      const way = answer.ways.find((w) => w.level === level), none = answer.reasons.find((r) => r.level === level);
      const said = way ? time(way).filter(Boolean).join(" ") : rk.told("reason_short." + key(none.reason));
      return `${headed(answer, level)}: ${said}`;
    });
  }

  function show(answer) {
    const { question, here } = answer;
    const child = rk.childSaid(here.name, question.age, question.theme);
    const assumed = answer.assumptions.map(([which, values]) => rk.make("li", { text: rk.told("assumed." + which, values) }));
    rk.byId("route").replaceChildren(
      p(child, "answer"),
      rk.make("ul", { cls: "answer" }, summary(answer).map((text) => rk.make("li", { text }))),
      ...answer.levels.map((level) => levelBlock(answer, level)),
      ...[...answer.statements.map(statement), ...lighter(answer), spread(answer)].filter(Boolean),
      ...(assumed.length ? [rk.make("section", { cls: "assumed" }, [rk.make("h3", { text: rk.say("assumed") }), rk.make("ul", {}, assumed)])] : []),
    );
    rk.announce(rk.say("route_for", { child, answer: summary(answer).join("; ") }));
  }

  /* A question about every child takes a while; a newer question stops it. */
  let running = 0;
  rk.showRoute = function () {
    const mine = (running += 1), box = rk.byId("route"), question = rk.question();
    box.removeAttribute("aria-busy");
    if (question.place < 0) return box.replaceChildren();
    const busy = (value) => box.replaceChildren(p(rk.say("working", { done: value.done + 1, of: value.of }), "lead"));
    rk.inSlices(box, rk.answering(question), () => mine === running, busy, show);
  };
})();
