// "Play the demo": a scenario step by step, with a caption each; it can be paused, taken over by hand and continued.

import { announce, h, icon, iconButton } from "/page/dom.js";
import { ask } from "/page/net.js";
import { pickScript } from "/page/script.js";

const FIRST = "purchase", SPEEDS = [0.5, 1, 2, 4, 10];
const READING = 1500, LETTER = 26, BRIEF = 650;

export class Player {
  constructor(board, element, button) {
    this.board = board;
    this.element = element;
    this.button = button;
    this.mode = "idle";
    this.speed = 1;
    this.build();
    this.set("idle");
  }

  build() {
    this.caption = h("p", { class: "caption", "aria-live": "polite" });
    this.doing = h("p", { class: "doing", dir: "auto" });
    this.counter = h("span", { class: "counter" });
    this.bar = h("progress", { max: 1, value: 0, "aria-label": "Steps done" });
    this.go = h("button", { type: "button", class: "primary", onclick: () => this.toggle() });
    this.once = iconButton("step", "One step", () => this.one());
    this.hand = h("button", { type: "button", onclick: () => this.byHand(), title: "You did this step yourself in the chat: look whether it came true, and go on" }, icon("skip"), "Done by hand");
    this.pace = h("select", { "aria-label": "Speed", onchange: () => { this.speed = Number(this.pace.value); } }, SPEEDS.map((speed) => h("option", { value: speed, selected: speed === 1 }, `${speed}×`)));
    this.list = h("ol", { class: "steps", hidden: true, tabindex: "0", "aria-label": "Steps" });
    this.all = h("button", { type: "button", "aria-expanded": "false", onclick: () => this.unfold(this.list.hidden) }, "Steps");
    this.other = h("button", { type: "button", onclick: () => this.pick() }, icon("pen"), "Scenarios…");
    this.element.append(this.list, h("div", { class: "now" }, h("div", { class: "told" }, this.caption, this.doing), h("div", { class: "where" }, this.counter, this.bar)),
      h("div", { class: "controls", role: "toolbar", "aria-label": "Demo" }, this.go, this.once, this.hand, h("label", { class: "pace" }, this.pace), this.all, this.other, iconButton("stop", "End the demo", () => this.end())));
  }

  unfold(open) { this.list.hidden = !open; this.all.setAttribute("aria-expanded", String(open)); if (open) this.current()?.scrollIntoView({ block: "nearest" }); }
  current() { return this.list.children[this.play?.at ?? 0]; }

  async start() {
    if (this.mode !== "idle") return this.toggle();
    await this.begin(await ask(`/play/scenarios/${FIRST}`));
  }

  pick() { this.pause(); pickScript(this.text, (text) => this.begin(text)); }

  async begin(text) {
    this.end();
    this.play = await ask("/play", { text, cast: [...this.board.people.values()].some((who) => who.platform === "slack") ? "mixed" : "telegram" });
    this.text = text;
    this.element.hidden = false;
    this.list.replaceChildren(...this.play.steps.map((step) => h("li", {}, h("span", { class: "mark" }), h("span", { dir: "auto" }, step.caption ? h("b", {}, `${step.caption} `) : null, told(step)))));
    const cast = [...new Set(this.play.steps.map((step) => step.person).filter(Boolean).map(String))];
    this.board.ensure(cast);
    this.set("playing");
    this.run();
  }

  toggle() {
    if (this.mode === "playing") this.pause();
    else if (this.mode === "done") this.begin(this.text);
    else if (this.mode === "paused" || this.mode === "failed") { this.set("playing"); this.run(); }
  }

  pause() { if (this.mode === "playing") { this.set("paused"); this.wake?.(); this.column?.composer.calm(); } }

  end() {
    this.set("idle");
    this.wake?.();
    this.leave();
    this.play = null;
    this.element.hidden = true;
  }

  async one() {
    if (this.working || !this.play || this.mode === "done") return;
    this.set("paused");
    this.wake?.();
    await this.act(false);
  }

  async byHand() {
    if (this.working || !this.play || this.mode === "done") return;
    this.set("paused");
    this.wake?.();
    await this.act(true);
    if (this.mode === "paused") { this.set("playing"); this.run(); }
  }

  async run() {
    if (this.running) return;
    this.running = true;
    while (this.mode === "playing" && this.play) {
      const step = this.play.steps[this.play.at];
      await this.point(step);
      if (this.mode !== "playing") break;
      await this.act(false);
    }
    this.running = false;
  }

