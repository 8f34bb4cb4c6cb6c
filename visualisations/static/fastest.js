"use strict";
/* The fastest way for many children, one after another: a tree of best ways from the starts, and one look at each end
   (graph/routing/fastest.py). The answer is the first of rk.ways, sooner; where a best way would pass its own end, a
   tree without that end tells the best way there. */
(function () {
  /** @typedef {{days: number, rest: number, time: number, path: number[], legs: Leg[]}} Reached */

  /** The best ways of one network from its starts. @returns {(goals: Goal[]) => Reached?} */
  rk.fastest = function (network, starts) {
    const { age, profile: { here } } = network;
    const outgoing = new Map(), into = new Map();
    for (const hop of network.usable) {
      const step = rk.step(network.leg(hop, null), "expected");
      if (!into.has(hop.target)) into.set(hop.target, []);
      into.get(hop.target).push(hop);
      if (step.leg.total.closed) continue;
      if (!outgoing.has(hop.source)) outgoing.set(hop.source, new Map());
      const next = outgoing.get(hop.source);
      if (!next.has(hop.target)) next.set(hop.target, []);
      next.get(hop.target).push(step);
    }
    for (const next of outgoing.values()) for (const steps of next.values()) steps.sort(rk.byCost);
    const begin = new Set([...here.entries, ...starts.filter(rk.isEntry)]);

    /* The best way to every station, in the order of ids among equal ones; none passes ``without``. */
    function tree(without) {
      const queue = rk.heap(), found = new Map();
      for (const start of starts) if (start !== without) queue.push({ days: 0, rest: 0, time: 0, path: [2 * start], legs: [] });
      while (queue.size) {
        const reached = queue.pop(), node = reached.path[reached.path.length - 1] >> 1;
        if (found.has(node)) continue;
        found.set(node, reached);
        for (const [target, steps] of outgoing.get(node) || []) {
          if (found.has(target) || target === without) continue;
          const step = rk.openStep(steps, reached.time, age);
          if (step) queue.push(further(reached, step, 2 * target));
        }
      }
      return { found, entries: [...begin].map((e) => found.get(e)).filter(Boolean).sort(rk.byCost) };
    }
    const further = (reached, step, at) => ({
      days: reached.days + step.days, rest: reached.rest + step.rest, time: reached.time + step.time,
      path: [...reached.path, at], legs: [...reached.legs, step.leg],
    });

    const whole = tree(null), around = new Map();
    function without(node) {
      if (!around.has(node)) around.set(node, tree(node));
      return around.get(node);
    }

    function toOfferings(ends) {
      const fitting = new Set(ends.map((o) => o.number));
      let best = null;
      const least = { days: 0, rest: 0, time: 0, path: [], legs: [] };
      function take(reached, leg) {
        if (leg.total.closed) return true;
        const step = rk.step(leg, "expected");
        if (best && (reached.days + step.days > best.days)) return true;
        if (!rk.openStep([step], reached.time, age)) return false;
        const way = further(reached, step, 2 * leg.target + 1);
        const tie = best && rk.byCost(way, best);
        if (!best || tie < 0 || (tie === 0 && rk.compared(step.path, best.last.path) < 0)) best = { ...way, last: step };
        return true;
      }
      for (const o of ends) {
        if (starts.includes(o.node)) take(least, network.alreadyThere(o));
        const pastNot = (reached, from) => (reached && reached.path.includes(2 * o.node) ? without(o.node).found.get(from) : reached);
        for (const hop of into.get(o.node) || []) {
          if (hop.offering >= 0 && hop.offering !== o.number && fitting.has(hop.offering) && here.offerings.get(hop.offering).node === o.node) continue;
          const reached = pastNot(whole.found.get(hop.source), hop.source);
          if (reached) take(reached, network.leg(hop, o));
        }
        if (!network.free(o)) continue;
        for (const entry of whole.entries) {
          const from = entry.path[entry.path.length - 1] >> 1;
          const reached = from === o.node ? null : pastNot(entry, from);
          /* the entries come in order: the first that is open on arrival is the best, but for one that had to go around */
          if (reached && take(reached, network.leg(rk.impliedHop(from, o.node, o.number), o)) && reached === entry) break;
        }
      }
      return best;
    }

    return function (goals) {
      let best = null;
      const ends = [];
      for (const goal of goals) {
        if (goal.level !== null || goal.offering !== null) ends.push(...network.ends(goal, network.ages));
        else {
          const reached = whole.found.get(goal.node);
          if (reached && (!best || rk.byCost(reached, best) < 0)) best = reached;
        }
      }
      return ends.length ? toOfferings(ends) : best;
    };
  };
})();
