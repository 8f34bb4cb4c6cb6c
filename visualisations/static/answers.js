"use strict";
/* The answers of the page to "what is the way" and "what is there": graph/analyses/route.py and offers.py. */
(function () {
  const facts = rk.data.finder;
  const LIGHT_TO_HEAVY = [0, 1, 2, 3];
  const MOST_REASONS = ["aanmeldstop", "geen route", "geen aanbod"]; /* of several profiles the reason that says most */
  const routesFrom = rk.data.holds.length + rk.data.offered_by.length;

  /** @typedef {{place: number, start: string, goal: string, level: number?, age: number?, theme: string?, k: number}} Question
   *  place: a municipality by number; start and goal as stored, "" for any; age in months; k: how many ways */

  const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);
  const summed = (numbers) => (numbers.includes(null) ? null : sum(numbers));

  /* --- one child ------------------------------------------------------------------------------------- */
  function* waysOf(question, here, network, level, scenario) {
    const graph = network.towards(goalsOf(question, here, level), startsOf(question, here), scenario);
    for (const way of rk.ways(graph, network.profile.age)) yield { way, legs: rk.legsOf(graph, way, network.profile.age) };
  }
  const startsOf = (question, here) => (question.start ? rk.nodesOf(here, question.start).map(([node]) => node) : here.entries);
  function goalsOf(question, here, level) {
    if (!question.goal) return [{ node: null, level, offering: null }];
    return rk.nodesOf(here, question.goal).map(([node, offering]) =>
      offering >= 0 ? { node: null, level: null, offering } : { node, level, offering: null });
  }

  function told(profile, level, path, legs) {
    const last = legs.length ? legs[legs.length - 1].offering : null;
    const [median, p90] = rk.quantiles(legs);
    return {
      level, profile, legs, median, p90,
      offering: last ? last.number : -1,
      path: rk.stationsOf(path),
      low: sum(legs.map((leg) => rk.daysOf(leg, "low"))),
      expected: sum(legs.map((leg) => rk.daysOf(leg, "expected"))),
      high: summed(legs.map((leg) => leg.total.high)),
      hops: sum(legs.map((leg) => (leg.hop ? 1 : 0))),
      retellings: sum(legs.map(rk.retellingsOf)),
    };
  }

  /* Why there is no way; ages on arrival are left out: they are no stop. */
  function reason(question, here, network, level) {
    const goals = goalsOf(question, here, level);
    if (level !== null && !goals.some((goal) => network.ends(goal, network.profile.ageFits).length)) return "geen aanbod";
    const any = (throughStops) => {
      const graph = network.towards(goals, startsOf(question, here), "expected", throughStops);
      return !rk.ways(graph, null).next().done;
    };
    return any(true) && !any(false) ? "aanmeldstop" : "geen route";
  }

  /* The fastest ways with all waits low and all waits high. */
  function span(question, here, network, level, best) {
    const [low, high] = ["low", "high"].map((scenario) => {
      const { value } = waysOf(question, here, network, level, scenario).next();
      if (!value) return { days: null, path: [] }; /* at that end the child is too old by the time it arrives */
      const days = sum(value.legs.map((leg) => rk.daysOf(leg, scenario)));
      return { days: days >= rk.OPEN_ENDED ? null : days, path: rk.stationsOf(value.way.path.slice(1, -1)) };
    });
    return { level, low: low.days === null ? best.low : low.days, expected: best.expected, high: high.days, lowPath: low.path, highPath: high.path };
  }

  /* --- every child the question is about ---------------------------------------------------------------- */
  function conditionsOf(here) {
    const offered = [...here.offerings.values()].map((o) => o.when);
    const found = new Set([...here.hops.map((h) => h.when).filter((when) => when >= 0), ...offered]);
    const counts = (on) => {
      const node = rk.nodeOf.get(rk.data.ids[on]);
      if (here.offerings.has(on) || here.serve.has(node) || rk.data.ids[on].startsWith("rol:")) return true;
      return on >= routesFrom && here.hops.some((h) => h.route === on);
    };
    const seen = new Map();
    for (const [on, , , , , , , , , , when] of facts.waits) {
      if (!seen.has(on)) seen.set(on, counts(on));
      if (seen.get(on)) found.add(when);
    }
    return [...found].map((when) => [when, ...facts.conditions[when]]);
  }

  /** The children that a question leaves open: per set of themes that nothing tells apart, per band of ages. */
  function children(question, here) {
    const conditions = conditionsOf(here);
    const [first, last] = facts.ages;
    const fits = (theme) => {
      const { about } = rk.profile(here, null, theme);
      return conditions.map(([when]) => about(when));
    };
    const classes = new Map();
    const named = new Set(conditions.flatMap(([, given]) => given));
    for (const theme of question.theme === null ? facts.themes.map(([slug]) => slug).filter((s, i) => !i || named.has(s)) : [question.theme]) {
      const key = fits(theme).map(Number).join("");
      if (!classes.has(key)) classes.set(key, []);
      classes.get(key).push(theme);
    }
    return [...classes.values()].flatMap((same) => {
      if (question.age !== null) return [{ age: question.age, until: question.age, themes: same }];
      const about = fits(same[0]);
      const cuts = new Set([first, last]);
      conditions.forEach(([, , low, high], i) => {
        for (const cut of about[i] ? [low, high] : []) if (cut !== null && first < cut && cut < last) cuts.add(cut);
      });
      const sorted = [...cuts].sort((a, b) => a - b);
      return sorted.slice(0, -1).map((age, i) => ({ age, until: sorted[i + 1], themes: same }));
    });
  }

  /* What supposing.js asks before and after in the same way. */
  Object.assign(rk, { LIGHT_TO_HEAVY, startsOf, children, reasonOf: reason });

  const better = (one, other) => one.expected - other.expected || one.hops - other.hops || one.retellings - other.retellings;

  /** Works out an answer in steps, one for each kind of child; the last value is the answer. @param {Question} question */
  rk.answering = function* (question) {
    const here = rk.locale(question.place);
    const levels = question.level !== null ? [question.level] : question.goal ? [null] : LIGHT_TO_HEAVY;
    const open = question.age === null || question.theme === null;
    const best = new Map(), why = new Map(levels.map((level) => [level, []])), networks = new Map(), spread = [];
    const all = children(question, here);
    for (const [done, child] of all.entries()) {
      const network = rk.networkOf(rk.profile(here, child.age, child.themes[0]));
      const fastest = rk.fastest(network, startsOf(question, here));
      for (const level of levels) {
        const reached = fastest(goalsOf(question, here, level));
        const way = reached ? told(network.profile, level, reached.path, reached.legs) : null;
        const because = way ? null : reason(question, here, network, level);
        if (way && (!best.has(level) || better(way, best.get(level)) < 0)) {
          best.set(level, way);
          networks.set(level, network);
        }
        if (because) why.get(level).push(because);
        for (const theme of child.themes) spread.push({ age: child.age, until: child.until, theme, level, low: way && way.low, expected: way && way.expected, high: way && way.high, reason: because });
      }
      yield { done, of: all.length };
    }
    const ways = [], spans = [], reasons = [];
    for (const level of levels) {
      if (!best.has(level)) {
        reasons.push({ level, reason: MOST_REASONS.find((r) => why.get(level).includes(r)) || "geen aanbod" });
        continue;
      }
      const network = networks.get(level);
      spans.push(span(question, here, network, level, best.get(level)));
      let n = 0;
      for (const { way, legs } of waysOf(question, here, network, level, "expected")) {
        ways.push(told(network.profile, level, way.path.slice(1, -1), legs));
        if (++n === question.k) break;
      }
    }
    const order = new Map(facts.themes.map(([slug, , , place]) => [slug, place]));
    spread.sort((a, b) => a.level - b.level || order.get(a.theme) - order.get(b.theme) || a.age - b.age);
    return { question, here, levels, ways, spans, reasons, spread: open ? spread : null, statements: statements(question, here, ways), assumptions: assumed(ways) };
  };
  /** The whole answer at once. */
  rk.answer = function (question) {
    const steps = rk.answering(question);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
    }
  };

  /* --- beside the ways ------------------------------------------------------------------------------------ */
  /* Where in a path the subjects (partners or roles, by number) are consecutive stations; -1: nowhere. */
  function matches(here, path, on) {
    const same = (node, subject) =>
      rk.nodeIds[node] === rk.data.ids[subject] || (here.serve.has(node) && rk.data.holds[facts.nodes[node]].includes(subject));
    for (let at = 0; at + on.length <= path.length; at++) if (on.every((subject, i) => same(path[at + i], subject))) return at;
    return -1;
  }

  /* Statements whose subject lies on a way, or begins where the question does when there is none. */
  function statements(question, here, ways) {
    const found = [];
    for (const [on, comparable, text, low, expected, high, asOf, until, where, row] of facts.statements) {
      if (where >= 0 && !facts.areas[where].includes(question.place)) continue;
      const parts = ways.map((way) => [way, matches(here, way.path, on)]).filter(([, at]) => at >= 0);
      const begins = !ways.length && question.start && matches(here, startsOf(question, here).slice(0, 1), on.slice(0, 1)) >= 0;
      if (!parts.length && !begins) continue;
      let outside = null;
      if (parts.length && expected !== null && comparable) {
        const [way, at] = parts[0];
        const arrivals = on.length > 1 ? way.path.slice(at + 1, at + on.length) : [way.path[at]];
        const legs = way.legs.filter((leg) => arrivals.includes(leg.target));
        const last = summed(legs.map((leg) => leg.total.high));
        outside = expected < sum(legs.map((leg) => rk.daysOf(leg, "low"))) || (last !== null && expected > last);
      }
      found.push({ on, text, low, expected, high, asOf, until, outside, row });
    }
    return found;
  }

  /* What the unknown and outdated among waits were taken to be. */
  function assumedWaits(waits) {
    const [low, high] = facts.unknown, found = [];
    if (waits.some((w) => w.assumed && !w.outdated)) found.push(["unknown_wait", { low, high }]);
    if (waits.some((w) => w.assumed && w.outdated)) found.push(["outdated_wait", { low, high, months: facts.months }]);
    if (!facts.reference[1]) found.push(["reference_date", { date: facts.reference[0] }]);
    return found;
  }

  function assumed(ways) {
    const legs = ways.flatMap((way) => way.legs);
    const found = assumedWaits(legs.map((leg) => leg.wait));
    const [low, high] = facts.unknown_decision;
    if (legs.some((leg) => leg.hop && !leg.hop.given)) found.push(["handover", {}]);
    if (legs.some((leg) => leg.hop && leg.hop.derived && leg.hop.route >= 0)) found.push(["role_route", {}]);
    if (legs.some((leg) => leg.decision && leg.decision.assumed)) found.push(["decision", { low, high }]);
    const stations = new Set(ways.flatMap((way) => way.path.map((node) => facts.nodes[node])));
    const number = facts.assumed_area.filter((n) => stations.has(n)).length;
    if (number) found.push(["area", { number }]);
    if (legs.some((leg) => !leg.hop || leg.hop.source === rk.FAMILY)) found.push(["family", {}]);
    return found;
  }

  /* --- what there is ------------------------------------------------------------------------------------------ */
  /** The offerings that fit a child, in order: of the levels asked (null: 0 to 3), without a level, and apart for safety. */
  rk.offers = function (place, age, theme, levels) {
    const here = rk.locale(place), profile = rk.profile(here, age, theme);
    const fitting = profile.fitting(null, profile.ageFits).map((o) => ({ ...o, wait: profile.waitAt(o.node, o.number, -1) }));
    const days = (wait) => (wait.expected === null ? Infinity : wait.expected);
    const order = (a, b) =>
      a.near - b.near || a.access - b.access || a.wait.closed - b.wait.closed || a.wait.assumed - b.wait.assumed ||
      (days(a.wait) === days(b.wait) ? 0 : days(a.wait) - days(b.wait)) || a.name - b.name;
    const asked = levels || LIGHT_TO_HEAVY;
    const open = fitting.filter((o) => !o.safe);
    const offers = open.filter((o) => asked.includes(o.level)).sort((a, b) => a.level - b.level || order(a, b));
    const unlevelled = open.filter((o) => o.level === null).sort(order);
    const shown = [...offers, ...unlevelled];
    const assumptions = assumedWaits(shown.map((o) => o.wait));
    const areas = new Set(facts.assumed_area);
    const area = shown.filter((o) => !o.ownArea && (!here.serve.has(o.node) || areas.has(facts.nodes[o.node]))).length;
    if (area) assumptions.push(["area", { number: area }]);
    const ageless = age === null ? 0 : shown.filter((o) => facts.conditions[o.when][1] === null && facts.conditions[o.when][2] === null).length;
    if (ageless) assumptions.push(["ages", { number: ageless }]);
    return { offers, unlevelled, safety: fitting.filter((o) => o.safe).sort((a, b) => (a.level ?? 9) - (b.level ?? 9) || order(a, b)), assumptions };
  };
})();
