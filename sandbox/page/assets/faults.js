// Trouble on purpose: the knobs by which the chat servers misbehave.

import { announce, dialog, h } from "/page/dom.js";
import { ask } from "/page/net.js";

const KNOBS = [
  { name: "Too many requests", more: "429, try again after 2 s", fault: { kind: "429", retry_after: 2 } },
  { name: "Server error", more: "500, nothing sent", fault: { kind: "500" } },
  { name: "Lost on the way there", more: "connection dropped before the call took effect", fault: { kind: "drop" } },
  { name: "Lost on the way back", more: "the call took effect, its answer never arrives", fault: { kind: "drop", after: true } },
  { name: "Slow", more: "each answer comes 3 s late", fault: { kind: "delay", seconds: 3 } },
  { name: "Delivered twice", more: "the bot hears the same update again", fault: { kind: "duplicate" } },
  { name: "Out of order", more: "an update overtakes the one before it", fault: { kind: "reorder" } },
];
const AT_ONCE = [
  { name: "Expire open presses", more: "spinners that turn now can no longer be answered", fault: { kind: "expire_callbacks" } },
  { name: "Expire Slack's triggers", more: "a modal can no longer be opened with them", fault: { kind: "expire_triggers" } },
  { name: "Clock one day ahead", more: "by the chat servers' clock", fault: { kind: "clock", seconds: 86400 } },
  { name: "Clock one day behind", more: "by the chat servers' clock", fault: { kind: "clock", seconds: -86400 } },
];
const OFTEN = [[1, "the next one"], [5, "the next five"], [0, "all, until it is taken back"]];

export const faults = async (people) => {
  const often = h("select", { id: "often" }, OFTEN.map(([value, text]) => h("option", { value }, text)));
  const whom = h("select", { id: "whom" }, h("option", { value: "" }, "everybody"), [...people.values()].map((who) => h("option", { value: who.id }, `${who.name} (${who.platform})`)));
  const active = h("ul", { class: "active" }), problem = h("p", { class: "wrong", role: "alert" });
  const set = async (fault, name) => {
    problem.textContent = "";
    try { await ask("/control/faults", fault); announce(`${name}: set`); } catch (error) { problem.textContent = error.message; }
    await show();
  };
  const show = async () => {
    const set = await ask("/control/faults");
    active.replaceChildren(...set.map((fault) => h("li", {}, h("b", {}, fault.kind), ` ${fault.next ? `${Math.max(0, fault.next - fault.used)} of ${fault.next} left` : "every time"}${fault.chat_id ? `, for ${people.get(String(fault.chat_id))?.name ?? fault.chat_id}` : ""}`)));
    if (!set.length) active.replaceChildren(h("li", { class: "none" }, "Nothing is wrong on purpose."));
  };
  const knob = (entry, more) => h("button", { type: "button", class: "knob", onclick: () => set({ ...entry.fault, ...more() }, entry.name) }, h("b", {}, entry.name), h("small", {}, entry.more));
  const counted = () => ({ ...(Number(often.value) ? { next: Number(often.value) } : {}), ...(whom.value ? { chat_id: people.get(whom.value).raw } : {}) });
  dialog("Trouble on purpose", "faults",
    h("p", { class: "lead" }, "The chat servers fail as real ones do. Nothing may be lost, done twice or left unsaid."),
    h("div", { class: "how" }, h("label", { for: "often" }, "How often", often), h("label", { for: "whom" }, "For whom", whom)),
    h("div", { class: "knobs" }, KNOBS.map((entry) => knob(entry, counted))),
    h("h3", {}, "At once"), h("div", { class: "knobs" }, AT_ONCE.map((entry) => knob(entry, () => ({})))),
    h("p", { class: "lead" }, "Blocking the bot stands in each person's own menu."), problem,
    h("div", { class: "now" }, h("h3", {}, "Set now"), active, h("button", { type: "button", class: "primary", onclick: async () => { await ask("/control/faults", undefined, "DELETE"); announce("All is well again"); await show(); } }, "Behave again")));
  await show();
};
