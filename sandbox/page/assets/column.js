// One column: one person on one platform, with the chat as they see it.

import { announce, h, icon, iconButton, menu } from "/page/dom.js";
import { ask, base64 } from "/page/net.js";
import { draw, dayOf } from "/page/message.js";
import { Composer } from "/page/composer.js";
import { Modal, home } from "/page/surfaces.js";

const LANGUAGES = { en: "English", de: "Deutsch", es: "Español", ru: "Русский", ar: "العربية" };
const TOAST = 5000, SHORTCUT = "new_request";

export class Column {
  constructor(who, board) {
    this.who = who;
    this.board = board;
    this.shown = new Map();
    this.unread = 0;
    this.busy = 0;
    this.first = true;
    this.tab = "messages";
    this.thread = null;
    this.room = null;
    this.rooms = [];
    this.seen = new Map();
    this.composer = new Composer(who, (said) => this.send(said));
    this.modal = new Modal(this);
    this.build();
  }

  build() {
    const { who } = this, slack = who.platform === "slack";
    this.list = h("ol", { class: "messages", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": `Messages of ${who.name}`, tabindex: "0", onscroll: () => this.scrolled() });
    this.badge = h("span", { class: "badge", hidden: true });
    this.newer = h("button", { type: "button", class: "newer", hidden: true, onclick: () => this.toEnd(true) });
    this.toast = h("p", { class: "toast", role: "status" });
    this.homeBox = h("div", { class: "home", hidden: true, tabindex: "0", "aria-label": "App home" });
    this.more = iconButton("more", `Options for ${who.name}`, () => this.options(), { "aria-haspopup": "menu", "aria-expanded": "false" });
    this.head = h("header", { class: "strip", draggable: true, ondragstart: (event) => this.board.drag(this, event) },
      h("span", { class: "avatar", "aria-hidden": "true" }, who.initials),
      h("div", { class: "name" }, h("h2", {}, who.name), h("p", {}, who.role)), this.badge,
      h("span", { class: `platform ${who.platform}` }, icon(slack ? "hash" : "plane"), slack ? "Slack" : "Telegram"),
      who.email ? iconButton("home", `Open the dashboard of ${who.name}`, () => this.dashboard()) : null, this.more);
    this.head.querySelector(".avatar").style.setProperty("--hue", who.hue);
    this.tabs = h("div", { class: "tabs", role: "tablist", hidden: true }, ["home", "messages"].map((name) => h("button", { type: "button", role: "tab", "data-tab": name, "aria-selected": String(name === "messages"), onclick: () => this.show(name) }, name === "home" ? "Home" : "Messages")));
    this.state = h("small", {}, slack ? "App" : "bot");
    this.app = h("div", { class: "app-bar" }, h("span", { class: "app-face", "aria-hidden": "true" }, "P"), h("p", {}, h("b", {}, "Parley"), this.state), this.tabs);
    this.roomBar = h("nav", { class: "rooms", "aria-label": `Chats of ${who.name}`, hidden: true });
    this.pane = h("div", { class: "pane", lang: who.language, dir: who.direction }, this.list, this.homeBox, this.newer, this.toast);
    this.threadBox = h("aside", { class: "thread", hidden: true, "aria-label": "Thread" });
    this.drop = h("div", { class: "dropping", "aria-hidden": "true" }, icon("clip"), `Drop to send as ${who.name}`);
    this.element = h("section", { class: `column ${who.platform}`, id: `c-${who.id}`, "aria-label": `${who.name}, ${who.platform}`, "data-id": who.id },
      this.head, this.app, this.roomBar, this.pane, this.composer.element, this.threadBox, this.modal.element, this.drop);
    this.takesFiles();
    this.element.addEventListener("focusin", () => this.scrolled());
  }

  takesFiles() {
    let depth = 0;
    const files = (event) => event.dataTransfer?.types.includes("Files");
    const over = (event, by) => { if (!files(event)) return; event.preventDefault(); depth = Math.max(0, depth + by); this.element.classList.toggle("drop", depth > 0); };
    this.element.addEventListener("dragenter", (event) => over(event, 1));
    this.element.addEventListener("dragover", (event) => over(event, 0));
    this.element.addEventListener("dragleave", (event) => over(event, -1));
    this.element.addEventListener("drop", (event) => { if (!files(event)) return; over(event, -9); this.composer.drop([...event.dataTransfer.files]); });
  }

  async refresh() {
    const chat = await ask(`/control/people/${encodeURIComponent(this.who.id)}/chat`);
    this.rooms = chat.rooms ?? [];
    this.all = chat.messages;
    this.enterable();
    for (const { chat_id } of this.all) if (String(chat_id).startsWith("D")) this.board.inside.rooms.set(chat_id, this.who);
    this.composer.commands = chat.commands ?? [];
    this.element.classList.toggle("no-commands", this.composer.commands.length === 0);
    this.draw();
    this.modal.show(chat.modal);
    if (this.who.platform === "slack") { this.tabs.hidden = false; home(this.homeBox, chat.home, (...pressed) => this.press(...pressed)); }
    this.first = false;
  }

  // A person is in one private chat with Parley, and in some groups; a column shows one of these at a time.
  place_of(message) { return this.rooms.some((room) => String(room.id) === String(message.chat_id)) ? String(message.chat_id) : ""; }
  here() { return this.rooms.find((room) => String(room.id) === this.room) ?? null; }

  enterable() {
    if (this.room && !this.here()) this.room = null;
    this.messages = this.all.filter((message) => this.place_of(message) === (this.room ?? "") && !(this.room && message.service));
    const counts = new Map();
    for (const message of this.all) if (!message.service && message.from !== "me") counts.set(this.place_of(message), (counts.get(this.place_of(message)) ?? 0) + 1);
    for (const id of ["", ...this.rooms.map((room) => String(room.id))]) if (this.first || id === (this.room ?? "")) this.seen.set(id, counts.get(id) ?? 0);
    this.roomBar.hidden = this.rooms.length === 0;
    const text = JSON.stringify([this.rooms.map((room) => [room.id, room.title]), [...counts], [...this.seen], this.room]);
    if (text === this.roomText) return;
    this.roomText = text;
    const focused = this.roomBar.contains(document.activeElement) ? document.activeElement.dataset.room : null;
    const chip = (id, title, sign) => {
      const unread = (counts.get(id) ?? 0) - (this.seen.get(id) ?? 0);
      return h("button", { type: "button", "data-room": id, "aria-current": String(id === (this.room ?? "")), onclick: () => this.enter(id || null) }, icon(sign), h("span", { dir: "auto" }, title),
        unread > 0 ? h("span", { class: "badge", "aria-label": `${unread} unread` }, String(unread)) : null);
    };
    this.roomBar.replaceChildren(chip("", "Parley", "chat"), ...this.rooms.map((room) => chip(String(room.id), room.title, this.who.platform === "slack" ? "hash" : "people")));
    if (focused !== null) this.roomBar.querySelector(`[data-room="${CSS.escape(focused)}"]`)?.focus();
  }

  enter(room) {
    if (this.room === room) return;
    this.room = room;
    if (this.tab === "home") this.show("messages");
    if (this.thread) this.closeThread();
    this.composer.reply(null);
    const here = (this.enterable(), this.here());
    this.app.querySelector("b").textContent = here ? here.title : "Parley";
    const slack = this.who.platform === "slack";
    this.state.textContent = !here ? (slack ? "App" : "bot") : slack ? `${here.members.length} members` : here.members.join(", ");
    this.state.title = here ? here.members.join(", ") : "";
    this.app.querySelector(".app-face").replaceChildren(here ? icon(slack ? "hash" : "people") : "P");
    this.element.classList.toggle("in-room", here !== null);
    this.composer.field.placeholder = here ? `Message ${here.title}` : slack ? "Message Parley" : "Message";
    this.first = true;
    this.draw();
    this.first = false;
    this.toEnd(false);
    announce(`${this.who.name}: ${here ? here.title : "Parley"}`);
  }

  // A forum's messages by topic, the topic that moved last at the end; null where there are no topics.
  byTopic() {
    const here = this.here();
    if (!here?.topics.length) return null;
    const found = here.topics.map((topic) => ({ topic, messages: this.messages.filter((message) => message.thread === topic.id) }));
    const last = ({ messages, topic }) => Math.max(topic.id, ...messages.map((message) => message.id));
    return [{ topic: null, messages: this.messages.filter((message) => !message.thread) }, ...found.sort((one, other) => last(one) - last(other))];
  }

  topicHead(topic) {
    this.topics ??= new Map();
    const text = JSON.stringify(topic), known = this.topics.get(topic.id);
    if (known?.text === text) return known.element;
    const element = h("li", { class: "topic" }, h("h3", { dir: "auto" }, icon("thread"), h("span", {}, topic.name)),
      topic.open ? iconButton("reply", `Write in ${topic.name}`, () => this.composer.reply({ id: topic.id, text: topic.name })) : h("small", {}, "closed"));
    known?.element.replaceWith(element);
    this.topics.set(topic.id, { text, element });
    return element;
  }

  draw() {
    const low = this.low(), answers = new Map(), order = [];
    for (const message of this.messages) if (this.isReply(message)) answers.set(message.thread, (answers.get(message.thread) ?? 0) + 1);
    let fresh = 0, day = "";
    const topics = this.byTopic();
    for (const { topic, messages } of topics ?? []) {
      if (topic) order.push(this.topicHead(topic));
      for (const message of messages) order.push(this.one(message, 0, () => fresh++));
    }
    for (const message of topics ? [] : this.messages) {
      if (this.isReply(message)) continue;
      const then = dayOf(message.date, this.who.language);
      if (then !== day) order.push(this.day(day = then));
      order.push(this.one(message, answers.get(message.id) ?? 0, () => fresh++));
    }
    if (!order.length) order.push(this.room ? this.emptyRoom ??= h("li", { class: "empty" }, "No request is shown here yet. The next one that is submitted is.") : this.empty ??= h("li", { class: "empty" }, "Nothing here yet. Write ", h("b", {}, "/help"), "."));
    this.place(order);
    if (this.thread) this.drawThread();
    if (low || this.first) this.toEnd(false);
    else if (fresh) this.count(this.unread + fresh);
    if (fresh && !this.first && !this.visible()) this.count(Math.max(this.unread, fresh));
  }

  isReply(message) { return message.thread && message.thread !== message.id; }

  one(message, replies, isNew) {
    const text = JSON.stringify([message, replies]), known = this.shown.get(message.id);
    if (known?.text === text) return known.element;
    const element = draw(message, { ...this.view(), replies });
    if (!known && !this.first) { element.classList.add("arrived"); if (message.from !== "me") isNew(); }
    if (known && message.edits > known.edits) { element.classList.add("changed"); this.told(message); }
    element.addEventListener("animationend", () => element.classList.remove("changed", "arrived"));
    known?.element.replaceWith(element);
    this.shown.set(message.id, { text, element, edits: message.edits });
    return element;
  }

  told(message) {
    const line = message.text.split("\n")[0];
    announce(`${this.who.name}: changed to ${line}`);
  }

  view() {
    return {
      who: this.who, inThread: false, inRoom: this.room !== null, find: (id) => this.messages.find((message) => message.id === id),
      onPress: (...pressed) => this.press(...pressed), onJump: (id) => this.jump(id), onThread: (message) => this.openThread(message),
      onReply: (message) => this.composer.reply(message),
    };
  }

  day(name) {
    this.days ??= new Map();
    if (!this.days.has(name)) this.days.set(name, h("li", { class: "day" }, h("span", {}, name)));
    return this.days.get(name);
  }

  place(order) {
    order.forEach((element, at) => { if (this.list.children[at] !== element) this.list.insertBefore(element, this.list.children[at] ?? null); });
    while (this.list.children.length > order.length) this.list.lastChild.remove();
  }

  low() { return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 90; }
  visible() { return this.element.offsetParent !== null && !document.hidden; }
  toEnd(smooth) { this.list.scrollTo({ top: this.list.scrollHeight, behavior: smooth ? "smooth" : "instant" }); this.count(0); }
  scrolled() { if (this.low() && this.visible()) this.count(0); }

  count(number) {
    this.unread = number;
    this.badge.hidden = this.newer.hidden = number === 0;
    this.badge.textContent = String(number);
    this.badge.setAttribute("aria-label", `${number} unread`);
    this.newer.replaceChildren(icon("down"), `${number} new`);
    this.board.counted?.(this);
  }

  jump(id) {
    const element = this.shown.get(id)?.element;
    element?.scrollIntoView({ block: "center", behavior: "smooth" });
    element?.classList.add("changed");
  }

  say(words, alert = false) {
    clearTimeout(this.hush);
    if (alert && words) { this.alert(words); return; }
    this.toast.textContent = words;
    this.toast.classList.toggle("shown", words !== "");
    if (words) this.hush = setTimeout(() => this.say(""), TOAST);
  }

  // Telegram's alert: it waits for OK.
  alert(words) {
    const back = document.activeElement, done = () => { box.remove(); back?.focus?.(); };
    const ok = h("button", { type: "button", class: "primary", onclick: done }, "OK");
    const box = h("div", { class: "veil alert", role: "alertdialog", "aria-label": "Parley", onkeydown: (event) => { if (event.key === "Escape") done(); } }, h("div", { class: "modal small" }, h("p", { dir: "auto" }, words), h("footer", {}, ok)));
    this.element.append(box);
    if (this.busy) ok.focus();
  }

  async act(verb, body, button) {
    button?.setAttribute("aria-busy", "true");
    this.busy++;
    try {
      const answer = await ask(`/control/people/${encodeURIComponent(this.who.id)}/${verb}`, body);
      if (verb !== "send") await this.refresh();
      return answer;
    } catch (error) { this.say(error.message, true); return null; }
    finally { this.busy--; button?.removeAttribute("aria-busy"); }
  }

  // Slack's question before a press that cannot be taken back.
  sure(confirm) {
    return new Promise((resolve) => {
      const done = (yes) => { box.remove(); resolve(yes); };
      const yes = h("button", { type: "button", class: "primary", onclick: () => done(true) }, confirm.confirm ?? "Yes");
      const box = h("div", { class: "veil", role: "alertdialog", "aria-label": confirm.title ?? "Sure?", onkeydown: (event) => { if (event.key === "Escape") done(false); } },
        h("div", { class: "modal small" }, h("h3", {}, confirm.title ?? ""), h("p", { dir: "auto" }, confirm.text ?? ""), h("footer", {}, h("button", { type: "button", onclick: () => done(false) }, confirm.deny ?? "Cancel"), yes)));
      this.element.append(box);
      yes.focus();
    });
  }

  async send({ text, file, reply_to }) {
    const body = { text: text || null, reply_to, chat_id: this.here()?.id, document: file ? await base64(file) : undefined };
    const answer = await this.act("send", body);
    if (answer?.answered === false) this.say(answer.text, true);
    return answer !== null;
  }

  async press(message, button, element) {
    if (element?.getAttribute("aria-busy") === "true") return;
    if (button.confirm && !await this.sure(button.confirm)) return;
    const answer = await this.act("press", { message_id: message.id, data: button.data ?? undefined, button: button.text }, element);
    if (!answer) return;
    if (answer.answered === false) this.say(answer.text || "No answer came: the spinner would still turn.", true);
    else if (answer.text) this.say(answer.text, answer.alert);
    if (answer.opens) window.open(answer.opens, "_blank", "noopener");
  }

  show(tab) {
    this.tab = tab;
    this.homeBox.hidden = tab !== "home";
    this.list.hidden = tab === "home";
    this.composer.element.hidden = tab === "home";
    for (const button of this.tabs.children) button.setAttribute("aria-selected", String(button.dataset.tab === tab));
    if (tab === "home") ask(`/control/people/${encodeURIComponent(this.who.id)}/home`, {}).catch(() => null); else this.toEnd(false);
  }

  openThread(message) {
    this.thread = message.id;
    this.threadComposer = new Composer(this.who, (said) => this.send({ ...said, reply_to: message.id }));
    this.threadComposer.field.placeholder = "Reply…";
    this.threadList = h("ol", { class: "messages", role: "log", "aria-live": "polite", "aria-label": "Thread", tabindex: "0" });
    this.threadBox.replaceChildren(h("header", {}, h("h3", {}, "Thread"), iconButton("close", "Close the thread", () => this.closeThread())), this.threadList, this.threadComposer.element);
    this.threadBox.hidden = false;
    this.threadText = "";
    this.drawThread();
    this.threadComposer.field.focus();
  }

  drawThread() {
    const shown = this.messages.filter((message) => message.id === this.thread || message.thread === this.thread), text = JSON.stringify(shown);
    if (text === this.threadText) return;
    this.threadText = text;
    this.threadList.replaceChildren(...shown.map((message) => draw(message, { ...this.view(), inThread: true, replies: 0 })));
    this.threadList.scrollTop = this.threadList.scrollHeight;
  }

  closeThread() {
    this.thread = null;
    this.threadBox.hidden = true;
    this.composer.field.focus();
  }

  dashboard() { window.open(`/inside/dashboard?email=${encodeURIComponent(this.who.email)}`, "_blank", "noopener"); }

  options() {
    const { who } = this;
    menu(this.more, `Options for ${who.name}`, [
      ...(who.email ? [{ text: "Open dashboard", run: () => this.dashboard() }] : []),
      { text: "Move left", run: () => this.board.move(this, -1) }, { text: "Move right", run: () => this.board.move(this, 1) },
      { text: "Remove from the page", run: () => this.board.remove(this) },
      { text: who.blocked ? "Unblock the bot" : "Block the bot", disabled: who.platform === "slack", run: () => this.board.block(this) },
      ...(who.platform === "slack" ? [{ text: "Shortcut: New request", run: () => this.shortcut(SHORTCUT) }] : []),
      { heading: "Language of this person's app" },
      ...Object.entries(LANGUAGES).map(([code, name]) => ({ text: name, checked: who.language === code, run: () => this.board.speak(this, code) })),
    ]);
  }

  async shortcut(name, message) {
    const answer = await this.act("shortcut", { name, message_id: message?.id });
    if (answer?.answered === false) this.say(answer.text, true);
  }

  // What the demo is about to press: the newest message that has the button, and mentions the card.
  point(label, card) {
    this.unpoint();
    this.enter(null);
    const found = [...(this.messages ?? [])].reverse().find((message) => (!card || message.text.includes(card)) && message.buttons.some((row) => row.some((button) => button.text.startsWith(label))));
    const element = found && this.shown.get(found.id)?.element;
    const key = element && [...element.querySelectorAll(".key")].find((one) => one.textContent.startsWith(label));
    key?.classList.add("pointed");
    key?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  unpoint() { this.element.querySelectorAll(".pointed").forEach((key) => key.classList.remove("pointed")); }
}
