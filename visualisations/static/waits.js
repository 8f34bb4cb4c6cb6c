"use strict";
/* What holds in a municipality for a child: offerings, steps and waits, as graph/locale.py and graph/waits.py say it.
   Days; ages in months. Stations are counted in the order of their ids; offerings, routes and what a wait is on carry
   the number that they have everywhere in the page (rk.data.ids); -1 stands for nothing. */
(function () {
  const facts = rk.data.finder;
  const WEEK = 7;
  const GENERAL = "algemeen";
  const COUNT = rk.data.ids.length + 1;
  const FIRST = rk.data.holds.length; /* the number of the first offering: partners come before it */

  /** @typedef {{kind: string, low: number?, expected: number?, high: number?, median: number?, p90: number?, asOf: number,
   *  outdated: boolean, assumed: boolean, closed: boolean, derived: boolean, written: string, known: boolean, rows: number[]}} Wait
   *  days; high null: or longer; asOf counts rk.data.finder.dates; rows are those of the table of waits */
  /** @typedef {{source: number, target: number, route: number, kind: string, offering: number, when: number, handover: number,
   *  given: boolean, decision: boolean, derived: boolean, warm: boolean, legs: Map<Wait, object>}} Hop legs were made of it for some child */
  /** @typedef {{number: number, node: number, level: number?, access: number, when: number, name: number, ownArea: boolean,
   *  safe: boolean, near: number}} Offering */

  rk.nodeIds = facts.nodes.map((n) => (typeof n === "number" ? rk.data.ids[n] : n));
  rk.nodeOf = new Map(rk.nodeIds.map((id, node) => [id, node]));
  rk.NEARNESS = ["hier", "online", "elders", "onbekend"];
  rk.FAMILY = rk.nodeOf.get("rol:gezin");
  const SAFETY = rk.number.get("rol:veiligheid");
  const themes = new Map(facts.themes.map(([slug, , broader]) => [slug, broader]));
  const routes = rk.once(() => new Map(facts.routes.map((route) => [route[0], route])));

  /* --- waits as they are registered ------------------------------------------------------------- */
  const rows = rk.once(function () {
    const found = new Map();
    for (const [on, kind, state, low, expected, high, median, p90, asOf, outdated, when, where, written, row] of facts.waits) {
      const wait = { kind, state, low, expected, high, median, p90, asOf, outdated: !!outdated, when, where, written, row };
      wait.derived = rk.data.ids[on].startsWith("rol:");
      wait.themed = facts.conditions[when][0].length > 0;
      wait.aged = facts.conditions[when][1] !== null || facts.conditions[when][2] !== null;
      wait.day = asOf < 0 ? null : facts.dates[asOf][2];
      if (!found.has(on)) found.set(on, []);
      found.get(on).push(wait);
    }
    return found;
  });

  /** The waits that are registered on something here, as far as an answer can still be computed with them; `instead` are
      other ones that are only supposed (supposing.js). */
  rk.waitsOn = (here, number) => (here.instead && here.instead.get(number)) || rows().get(number) || [];

  const NOTHING = { low: null, expected: null, high: null, median: null, p90: null };
  const unsaid = { asOf: -1, outdated: false, assumed: false, closed: false, derived: false, written: "", rows: [] };
  const [low, high] = facts.unknown.map((weeks) => weeks * WEEK);
  const UNKNOWN = { ...NOTHING, low, expected: ((facts.unknown[0] + facts.unknown[1]) / 2) * WEEK, high };

  /** @returns {Wait} */
  const wait = (kind, ...parts) => {
    const made = Object.assign({ kind, ...NOTHING, ...unsaid }, ...parts);
    made.known = !made.assumed;
    return made;
  };
  const joined = (texts) => [...new Set(texts.filter(Boolean))].join("; ");

  /* Of several statements the latest; per set of conditions where the question leaves age or theme open. */
  function latest(found, open) {
    if (found.length === 1) return found;
    const newest = new Map();
    const series = (row) => (open ? row.when : 0);
    for (const row of found) {
      const before = newest.get(series(row));
      if (before === undefined || (row.day !== null && (before === null || row.day > before))) newest.set(series(row), row.day);
    }
    return found.filter((row) => row.day === newest.get(series(row)));
  }

  /* One wait out of statements that hold together: a range where they differ. */
  function combined(found, kind) {
    const numbers = found.filter((row) => row.state === 0);
    const said = {
      asOf: Math.max(...found.map((row) => row.asOf)),
      outdated: found.some((row) => row.outdated),
      derived: found[0].derived,
      written: joined(found.map((row) => row.written)),
      rows: found.map((row) => row.row),
    };
    if (!numbers.length) {
      const closed = found.some((row) => row.state === 1);
      return wait(kind, closed ? { closed } : { ...UNKNOWN, assumed: true }, said);
    }
    const expected = numbers.map((row) => row.expected), highs = numbers.map((row) => row.high);
    const spread = numbers.length === 1 && numbers[0].median !== null && numbers[0].p90 !== null;
    return wait(kind, said, {
      low: Math.min(...numbers.map((row) => row.low)),
      expected: (Math.min(...expected) + Math.max(...expected)) / 2,
      high: highs.includes(null) ? null : Math.max(...highs),
      median: spread ? numbers[0].median * WEEK : null,
      p90: spread ? numbers[0].p90 * WEEK : null,
    });
  }

  /** Two waits one after the other; closed when either is, distribution dropped. */
  rk.added = function (first, second) {
    const closed = first.closed || second.closed;
    const total = (one, other) => (closed || one === null || other === null ? null : one + other);
    const dates = [first.asOf, second.asOf].filter((date) => date >= 0);
    return wait("totaal", {
      low: total(first.low, second.low),
      expected: total(first.expected, second.expected),
      high: total(first.high, second.high),
      asOf: dates.length ? Math.min(...dates) : -1,
      outdated: first.outdated || second.outdated,
      assumed: first.assumed || second.assumed,
      closed,
      derived: first.derived || second.derived,
      written: [first.written, second.written].filter(Boolean).join("; "),
      rows: [...first.rows, ...second.rows],
    });
  };
  /** A wait with a number of days added. */
  rk.plus = function (found, days) {
    if (!days || found.closed) return found;
    const shifted = (value) => (value === null ? null : value + days);
    return { ...found, low: shifted(found.low), expected: shifted(found.expected), high: shifted(found.high), median: shifted(found.median), p90: shifted(found.p90) };
  };

  /* --- a municipality ---------------------------------------------------------------------------- */
  const locales = new Map();
  /** What holds in a municipality, whoever asks. @param {number} place its number */
  rk.locale = function (place) {
    if (!locales.has(place)) locales.set(place, locale(place));
    return locales.get(place);
  };

  function locale(place) {
    const view = rk.data.municipalities[place], here = view.finder;
    const serve = new Set(here.serve);
    const holders = new Map();
    for (const node of here.serve) {
      for (const role of rk.data.holds[facts.nodes[node]]) {
        if (!holders.has(role)) holders.set(role, []);
        holders.get(role).push(node);
      }
    }
    const safe = new Set(holders.get(SAFETY));
    /** @type {Map<number, Offering>} */
    const offerings = new Map();
    view.groups.flatMap(([, flat]) => flat.filter((_, i) => i % 4 === 0)).forEach((number, i) => {
      const [node, level, access, when, name, ownArea] = facts.offerings[number - FIRST];
      const near = here.near[i];
      offerings.set(number, { number, node, level: level < 0 ? null : level, access, when, name, ownArea: !!ownArea, safe: safe.has(node), near });
    });
    const hops = [];
    for (let i = 0; i < here.hops.length; i += 3) hops.push(hop(here.hops[i], here.hops[i + 1], here.hops[i + 2]));
    return { place, name: view.name, serve, holders, offerings, hops, entries: here.entries, decision: here.decision, asked: new Map() };
  }

  /** @returns {Hop} */
  function hop(source, target, route) {
    if (route < 0) return rk.impliedHop(source, target, -1);
    const [, kind, offering, when, handover, flags] = routes().get(route);
    return { source, target, route, kind: facts.kinds[kind], offering, when, handover, given: !!(flags & 1), decision: !!(flags & 2), derived: !!(flags & 4), warm: !!(flags & 8), legs: new Map() };
  }
  /** A step that needs no registration: the family to the access or to a free offering. */
  rk.impliedHop = (source, target, offering) => ({
    source, target, route: -1, kind: "rechtstreekse-toegang", offering, when: -1, handover: 0, given: false, decision: false, derived: true, warm: false, legs: new Map(),
  });

  /** Where an endpoint (as it is stored) is here: stations, each with the offering meant or -1. */
  rk.nodesOf = function (here, endpoint) {
    const number = rk.number.get(endpoint), node = rk.nodeOf.get(endpoint);
    if (endpoint.startsWith("rol:")) {
      const held = node === rk.FAMILY ? [] : here.holders.get(number) || [];
      return (held.length ? held : node === undefined ? [] : [node]).map((n) => [n, -1]);
    }
    if (endpoint.startsWith("aanbod:")) {
      const offering = here.offerings.get(number);
      return offering && (here.serve.has(offering.node) || offering.node === node) ? [[offering.node, number]] : [];
    }
    return here.serve.has(node) ? [[node, -1]] : [];
  };

  /* What is known of a wait, kept by the municipality: what it is on, the conditions of the statements there, and the
     answers, one for each way in which these conditions hold. */
  function inquiry(here, on, key) {
    if (!here.asked.has(key)) {
      const said = on().filter((n) => rk.waitsOn(here, n).length);
      const whens = [...new Set(said.flatMap((n) => rk.waitsOn(here, n)).filter((row) => row.themed || row.aged).map((row) => row.when))];
      here.asked.set(key, { on: said, whens, answers: new Map() });
    }
    return here.asked.get(key);
  }

  /* What may say how long one waits at a station, most specific first. */
  function subjects(here, node, offering, route) {
    const found = [route, offering].filter((n) => n >= 0);
    const number = facts.nodes[node];
    if (here.serve.has(node)) found.push(number, ...rk.data.holds[number]);
    else if (rk.nodeIds[node].startsWith("rol:")) found.push(number);
    return found;
  }

  /* --- a child in a municipality ------------------------------------------------------------------ */
  /** What holds for a child. @param {number?} age months @param {string?} theme slug; null where the question leaves it open */
  rk.profile = function (here, age, theme) {
    const asked = theme === null ? null : themes.get(theme) || [theme];
    const about = facts.conditions.map(([given]) => asked === null || !given.length || given.includes(GENERAL) || asked.some((t) => given.includes(t)));
    const young = facts.conditions.map(([, from]) => age !== null && from !== null && age < from);
    const old = facts.conditions.map(([, , until]) => age !== null && until !== null && age >= until);
    const of = (list, when) => when >= 0 && list[when];
    const open = (theme === null ? 2 : 0) + (age === null ? 1 : 0);

    /* One object for all children for whom the same statements hold: what is made of it can be kept too. */
    function remembered({ on, whens, answers }, ask) {
      let key = String(open);
      for (const when of whens) key += about[when] && !young[when] && !old[when] ? 1 : 0;
      if (!answers.has(key)) answers.set(key, ask(on));
      return answers.get(key);
    }

    function applying(subject) {
      return rk.waitsOn(here, subject).filter((row) => (row.where < 0 || facts.areas[row.where].includes(here.place)) && profile.about(row.when) && profile.ageFits(row.when));
    }

    function best(of_, kind) {
      const found = [];
      of_.forEach((subject, place) => {
        for (const row of applying(subject)) {
          if (row.kind !== kind) continue;
          /* what is asked: the more specific first; what is left open: the general first */
          const rank = (row.themed === (theme === null) ? 4 : 0) + (row.where < 0 ? 2 : 0) + (row.aged === (age === null) ? 1 : 0);
          found.push({ row, rank: place * 8 + rank });
        }
      });
      const first = (ranked) => {
        const least = Math.min(...ranked.map((r) => r.rank));
        return latest(ranked.filter((r) => r.rank === least).map((r) => r.row), open > 0);
      };
      const current = found.filter((r) => !r.row.outdated);
      if (current.length) return combined(first(current), kind);
      if (!found.length) return wait(kind, UNKNOWN, { assumed: true });
      /* the old value that tells most: a dated one before an undated one */
      const dated = found.filter((r) => r.row.asOf >= 0);
      const old_ = first(dated.length ? dated : found);
      return wait(kind, UNKNOWN, { assumed: true, outdated: true, asOf: old_[0].asOf, written: joined(old_.map((r) => r.written)), rows: old_.map((r) => r.row) });
    }

    /* Referral to first appointment; only a total known: anything from 0 to that total. */
    function registration(of_) {
      const said = best(of_, "aanmeldwachttijd");
      if (said.known) return said;
      const total = best(of_, "totaal");
      if (!total.known) return said;
      return total.closed ? total : { ...total, low: 0, expected: total.expected === null ? null : total.expected / 2, median: null, p90: null };
    }

    function decision(of_) {
      const said = best(of_, "besluit");
      if (said.known) return said;
      const [first, last] = facts.unknown_decision;
      return { ...said, low: first * WEEK, expected: ((first + last) / 2) * WEEK, high: last * WEEK };
    }

    const profile = {
      here, age, theme,
      about: (when) => when < 0 || about[when],
      ageFits: (when) => !of(young, when) && !of(old, when),
      notTooOld: (when) => !of(old, when),
      /** The wait at a station: of an offering there, or over a route, where these say something of their own. @returns {Wait} */
      waitAt: (node, offering, route) =>
        remembered(inquiry(here, () => subjects(here, node, offering, route), (node * COUNT + offering + 1) * COUNT + route + 1), registration),
      /** The wait for the decision of the municipality. @returns {Wait} */
      decision: () => remembered(inquiry(here, () => [facts.nodes[here.decision]], "decision"), decision),
      /** The offerings that fit, of a level (null: any). @returns {Offering[]} */
      fitting: (level, ages) => [...here.offerings.values()].filter((o) => (level === null || o.level === level) && about[o.when] && ages(o.when)),
    };
    return profile;
  };
})();
