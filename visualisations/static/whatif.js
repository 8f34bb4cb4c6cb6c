"use strict";
/* The view Wat als: proposals, routes and waits to switch on, and what becomes of every kind of family then. What is on
   lives here, per municipality, and nowhere else. */
(function () {
  const told = rk.data.whatif, facts = rk.data.finder;
  const FIRST = 40; /* lines of who notices; the rest on asking */
  const MOST_WEEKS = 260;
  const KINDS = rk.DIFFERENCES;
  const say = (key, values) => rk.filled(told.say[key], values);
  const p = (text, cls) => rk.make("p", { text, cls });
  const place = () => rk.data.municipalities.findIndex((m) => m.code === rk.state.gemeente);

  /* --- what is on ------------------------------------------------------------------------------- */
  const kept = new Map(); /* place → proposals that are on, alterations of one's own, where families begin, and what was worked out */
  const now = () => {
    if (!kept.has(place())) kept.set(place(), { on: new Set(), own: [], begin: "", before: new Map(), alone: new Map() });
    return kept.get(place());
  };
  const nameOf = (alteration) => {
    if (alteration.from) return say("route_on", { from: rk.endpointSaid(alteration.from), to: rk.endpointSaid(alteration.to) });
    const name = subjectSaid(alteration.on);
    return alteration.weeks === null ? say("stop_on", { name }) : say("wait_on", { name, weeks: rk.inWeeks(alteration.weeks * 7) });
  };
  function subjectSaid(id) {
    const at = rk.number.get(id) - rk.data.holds.length, partner = id.startsWith("aanbod:") ? rk.data.offered_by[at] : -1;
    return partner < 0 ? rk.endpointSaid(id) : say("wait_of", { offering: rk.endpointSaid(id), partner: rk.name(partner) });
  }
  const proposed = (row) => {
    const [, , from, to] = told.proposals.find((one) => one[0] === row);
    return { from, to };
  };
  const switchedOn = () => [...[...now().on].map(proposed), ...now().own].filter((one, i, all) => all.findIndex((other) => nameKey(other) === nameKey(one)) === i);
  const nameKey = (alteration) => JSON.stringify(alteration);

  /* --- the form ------------------------------------------------------------------------------------ */
  const option = (value, text) => rk.make("option", { value, text });
  const group = (label, ids, said) => {
    const sorted = ids.map((id) => [id, (said || rk.endpointSaid)(id)]).sort((a, b) => a[1].localeCompare(b[1], rk.data.lang));
    return sorted.length ? [rk.make("optgroup", { label }, sorted.map(([id, text]) => option(id, text)))] : [];
  };

  function fill(here) {
    const partners = [...here.serve].map((node) => rk.nodeIds[node]);
    const roles = facts.entry.map((node) => rk.nodeIds[node]).filter((id) => id.startsWith("rol:"));
    const held = [...here.holders.keys()].map((number) => rk.data.ids[number]);
    const offerings = [...here.offerings.values()];
    const ids = offerings.map((o) => rk.data.ids[o.number]);
    const loose = offerings.map((o) => rk.data.ids[o.number]).filter((id, i) => rk.nodeIds[offerings[i].node] === id);
    const choice = () => option("", say("choice"));
    rk.byId("whatif-from").replaceChildren(choice(), ...group(rk.say("roles"), roles), ...group(rk.say("partners"), partners));
    rk.byId("whatif-to").replaceChildren(choice(), ...group(rk.say("partners"), partners), ...group(rk.say("roles"), held), ...group(rk.say("offerings"), ids, subjectSaid));
    rk.byId("whatif-at").replaceChildren(choice(), ...group(rk.say("partners"), partners), ...group(say("initiatives"), loose));
    const begins = here.entries.map((node) => rk.nodeIds[node]);
    rk.byId("whatif-begin").replaceChildren(
      option("", say("any_entry")), ...group(rk.say("roles"), roles), ...group(rk.say("partners"), begins.filter((id) => !id.startsWith("rol:"))));
    rk.byId("whatif-begin").value = now().begin;
    fillOfferings(here);
  }

  function fillOfferings(here) {
    const at = rk.byId("whatif-at").value, node = rk.nodeOf.get(at);
    const own = at.includes(":") ? [] : [...here.offerings.values()].filter((o) => o.node === node).map((o) => rk.data.ids[o.number]);
    const whole = option(at, at ? (at.startsWith("aanbod:") ? rk.endpointSaid(at) : say("everything")) : "");
    rk.byId("whatif-of").replaceChildren(whole, ...(at ? group(rk.say("offerings"), own) : []));
    registered(here);
  }

  /* What is registered of the wait that one is about to change. */
  const waitOf = (here, node, offering) => rk.waitInList(rk.profile(here, null, null).waitAt(node, offering, -1));
  function registered(here) {
    const of = rk.byId("whatif-of").value;
    const ends = of ? rk.nodesOf(here, of) : [];
    const all = of.includes(":") ? [] : ends.flatMap(([node]) => [...here.offerings.values()].filter((o) => o.node === node));
    const each = [...new Set(all.map((o) => `${rk.name(o.number)}: ${waitOf(here, o.node, o.number)}`))];
    const waits = each.length ? each : ends.map(([node, offering]) => waitOf(here, node, offering));
    rk.byId("whatif-now").textContent = waits.length ? say("now", { wait: waits.join("; ") }) : "";
  }

  function proposals(here) {
    const mine = told.proposals.filter(([, at]) => at === here.place);
    rk.byId("whatif-none").hidden = mine.length > 0;
    rk.byId("whatif-proposals").replaceChildren(...mine.map(([row, , from, to]) => {
      const box = rk.make("input", { type: "checkbox", id: "whatif-" + row, "aria-describedby": `whatif-${row}-note` });
      box.checked = now().on.has(row);
      box.addEventListener("change", () => {
        if (box.checked) now().on.add(row);
        else now().on.delete(row);
        compute();
      });
      const title = rk.byId("rows-meeting-proposals").tBodies[0].rows[row].cells[2].textContent;
      const ends = rk.nodesOf(here, to), works = ends.length && rk.nodesOf(here, from).length;
      const wait = [...new Set(ends.map(([node, offering]) => waitOf(here, node, offering)))].join("; ");
      const itself = from === "rol:gezin";
      const handover = itself ? 0 : told.handover;
      const note = say(!works ? "not_here" : handover ? "proposal" : "proposal_now", { kind: rk.data.kinds[itself ? rk.DIRECT : rk.REFERRAL], handover: rk.inWeeks(handover), wait });
      return rk.make("li", {}, [
        rk.make("label", { cls: "choice", for: box.id }, [box, rk.make("span", { text: title })]),
        rk.make("p", { cls: "note", id: `whatif-${row}-note`, text: note }),
      ]);
    }));
  }

  function own() {
    const section = rk.byId("whatif-own"), list = section.querySelector("ul");
    section.hidden = !now().own.length;
    list.replaceChildren(...now().own.map((alteration, i) => {
      const button = rk.make("button", { type: "button" }, [say("remove"), rk.make("span", { cls: "unseen", text: ": " + nameOf(alteration) })]);
      button.addEventListener("click", () => {
        now().own.splice(i, 1);
        own();
        (list.querySelectorAll("button")[Math.min(i, now().own.length - 1)] || rk.byId("whatif-from")).focus();
        compute();
      });
      return rk.make("li", {}, [rk.make("span", { text: nameOf(alteration) }), button]);
    }));
  }

  function complain(form, message, controls) {
    const wrong = rk.byId(`whatif-${form}-wrong`);
    wrong.hidden = !message;
    wrong.textContent = message ? say(message) : "";
    for (const control of rk.byId("whatif-" + form).querySelectorAll("select, input")) control.removeAttribute("aria-invalid");
    if (!message) return true;
    for (const control of controls) control.setAttribute("aria-invalid", "true");
    controls[0].focus();
    rk.announce(wrong.textContent);
    return false;
  }

  /* Another wait of the same subject takes the place of the one before. */
  function switchOn(alteration) {
    now().own = [...now().own.filter((one) => nameKey(one) !== nameKey(alteration) && !(alteration.on && one.on === alteration.on)), alteration];
    own();
    compute();
  }

  function addRoute() {
    const [from, to] = ["from", "to"].map((end) => rk.byId("whatif-" + end));
    const empty = [from, to].filter((control) => !control.value);
    if (!complain("route", empty.length ? "no_ends" : from.value === to.value ? "same_ends" : "", empty.length ? empty : [to])) return;
    switchOn({ from: from.value, to: to.value });
  }

  function addWait() {
    const [at, of, becomes, weeks] = ["at", "of", "becomes", "weeks"].map((name) => rk.byId("whatif-" + name));
    const stop = becomes.value === "stop", number = weeks.valueAsNumber;
    const wrong = !at.value ? "no_subject" : !stop && !(number >= 0 && number <= MOST_WEEKS) ? "no_number" : "";
    if (complain("wait", wrong, [at.value ? weeks : at])) switchOn({ on: of.value, weeks: stop ? null : number });
  }

  /* --- before and after ------------------------------------------------------------------------------ */
  function* working(here, alterations, begin) {
    const { before, alone } = now(), key = (one) => begin + nameKey(one);
    const children = rk.children({ age: null, theme: null }, here);
    const several = alterations.length > 1 ? alterations : [];
    const passes = (before.has(begin) ? 0 : 1) + 1 + several.filter((one) => !alone.has(key(one))).length;
    let past = 0;
    function* pass(place_) {
      const work = rk.outcomes(place_, begin, children);
      for (let step = work.next(); ; step = work.next()) {
        if (step.done) {
          past += children.length;
          return step.value;
        }
        yield { done: past + step.value, of: passes * children.length };
      }
    }
    if (!before.has(begin)) before.set(begin, yield* pass(here));
    const was = before.get(begin), changed = rk.altered(here, alterations);
    const is = yield* pass(changed);
    const each = [];
    for (const one of several) {
      if (!alone.has(key(one))) alone.set(key(one), rk.differences(children, was, yield* pass(rk.altered(here, [one]))));
      each.push({ name: nameOf(one), counts: alone.get(key(one)) });
    }
    return { here, changed, begin, children, was, is, each, alterations, lines: yield* linesOf({ here, changed, begin, children, was, is }) };
  }

  /* Who notices, as [level, from, until, themes, before, after, how it differs]: bands of ages and themes that say the same together. */
  function* linesOf({ here, changed, begin, children, was, is }) {
    const lines = new Map(), of = children.length * rk.LIGHT_TO_HEAVY.length;
    let done = 0;
    for (const [at, level] of rk.LIGHT_TO_HEAVY.entries()) {
      for (const [i, child] of children.entries()) {
        done += 1;
        const kind = rk.differs(was[i][at], is[i][at]);
        if (kind === "same") continue;
        const [before, after] = [[here, was], [changed, is]].map(([place_, all]) => time(all[i][at], () => rk.whyNot(place_, begin, child, level)));
        const key = JSON.stringify([level, kind, before, after, child.themes]), same = lines.get(key) || [];
        const last = same[same.length - 1];
        if (last && last.until === child.age) last.until = child.until;
        else lines.set(key, [...same, { level, kind, before, after, themes: child.themes, from: child.age, until: child.until }]);
        yield { done, of };
      }
    }
    const found = new Map();
    for (const line of [...lines.values()].flat()) {
      const key = JSON.stringify([line.level, line.kind, line.before, line.after, line.from, line.until]);
      if (found.has(key)) found.get(key).themes = [...found.get(key).themes, ...line.themes];
      else found.set(key, { ...line });
    }
    return [...found.values()].sort((a, b) => a.level - b.level || a.from - b.from || a.until - b.until);
  }

  function time(outcome, why) {
    if (!outcome) return rk.told("reason_short." + why().replaceAll(" ", "-"));
    const range = rk.range(outcome.low, outcome.high);
    if (rk.isAssumed(outcome)) return `${rk.say("unknown")} ${rk.say("time_assumed", { range })}`;
    const unknown = outcome.unknown ? `; ${rk.told("unknown_of", { unknown: outcome.unknown, total: outcome.waits })}` : "";
    return rk.inWeeks(outcome.expected) + (outcome.low === outcome.high ? "" : ` (${range})`) + unknown;
  }

  /* --- showing ------------------------------------------------------------------------------------------ */
  function table(name, title, about, columns, rows, numbers) {
    const heads = columns.map((column) => rk.make("th", { scope: "col", text: say(column) }));
    const cells = ([first, ...rest]) => rk.make("tr", {}, [
      rk.make("th", { scope: "row", text: String(first) }), ...rest.map((text) => rk.make("td", { text: String(text), cls: numbers ? "figure" : "" }))]);
    const id = `whatif-${name}-title`;
    const made = rk.make("table", { id: "whatif-" + name }, [rk.make("thead", {}, [rk.make("tr", {}, heads)]), rk.make("tbody", {}, rows.map(cells))]);
    return rk.make("section", { cls: "level" }, [
      rk.make("h4", { id, text: title }), about ? p(about, "lead") : null,
      rk.make("div", { cls: "scroll", tabindex: "0", role: "region", "aria-labelledby": id }, [made]),
    ]);
  }

  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const figures = (found) => [...KINDS, "same"].map((kind) => found[kind]);

  function noticed(lines) {
    const rows = lines.map((line) => [
      capital(rk.levelSaid(line.level)), say("ages", { from: rk.years(line.from), until: rk.years(line.until) }), line.themes.map(rk.themeSaid).join(", "),
      line.before, line.after, say(line.kind)]);
    const made = table("changed", say("changed"), say("changed_about"), ["level", "age", "themes", "before", "after", "change"], rows);
    const body = made.querySelector("tbody");
    if (rows.length > FIRST + 2) {
      body.classList.add("short");
      const more = rk.make("button", { type: "button", cls: "more", text: say("show_all", { n: rows.length }) });
      more.addEventListener("click", () => {
        body.classList.remove("short");
        made.querySelector(".scroll").focus();
        more.remove();
      });
      made.append(more);
    }
    return made;
  }

  function show({ here, begin, children, was, is, each, alterations, lines }) {
    const of = children.reduce((n, child) => n + child.themes.length, 0);
    const moved = (i) => rk.LIGHT_TO_HEAVY.some((_, at) => rk.differs(was[i][at], is[i][at]) !== "same");
    const n = children.reduce((sum, child, i) => sum + (moved(i) ? child.themes.length : 0), 0);
    const on = alterations.length === 1 ? say("on_one") : say("on_more", { n: alterations.length });
    const answer = n ? say("changes", { on, n, of }) : say("nothing_changes", { of });
    const levels = rk.LIGHT_TO_HEAVY.map((level, at) => [capital(rk.levelSaid(level)), ...figures(rk.differences(children, was, is, at))]);
    const all = rk.differences(children, was, is);
    const together = [...each.map(({ name, counts: found }) => [name, ...figures(found)]), [say("together"), ...figures(all)]];
    const unsure = [...was, ...is].some((levels_) => levels_.some((outcome) => outcome && outcome.unknown));
    const [low, high] = facts.unknown;
    result([
      p(answer, "answer"), p(say("counted"), "lead"),
      n ? table("levels", say("per_level"), "", ["level", ...KINDS, "same"], levels, true) : null,
      each.length ? table("each", say("each"), say("each_about"), ["what", ...KINDS, "same"], together, true) : null,
      begin ? null : rk.make("div", { id: "whatif-begins" }),
      lines.length ? noticed(lines) : null,
      rk.make("section", { cls: "assumed" }, [rk.make("h4", { text: rk.say("assumed") }), rk.make("ul", {}, [
        rk.make("li", { text: say("equal_waits") }), rk.make("li", { text: say("ages_at_entry") }), unsure ? rk.make("li", { text: say("unknown_waits", { low, high }) }) : null])]),
    ], here);
    rk.announce(say("announced", { name: here.name, changes: answer }));
  }

  function result(parts, here) {
    const title = here ? [rk.make("h3", { cls: "meeting-head", text: say("result", { name: here.name }) })] : [];
    rk.byId("whatif-result").replaceChildren(...title, ...parts.filter(Boolean));
  }

  /* A newer question stops what is being worked out. */
  let running = 0;
  function compute() {
    const mine = (running += 1), here = rk.locale(place()), alterations = switchedOn(), box = rk.byId("whatif-result");
    box.removeAttribute("aria-busy");
    if (!alterations.length) {
      result([p(say("nothing_on"))], here);
      if (rk.state.beeld === "watals") rk.announce(say("nothing_on"));
      return;
    }
    const busy = (value) => result([p(say("working", value), "lead")], here);
    run(mine, working(here, alterations, now().begin), busy, (value) => {
      show(value);
      if (!value.begin) beginnings(mine, value);
    });
  }

  const run = (mine, work, busy, then) => rk.inSlices(rk.byId("whatif-result"), work, () => mine === running, busy, then);

  /* The fastest way of all often stays what it was, while from where a family begins much can change. */
  function beginnings(mine, { here, changed, children }) {
    const box = rk.byId("whatif-begins"), of = children.reduce((n, child) => n + child.themes.length, 0) * rk.LIGHT_TO_HEAVY.length;
    const busy = (value) => box.replaceChildren(p(say("working_begins", value), "lead"));
    run(mine, rk.fromEach(here, changed, children, now().before), busy, (found) => {
      const rows = found.map(([entry, counts]) => [rk.endpointSaid(entry), ...figures(counts)]).sort((a, b) => a[0].localeCompare(b[0], rk.data.lang));
      const about = say("begins_about", { of, n: changed.entries.length });
      box.replaceChildren(rows.length ? table("entries", say("begins"), about, ["begin_at", ...KINDS, "same"], rows, true) : p(say("begins_none", { n: changed.entries.length })));
      rk.announce(say("begins_announced", { n: rows.length }));
    });
  }

  let shown = null;
  rk.VIEWS.watals = "whatif";
  rk.shows.watals = function () {
    const at = place();
    rk.byId("whatif-choose").hidden = at >= 0;
    rk.byId("whatif-work").hidden = at < 0;
    if (at < 0 || shown === at) return;
    shown = at;
    const here = rk.locale(at);
    complain("route", "", []);
    complain("wait", "", []);
    fill(here);
    proposals(here);
    own();
    compute();
  };

  const here = () => rk.locale(place());
  const submitted = (form, act) => rk.byId(form).addEventListener("submit", (event) => {
    event.preventDefault();
    act();
  });
  submitted("whatif-route", addRoute);
  submitted("whatif-wait", addWait);
  rk.byId("whatif-at").addEventListener("change", () => fillOfferings(here()));
  rk.byId("whatif-of").addEventListener("change", () => registered(here()));
  rk.byId("whatif-becomes").addEventListener("change", (event) => (rk.byId("whatif-weeks").disabled = event.target.value === "stop"));
  rk.byId("whatif-begin").addEventListener("change", (event) => {
    now().begin = event.target.value;
    compute();
  });
})();
