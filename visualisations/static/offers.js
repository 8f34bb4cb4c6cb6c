"use strict";
/* The view Aanbod: what there is in the municipality, lightest and nearest first (ordered in Python). */
(function () {
  const FIRST = 10; /* of each level; the rest on asking, and always on paper */
  const free = new Set(rk.data.free);

  function fact(column, texts, cls) {
    const label = rk.byId("rows-offerings").tHead.rows[0].cells[rk.data.tables.offerings.indexOf(column)].textContent;
    return labelled(label, texts, cls);
  }

  function labelled(label, texts, cls) {
    return rk.make("div", { cls: "fact " + (cls || "") }, [rk.make("span", { cls: "label", text: label + " " }), ...texts]);
  }

  function offer(number, nearby, wait, state) {
    const row = number - rk.rows("partners").length;
    const said = (column) => rk.said("offerings", row, column);
    const partner = rk.data.offered_by[row];
    const access = said("access"), apply = said("how_to_apply");
    return rk.make("li", { cls: "offer" }, [
      rk.make("div", { cls: "name" }, [
        rk.make("h4", {}, [rk.link(number)]),
        partner >= 0 ? rk.make("p", {}, [rk.link(partner)]) : null,
        rk.make("span", { cls: "themes", text: said("themes") }),
      ]),
      fact("whom", [rk.make("span", { text: said("whom") })]),
      labelled(rk.say("where"), [rk.make("span", { text: rk.text(nearby) })]),
      fact("how_to_apply", [
        rk.make("span", { cls: free.has(row) ? "free" : "", text: access }),
        apply === access ? null : rk.make("span", { cls: "apply", text: apply === rk.say("unknown") ? rk.say("apply_unknown") : apply }),
      ].filter(Boolean)),
      labelled(rk.say("wait"), [rk.make("span", { text: rk.text(wait) })], "wait " + rk.data.states[state]),
      response(partner),
    ]);
  }

  /* The partner's own words beside the figure, folded because they may be long. */
  function response(partner) {
    const said = partner >= 0 ? rk.said("partners", partner, "response") : "";
    if (!said) return null;
    const label = rk.byId("rows-partners").tHead.rows[0].cells[rk.data.tables.partners.indexOf("response")].textContent;
    return rk.make("details", { cls: "said" }, [rk.make("summary", { text: label }), rk.make("p", { text: said })]);
  }

  function more(list, n, level) {
    if (n <= FIRST + 2) return null;
    list.classList.add("short");
    const button = rk.make("button", { type: "button", cls: "more", text: rk.say("show_all", { n, level }) });
    button.addEventListener("click", () => {
      list.classList.remove("short");
      list.children[FIRST].querySelector("a").focus();
      button.remove();
    });
    return button;
  }

  rk.showOffers = function () {
    const here = rk.municipality();
    const box = document.createDocumentFragment();
    for (const [heading, flat] of here ? here.groups : []) {
      const list = rk.make("ul", { cls: "offers" });
      for (let i = 0; i < flat.length; i += 4) list.append(offer(...flat.slice(i, i + 4)));
      const title = heading.charAt(0).toUpperCase() + heading.slice(1);
      const n = flat.length / 4;
      const count = rk.make("span", { cls: "count", text: `(${n})` });
      box.append(rk.make("section", { cls: "level" }, [rk.make("h3", { text: title + " " }, [count]), list, more(list, n, title)]));
    }
    if (here && !here.groups.length) box.append(rk.make("p", { text: rk.say("nothing") }));
    rk.byId("offers").replaceChildren(box);
  };
})();
