// The typing field: Enter sends, Shift+Enter breaks the line, a slash opens the commands, a file can be dropped or picked.

import { h, icon, iconButton } from "/page/dom.js";

export class Composer {
  constructor(who, send) {
    this.who = who;
    this.send = send;
    this.commands = [];
    this.replying = null;
    this.ghosting = 0;
    const list = `commands-${who.id}`;
    this.field = h("textarea", {
      rows: 1, dir: "auto", placeholder: who.platform === "slack" ? "Message Parley" : "Message", "aria-label": `Message as ${who.name}`,
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list, spellcheck: false,
      oninput: () => this.changed(), onkeydown: (event) => this.key(event), onblur: () => setTimeout(() => this.offer([]), 150),
    });
    this.options = h("ul", { class: "commands", role: "listbox", id: list, "aria-label": "Commands", hidden: true });
    this.picker = h("input", { type: "file", multiple: true, class: "unseen", tabindex: "-1", "aria-label": `Attach a file as ${who.name}`, onchange: () => { this.drop([...this.picker.files]); this.picker.value = ""; } });
    this.quoted = h("p", { class: "replying", hidden: true });
    this.submit = iconButton("send", `Send as ${who.name}`, () => this.go(), { class: "icon go" });
    this.element = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.go(); } }, this.options, this.quoted,
      h("div", { class: "line" },
        h("button", { type: "button", class: "icon slash", "aria-label": "Commands", title: "Commands", onclick: () => this.toggle() }, h("span", { "aria-hidden": "true" }, who.platform === "slack" ? "/" : "/")),
        this.field, this.picker, iconButton("clip", `Attach a file as ${who.name}`, () => this.picker.click()), this.submit));
  }

  changed() {
    this.ghosting++;
    this.element.classList.remove("ghost");
    this.size();
    const typed = this.field.value;
    this.offer(/^\/[^\s]*$/.test(typed) || (this.who.platform === "slack" && /^\/parley \S*$/.test(typed)) ? this.matching(typed) : []);
  }

  size() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 132)}px`;
    this.element.classList.toggle("written", this.field.value.trim() !== "");
  }

  matching(typed) {
    return this.commands.filter((command) => this.word(command).startsWith(typed.trimEnd() === "/" ? "/" : typed)).slice(0, 24);
  }

  word(command) {
    const plain = command.command.replace(/^\//, "");
    return this.who.platform === "slack" && !plain.startsWith("parley") ? `/parley ${plain}` : `/${plain}`;
  }

  toggle() {
    this.field.focus();
    this.offer(this.options.hidden ? this.commands.slice(0, 24) : []);
  }

  offer(commands) {
    this.options.hidden = commands.length === 0;
    this.field.setAttribute("aria-expanded", String(commands.length > 0));
    this.field.removeAttribute("aria-activedescendant");
    this.options.replaceChildren(...commands.map((command, at) => h("li", {
      role: "option", id: `${this.options.id}-${at}`, "aria-selected": "false", onpointerdown: (event) => { event.preventDefault(); this.take(command); },
    }, h("b", {}, this.word(command)), h("span", { dir: "auto" }, command.description))));
    this.offered = commands;
    this.at = -1;
  }

  point(step) {
    const rows = [...this.options.children];
    this.at = (this.at + step + rows.length) % rows.length;
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === this.at)));
    rows[this.at].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", rows[this.at].id);
  }

  take(command) {
    this.offer([]);
    this.put(`${this.word(command)} `);
    this.field.focus();
  }

  key(event) {
    const open = !this.options.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) { this.point(event.key === "ArrowDown" ? 1 : -1); event.preventDefault(); return; }
    if (open && this.at >= 0 && (event.key === "Enter" || event.key === "Tab")) { this.take(this.offered[this.at]); event.preventDefault(); return; }
    if (event.key === "Escape") { if (open) this.offer([]); else this.reply(null); return; }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.go(); }
  }

  put(text) {
    this.field.value = text;
    this.size();
  }

  reply(message) {
    this.replying = message;
    this.quoted.hidden = message === null;
    if (message === null) return;
    this.quoted.replaceChildren(icon("reply"), h("span", { dir: "auto" }, message.text.split("\n")[0] || message.document || ""), iconButton("close", "Do not reply", () => this.reply(null)));
    this.field.focus();
  }

  async go() {
    const text = this.field.value.trim();
    if (!text || this.element.classList.contains("ghost")) return;
    const about = this.replying;
    this.put("");
    this.offer([]);
    this.reply(null);
    if (!await this.send({ text, reply_to: about?.id })) this.put(text);
  }

  async drop(files) {
    const words = this.field.value.trim();
    for (const [at, file] of files.entries()) await this.send({ text: at === 0 ? words : "", file });
    if (words) this.put("");
  }

  // Show what the demo is about to write, letter by letter; a person who types takes the field back.
  async ghost(text, pace) {
    const turn = ++this.ghosting;
    if (this.field.value && !this.element.classList.contains("ghost")) return;
    this.element.classList.add("ghost");
    const each = Math.max(1, Math.ceil(text.length / Math.max(1, pace / 24)));
    for (let at = each; at < text.length + each; at += each) {
      if (turn !== this.ghosting) return;
      this.put(text.slice(0, at));
      await new Promise((resolve) => setTimeout(resolve, 24));
    }
  }

  calm() {
    this.ghosting++;
    if (!this.element.classList.contains("ghost")) return;
    this.element.classList.remove("ghost");
    this.put("");
  }
}
