"use strict";
/* afspraken.csv: the rows that were there, with what the meeting changed of them and what it added. */
(function () {
  const told = rk.data.meeting;
  const column = Object.fromEntries(told.columns.map((name, at) => [name, at]));
  const FORMULA = /^[=+\-@\t\r]/;

  /* What a spreadsheet would take for a formula gets an apostrophe before it; ids, dates and choices stay as they are. */
  function cell(text, at) {
    const safe = told.text.includes(at) && FORMULA.test(text) ? "'" + text : text;
    return /[";\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  }

  /* FNV-1a of the characters: the same agreement gets the same id, whenever it is saved. */
  function hash(text) {
    let found = 0x811c9dc5;
    for (const sign of text) found = Math.imul(found ^ sign.codePointAt(0), 0x01000193) >>> 0;
    return found.toString(16).padStart(8, "0");
  }

  /* An id for an agreement of one's own; another one where that is taken. */
  rk.meetingId = function (said, taken) {
    for (let n = 1; ; n += 1) {
      const id = "overleg-" + hash([...said, n > 1 ? n : ""].join("\u001f"));
      if (!taken.has(id)) return id;
    }
  };

  const set = (row, said) => {
    for (const [name, value] of Object.entries(said)) if (value !== undefined) row[column[name]] = value;
    return row;
  };

  /* changed: place of a row → what changes; added: what new rows say. Returns the text and the counts. */
  rk.meetingFile = function (changed, added) {
    const old = told.rows.map((row, place) => (changed.has(place) ? set([...row], changed.get(place)) : row));
    const fresh = added.map((said) => set(told.columns.map(() => ""), said));
    const lines = [told.columns, ...old, ...fresh].map((row) => row.map(cell).join(";"));
    const same = old.filter((row, place) => row.every((text, at) => text === told.rows[place][at])).length;
    return { text: "\ufeff" + lines.join("\r\n") + "\r\n", added: fresh.length, changed: old.length - same, kept: same };
  };
})();
