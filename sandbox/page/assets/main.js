// The board: columns side by side, what stands in the bar above them, and who opens a link.

import { announce, dialog, h, icon } from "/page/dom.js";
import { ask, follow } from "/page/net.js";
import { columnsOf, forgetStart, insideShown, keepColumns, keepInside, person, setTheme, startCode, theme, themes } from "/page/state.js";
import { Column } from "/page/column.js";
import { Inside } from "/page/inside.js";
import { Player } from "/page/player.js";
import { faults } from "/page/faults.js";

const at = (id) => document.getElementById(id);
const narrow = matchMedia("(max-width: 700px)");

class Board {
  constructor() {
    this.people = new Map();
    this.columns = [];
    this.element = at("board");
    this.inside = new Inside(this.people);
    this.player = new Player(this, at("stage"), at("play"));
  }

  async open() {
    await this.meet();
    for (const id of columnsOf(this.people)) this.put(id);
    if (insideShown()) this.element.append(this.inside.element);
    this.order();
    this.refresh = follow(() => this.turn());
    await this.refresh();
    const code = startCode();
    if (code) this.startLink(code);
  }

  async meet() {
    const before = JSON.stringify([...this.people.values()]);
    for (const raw of await ask("/control/people")) { const who = person(raw); this.people.set(who.id, who); }
    return before !== JSON.stringify([...this.people.values()]);
  }

  async turn() {
    if (!this.people.size && await this.meet()) { for (const id of columnsOf(this.people)) this.put(id); this.order(); }
    this.empty();
    await Promise.all([...this.columns.map((column) => column.refresh()), this.inside.refresh()]);
  }

  empty() {
    this.nobody ??= h("p", { class: "plain" }, "Nobody is here yet: the demo company is still being made. This page fills by itself.");
    if (this.people.size || this.columns.length) this.nobody.remove(); else this.element.prepend(this.nobody);
  }

  column(id) { return this.columns.find((column) => column.who.id === id); }

  put(id, place = this.columns.length) {
    const column = new Column(this.people.get(id), this);
    this.columns.splice(place, 0, column);
    return column;
  }

  // The elements in the order of the columns; an element that stands right is not touched.
  order() {
    const wanted = [...this.columns.map((column) => column.element), ...(this.inside.element.isConnected ? [this.inside.element] : [])];
    wanted.forEach((element, place) => { if (this.element.children[place] !== element) this.element.insertBefore(element, this.element.children[place] ?? null); });
    while (this.element.children.length > wanted.length) this.element.lastChild.remove();
    if (!wanted.some((element) => element.dataset.id === document.body.dataset.active)) this.activate(wanted[0]?.dataset.id);
    this.switcher();
  }

  changed() {
    keepColumns(this.columns.map((column) => column.who.id));
    this.order();
  }

  async add(id) {
    const column = this.column(id) ?? this.put(id);
    this.changed();
    await column.refresh();
    this.reveal(column);
    column.composer.field.focus();
  }

  // Everybody of a demo's cast gets a column; who was there stays where they were.
  ensure(ids) {
    for (const id of ids) if (!this.column(id) && this.people.has(id)) this.put(id);
    this.changed();
    return this.refresh?.();
  }

  remove(column) {
    this.columns = this.columns.filter((one) => one !== column);
    column.element.remove();
    this.changed();
    announce(`${column.who.name} is no longer shown`);
  }

  move(column, by) {
    const from = this.columns.indexOf(column), to = from + by;
    if (to < 0 || to >= this.columns.length) return;
    this.columns.splice(to, 0, this.columns.splice(from, 1)[0]);
    this.changed();
    column.more.focus();
    announce(`${column.who.name} is column ${to + 1} of ${this.columns.length}`);
  }

  drag(column, event) {
    event.dataTransfer.setData("text/x-column", column.who.id);
    event.dataTransfer.effectAllowed = "move";
    const over = (moved) => {
      const target = this.columns.find((one) => one.element === moved.target.closest?.(".column"));
      if (!target) return;
      moved.preventDefault();
      if (target === column) return;
      const to = this.columns.indexOf(target);
      this.columns.splice(to, 0, this.columns.splice(this.columns.indexOf(column), 1)[0]);
      this.order();
    };
    this.element.addEventListener("dragover", over);
    column.head.addEventListener("dragend", () => { this.element.removeEventListener("dragover", over); this.changed(); }, { once: true });
  }

  async change(column, values) {
    const { raw, platform } = column.who, known = (await ask("/control/people")).find((one) => String(one.id) === column.who.id);
    const { first_name, last_name, username, language_code, email, note } = known;
    await ask("/control/people", { id: raw, platform: platform === "telegram" ? undefined : platform, first_name, last_name, username, language_code, email, note, ...values });
    await this.again(column);
  }

  async again(column) {
    await this.meet();
    const place = this.columns.indexOf(column), fresh = new Column(this.people.get(column.who.id), this);
    this.columns[place] = fresh;
    column.element.replaceWith(fresh.element);
    await fresh.refresh();
    this.switcher();
    fresh.more.focus();
  }

  speak(column, language) { return this.change(column, { language_code: language }).catch((error) => column.say(error.message, true)); }

  async block(column) {
    try {
      if (column.who.blocked) await ask("/control/faults", undefined, "DELETE");
      else await ask("/control/faults", { kind: "blocked", person: column.who.raw });
      await this.again(column);
    } catch (error) { column.say(error.message, true); }
  }

  reveal(column) {
    if (narrow.matches) this.activate(column.who.id);
    else column.element.scrollIntoView({ inline: "nearest", block: "nearest", behavior: "smooth" });
  }

