// The column that shows what happens inside: the bots' calls, refusals, events with their deliveries, n8n's runs.

import { h, iconButton } from "/page/dom.js";
import { ask } from "/page/net.js";

const KEPT = 400, POLL = 1500;
const KINDS = { all: "All", call: "Bot calls", event: "Events", run: "n8n", refused: "Refused" };
const time = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const inWords = (type) => type.replaceAll(".", " · ").replaceAll("_", " ");
const short = (value) => { const text = typeof value === "string" ? value : JSON.stringify(value) ?? ""; return text.replaceAll(/<[^>]+>/g, "").replaceAll("\n", " · ").slice(0, 90); };

export class Inside {
  constructor(people) {
    this.people = people;
    this.rows = new Map();
    this.rooms = new Map();
    this.lastCall = 0;
    this.refusals = 0;
    this.list = h("ol", { class: "feed", tabindex: "0", "aria-label": "What happens inside, newest first" });
    this.why = h("p", { class: "why", hidden: true });
    this.filters = h("div", { class: "filters", role: "group", "aria-label": "Show" }, Object.entries(KINDS).map(([kind, name]) =>
      h("button", { type: "button", "data-kind": kind, "aria-pressed": String(kind === "all"), onclick: () => this.filter(kind) }, name)));
    this.element = h("section", { class: "column inside", id: "c-inside", "aria-label": "Inside", "data-id": "inside", "data-show": "all" },
      h("header", { class: "strip" }, h("div", { class: "name" }, h("h2", {}, "Inside"), h("p", {}, "calls, events, deliveries")), iconButton("undo", "Empty the list", () => this.empty())),
      this.filters, this.why, this.list);
    setInterval(() => this.element.isConnected && !document.hidden && this.behind(), POLL);
  }

  filter(kind) {
    this.element.dataset.show = kind;
    for (const button of this.filters.children) button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
  }

  empty() { this.rows.clear(); this.list.replaceChildren(); }

  async refresh() {
    if (!this.element.isConnected) return;
    await Promise.all([this.calls(), this.refused()]);
    this.soon ??= setTimeout(() => { this.soon = null; this.behind(); }, 250);
  }

  async calls() {
    for (const entry of await ask(`/control/log?after=${this.lastCall}`)) {
      this.lastCall = entry.seq;
      if (entry.refused) continue;
      this.put(`call-${entry.seq}`, entry.at * 1000, this.call(entry), entry.fault ? "call fault" : "call");
    }
  }

  call(entry) {
    const args = entry.args ?? {}, whom = this.whom(args);
    const what = short(args.text ?? args.caption ?? args.view ?? args.message_id ?? "");
    return [h("p", {}, h("b", {}, entry.method), whom ? h("span", { class: "to" }, ` → ${whom.name}`) : null), what ? h("p", { class: "what", dir: "auto" }, what) : null,
      entry.fault ? h("p", { class: "wrong" }, `fault on purpose: ${entry.fault}`) : null, details("arguments", args)];
  }

  whom(args) {
    const named = [args.user, args.user_id, args.chat_id, args.channel].filter(Boolean).map(String);
    return named.map((id) => this.people.get(id) ?? this.rooms.get(id)).find(Boolean);
  }

  async refused() {
    const refusals = await ask("/control/refusals");
    if (refusals.length < this.refusals) for (const key of [...this.rows.keys()].filter((key) => key.startsWith("refused-"))) this.drop(key);
    this.refusals = refusals.length;
    refusals.forEach((refusal, at) => this.rows.has(`refused-${at}`) || this.put(`refused-${at}`, refusal.at * 1000,
      [h("p", {}, h("b", {}, refusal.method), h("span", { class: "to" }, ` refused, ${refusal.code}`)), h("p", { class: "wrong" }, refusal.description),
        refusal.pointer ? h("p", { class: "pointer" }, "at ", h("code", {}, refusal.pointer)) : null, details("payload", refusal.payload)], "refused"));
  }

  async behind() {
    if (this.asking) return;
    this.asking = true;
    try {
      const feed = await ask(`/inside/feed${this.after === undefined ? "" : `?after=${this.after}`}`);
      this.why.hidden = feed.here;
      this.why.textContent = feed.here ? "" : `${feed.why} This column shows the bots' calls only.`;
      if (!feed.here) return;
      this.after = feed.after;
      for (const event of feed.events) this.put(`event-${event.id}`, Date.parse(event.occurred_at), this.event(event), event.action.endsWith("refused") ? "event no" : "event");
      for (const delivery of [...feed.deliveries].reverse()) this.delivered(delivery);
      for (const run of feed.executions) this.put(`run-${run.id}`, stamp(run.started_at), this.run(run), `run ${run.status}`);
    } catch { /* the sandbox is restarting: asked again in a moment */ } finally { this.asking = false; }
  }

  event(event) {
    const about = event.subject.number ?? event.data.number ?? event.subject.kind;
    return [h("p", {}, h("span", { class: "position", title: "position in the log" }, `#${event.position ?? "…"}`), " ", h("b", {}, inWords(event.action))),
      h("p", { class: "what" }, `${event.actor_name} · ${event.channel} · ${about}`), h("p", { class: "deliveries" }), details("data", { ...event.data, subject: event.subject, correlation: event.correlation_id })];
  }

  delivered(delivery) {
    const box = this.rows.get(`event-${delivery.event_id}`)?.querySelector(".deliveries");
    if (!box) return;
    const words = { done: "done", due: "waiting", running: "running", parked: "parked", skipped: "skipped" }[delivery.state];
    const chip = h("span", { class: `chip ${delivery.state}`, "data-id": delivery.id, title: `${delivery.subscriber}: ${words}, attempt ${delivery.attempts}${delivery.last_error ? `: ${delivery.last_error}` : ""}` },
      delivery.subscriber, h("span", { class: "state" }, { done: " ✓", parked: " ✕", skipped: " –" }[delivery.state] ?? " …"), h("span", { class: "unseen" }, ` ${words}`));
    const known = box.querySelector(`[data-id="${delivery.id}"]`);
    if (known) { if (known.className !== chip.className) known.replaceWith(chip); } else box.append(chip);
  }

  run(run) {
    return [h("p", {}, h("b", {}, run.flow), h("span", { class: "to" }, ` ${run.status}`)), h("p", { class: "what" }, `n8n execution ${run.id}`)];
  }

  put(key, at, content, kind) {
    const known = this.rows.get(key);
    if (known && known.className === kind) return;
    const row = h("li", { class: kind }, h("time", {}, time(at)), h("div", {}, content));
    row.dataset.at = at;
    this.rows.set(key, row);
    known?.remove();
    let next = this.list.firstElementChild;
    while (next && Number(next.dataset.at) > at) next = next.nextElementSibling;
    this.list.insertBefore(row, next);
    if (this.rows.size > KEPT) this.drop([...this.rows.entries()].find(([, one]) => one === this.list.lastElementChild)?.[0]);
  }

  drop(key) { this.rows.get(key)?.remove(); this.rows.delete(key); }
}

const stamp = (text) => { const at = Date.parse(text && !/[Z+]/.test(text) ? `${text.replace(" ", "T")}Z` : text); return Number.isNaN(at) ? Date.now() : at; };

const details = (name, value) => {
  const box = h("details", {}, h("summary", {}, name));
  box.addEventListener("toggle", () => { if (box.open && box.children.length === 1) box.append(h("pre", { tabindex: "0" }, JSON.stringify(value, null, 1))); });
  return box;
};
