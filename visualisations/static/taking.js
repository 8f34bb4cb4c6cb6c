"use strict";
/* What readers take along: a sentence with its source, and the map as a picture. */
(function () {
  const HEAD = 64; /* pixels above the picture, for what it shows and of when */

  /* Not every browser lets a page from a file write to the clipboard: then the text is selected and copied the old way. */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = rk.make("textarea", { cls: "unseen", "aria-hidden": "true", text });
      const back = document.activeElement;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      if (back) back.focus();
    }
    rk.announce(rk.laySay("copied"));
  }

  /* "term: value" of every fact, in the order in which they stand. */
  const facts = (box) =>
    [...box.querySelectorAll("dl > div")].map((pair) => {
      const [term, value] = pair.children;
      return `${term.textContent}: ${value.innerText.trim().replace(/\s*\n\s*/g, "; ")}`;
    });
  const whole = (name, box) => `${name}. ${facts(box).join(". ")}. (${document.title}, ${rk.data.layers.date})`;

  /** A button that copies what a box says, with its source; ``name`` is what it is about. */
  rk.copying = function (name, box) {
    const button = rk.make("button", { type: "button", cls: "copy", text: rk.laySay("copy") });
    button.addEventListener("click", () => copy(whole(name(), box)));
    return button;
  };

  function picture() {
    const map = rk.network.canvas.frame.canvas, ratio = map.width / map.clientWidth, here = rk.municipality();
    const made = rk.make("canvas");
    made.width = map.width;
    made.height = map.height + HEAD * ratio;
    const ctx = made.getContext("2d"), colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    ctx.fillStyle = colour("--paper");
    ctx.fillRect(0, 0, made.width, made.height);
    ctx.fillStyle = colour("--text");
    ctx.scale(ratio, ratio);
    ctx.font = "600 20px system-ui, sans-serif";
    ctx.fillText(`${document.title}: ${here ? here.name : rk.say("region")}`, 12, 26);
    ctx.font = "14px system-ui, sans-serif";
    const marks = [...document.querySelectorAll(".top .title p")].map((p) => p.textContent.trim());
    ctx.fillText(marks.join(" · "), 12, 50, made.width / ratio - 24);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.drawImage(map, 0, HEAD * ratio);
    const name = rk.folded(`kaart ${here ? here.name : rk.say("region")}`).replaceAll(" ", "-");
    made.toBlob((blob) => rk.download(name + ".png", blob));
  }

  rk.startTaking = function () {
    rk.byId("picture").addEventListener("click", picture);
    const body = rk.byId("details-body");
    rk.byId("details-copy").append(rk.copying(() => rk.byId("details-title").textContent, body));
  };
})();