  // On a small screen one column is shown, and this is how another is chosen.
  activate(id) {
    document.body.dataset.active = id ?? "";
    for (const element of this.element.children) element.classList.toggle("active", element.dataset.id === id);
    for (const button of at("switcher").querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.id === id));
    const column = this.column(id ?? "");
    if (column && narrow.matches) column.toEnd(false);
  }

  switcher() {
    const tab = (id, face, name) => h("button", { type: "button", "data-id": id, "aria-pressed": String(document.body.dataset.active === id), onclick: () => this.activate(id) },
      h("span", { class: `avatar ${id === "inside" ? "dim" : ""}`, "aria-hidden": "true" }, face), h("span", {}, name), h("span", { class: "badge", hidden: true }));
    at("switcher").replaceChildren(...this.columns.map((column) => {
      const button = tab(column.who.id, column.who.initials, column.who.name.split(" ")[0]);
      button.firstChild.style.setProperty("--hue", column.who.hue);
      return button;
    }), ...(this.inside.element.isConnected ? [tab("inside", icon("eye"), "Inside")] : []));
    this.columns.forEach((column) => this.counted(column));
  }

  counted(column) {
    const badge = at("switcher").querySelector(`[data-id="${CSS.escape(column.who.id)}"] .badge`);
    if (badge) { badge.hidden = column.unread === 0; badge.textContent = String(column.unread); }
    const all = this.columns.reduce((sum, one) => sum + one.unread, 0);
    document.title = all ? `(${all}) Parley sandbox` : "Parley sandbox";
  }

  toggleInside() {
    const shown = !this.inside.element.isConnected;
    if (shown) { this.element.append(this.inside.element); this.inside.refresh(); } else this.inside.element.remove();
    at("inside").setAttribute("aria-pressed", String(shown));
    keepInside(shown);
    this.order();
    if (shown && narrow.matches) this.activate("inside");
  }

  // The groups, each seen as its first member who can be played.
  async groups() {
    const found = await ask("/control/groups");
    return found.filter((group) => !group.migrated_to).map((group) => ({ group, who: (group.members ?? []).map((id) => this.people.get(String(id))).find(Boolean) })).filter(({ who }) => who);
  }

  async openGroup({ group, who }) {
    await this.add(who.id);
    this.column(who.id).enter(String(group.id));
  }

  chooseAny(groups) {
    const box = this.choose("Add a person or a group", "Each column is one person on one platform; their groups stand above their messages.", (who) => this.add(who.id));
    if (!groups.length) return;
    box.querySelector(".lead").after(h("h3", {}, "Groups"), h("ul", { class: "groups" }, groups.map(({ group, who }) => {
      const slack = group.platform === "slack";
      return h("li", {}, h("button", { type: "button", onclick: () => { box.close(); this.openGroup({ group, who }); } }, h("span", { class: "avatar dim", "aria-hidden": "true" }, icon(slack ? "hash" : "people")),
        h("span", {}, h("b", { dir: "auto" }, group.title), h("small", {}, `seen as ${who.name}`)), h("span", { class: `platform ${group.platform}` }, icon(slack ? "hash" : "plane"), slack ? "Slack" : "Telegram")));
    })), h("h3", {}, "People"));
  }

  choose(title, lead, run) {
    const box = dialog(title, "people", h("p", { class: "lead" }, lead), h("ul", {}, [...this.people.values()].map((who) => {
      const face = h("span", { class: "avatar", "aria-hidden": "true" }, who.initials);
      face.style.setProperty("--hue", who.hue);
      return h("li", {}, h("button", { type: "button", onclick: () => { box.close(); run(who); } }, face,
        h("span", {}, h("b", {}, who.name), h("small", {}, who.note)), h("span", { class: `platform ${who.platform}` }, icon(who.platform === "slack" ? "hash" : "plane"), who.platform === "slack" ? "Slack" : "Telegram")));
    })));
    return box;
  }

  startLink(code) {
    const go = async (who) => { forgetStart(); await this.add(who.id); await this.column(who.id).send({ text: `/start ${code}` }); };
    const alone = new URL(location.href).searchParams.get("as");
    if (alone && this.people.has(alone)) go(this.people.get(alone));
    else this.choose("Who opens this link?", "The link begins a chat with the bot. Choose whose telephone it is.", go);
  }
}

const board = new Board();
const label = (id, sign, words) => at(id).replaceChildren(icon(sign), h("span", {}, words));
const showTheme = () => { label("theme", { "": "half", light: "sun", dark: "moon" }[theme()], { "": "System", light: "Light", dark: "Dark" }[theme()]); at("theme").setAttribute("aria-label", `Theme: ${theme() || "system"}`); };
label("add", "plus", "Add person");
label("faults", "bolt", "Trouble");
label("inside", "eye", "Inside");
at("inside").setAttribute("aria-pressed", String(insideShown()));
showTheme();
at("play").onclick = () => board.player.start().catch((error) => announce(error.message));
at("add").onclick = () => board.groups().catch(() => []).then((groups) => board.chooseAny(groups));
at("faults").onclick = () => faults(board.people);
at("inside").onclick = () => board.toggleInside();
at("theme").onclick = () => { setTheme(themes[(themes.indexOf(theme()) + 1) % 3]); showTheme(); announce(`Theme: ${theme() || "system"}`); };
// Alt with an arrow goes from chat to chat, as in a mail program from folder to folder.
addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowLeft", "ArrowRight"].includes(event.key) || !board.columns.length) return;
  const now = board.columns.findIndex((column) => column.element.contains(document.activeElement));
  const next = board.columns.at((now + (event.key === "ArrowRight" ? 1 : -1)) % board.columns.length);
  event.preventDefault();
  board.reveal(next);
  next.composer.field.focus();
});
board.open();
