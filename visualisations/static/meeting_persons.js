"use strict";
/* Whether a text names a person: the rules of loaders/privacy/persons.py as far as a page without a gazetteer can follow
   them. `strict` is for a cell that asks for a function: a given name alone is enough there. */
(function () {
  const WORD = /'[a-z]\b|[A-Za-zÀ-ÿĀ-ſ]+(?:['’.-](?=[A-Za-zÀ-ÿ])[A-Za-zÀ-ÿ]+)*\.?|[^\w\s]|\d+/g;
  const SPLIT = /[;\n/|]|\s[-–]\s|:\s/;
  const INITIALS = /^(?:[A-Z]\.?){1,4}$|^(?:[A-Z][a-z]?\.){1,4}$/;
  const STREET =
    /(?:straat|laan|weg|plein|school|college|lyceum|kade|singel|gracht|plantsoen|hof|huis|praktijk|centrum|stichting|park|methode|fonds)$/i;
  const HOME =
    /(?:^|[^\p{L}])\p{Lu}[\p{L}'’.-]*(?:straat|laan|weg|plein|kade|singel|gracht|dijk|hof|pad|steeg|dreef|plantsoen|erf)\s+\d{1,4}(?!\d)|(?:^|\D)[1-9]\d{3}\s?[A-Z]{2}(?![\p{L}\d])/u;
  const MAIL = /\S@\S/;
  /* telephone, personal and account numbers: a function has no eight digits */
  const NUMBER = /\d(?:[\s().-]{0,3}\d){7}/;
  const IBAN = /(?:^|[^a-z])[a-z]{2}\d{2}\s?[a-z]{4}\s?\d{4}/i;
  const BORN = /(?:^|[^\p{L}])(?:geb\.?|geboren|geboortedatum|born)\s*(?:op|on|:)?\s*\d/iu;
  const ABBREVIATIONS = ["st", "chr", "nl"];

  let words = null;
  function lists() {
    if (!words) {
      words = {};
      for (const [name, all] of Object.entries(rk.data.meeting.words)) words[name] = new Set(all.split("|"));
    }
    return words;
  }
  const has = (list, word) => lists()[list].has(word);
  const plain = (word) => (word || "").toLowerCase().replace(/^\.+|\.+$/g, "");
  const capital = (word) => /^\p{Lu}/u.test(word || "");
  const isTown = (word) => has("town", plain(word));
  const isOrganisation = (word) => has("organisation", word) && !has("surname", word);

  function given(word) {
    if (!capital(word)) return "";
    if (has("given", plain(word))) return "given";
    return has("given_or_word", plain(word)) ? "word" : "";
  }

  /* The surname that begins at a place, its prefixes skipped; empty where none can stand there. */
  function surnameAt(all, at, bare) {
    let prefixes = 0;
    while (at < all.length) {
      if (has("prefix", plain(all[at])) && prefixes < 3) {
        prefixes += 1;
        at += 1;
        continue;
      }
      if (bare && (INITIALS.test(all[at]) || has("given", plain(all[at]))) && at + 1 < all.length) return surnameAt(all, at + 1, false);
      break;
    }
    const word = all[at];
    if (word === undefined) return "";
    const known = has("surname", plain(word));
    const next = plain(all[at + 1]);
    if (!capital(word) || plain(word).length < 2 || (word.length < 5 && word === word.toUpperCase())) return "";
    if (STREET.test(plain(word)) && !known) return "";
    if (next && (isOrganisation(next) || (STREET.test(next) && !has("surname", next)))) return "";
    if (isOrganisation(plain(word)) || (prefixes && /^\d/.test(all[at + 1] || ""))) return "";
    return word;
  }

  function initialsAndSurname(all, at) {
    const surname = surnameAt(all, at + 1, false);
    if (!surname) {
      const more = all[at + 1] || "";
      return INITIALS.test(more) && more.includes(".") && surnameAt(all, at + 2, false) !== "";
    }
    const letters = all[at].replaceAll(".", "");
    const prefixed = has("prefix", plain(all[at + 1]));
    const known = has("surname", plain(surname));
    if (letters.length >= 3 && !prefixed && !known) return false;
    return !(ABBREVIATIONS.includes(letters.toLowerCase()) || (isTown(surname) && !prefixed && !known));
  }

  function givenAndSurname(all, at, strict) {
    const name = given(all[at]);
    let place = at + 1;
    if (name && given(all[place]) && surnameAt(all, place + 1, false)) place += 1;
    const surname = surnameAt(all, place, false);
    if (!surname) return false;
    const prefixed = all.slice(place, place + 3).filter((word) => has("prefix", word.toLowerCase()));
    const sure = prefixed.some((word) => has("sure_prefix", word.toLowerCase()));
    const known = has("surname", plain(surname));
    if (name === "given") {
      if (known || sure || (prefixed.length && !isTown(surname))) return true;
      return !prefixed.length && !isTown(surname) && /^\p{Ll}+$/u.test(plain(surname.slice(1)));
    }
    if (name === "word") return (known && (prefixed.length > 0 || strict)) || sure;
    const unknown = /^\p{Lu}\p{Ll}{2,}$/u.test(all[at]);
    return strict && unknown && sure && !isTown(surname) && !has("organisation", plain(all[at]));
  }

  /* A given name or a surname and nothing that says organisation: "Fatima", "Jan en Piet", "De Vries". */
  function isBareName(all) {
    const said = all.filter((word) => /^\p{L}/u.test(word)).map(plain);
    if (!said.length) return false;
    const first = all[0];
    if (given(first) === "given" && !isTown(first)) {
      const outside = all.includes("(") ? all.slice(0, all.indexOf("(")) : all;
      return !outside.some((word) => isOrganisation(plain(word)) || STREET.test(plain(word)));
    }
    if (said.length === 1) return given(first) !== "" || (has("surname", said[0]) && capital(first) && !isTown(first));
    const last = said[said.length - 1];
    if (said.slice(0, -1).every((word) => has("prefix", word)) && has("surname", last) && capital(all[all.length - 1])) {
      return said[0] === "de" || !isTown(last); /* "De Vries" is sooner somebody than the village */
    }
    return said.every((word) => has("given", word) || ["en", "of", "and"].includes(word)) && all.some(capital);
  }

  function hasName(text, strict) {
    const all = text.match(WORD) || [];
    for (let at = 0; at < all.length; at += 1) {
      const before = at ? plain(all[at - 1]) : "";
      if (has("organisation", before) && !["huisarts", "zorg", "team"].includes(before)) continue;
      const word = plain(all[at]);
      if ((has("address", word) || has("degree", word)) && surnameAt(all, at + 1, true)) return true;
      if (INITIALS.test(all[at]) && all[at].includes(".") && initialsAndSurname(all, at)) return true;
      if (capital(all[at]) && givenAndSurname(all, at, strict)) return true;
    }
    return strict && isBareName(all);
  }

  rk.isPerson = (text, strict) =>
    MAIL.test(text) || NUMBER.test(text) || IBAN.test(text) || BORN.test(text) || (strict && HOME.test(text)) ||
    text.split(SPLIT).some((piece) => hasName(piece, strict));
})();
