"use strict";
/* Casussen: each opens the map or the routes where it matters, and prints as a group sheet. */
(function () {
  /* The family of the casus goes along in the address, as far as the page knows such fields. */
  function open(sheet, beeld) {
    const { place, entry, age, theme } = sheet.dataset;
    const here = rk.data.municipalities[Number(place)];
    const said = {
      beeld, gemeente: here ? here.code : rk.state.gemeente, van: entry, naar: "", leeftijd: age, thema: theme, niveau: "",
      toon: beeld === "kaart" && rk.number.has(entry) ? entry : "",
    };
    rk.go(Object.fromEntries(Object.entries(said).filter(([name]) => name in rk.state)));
    rk.byId("tab-" + rk.VIEWS[beeld]).focus();
  }

  function print(sheet) {
    const root = document.documentElement;
    root.classList.add("print-case");
    sheet.classList.add("printed");
    const done = () => {
      root.classList.remove("print-case");
      sheet.classList.remove("printed");
    };
    window.addEventListener("afterprint", done, { once: true });
    window.print();
  }

  for (const sheet of document.querySelectorAll("#meeting-cases .case")) {
    sheet.querySelector(".case-map").addEventListener("click", () => open(sheet, "kaart"));
    sheet.querySelector(".case-print").addEventListener("click", () => print(sheet));
    const route = sheet.querySelector(".case-route");
    route.hidden = !rk.VIEWS.route;
    route.addEventListener("click", () => open(sheet, "route"));
  }
})();
