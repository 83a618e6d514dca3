// One message as its platform draws it: a bubble with keys under it, or a flat post with an avatar.

import { h, icon } from "/page/dom.js";

const clock = (seconds, locale) => new Date(seconds * 1000).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const short = (text) => { const line = (text || "").split("\n")[0]; return line.length > 90 ? `${line.slice(0, 89)}…` : line; };

export const dayOf = (seconds, locale) => {
  const day = new Date(seconds * 1000), today = new Date();
  const ago = Math.round((new Date(today.toDateString()) - new Date(day.toDateString())) / 86400000);
  if (ago < 2) return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-ago, "day");
  return day.toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long" });
};

export const draw = (message, view) => {
  const { who, find, replies } = view, mine = message.from === "me", quoted = message.reply_to ? find(message.reply_to) : null;
  const parts = { by: view.inRoom && !mine ? h("b", { class: "sender", dir: "auto" }, message.name) : null, time: clock(message.date, who.language), quoted: quoted ? quote(quoted, view) : null, file: message.document ? file(message, who) : null };
  parts.words = h("div", { class: "words", dir: "auto", html: message.html ?? "" });
  parts.words.querySelectorAll("pre, table").forEach((wide) => { wide.tabIndex = 0; wide.setAttribute("role", "region"); wide.setAttribute("aria-label", "Table"); });
  parts.keys = keys(message, view);
  const build = who.platform === "slack" ? post : bubble;
  const item = build(message, parts, view, replies);
  item.className = `message ${mine ? "me" : "bot"}${message.ephemeral ? " ephemeral" : ""}`;
  item.dataset.id = message.id;
  return item;
};

const bubble = (message, parts, view) => h("li", {},
  h("div", { class: "bubble" }, parts.by, parts.quoted, parts.file, message.text ? parts.words : null,
    h("span", { class: "meta" }, message.pinned ? h("span", { class: "pin" }, "pinned ") : null, message.edits ? "edited " : "", h("time", {}, parts.time), message.from === "me" ? h("span", { class: "ticks", title: "sent" }, "✓✓") : null)),
  parts.keys,
  h("button", { type: "button", class: "act", "aria-label": `Reply to: ${short(message.text)}`, title: "Reply", onclick: () => view.onReply(message) }, icon("reply")));

const post = (message, parts, view, replies) => {
  const mine = message.from === "me", name = mine ? view.who.name : message.name || "Parley", face = mine ? view.who.initials : initials(name);
  return h("li", {},
    h("span", { class: "face", "aria-hidden": "true" }, face),
    h("div", { class: "post" },
      message.ephemeral ? h("p", { class: "only" }, icon("eye"), "Only visible to you") : null,
      h("p", { class: "by" }, h("b", {}, name), message.from === "bot" ? h("span", { class: "app" }, "APP") : null, h("time", {}, parts.time)),
      parts.words, message.edits ? h("span", { class: "edited" }, "(edited)") : null, parts.file, parts.keys,
      replies ? h("button", { type: "button", class: "replies", onclick: () => view.onThread(message) }, `${replies} ${replies === 1 ? "reply" : "replies"}`) : null),
    message.ephemeral || view.inThread ? null : h("button", { type: "button", class: "act", "aria-label": `Reply in thread to: ${short(message.text)}`, title: "Reply in thread", onclick: () => view.onThread(message) }, icon("thread")));
};

const quote = (quoted, view) => h("button", { type: "button", class: "quote", dir: "auto", onclick: () => view.onJump(quoted.id) },
  h("b", {}, quoted.from === "me" ? view.who.name : "Parley"), h("span", {}, short(quoted.text) || quoted.document || ""));

const file = (message, who) => h("p", { class: "file" }, h("span", { class: "sheet-icon" }, icon("file")),
  h("a", { dir: "auto", href: `/control/people/${who.id}/files/${message.id}`, download: message.document }, message.document));

const initials = (name) => name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();

const keys = (message, view) => {
  const rows = (message.buttons ?? []).filter((row) => row.length);
  if (!rows.length) return null;
  return h("div", { class: "keys", role: "group", "aria-label": `Buttons of: ${short(message.text)}` }, rows.map((row) => keyRow(row, (...pressed) => view.onPress(message, ...pressed))));
};

// One row of what can be pressed; the options of one menu are one control.
export const keyRow = (row, onPress) => {
  const menus = new Map(), shown = [];
  for (const button of row) {
    if (button.menu === undefined) shown.push(key(button, onPress));
    else if (menus.has(button.menu)) menus.get(button.menu).push(button);
    else { menus.set(button.menu, [button]); shown.push(button.menu); }
  }
  return h("div", { class: "row" }, shown.map((one) => typeof one === "string" ? choice(menus.get(one), onPress) : one));
};

const key = (button, onPress) => button.url
  ? h("a", { class: "key", href: button.url, target: "_blank", rel: "noopener", dir: "auto" }, button.text)
  : h("button", { type: "button", class: `key ${button.style ?? ""}`, dir: "auto", "aria-label": button.label, onclick: (event) => onPress(button, event.currentTarget) }, h("span", {}, button.text));

const choice = (options, onPress) => h("select", {
  class: "key", "aria-label": options[0].label ?? "More", onchange: (event) => { const at = event.currentTarget.selectedIndex - 1; event.currentTarget.selectedIndex = 0; if (at >= 0) onPress(options[at], event.currentTarget); },
}, h("option", {}, "More…"), options.map((button) => h("option", {}, button.text)));
