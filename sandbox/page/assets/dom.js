// Elements, icons and small widgets; one rule: text is always text, only the server's own escaped HTML is HTML.

export const h = (tag, props = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "html") element.innerHTML = value;          // escaped by the server, entity by entity
    else if (name in element && !name.includes("-") && name !== "list" && name !== "form") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

const PATHS = {
  play: "M8 5.5v13l10.5-6.5z", pause: "M8 5.5v13M16 5.5v13", step: "M6 5.5v13l8.5-6.5zM18 5.5v13",
  stop: "M7 7h10v10H7z", skip: "M5 12.5l4.5 4.5L19 7.5", plus: "M12 5v14M5 12h14", close: "M6 6l12 12M18 6L6 18",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01", left: "M14.5 6l-6 6 6 6", right: "M9.5 6l6 6-6 6", down: "M6 9.5l6 6 6-6",
  file: "M13.5 4H7.5A1.5 1.5 0 0 0 6 5.5v13A1.5 1.5 0 0 0 7.5 20h9a1.5 1.5 0 0 0 1.5-1.5V8.5zM13.5 4v4.5H18",
  clip: "M20 11.5l-7.8 7.8a5 5 0 0 1-7.1-7.1l8.2-8.2a3.4 3.4 0 0 1 4.8 4.8l-8.1 8.1a1.7 1.7 0 0 1-2.4-2.4l7.4-7.4",
  send: "M4 12l16-7.5L14.5 20l-3-6.5z", slash: "M14.5 5l-5 14", reply: "M10 7L5 12l5 5M5 12h9a5 5 0 0 1 5 5v1",
  thread: "M5 6.5h14v9h-8l-4 3.5v-3.5H5z", bolt: "M13 4L6 13.5h5L10.5 20 18 10.5h-5.5z", eye: "M3.5 12S6.5 6.5 12 6.5 20.5 12 20.5 12 17.5 17.5 12 17.5 3.5 12 3.5 12zM12 14.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z",
  sun: "M12 8.2a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6l1.4 1.4M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z", half: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  plane: "M4 11.5L20 5l-3.5 14-4.5-4.5L9.5 17v-4z", hash: "M9.5 4.5l-2 15M16.5 4.5l-2 15M5 9.5h15M4 14.5h15",
  chat: "M5 6.5h14v9h-8l-4 3.5v-3.5H5z", people: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3.5 19a5.5 5.5 0 0 1 11 0M16 5.3a3 3 0 0 1 0 5.4M17.5 14.2a5.5 5.5 0 0 1 3 4.8",
  pen: "M5 19l1-4L16 5l3 3L9 18z", home: "M5 11l7-6 7 6v8h-5v-5h-4v5H5z", undo: "M8 6L4 10l4 4M4 10h10a5 5 0 0 1 0 10h-3",
};

export const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: 20, height: 20, fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" })) svg.setAttribute(key, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
};

export const iconButton = (name, label, onclick, props = {}) =>
  h("button", { type: "button", class: "icon", "aria-label": label, title: label, onclick, ...props }, icon(name));

// Say something to whoever cannot see it change.
export const announce = (words) => { document.getElementById("said").textContent = words; };

// A menu under a button: arrows move, Escape closes, a choice closes.
export const menu = (anchor, label, items) => {
  document.querySelector(".menu")?.remove();
  const list = h("div", { class: "menu", role: "menu", "aria-label": label });
  const close = (back) => { list.remove(); anchor.setAttribute("aria-expanded", "false"); if (back) anchor.focus(); };
  for (const item of items) {
    if (item.heading) { list.append(h("p", { class: "heading", role: "presentation" }, item.heading)); continue; }
    const role = item.checked === undefined ? "menuitem" : "menuitemradio";
    list.append(h("button", {
      type: "button", role, tabindex: "-1", "aria-checked": item.checked === undefined ? undefined : String(item.checked),
      disabled: item.disabled, onclick: () => { close(true); item.run(); },
    }, h("span", {}, item.text), item.hint ? h("small", {}, item.hint) : null));
  }
  const rows = [...list.querySelectorAll("button:not(:disabled)")];
  list.addEventListener("keydown", (event) => {
    const at = rows.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) { rows.at(to % rows.length)?.focus(); event.preventDefault(); }
    if (event.key === "Escape") { close(true); event.stopPropagation(); }
    if (event.key === "Tab") close(false);
  });
  list.addEventListener("focusout", (event) => { if (event.relatedTarget && !list.contains(event.relatedTarget)) close(false); });
  const outside = (event) => {
    if (!list.isConnected) return document.removeEventListener("pointerdown", outside, true);
    if (!list.contains(event.target) && !anchor.contains(event.target)) close(false);
  };
  document.addEventListener("pointerdown", outside, true);
  document.body.append(list);
  anchor.setAttribute("aria-expanded", "true");
  const box = anchor.getBoundingClientRect(), own = list.getBoundingClientRect();
  list.style.top = `${Math.max(8, Math.min(box.bottom + 4, innerHeight - own.height - 8))}px`;
  list.style.left = `${Math.max(8, Math.min(box.right - own.width, innerWidth - own.width - 8))}px`;
  rows[0]?.focus();
};

// A dialog over the whole page; Escape and the cross close it.
export const dialog = (title, className, ...content) => {
  const box = h("dialog", { class: `sheet ${className}`, "aria-label": title },
    h("header", {}, h("h2", {}, title), iconButton("close", "Close", () => box.close())), ...content);
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
  document.body.append(box);
  box.showModal();
  return box;
};
