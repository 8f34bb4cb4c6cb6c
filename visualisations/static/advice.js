"use strict";
/* The advice is read and printed; there is nothing to fill in. */
(function () {
  const root = document.documentElement;
  document.getElementById("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => root.classList.add("printing"));
  window.addEventListener("afterprint", () => root.classList.remove("printing"));
  root.dataset.ready = "";
})();
