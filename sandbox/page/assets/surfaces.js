// Slack's other surfaces, shown when the sandbox says that they are there: a modal, the home tab, a thread.

import { h, iconButton } from "/page/dom.js";
import { keyRow } from "/page/message.js";
import { base64 } from "/page/net.js";

// A modal belongs to one column: the others go on beside it.
export class Modal {
  constructor(column) {
    this.column = column;
    this.element = h("div", { class: "veil", hidden: true });
    this.text = "";
  }

  show(modal) {
    const text = JSON.stringify(modal ?? null);
    if (text === this.text) return;
    const before = this.values(), kept = this.view === modal?.view_id, focused = this.element.contains(document.activeElement) ? document.activeElement.name : null;
    this.text = text;
    this.view = modal?.view_id;
    this.element.hidden = !modal;
    this.element.replaceChildren();
    if (!modal) { if (focused !== null) this.column.composer.field.focus(); return; }
    const fields = modal.fields ?? [], blocks = fields.map((field) => field.block_id);
    this.name = (field) => blocks.indexOf(field.block_id) === blocks.lastIndexOf(field.block_id) ? field.block_id : field.action_id;
    const form = h("form", { class: "modal", role: "dialog", "aria-modal": "true", "aria-label": modal.title, onsubmit: (event) => { event.preventDefault(); this.submit(); }, onkeydown: (event) => this.key(event) },
      h("header", {}, h("h3", {}, modal.title), iconButton("close", "Close", () => this.close())),
      h("div", { class: "fields" }, modal.html ? h("div", { class: "words", dir: "auto", html: modal.html }) : null,
        fields.map((field) => this.field(field, kept ? before : {})),
        (modal.buttons ?? []).some((row) => row.length) ? h("div", { class: "keys" }, modal.buttons.map((row) => keyRow(row, (...pressed) => this.press(...pressed)))) : null,
        modal.notice ? h("p", { class: "wrong", role: "alert" }, modal.notice) : null),
      h("footer", {}, h("button", { type: "button", onclick: () => this.close() }, modal.close || "Cancel"),
        modal.submit ? h("button", { type: "submit", class: "primary" }, modal.submit) : null));
    this.element.append(form);
    const wrong = form.querySelector("[aria-invalid=true]"), again = focused && form.elements[focused];
    const theirs = this.column.busy || focused !== null || this.column.element.contains(document.activeElement);
    if (theirs) (wrong ?? again ?? form.querySelector("input, select, textarea") ?? form.querySelector("button"))?.focus();
  }

  // A button inside may redraw the form: what was typed so far goes with it.
  press(button, element) { return this.column.press({ id: this.view }, button, element); }

  field(field, before) {
    const name = this.name(field), id = `f-${this.column.who.id}-${name}`, value = before[name] ?? field.value ?? "";
    const common = { id, name, "aria-invalid": field.error ? "true" : undefined, "aria-describedby": field.error || field.hint ? `${id}-more` : undefined };
    const options = field.kind === "user" ? this.colleagues() : field.options ?? [];
    const several = field.kind === "multi";
    let control;
    if (options.length && several) {
      control = h("fieldset", { id }, options.map((option) => h("label", {}, h("input", { type: "checkbox", name, value: option.value, checked: [].concat(value).includes(option.value) }), option.text)));
    } else if (options.length) {
      control = h("select", common, field.optional === false && value ? null : h("option", { value: "" }, "Choose…"), options.map((option) => h("option", { value: option.value ?? option.text, selected: value === option.value || value === option.text }, option.text)));
    } else if (field.kind === "files") {
      control = h("input", { ...common, type: "file", multiple: true });
    } else if (field.multiline || field.kind === "rich") {
      control = h("textarea", { ...common, rows: 3, dir: "auto", value: String(value), placeholder: field.placeholder });
    } else {
      const type = { date: "date", time: "time", email: "email" }[field.kind] ?? "text";
      control = h("input", { ...common, type, dir: "auto", value: String(value), placeholder: field.placeholder, inputmode: field.kind === "number" ? "decimal" : undefined });
    }
    return h("div", { class: "field" }, h("label", { for: id }, field.label, field.optional ? h("span", { class: "optional" }, " (optional)") : null), control,
      field.error ? h("p", { class: "wrong", id: `${id}-more`, role: "alert" }, field.error) : field.hint ? h("p", { class: "hint", id: `${id}-more` }, field.hint) : null);
  }

  // A field for a person offers everybody of this workspace.
  colleagues() {
    return [...this.column.board.people.values()].filter((who) => who.platform === "slack").map((who) => ({ text: who.name, value: who.id }));
  }

  values() {
    const form = this.element.querySelector("form"), values = {};
    if (!form) return values;
    for (const control of form.elements) {
      if (!control.name || control.type === "file") continue;
      if (control.type === "checkbox") { values[control.name] ??= []; if (control.checked) values[control.name].push(control.value); }
      else values[control.name] = control.value;
    }
    return values;
  }

  async submit() {
    const values = Object.fromEntries(Object.entries(this.values()).filter(([, value]) => value !== "" && value.length !== 0));
    for (const control of this.element.querySelectorAll("input[type=file]")) {
      if (control.files.length) values[control.name] = await Promise.all([...control.files].map(base64));
    }
    return this.column.act("submit", { values }, this.element.querySelector("[type=submit]"));
  }

  close() { return this.column.act("close", {}); }

  key(event) {
    if (event.key === "Escape") { event.stopPropagation(); this.close(); }
    if (event.key !== "Tab") return;
    const stops = [...this.element.querySelectorAll("button, input, select, textarea")].filter((stop) => !stop.disabled);
    const edge = event.shiftKey ? stops[0] : stops.at(-1), other = event.shiftKey ? stops.at(-1) : stops[0];
    if (document.activeElement === edge) { other.focus(); event.preventDefault(); }
  }
}

// The home tab: what waits for this person, in the app's own words.
export const home = (element, shown, onPress) => {
  const text = JSON.stringify(shown);
  if (element.dataset.shown === text) return;
  element.dataset.shown = text;
  element.replaceChildren(h("div", { class: "words", dir: "auto", html: shown?.html || "" }),
    h("div", { class: "keys" }, (shown?.buttons ?? []).map((row) => keyRow(row, (...pressed) => onPress({ id: shown.view_id }, ...pressed)))));
  if (!shown?.html && !shown?.buttons?.length) element.append(h("p", { class: "empty" }, "The app has not drawn a home tab yet."));
};