  // Before the deed: whose turn it is, what they are about to do, time to read it.
  async point(step) {
    const lead = (step.caption ? READING + step.caption.length * LETTER : step.says || step.presses || step.answers ? BRIEF : 120) / this.speed;
    this.look(step);
    const words = this.fill(step.says ?? step.replies ?? ""), caption = step.caption ? 1 : 0.3;
    if (step.presses) this.column?.point(this.fill(step.presses), step.card && this.fill(step.card));
    const typing = words && this.column ? this.wait(lead * 0.45 * caption).then(() => this.mode === "playing" && this.column.composer.ghost(words, lead * 0.5)) : null;
    await this.wait(lead);
    if (this.mode === "playing") await typing;
  }

  look(step) {
    this.leave();
    this.column = step.person ? this.board.column(String(step.person)) : null;
    this.column?.element.classList.add("acting");
    if (this.column) { this.board.reveal(this.column); this.column.toEnd(false); }
    if (step.caption) this.caption.textContent = this.fill(step.caption);
    this.doing.textContent = this.fill(told(step));
    this.progress();
  }

  leave() {
    this.column?.element.classList.remove("acting");
    this.column?.composer.calm();
    this.column?.unpoint();
    this.column = null;
  }

  async act(byHand) {
    const play = this.play, step = play.steps[play.at];
    this.look(step);
    this.working = true;
    this.mark("doing");
    try {
      const answer = await ask(`/play/${play.id}/next`, { by_hand: byHand });
      if (this.play !== play) return;
      this.play.values = answer.values;
      if (answer.error) { this.fail(answer.error); return; }
      this.mark("done");
      this.play.at = answer.at;
      this.progress();
      if (this.play.at >= this.play.steps.length) this.finish();
    } catch (error) { this.fail(error.message); } finally { this.working = false; this.column?.composer.calm(); this.column?.unpoint(); }
  }

  fail(words) {
    this.mark("failed");
    const row = this.current();
    row.querySelector("pre")?.remove();
    row.append(h("pre", { tabindex: "0" }, words));
    this.set("failed");
    this.caption.textContent = `Step ${this.play.at + 1} did not come true`;
    this.doing.textContent = words.split("\n")[0];
    this.unfold(true);
    announce(`Step ${this.play.at + 1} failed: ${words.split("\n")[0]}`);
  }

  finish() {
    this.set("done");
    this.leave();
    this.caption.textContent = "Done: from a line in chat to a received order, every step in the log.";
    this.doing.textContent = this.play.about;
  }

  mark(state) { const row = this.current(); if (!row) return; row.className = state; row.querySelector("pre")?.remove(); row.scrollIntoView({ block: "nearest" }); }

  progress() {
    const { at, steps } = this.play;
    this.counter.textContent = `${Math.min(at + 1, steps.length)} / ${steps.length}`;
    this.bar.max = steps.length;
    this.bar.value = at;
    [...this.list.children].forEach((row, number) => row.toggleAttribute("aria-current", number === at));
  }

  fill(text) { return text.replaceAll(/\$\{(\w+)\}/g, (whole, name) => this.play?.values[name] ?? whole); }

  wait(time) {
    return new Promise((resolve) => { const timer = setTimeout(resolve, time); this.wake = () => { clearTimeout(timer); resolve(); }; });
  }

  set(mode) {
    this.mode = mode;
    this.element.dataset.mode = mode;
    const names = { playing: ["pause", "Pause"], done: ["play", "Again"], failed: ["play", "Try again"], paused: ["play", "Continue"], idle: ["play", "Play"] };
    const [sign, words] = names[mode];
    this.go.replaceChildren(icon(sign), words);
    this.button.replaceChildren(icon(mode === "idle" ? "play" : sign), h("span", {}, mode === "idle" ? "Play the demo" : words));
    this.hand.disabled = this.once.disabled = mode === "done";
  }
}

const told = (step) => {
  const who = step.who ? step.who[0].toUpperCase() + step.who.slice(1) : "";
  if (step.says && step.drops) return `${who} drops ${step.drops} and writes: ${step.says}`;
  if (step.says) return `${who} writes: ${step.says}`;
  if (step.replies) return `${who} replies: ${step.replies}`;
  if (step.drops) return `${who} drops ${step.drops}`;
  if (step.presses) return `${who} presses ${step.presses}${step.answers ? `, then answers: ${step.answers.join(", ")}` : ""}`;
  if (step.uses) return `${who} uses ${step.uses}`;
  if (step.closes) return `${who} closes the form`;
  if (step.answers) return `${who} answers: ${step.answers.join(", ")}`;
  if (step.do) return `(${step.do}: not on this page)`;
  return `${who} sees ${[...(step.expect?.contains ?? []), ...(step.expect?.buttons ?? []).map((label) => `[${label}]`)].join(" · ") || "the outcome"}`;
};
