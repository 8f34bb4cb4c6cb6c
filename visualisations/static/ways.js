"use strict";
/* The best simple ways in one exact order: days, then hops, then retellings, then ids, as graph/routing says it
   (routes.py, paths.py). A cost is two whole numbers that both stay exact: millionths of a day, and
   10,000 for each hop with 1 for each retelling. A station on a way is twice its number, one more where the way ends
   at an offering there: in the order of the ids. */
(function () {
  const MICRO = 1e6, HOP = 1e4, OPEN_ENDED = 1e6;
  const DAYS_PER_MONTH = 365.25 / 12;
  const SOURCE = -1, SINK = -2;
  const conditions = rk.data.finder.conditions;
  const entry = new Set(rk.data.finder.entry);
  const endOf = (node) => 2 * node + 1;

  /** @typedef {{source: number, target: number, hop: object?, offering: object?, wait: object, decision: object?, total: object}} Leg */
  /** @typedef {{node: number?, level: number?, offering: number?}} Goal */
  /** @typedef {"expected"|"low"|"high"} Scenario */

  /* To the nearest whole number, halves to the even one, as Python rounds. */
  function rounded(x) {
    const down = Math.floor(x), rest = x - down;
    return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
  }
  /** Days of a leg under a scenario; only the high end, or the middle of "longer than", can be open. */
  rk.daysOf = function (leg, scenario) {
    const value = leg.total[scenario];
    if (value !== null) return value;
    return scenario === "high" ? OPEN_ENDED : leg.total.low || 0;
  };
  rk.OPEN_ENDED = OPEN_ENDED;
  rk.retellingsOf = (leg) => (leg.hop && !leg.hop.warm ? 1 : 0);

  const within = (age, when) => when < 0 || ((conditions[when][1] === null || conditions[when][1] <= age) && (conditions[when][2] === null || age < conditions[when][2]));
  /* Whether the ages of route and offering hold when the child arrives, a number of days after entry. */
  const openAt = (leg, age) => (!leg.hop || within(age, leg.hop.when)) && (!leg.offering || within(age, leg.offering.when));

  const compared = (one, other) => {
    for (let i = 0; i < one.length && i < other.length; i++) if (one[i] !== other[i]) return one[i] - other[i];
    return one.length - other.length;
  };
  const byCost = (one, other) => one.days - other.days || one.rest - other.rest || compared(one.path, other.path);
  rk.compared = compared;
  rk.byCost = byCost;
  rk.isEntry = (node) => entry.has(node);

  /** A leg as a step with its cost; a stop costs its hop alone. Among equal ones the first by offering and route. */
  rk.step = function (leg, scenario) {
    const time = leg.total.closed ? 0 : rk.daysOf(leg, scenario);
    const path = [leg.offering ? leg.offering.number : -1, leg.hop ? leg.hop.route : -1];
    return { days: rounded(time * MICRO), rest: (leg.hop ? HOP : 0) + rk.retellingsOf(leg), time, path, leg };
  };
  /** The best of steps that is open to a child of ``age`` who has been on the way for so many days. */
  rk.openStep = (steps, time, age) =>
    steps.find(({ leg, time: own }) => age === null || openAt(leg, age + (time + own) / DAYS_PER_MONTH)) || null;

  /** A binary heap of things with a cost and a path, the least first. */
  rk.heap = function () {
    const items = [];
    return {
      get size() { return items.length; },
      push(item) {
        let at = items.length;
        while (at > 0) {
          const up = (at - 1) >> 1;
          if (byCost(item, items[up]) >= 0) break;
          items[at] = items[up];
          at = up;
        }
        items[at] = item;
      },
      pop() {
        const least = items[0], last = items.pop();
        if (items.length) {
          let at = 0;
          for (;;) {
            let down = 2 * at + 1;
            if (down >= items.length) break;
            if (down + 1 < items.length && byCost(items[down + 1], items[down]) < 0) down += 1;
            if (byCost(last, items[down]) <= 0) break;
            items[at] = items[down];
            at = down;
          }
          items[at] = last;
        }
        return least;
      },
    };
  };

  /* --- the steps that a family can take -------------------------------------------------------------- */
  /** The network of a child: what it may use, and the graphs of it. @param {object} profile of rk.profile
   *  @param {boolean} clock whether ages are tested on arrival; else at the beginning of the way */
  rk.networkOf = function (profile, clock = profile.age !== null) {
    const here = profile.here;
    const usable = here.hops.filter((h) => profile.about(h.when) && (clock ? profile.notTooOld(h.when) : profile.ageFits(h.when)));
    const ages = clock ? profile.notTooOld : profile.ageFits;
    const graphs = new Map();

    /** @returns {Leg} */
    function leg(hop, offering) {
      const wait = profile.waitAt(hop.target, offering ? offering.number : hop.offering, hop.route);
      const decision = hop.decision ? profile.decision() : null;
      const known = hop.legs.get(wait);
      if (known && known.offering === offering && known.decision === decision) return known;
      const total = rk.plus(decision ? rk.added(wait, decision) : wait, hop.handover);
      const made = { source: hop.source, target: hop.target, hop, offering, wait, decision, total };
      hop.legs.set(wait, made);
      return made;
    }
    function alreadyThere(offering) {
      const wait = profile.waitAt(offering.node, offering.number, -1);
      return { source: offering.node, target: offering.node, hop: null, offering, wait, decision: null, total: wait };
    }

    /* Take up a leg; parallel ones are kept too, best first, for the clock may bar the best. */
    function offer(graph, from, to, made, scenario, throughStops) {
      if (!made.total.closed || throughStops) link(graph, from, to).legs.push(rk.step(made, scenario));
    }
    function link(graph, from, to) {
      if (!graph.has(from)) graph.set(from, new Map());
      if (!graph.has(to)) graph.set(to, new Map());
      const next = graph.get(from);
      if (!next.has(to)) next.set(to, { legs: [] });
      return next.get(to);
    }

    function between(scenario, throughStops) {
      const key = scenario + throughStops;
      if (!graphs.has(key)) {
        const made = new Map();
        for (const hop of usable) offer(made, 2 * hop.source, 2 * hop.target, leg(hop, null), scenario, throughStops);
        graphs.set(key, made);
      }
      return new Map([...graphs.get(key)].map(([from, next]) => [from, new Map(next)]));
    }

    /** The offerings that answer a goal; safety answers nothing lighter or heavier than itself. */
    function ends(goal, fits) {
      if (goal.offering !== null) return here.offerings.has(goal.offering) ? [here.offerings.get(goal.offering)] : [];
      return profile.fitting(goal.level, fits).filter((o) => !o.safe && (goal.node === null || o.node === goal.node));
    }

    /* Whether a fitting offering is one step from every entry; its ages are tested on arrival. */
    const free = (o) => o.access === 0 && !o.safe && profile.about(o.when) && (clock || profile.ageFits(o.when));

    /* Every way to take the last step to an offering: over a hop, from an entry, or being there already. */
    function lastSteps(graph, goal, starts, scenario, throughStops) {
      const there = new Map();
      for (const o of ends(goal, ages)) {
        if (!there.has(o.node)) there.set(o.node, []);
        there.get(o.node).push(o);
      }
      for (const hop of usable) {
        const all = there.get(hop.target) || [];
        const meant = all.filter((o) => o.number === hop.offering);
        for (const o of meant.length ? meant : all) offer(graph, 2 * hop.source, endOf(hop.target), leg(hop, o), scenario, throughStops);
      }
      const entries = new Set([...here.entries, ...starts.filter((s) => entry.has(s))]);
      for (const [node, offerings] of there) {
        for (const o of offerings) {
          for (const e of free(o) ? entries : []) {
            if (e !== node) offer(graph, 2 * e, endOf(node), leg(rk.impliedHop(e, node, o.number), o), scenario, throughStops);
          }
          if (starts.includes(node)) offer(graph, SOURCE, endOf(node), alreadyThere(o), scenario, throughStops);
        }
        if (graph.has(endOf(node))) link(graph, endOf(node), SINK);
      }
    }

    return {
      profile, usable, ages, age: clock ? profile.age : null, leg, alreadyThere, ends, free,
      /** The graph from a source before the starts to a sink behind everything that answers one of the goals. */
      towards(goals, starts, scenario, throughStops) {
        const graph = between(scenario, !!throughStops);
        for (const start of goals.length ? starts : []) link(graph, SOURCE, 2 * start);
        for (const goal of goals) {
          if (goal.level !== null || goal.offering !== null) lastSteps(graph, goal, starts, scenario, !!throughStops);
          else link(graph, 2 * goal.node, SINK);
        }
        for (const next of graph.values()) for (const edge of next.values()) if (edge.legs.length > 1) edge.legs.sort(byCost);
        return graph;
      },
    };
  };

  /* --- ways -------------------------------------------------------------------------------------------- */
  const NO_TIME = { days: 0, rest: 0, time: 0, leg: null };
  /* The best leg of an edge that is open on arrival; an edge without legs takes no time. */
  function taken(edge, time, age) {
    return edge.legs.length ? rk.openStep(edge.legs, time, age) : NO_TIME;
  }

  /* The exact cost to the sink without the clock, of every station. */
  function bounds(graph) {
    const back = new Map();
    for (const [from, next] of graph) {
      for (const [at, edge] of next) {
        if (!back.has(at)) back.set(at, []);
        back.get(at).push([from, edge.legs[0] || NO_TIME]);
      }
    }
    const found = new Map(), queue = rk.heap();
    if (back.has(SINK)) queue.push({ days: 0, rest: 0, path: [SINK] });
    while (queue.size) {
      const { days, rest, path: [at] } = queue.pop();
      if (found.has(at)) continue;
      found.set(at, { days, rest });
      for (const [from, edge] of back.get(at) || []) if (!found.has(from)) queue.push({ days: days + edge.days, rest: rest + edge.rest, path: [from] });
    }
    return found;
  }

  /* Whether a path to the end of a way was at that partner before. */
  const passesItsEnd = (path) => path[path.length - 1] > 0 && path[path.length - 1] % 2 === 1 && path.includes(path[path.length - 1] - 1);

  /** The simple ways in a graph of ``towards`` for a child of an age, best first (Yen 1971). */
  rk.ways = function* (graph, age) {
    const bound = bounds(graph);
    const step = (from, at) => graph.get(from).get(at);

    /* The best path that begins with a prefix. Each station is taken up once, by its best path; where that passes the
       partner at which it then ends, another one to that end may have been dropped: it is sought by itself. */
    function fromPrefix(prefix, closed, notFirst) {
      const { best, passed } = found(prefix, closed, notFirst, null);
      let least = best;
      for (const end of passed) {
        const other = found(prefix, [...closed, end - 1], notFirst, end).best;
        if (other && (!least || byCost(other, least) < 0)) least = other;
      }
      return least;
    }

    /* The best path (to one end, else to any), and the ends of better ones that pass their end. */
    function found(prefix, closed, notFirst, only) {
      const passed = new Set(), none = { best: null, passed };
      let days = 0, rest = 0, time = 0;
      const last = prefix[prefix.length - 1];
      if (!bound.has(last)) return none;
      for (let i = 1; i < prefix.length; i++) {
        const next = taken(step(prefix[i - 1], prefix[i]), time, age);
        if (!next) return none;
        days += next.days;
        rest += next.rest;
        time += next.time;
      }
      const queue = rk.heap(), settled = new Set(closed), least = bound.get(last);
      queue.push({ days: days + least.days, rest: rest + least.rest, path: prefix, done: [days, rest, time] });
      while (queue.size) {
        const { path, done } = queue.pop();
        const at = path[path.length - 1];
        if (at === SINK) return { best: { days: done[0], rest: done[1], path }, passed };
        if (passesItsEnd(path)) {
          passed.add(at);
          continue;
        }
        if (settled.has(at)) continue;
        settled.add(at);
        for (const [target, edge] of graph.get(at) || []) {
          if (settled.has(target) || !bound.has(target) || (path === prefix && notFirst.has(target))) continue;
          /* whatever comes between, it cannot end there */
          if (target > 0 && target % 2 && (prefix.includes(target - 1) || (only !== null && only !== target))) continue;
          const next = taken(edge, done[2], age);
          if (!next) continue;
          const far = bound.get(target);
          const total = [done[0] + next.days, done[1] + next.rest, done[2] + next.time];
          queue.push({ days: total[0] + far.days, rest: total[1] + far.rest, path: [...path, target], done: total });
        }
      }
      return none;
    }

    const waiting = rk.heap(), seen = new Set(), told = [];
    const take = (way) => {
      if (!way || seen.has(way.path.join())) return;
      seen.add(way.path.join());
      waiting.push(way);
    };
    take(fromPrefix([SOURCE], [], new Set()));
    while (waiting.size) {
      const way = waiting.pop();
      yield way;
      told.push(way.path);
      for (let place = 0; place < way.path.length - 1; place++) {
        const prefix = way.path.slice(0, place + 1);
        const begun = told.filter((path) => prefix.every((at, i) => path[i] === at));
        take(fromPrefix(prefix, prefix.slice(0, -1), new Set(begun.map((path) => path[place + 1]))));
      }
    }
  };

  /** The legs of a way, without the steps at its ends that take no time. @returns {Leg[]} */
  rk.legsOf = function (graph, way, age) {
    const legs = [];
    let time = 0;
    for (let i = 1; i < way.path.length; i++) {
      const next = taken(graph.get(way.path[i - 1]).get(way.path[i]), time, age);
      time += next.time;
      if (next.leg) legs.push(next.leg);
    }
    return legs;
  };
  /** The stations of a path, each once. */
  rk.stationsOf = (path) => [...new Set(path.map((at) => at >> 1))];
})();
