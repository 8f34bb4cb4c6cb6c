"use strict";
/* Brings it together: what changes when the address, the municipality or the view changes. */
(function () {
  let shown = {};

  function showOpening() {
    const here = rk.municipality();
    rk.byId("opening-name").textContent = here ? here.name : rk.say("region");
    rk.byId("opening-text").hidden = !here || rk.state.beeld !== "aanbod";
    rk.byId("opening-choose").hidden = !!here;
    rk.byId("offers-lead").hidden = !here;
    if (!here) return;
    const places = rk.byId("opening-text").querySelectorAll("p");
    here.sentences.forEach((sentence, i) => (places[i].textContent = sentence));
  }

  function showView() {
    for (const [beeld, view] of Object.entries(rk.VIEWS)) {
      const active = beeld === rk.state.beeld;
      rk.byId("view-" + view).hidden = !active;
      const tab = rk.byId("tab-" + view);
      tab.setAttribute("aria-selected", String(active));
      tab.tabIndex = active ? 0 : -1;
    }
  }

  rk.show = function (next) {
    const was = shown;
    rk.state = next;
    shown = { ...next };
    const place = was.gemeente !== next.gemeente;
    const view = was.beeld !== next.beeld;
    const asked = rk.FIELDS.some((field) => was[field] !== next[field]);
    const anew = place || view || asked;
    if (place) rk.byId("municipality").value = next.gemeente;
    if (place || view) showOpening();
    if (view) showView();
    if (anew) rk.showAsk();
    if (anew && next.beeld === "aanbod") rk.showOffers();
    if (anew && next.beeld === "route") rk.showRoute();
    const laid = ["lagen", "plek", "niveau", "soort", "wacht"].some((field) => was[field] !== next[field]);
    if ((place || view || laid) && next.beeld === "kaart") rk.showMap();
    if ((place || view || laid) && Object.hasOwn(rk.shows, next.beeld)) rk.shows[next.beeld]();
    if ((place || view) && next.beeld === "tabel") rk.showSheets("table");
    if (was.toon !== next.toon) {
      rk.showDetails(next.toon);
      rk.markOnMap(next.toon);
    }
  };

  function startTabs() {
    const tabs = [...document.querySelectorAll("[role=tab]")];
    const beeld = (tab) => Object.keys(rk.VIEWS).find((b) => "tab-" + rk.VIEWS[b] === tab.id);
    tabs.forEach((tab, i) => {
      tab.addEventListener("click", () => rk.go({ beeld: beeld(tab) }));
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        const to = step ? (i + step + tabs.length) % tabs.length : { Home: 0, End: tabs.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        rk.go({ beeld: beeld(tabs[to]) });
        tabs[to].focus();
      });
    });
  }

  function startLinks() {
    document.addEventListener("click", (event) => {
      const link = event.target.closest ? event.target.closest("a") : null;
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const href = link.getAttribute("href");
      const id = link.dataset.toon || (href.startsWith("#toon=") ? decodeURIComponent(href.slice(6)) : "");
      if (rk.number.has(id)) {
        event.preventDefault();
        const searched = rk.byId("found").contains(link);
        rk.open(id, searched ? rk.byId("search") : link);
        if (searched) rk.clearSearch();
      } else if (href.startsWith("#")) {
        /* a jump within the page must not push the municipality out of the address */
        const target = rk.byId(href.slice(1));
        event.preventDefault();
        if (target) {
          target.scrollIntoView();
          target.focus({ preventScroll: true });
        }
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (rk.byId("search").value) {
        rk.clearSearch();
        rk.byId("search").focus();
      } else if (rk.state.toon) rk.close();
    });
  }

  rk.byId("municipality").addEventListener("change", (event) => {
    rk.go({ gemeente: event.target.value });
    const here = rk.municipality();
    if (!["kaart", "route"].includes(rk.state.beeld)) rk.announce(rk.say("chosen", { name: here ? here.name : rk.say("region") }));
  });
  rk.byId("print").addEventListener("click", () => window.print());
  window.addEventListener("hashchange", () => rk.show(rk.fromAddress()));
  window.addEventListener("popstate", () => rk.show(rk.fromAddress()));
  startTabs();
  startLinks();
  rk.startAsk();
  rk.startDetails();
  rk.startSearch();
  rk.startMap();
  rk.startLayers();
  rk.startFilter();
  rk.startTaking();
  rk.show(rk.fromAddress());
  document.documentElement.dataset.ready = "1";
})();
