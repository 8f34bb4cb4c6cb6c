"use strict";
/* A municipality in which something is otherwise: a route more, another wait, a stop. What graph/altering says, on a copy:
   the facts of the page stay what they are. */
(function () {
  const told = rk.data.whatif;
  const WEEK = 7;
  const REGISTRATION = "aanmeldwachttijd";
  const firstOffering = rk.data.holds.length, firstRoute = firstOffering + rk.data.offered_by.length;
  const routeIds = rk.data.routes.map((_, i) => rk.data.ids[firstRoute + i].slice("route:".length));

  /** @typedef {{from: string, to: string}} AddRoute the ends as they are stored
   *  @typedef {{on: string, weeks: number?}} NewWait a partner or offering; null: a stop
   *  @typedef {AddRoute | NewWait} Alteration */

  rk.REFERRAL = "verwijzing";
  rk.DIRECT = "rechtstreekse-toegang";
  const isPartner = (endpoint) => !endpoint.includes(":");
  const isRole = (endpoint) => endpoint.startsWith("rol:");
  const isOffering = (endpoint) => endpoint.startsWith("aanbod:");

  /** The municipality after some alterations: routes first, then waits of partners, then waits of offerings.
   *  @param {object} here of rk.locale @param {Alteration[]} alterations */
  rk.altered = function (here, alterations) {
    const after = { ...here, hops: here.hops.map((hop) => ({ ...hop, legs: new Map() })), entries: [...here.entries], asked: new Map(), instead: new Map() };
    for (const { from, to } of alterations.filter((a) => a.from)) addRoute(after, from, to);
    numberRoutes(after);
    const waits = alterations.filter((a) => a.on);
    for (const { on, weeks } of [...waits.filter((a) => !isOffering(a.on)), ...waits.filter((a) => isOffering(a.on))]) replaceWaits(after, on, weeks);
    return after;
  };

  /* --- routes ------------------------------------------------------------------------------------ */
  /* Whether two partners state a step themselves: what is stated of their roles does not hold between them then. */
  function stated(hop) {
    if (hop.derived) return false;
    const ends = hop.supposed ? hop.supposed.ends : rk.data.routes[hop.route - firstRoute];
    return ends.every((end) => end >= 0 && end < firstOffering);
  }

  /* A referral without conditions or decision, beside what is there. Between two partners it would silence what is stated
     of their roles: those steps become steps of their own. */
  function addRoute(after, from, to) {
    const ends = [from, to].map((end) => (rk.number.has(end) ? rk.number.get(end) : -1));
    const ofRole = isRole(from) || isRole(to), itself = rk.nodeOf.get(from) === rk.FAMILY;
    const [starts, targets] = [rk.nodesOf(after, from), rk.nodesOf(after, to)];
    if (isPartner(from) && isPartner(to) && starts.length && targets.length) {
      const [[start]] = starts, [[target]] = targets;
      after.hops = after.hops.map((hop) => (hop.derived && hop.source === start && hop.target === target ? writtenOut(hop, from, to, ends) : hop));
    }
    const made = [];
    for (const [source] of starts) {
      for (const [target, offering] of targets) {
        if (source === target || (ofRole && after.hops.some((hop) => hop.source === source && hop.target === target && stated(hop)))) continue;
        made.push({
          source, target, route: -1, kind: itself ? rk.DIRECT : rk.REFERRAL, offering, when: -1, handover: itself ? 0 : told.handover, given: true,
          decision: false, derived: ofRole, warm: false, legs: new Map(), supposed: { id: `wat-als:${from}:${to}`, ends, said: -1 },
        });
      }
    }
    const reached = new Set(itself ? made.map((hop) => hop.target) : []);
    const implied = (hop) => hop.route < 0 && !hop.supposed && hop.source === rk.FAMILY && reached.has(hop.target);
    after.hops = [...after.hops.filter((hop) => !implied(hop)), ...made];
    for (const { source } of made) {
      if (isRole(rk.nodeIds[source]) && rk.isEntry(source) && !after.entries.includes(source)) after.entries.push(source);
    }
  }

  function writtenOut(hop, from, to, ends) {
    const [id, was] = hop.supposed ? [hop.supposed.id, hop.supposed.ends] : [routeIds[hop.route - firstRoute], rk.data.routes[hop.route - firstRoute]];
    const end = was[1] >= firstOffering && was[1] < firstRoute ? was[1] : ends[1];
    return { ...hop, route: -1, derived: false, supposed: { id: `${id}>${from}>${to}`, ends: [ends[0], end], said: hop.route } };
  }

  /* Supposed routes get numbers between those that are registered, in the order of the ids: by these equally good steps are
     told apart. A step of roles that became one of its own keeps the waits of its route. */
  function numberRoutes(after) {
    const ids = [...new Set(after.hops.filter((hop) => hop.supposed).map((hop) => hop.supposed.id))].sort((a, b) => (a < b ? -1 : 1));
    const numbers = new Map(ids.map((id, i) => [id, firstRoute + routeIds.filter((known) => known < id).length - 1 + (i + 1) / (ids.length + 1)]));
    for (const hop of after.hops.filter((h) => h.supposed)) {
      hop.route = numbers.get(hop.supposed.id);
      if (hop.supposed.said >= 0) after.instead.set(hop.route, rk.waitsOn(after, hop.supposed.said));
    }
  }

  /* --- waits ---------------------------------------------------------------------------------------- */
  /* Whole days, halves to the even one, as Python rounds. */
  function rounded(days) {
    const down = Math.floor(days), rest = days - down;
    return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
  }

  /* One statement takes the place of all waits until the first appointment at a subject, its offerings and routes to it. */
  function replaceWaits(after, on, weeks) {
    const subject = rk.number.get(on), ends = new Set([subject]);
    if (!isOffering(on)) rk.data.offered_by.forEach((partner, i) => partner === subject && ends.add(firstOffering + i));
    const routes = rk.data.routes.flatMap(([, to], i) => (ends.has(to) ? [firstRoute + i] : []));
    const own = after.hops.filter((hop) => hop.supposed && ends.has(hop.supposed.ends[1])).map((hop) => hop.route);
    for (const number of [...ends, ...routes, ...own]) {
      const said = rk.waitsOn(after, number), kept = said.filter((row) => row.kind !== REGISTRATION);
      if (kept.length < said.length) after.instead.set(number, kept);
    }
    const days = weeks === null ? null : rounded(weeks * WEEK);
    after.instead.set(subject, [...rk.waitsOn(after, subject), {
      kind: REGISTRATION, state: weeks === null ? 1 : 0, low: days, expected: days, high: days, median: null, p90: null, asOf: -1, day: null,
      outdated: false, when: -1, where: -1, written: "", row: -1, derived: false, themed: false, aged: false,
    }]);
  }

  /* --- what becomes of every kind of child ------------------------------------------------------------ */
  const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);

  /** @typedef {{low: number, expected: number, high: number?, unknown: number, waits: number}} Outcome days; how many waits are unknown */
  /** @returns {Outcome?} */
  function outcome(reached) {
    if (!reached) return null;
    const { legs } = reached, highs = legs.map((leg) => leg.total.high);
    return {
      low: sum(legs.map((leg) => rk.daysOf(leg, "low"))),
      expected: sum(legs.map((leg) => rk.daysOf(leg, "expected"))),
      high: highs.includes(null) ? null : sum(highs),
      unknown: legs.filter((leg) => leg.wait.assumed).length,
      waits: legs.length,
    };
  }

  /* Ages are tested at the beginning, as what-if does: else whoever arrives sooner can be too young there, and a route more
     would take a way away. */
  const atEntry = (here, child) => rk.networkOf(rk.profile(here, child.age, child.themes[0]), false);

  /** Per child, per level of rk.LIGHT_TO_HEAVY, the fastest way (null: none) from a start (as stored; "": any entry);
   *  in steps, one for each child. @returns {Generator<number, (Outcome?)[][]>} */
  rk.outcomes = function* (here, start, children) {
    const found = [], starts = rk.startsOf({ start }, here);
    for (const child of children) {
      const fastest = rk.fastest(atEntry(here, child), starts);
      found.push(rk.LIGHT_TO_HEAVY.map((level) => outcome(fastest([{ node: null, level, offering: null }]))));
      yield found.length;
    }
    return found;
  };

  /** From each entry by itself: [entry, how the children differ, all levels together] where any does, as they are found out;
   *  ``kept`` remembers what was, by entry. @returns {Generator<{done: number, of: number}, [string, object][]>} */
  rk.fromEach = function* (here, changed, children, kept) {
    const entries = changed.entries.map((node) => rk.nodeIds[node]), found = [];
    for (const [done, entry] of entries.entries()) {
      yield { done, of: entries.length };
      const passed = function* (place) {
        const work = rk.outcomes(place, entry, children);
        for (let step = work.next(); ; step = work.next()) {
          if (step.done) return step.value;
          yield { done, of: entries.length };
        }
      };
      if (!kept.has(entry)) kept.set(entry, yield* passed(here));
      const counts = rk.differences(children, kept.get(entry), yield* passed(changed));
      if (rk.DIFFERENCES.some((kind) => counts[kind])) found.push([entry, counts]);
    }
    return found;
  };

  /** Why a child has no way to a level. */
  rk.whyNot = (here, start, child, level) =>
    rk.reasonOf({ start, goal: "" }, here, atEntry(here, child), level);

  /* --- how that differs --------------------------------------------------------------------------------- */
  const EXACT = 1e-6; /* days */
  rk.DIFFERENCES = ["quicker", "slower", "newly", "lost", "other"];
  /** How an outcome differs from what it was. */
  rk.differs = function (was, is) {
    if (!was || !is) return was ? "lost" : is ? "newly" : "same";
    const apart = is.expected - was.expected, equal = (one, other) => one === other || (one !== null && other !== null && Math.abs(one - other) < EXACT);
    if (equal(was.low, is.low) && equal(was.expected, is.expected) && equal(was.high, is.high)) return "same";
    /* where only what was assumed differs, and where only the range does, nobody knows */
    if (rk.isAssumed(was) || rk.isAssumed(is) || Math.abs(apart) < EXACT) return "other";
    return apart < 0 ? "quicker" : "slower";
  };
  rk.isAssumed = (outcome) => outcome.waits > 0 && outcome.unknown === outcome.waits;

  const counts = () => Object.fromEntries([...rk.DIFFERENCES, "same"].map((kind) => [kind, 0]));
  /** Kinds of families by how they differ: at one level (by place), or at all levels together. */
  rk.differences = function (children, was, is, level) {
    const found = counts();
    const levels = level === undefined ? rk.LIGHT_TO_HEAVY.keys() : [level];
    for (const at of levels) children.forEach((child, i) => (found[rk.differs(was[i][at], is[i][at])] += child.themes.length));
    return found;
  };
})();
