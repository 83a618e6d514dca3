// A page that draws itself anew never takes away what somebody is writing; and rows of a table are walked by keys.
(() => {
  "use strict";

  const opened = new WeakSet();
  document.addEventListener("toggle", event => {
    if (event.target.matches("details.act")) event.target.open ? opened.add(event.target) : opened.delete(event.target);
  }, true);

  const drawnOpen = new WeakSet(document.querySelectorAll("details.act[open]"));

  const isWritten = field =>
    field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;

  const isBusy = main =>
    [...main.querySelectorAll("input:not([type=hidden]), textarea")].some(isWritten) ||
    [...main.querySelectorAll("details.act[open]")].some(each => opened.has(each) && !drawnOpen.has(each)) ||
    main.querySelector("form")?.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");

  document.addEventListener("htmx:before:request", event => {
    const main = document.getElementById("main");
    if (event.target !== main || !isBusy(main)) return;
    event.preventDefault();
    document.getElementById("news").hidden = false;
  });

  // Whoever was told of news and then turned away by a busy server asks again, for the page as for the stream itself.
  const AGAIN_MS = 3000;
  const askAgain = event => {
    const stream = document.getElementById("stream"), status = event.detail.ctx?.response?.status ?? 503;
    if (!stream || status < 500 && status !== 429) return;
    if (event.target.id === "main") setTimeout(() => htmx.trigger(stream, "news"), AGAIN_MS);
    if (event.target === stream) {
      setTimeout(() => htmx.ajax("GET", stream.getAttribute("hx-sse:connect"), { source: stream }), AGAIN_MS);
    }
  };
  document.addEventListener("htmx:response:error", askAgain);
  document.addEventListener("htmx:error", askAgain);

  document.addEventListener("keydown", event => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input, textarea, select")) return;
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    const links = [...document.querySelectorAll("[data-rows] tbody th a")];
    const at = links.indexOf(document.activeElement);
    if (!step || !links.length || (event.key.startsWith("Arrow") && at < 0)) return;
    event.preventDefault();
    links[Math.min(Math.max(at + step, 0), links.length - 1)].focus();
  });
})();
