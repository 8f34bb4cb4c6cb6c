"use strict";
/* The view Overleg: what became of agreements, answers to proposals, agreements of one's own, casussen, and saving.
   What is told stands in the tables of this view; answers live in its fields, and nowhere else. */
(function () {
  const told = rk.data.meeting;
  const say = (key, values) => rk.filled(told.say[key], values);
  const cells = (sheet, row) => [...rk.byId("rows-meeting-" + sheet).tBodies[0].rows[row].cells].map((c) => c.textContent);
  const panels = new Map(); /* what was made for a municipality: its fields keep their answers */
  const answers = new Map(); /* number of a proposal → its fields */
  const changes = new Map(); /* row of afspraken.csv → fields of each place where it is shown */
  const own = []; /* agreements of one's own: what afspraken.csv says of them */
  let dirty = false;
  let fields = 0;

  const iso = (date) =>
    [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  const place = () => rk.data.municipalities.findIndex((m) => m.code === rk.state.gemeente);
  const lines = (text) => text.split("\n").filter(Boolean).map((line) => rk.make("p", { text: line }));

  /* --- fields ---------------------------------------------------------------------------------- */
  function field(label, control, help) {
    const id = "meeting-" + (fields += 1);
    control.id = id;
    const wrong = rk.make("p", { cls: "wrong", id: id + "-wrong", hidden: "" });
    const about = help ? rk.make("p", { cls: "note", id: id + "-help", text: help }) : null;
    control.setAttribute("aria-describedby", [about && about.id, wrong.id].filter(Boolean).join(" "));
    return rk.make("div", { cls: "answer-field" }, [rk.make("label", { for: id, text: label }), control, about, wrong]);
  }

  const input = (type) => rk.make("input", type === "date" ? { type, max: "2199-12-31" } : { type, autocomplete: "off" });

  function complain(control, message) {
    const wrong = control.parentElement.querySelector(".wrong"); /* also where another municipality is looked at */
    wrong.textContent = message;
    wrong.hidden = !message;
    if (message) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    return !message;
  }

  /* Persons are refused while one writes (said on leaving the field, it would move what is about to be clicked), and once
     more before anything is saved. */
  function guarded(control, strict) {
    control.dataset.guard = strict ? "owner" : "text";
    control.addEventListener("input", () => impersonal(control));
    return control;
  }
  const impersonal = (control) => {
    const strict = control.dataset.guard === "owner";
    return complain(control, rk.isPerson(control.value, strict) ? say(strict ? "person" : "person_text") : "");
  };

  function ownerField(control) {
    return field(say("owner"), guarded(control, true), say("owner_help"));
  }

  /* --- earlier agreements ------------------------------------------------------------------------ */
  function agreement([, csv, group], row) {
    const [, what, partners, status, owner, when, now, origin] = cells("agreements", row);
    const headings = [...rk.byId("rows-meeting-agreements").tHead.rows[0].cells].map((c) => c.textContent);
    const fact = (at, text) => rk.make("div", {}, [rk.make("dt", { text: headings[at] }), rk.make("dd", { text })]);
    const choice = rk.make("select", {}, [rk.make("option", { value: "", text: say("unchanged", { status }) })]);
    for (const [slug, label] of Object.entries(told.statuses)) choice.append(rk.make("option", { value: slug, text: label }));
    const date = input("date");
    if (!changes.has(csv)) changes.set(csv, []);
    changes.get(csv).push({ choice, date });
    const fold = rk.make("details", {}, [
      rk.make("summary", { text: say("change") }),
      rk.make("div", { cls: "answer-fields" }, [field(say("new_status"), choice), field(say("new_date"), date)]),
    ]);
    const known = lines(now);
    if (group < 2) known[0].className = "kept"; /* of what people keep to the first line says whether it shows */
    return rk.make("article", { cls: "card" + (group === 0 ? " due" : "") }, [
      rk.make("h5", { text: what }),
      rk.make("dl", { cls: "facts" }, [fact(2, partners), fact(3, status), fact(4, owner), fact(5, when)]),
      ...known,
      rk.make("p", { cls: "note", text: `${headings[7]}: ${origin}` }),
      fold,
    ]);
  }

  function agreements(at) {
    const groups = [[], [], []];
    told.agreements.forEach((one, row) => {
      if (one[0] === at) groups[one[2]].push(agreement(one, row));
    });
    const titles = ["group_due", "group_running", "group_other"];
    const made = groups.map((cards, n) => {
      if (!cards.length) return null;
      const title = `${say(titles[n])} (${cards.length})`;
      if (n < 2) return rk.make("section", {}, [rk.make("h4", { text: title }), ...cards]);
      return rk.make("details", { cls: "fold" }, [rk.make("summary", { text: title }), ...cards]);
    });
    const name = rk.data.municipalities[at].name;
    return made.some(Boolean) ? made.filter(Boolean) : [rk.make("p", { text: say("no_agreements", { name }) })];
  }

  /* --- proposals ------------------------------------------------------------------------------------ */
  function radios(number, chosen) {
    const keys = { "": "answer_none", yes: "answer_yes", later: "answer_later", no: "answer_no" };
    return Object.entries(keys).map(([value, key]) => {
      const radio = rk.make("input", { type: "radio", name: "answer-" + number, value });
      radio.checked = value === "";
      radio.addEventListener("change", () => chosen(value));
      return rk.make("label", { cls: "choice" }, [radio, rk.make("span", { text: say(key) })]);
    });
  }

  function proposal([, , [id]], number) {
    const [, kind, what, about, origin] = cells("proposals", number);
    const owner = input("text"), date = input("date"), remark = rk.make("textarea", { rows: "2" });
    const said = { value: "", owner, date, remark };
    answers.set(number, said);
    const fields_ = rk.make("div", { cls: "answer-fields", hidden: "" }, [
      ownerField(owner), field(say("evaluate_on"), date), field(say("remark"), guarded(remark, false)),
    ]);
    const choose = (value) => {
      said.value = value;
      fields_.hidden = !value;
    };
    const earlier = told.earlier[id];
    return rk.make("article", { cls: "card" }, [
      rk.make("p", { cls: "kind", text: kind }),
      rk.make("h4", { text: what }),
      ...lines(about),
      origin ? rk.make("p", { cls: "note", text: `${say("origin")}: ${origin}` }) : null,
      earlier ? rk.make("p", { cls: "earlier", text: earlier }) : null,
      rk.make("fieldset", {}, [rk.make("legend", { text: `${say("answer")}` }, [rk.make("span", { cls: "unseen", text: ` ${what}` })]),
        rk.make("div", { cls: "choices" }, radios(number, choose)), fields_]),
    ]);
  }

  function proposals(at) {
    const made = [];
    told.proposals.forEach((one, number) => {
      if (one[0] === at) made.push(proposal(one, number));
    });
    const name = rk.data.municipalities[at].name;
    return made.length ? made : [rk.make("p", { text: say("no_proposals", { name }) })];
  }

  /* --- an agreement of one's own ------------------------------------------------------------------ */
  function ownForm(at) {
    const here = rk.data.municipalities[at];
    const first = rk.data.holds.length;
    const partners = rk.make("select", { multiple: "", size: "6" });
    const known = here.here.filter((n) => n < first).sort((a, b) => (rk.folded(rk.name(a)) < rk.folded(rk.name(b)) ? -1 : 1));
    for (const n of known) partners.append(rk.make("option", { value: rk.data.ids[n], text: rk.name(n) }));
    const kind = rk.make("select");
    for (const [slug, label] of Object.entries(told.kinds)) kind.append(rk.make("option", { value: slug, text: label }));
    const what = guarded(rk.make("textarea", { rows: "2" }), false), owner = input("text"), date = input("date");
    const remark = guarded(rk.make("textarea", { rows: "2" }), false);
    const list = rk.make("ul", { cls: "own" });
    const add = rk.make("button", { type: "button", text: say("own_add") });
    const form = rk.make("fieldset", { cls: "card" }, [
      rk.make("legend", { text: say("own") }),
      field(say("own_what"), what),
      rk.make("div", { cls: "answer-fields" }, [
        field(say("own_partners"), partners, say("own_partners_help")), field(say("own_kind"), kind),
        ownerField(owner), field(say("evaluate_on"), date), field(say("remark"), remark),
      ]),
      add,
    ]);
    add.addEventListener("click", () => {
      const chosen = [...partners.selectedOptions].map((option) => option.value).sort();
      const right = [
        what.value.trim() ? impersonal(what) : complain(what, say("own_what_missing")),
        complain(partners, chosen.length ? "" : say("own_partners_missing")), impersonal(owner), impersonal(remark),
      ];
      if (right.includes(false)) return form.querySelector("[aria-invalid]").focus();
      const taken = new Set([...told.rows.map((row) => row[0]), ...told.proposals.map((p) => p[2][0]), ...own.map((o) => o.id)]);
      const text = what.value.trim();
      const made = {
        id: rk.meetingId([here.code, kind.value, ...chosen, text], taken), partners: chosen.join("; "), gemeenten: here.code,
        soort: kind.value, wat: text, eigenaar: owner.value.trim(), status: "afgesproken", evalueren_op: date.value,
        opmerking: remark.value.trim(), bron: say("source", { name: here.name }),
      };
      own.push(made);
      list.append(ownItem(made, what));
      for (const control of [what, owner, date, remark]) control.value = "";
      partners.selectedIndex = -1;
      rk.announce(say("own_added", { what: text }));
      touched();
      what.focus();
    });
    return [form, list];
  }

  function ownItem(made, after) {
    const remove = rk.make("button", { type: "button", text: say("own_remove", { what: made.wat }) });
    const item = rk.make("li", {}, [rk.make("span", { text: made.wat }), remove]);
    remove.addEventListener("click", () => {
      own.splice(own.indexOf(made), 1);
      item.remove();
      rk.announce(say("own_removed"));
      touched();
      after.focus();
    });
    return item;
  }

  /* --- saving ----------------------------------------------------------------------------------------- */
  const held = input("date");
  held.value = iso(new Date());
  const status = rk.make("p", { cls: "meeting-status", role: "status" });
  const answered = () => [...answers].filter(([, said]) => said.value);
  const changed = () =>
    [...changes].filter(([, shown]) => shown.some(({ choice, date }) => choice.value || date.value));

  function touched() {
    const number = answered().length + changed().length + own.length;
    dirty = number > 0;
    status.textContent = number ? say("unsaved", { number }) : say("nothing_changed");
  }

  /* What an answer says of a row: only what was filled in goes over what stood there. */
  function answerOf(number, said) {
    const [at, csv, [id, partners, gemeenten, soort, wat]] = told.proposals[number];
    const row = {
      status: told.answers[said.value], eigenaar: said.owner.value.trim() || undefined,
      evalueren_op: said.date.value || undefined, opmerking: said.remark.value.trim() || undefined,
      bron: say("source", { name: rk.data.municipalities[at].name }), bron_datum: held.value || undefined,
    };
    return csv < 0 ? { id, partners, gemeenten, soort, wat, ...row } : row;
  }

  function save() {
    const filled = answered();
    const checked = [...filled.flatMap(([, said]) => [said.owner, said.remark])];
    const wrong = checked.filter((control) => !impersonal(control));
    if (wrong.length) {
      const found = [...panels].find(([, panel]) => panel.contains(wrong[0]));
      if (found[0] !== place()) rk.go({ gemeente: rk.data.municipalities[found[0]].code });
      status.textContent = say("mend_first", { number: wrong.length });
      return wrong[0].focus();
    }
    const rows = new Map(), added = own.map((made) => ({ ...made, bron_datum: held.value }));
    for (const [csv, shown] of changed()) {
      /* an agreement of the region is shown with several municipalities: the last one that says something counts */
      const last = (key) => shown.map((one) => one[key].value).filter(Boolean).pop();
      rows.set(csv, { status: last("choice"), evalueren_op: last("date"), geverifieerd_op: held.value || undefined });
    }
    for (const [number, said] of filled) {
      const csv = told.proposals[number][1];
      if (csv < 0) added.push(answerOf(number, said));
      else rows.set(csv, { ...rows.get(csv), ...answerOf(number, said) });
    }
    if (!rows.size && !added.length) return touched();
    const made = rk.meetingFile(rows, added);
    rk.download("afspraken.csv", new Blob([made.text], { type: "text/csv;charset=utf-8" }));
    dirty = false;
    status.textContent = say("saved", { new: made.added, changed: made.changed, kept: made.kept });
  }

  function saving() {
    const button = rk.make("button", { type: "button", cls: "save", id: "meeting-save", text: say("save") });
    button.addEventListener("click", save);
    return rk.make("section", { cls: "saving", "aria-labelledby": "meeting-saving" }, [
      rk.make("h3", { cls: "meeting-head", id: "meeting-saving", text: say("save_heading") }),
      rk.make("p", { text: say("save_help", { files: told.files }) }),
      told.left_out ? rk.make("p", { cls: "earlier", text: say("save_left_out", { number: told.left_out }) }) : null,
      field(say("held_on"), held), button, status,
    ]);
  }

  /* --- showing ------------------------------------------------------------------------------------------ */
  function panel(at) {
    if (!told.asked.includes(at)) return rk.make("div", {}, [rk.make("p", { text: say("not_computed") })]);
    const heading = (sheet) => [
      rk.make("h3", { cls: "meeting-head", text: rk.byId("table-meeting-" + sheet).textContent }),
      rk.make("p", { cls: "lead", text: rk.byId("table-meeting-" + sheet).nextElementSibling.textContent }),
    ];
    const made = rk.make("div", {}, [
      ...heading("agreements"), ...agreements(at), ...heading("proposals"),
      rk.make("p", { cls: "lead", text: say("no_persons") }), ...proposals(at), ...ownForm(at),
    ]);
    made.addEventListener("change", touched);
    made.addEventListener("input", touched);
    return made;
  }

  let shell = null;
  rk.VIEWS.overleg = "meeting";
  rk.shows.overleg = function () {
    const at = place();
    if (!shell) {
      shell = { work: rk.make("div"), saving: saving() };
      rk.byId("meeting-work").append(shell.work);
      rk.byId("view-meeting").append(shell.saving);
      touched();
    }
    if (at >= 0 && !panels.has(at)) panels.set(at, panel(at));
    shell.work.replaceChildren(at < 0 ? rk.make("p", { text: say("choose") }) : panels.get(at));
    shell.saving.hidden = at < 0;
    let seen = 0;
    for (const one of document.querySelectorAll("#meeting-cases .case")) {
      one.hidden = one.dataset.place !== "*" && one.dataset.place !== String(at);
      seen += !one.hidden;
    }
    if (rk.byId("meeting-cases")) rk.byId("meeting-cases").hidden = !seen;
  };

  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
})();
