"use strict";
/* Weeks, waits and ages in words: as cli/wording.py says them beside a route, and visualisations/wording.py in a list. */
(function () {
  const WEEK = 7;
  const facts = rk.data.finder;

  /** A sentence that the command line says too. */
  rk.told = function (key, values) {
    return rk.filled(rk.data.answers[key], values);
  };

  /* A number (not below 0) with 0 or 1 decimals, halves to the even digit, as Python writes it. */
  function fixed(x, digits) {
    /* of numbers with a binary fraction only quarters (of tenths) and halves (of whole ones) lie in the middle */
    const middle = digits ? x % 0.5 === 0.25 : x % 1 === 0.5;
    if (!middle) return x.toFixed(digits);
    const scale = 10 ** digits, down = Math.floor(x * scale);
    return ((down % 2 ? down + 1 : down) / scale).toFixed(digits);
  }
  const decimal = (text) => text.replace(/\.0+$/, "").replace(".", rk.told("cli.decimal"));

  /** Days as weeks: whole weeks from ten weeks on and where they are (nearly) whole, else one decimal. */
  rk.weeks = function (days) {
    if (days === null) return "…";
    const weeks = days / WEEK;
    const whole = (weeks >= 2 && Math.abs(weeks - Math.round(weeks)) < 0.05) || weeks >= 10;
    return decimal(fixed(weeks, whole ? 0 : 1));
  };
  rk.counted = (what, number) => rk.told(`count.${what}_${String(number) === "1" ? "one" : "more"}`, { number });
  rk.inWeeks = (days) => rk.counted("weeks", rk.weeks(days));
  rk.range = (low, high) => (high === null ? rk.told("or_longer", { low: rk.weeks(low) }) : `${rk.weeks(low)}–${rk.weeks(high)}`);
  /** Months as years: 14, or 17,75. */
  rk.years = (months) => decimal(String(Math.round((months / 12) * 100) / 100));
  rk.date = (asOf) => (asOf < 0 ? rk.told("undated") : facts.dates[asOf][1]);

  /** A wait beside a route: what is expected, and the range. */
  rk.waitOnWay = function (wait) {
    if (wait.closed) return rk.told("wait.closed");
    if (wait.assumed && wait.outdated) return rk.told("wait.outdated", { written: wait.written || "?", as_of: rk.date(wait.asOf) });
    if (wait.assumed) return rk.told("wait.unknown");
    if (wait.low === 0 && wait.high === 0 && wait.expected === 0) return rk.told("wait.none");
    if (wait.low === wait.high) return rk.told("wait.weeks", { weeks: rk.inWeeks(wait.expected) });
    return rk.told("wait.range", { weeks: rk.inWeeks(wait.expected), range: rk.range(wait.low, wait.high) });
  };

  /** How a wait is shown in a list: oud, stop, onbekend, geen or weken. */
  rk.stateOf = function (wait) {
    if (wait.outdated) return "oud";
    if (wait.closed) return "stop";
    if (wait.assumed) return "onbekend";
    return wait.high === 0 ? "geen" : "weken";
  };

  const figure = (days) => decimal(fixed(days / WEEK, 1));
  const weeks = (days) => (figure(days) === "1" ? rk.told("map.wait.week") : rk.told("map.wait.weeks", { n: figure(days) }));
  function span(low, high) {
    if (low === null) return rk.say("unknown");
    if (high === null) return rk.told("map.wait.at_least", { weeks: weeks(low) });
    if (high === 0) return rk.told("map.wait.none");
    return figure(low) === figure(high) ? weeks(low) : rk.told("map.wait.range", { low: figure(low), high: weeks(high) });
  }

  /** A wait in a list of offerings: the range, as of when. */
  rk.waitInList = function (wait) {
    const dated = (said) => (wait.asOf < 0 ? said : rk.told("map.wait.dated", { wait: said, date: rk.date(wait.asOf) }));
    if (wait.outdated) {
      const date = wait.asOf < 0 ? rk.say("unknown") : rk.date(wait.asOf);
      return rk.told("map.wait.outdated", { old: wait.written || rk.say("unknown"), date });
    }
    if (wait.closed) return dated(rk.told("map.wait.closed"));
    if (wait.assumed) return rk.told("map.wait.unknown");
    const said = span(wait.low, wait.high);
    return dated(wait.derived ? rk.told("map.wait.derived", { wait: said }) : said);
  };

  const themes = new Map(facts.themes.map(([slug, label]) => [slug, label]));
  /** A child in words: "Ede, 14 jaar, angst en somberheid". */
  rk.childSaid = (name, age, theme) =>
    [name, age === null ? "" : rk.told("years", { years: rk.years(age) }), theme === null ? "" : themes.get(theme)].filter(Boolean).join(", ");
  rk.themeSaid = (slug) => themes.get(slug) || slug;
  const levels = new Map(facts.levels);
  rk.levelSaid = (level) => levels.get(level) || "";

  /** The name of a station; a role that nobody is known to hold says so. */
  rk.stationSaid = function (node, here) {
    const number = facts.nodes[node];
    const id = rk.nodeIds[node];
    if (!id.startsWith("rol:")) return rk.name(number);
    const label = typeof number === "number" ? rk.name(number) : facts.roles[id];
    return node === rk.FAMILY ? label : rk.say("role_in", { role: label, name: here.name });
  };
})();
