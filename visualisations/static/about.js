"use strict";
/* The answer of a partner, put together in the page: nothing leaves it but the file that the reader saves. */
(function () {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const say = (key, values) => data.say[key].replace(/\{(\w+)\}/g, (all, name) => (values && name in values ? values[name] : all));
  const answers = [...document.querySelectorAll("fieldset.answer")];
  const chosen = (answer) => (answer.querySelector("input:checked") || { value: "" }).value;
  const words = byId("words"), date = byId("date"), role = byId("function");
  let saved = true;

  const live = (text) => { byId("live").textContent = text; };

  function today() {
    const now = new Date(), two = (n) => String(n).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  function progress() {
    byId("progress").textContent = say("progress", { n: answers.filter(chosen).length, of: answers.length });
  }

  /* Something was filled in: today is the likely date, and leaving now would lose it. */
  function begun() {
    saved = false;
    if (!date.value && document.activeElement !== date) date.value = today();
    progress();
  }

  /* A spreadsheet takes a text that begins like this for a formula. */
  const safe = (text) => (/^[=+\-@\t\r]/.test(text) ? say("safe", { text }) : text);
  const tidy = (text) => text.replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "").trim();
  const cell = (text) => '"' + text.replace(/"/g, '""') + '"';

  function summed() {
    const told = [tidy(words.value)];
    for (const answer of answers) {
      const value = chosen(answer);
      if (value !== "nee" && value !== "weet niet") continue;
      const { title: name, mark } = answer.dataset;
      const text = tidy(answer.querySelector("textarea").value), key = value === "nee" ? "sum_no" : "sum_unsure";
      const title = mark && mark !== data.partner ? `${name} (${mark})` : name;
      told.push(say(text ? key + "_text" : key, { title, text }));
    }
    const right = answers.filter((answer) => chosen(answer) === "ja").length;
    if (right) told.push(say("sum_yes", { n: right, of: answers.length }));
    return told.filter(Boolean).join("\n");
  }

  /* Yes only when every part was said to be right; no as soon as one is not; else it stays open. */
  function verdict() {
    const values = answers.map(chosen);
    if (values.includes("nee")) return "nee";
    return values.length && values.every((value) => value === "ja") ? "ja" : "";
  }

  function missing() {
    if (!answers.some(chosen) && !tidy(words.value)) return [answers.length ? answers[0].querySelector("input") : words, "missing_answer"];
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date.value)) return [date, "missing_date"];
    if (!tidy(role.value)) return [role, "missing_function"];
    return null;
  }

  function make() {
    for (const field of [date, role]) field.removeAttribute("aria-invalid");
    const lacks = missing();
    const box = byId("made"), text = byId("made-text");
    if (lacks) {
      const [field, key] = lacks;
      if (field === date || field === role) field.setAttribute("aria-invalid", "true");
      live(say(key));
      box.hidden = true;
      byId("lacks").textContent = say(key);
      field.focus();
      return;
    }
    byId("lacks").textContent = "";
    const row = [data.partner, verdict(), date.value, safe(tidy(role.value)), safe(summed())];
    const csv = "partner,klopt,bevestigd_op,bevestigd_door,reactie\r\n" + row.map(cell).join(",") + "\r\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + csv], { type: "text/csv;charset=utf-8" }));
    link.download = data.file;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    box.hidden = false;
    text.textContent = say(data.contact ? "made" : "made_sender", { file: data.file, contact: data.contact });
    byId("copy").value = csv;
    text.focus();
    saved = true;
  }

  function all() {
    for (const answer of answers) if (!chosen(answer)) answer.querySelector('input[value="ja"]').checked = true;
    begun();
    live(say("all_done"));
  }

  document.addEventListener("input", (event) => {
    if (event.target.id === "copy") return;
    begun();
  });
  window.addEventListener("beforeunload", (event) => { if (!saved) event.preventDefault(); });
  byId("make").addEventListener("click", make);
  byId("all").addEventListener("click", all);
  byId("print").addEventListener("click", () => window.print());
  const root = document.documentElement;
  window.addEventListener("beforeprint", () => root.classList.add("printing"));
  window.addEventListener("afterprint", () => root.classList.remove("printing"));
  progress();
  root.dataset.ready = "";
})();
