// Pick a scenario, change it, play it: the same YAML files that the tests play.

import { dialog, h } from "/page/dom.js";
import { ask } from "/page/net.js";

export const pickScript = async (text, begin) => {
  const stories = await ask("/play/scenarios"), problem = h("p", { class: "wrong", role: "alert" });
  const field = h("textarea", { id: "script", spellcheck: false, rows: 18, value: text ?? "", wrap: "off" });
  const select = h("select", { id: "story", onchange: () => load() }, text ? h("option", { value: "" }, "the one that plays now") : null, stories.map((story) => h("option", { value: story.name }, `${story.name} (${story.steps} steps)`)));
  const about = h("p", { class: "lead" });
  const load = async () => {
    const story = stories.find((one) => one.name === select.value);
    about.textContent = story?.about ?? "As it stands in the player; change it and play it again.";
    field.value = story ? await ask(`/play/scenarios/${story.name}`) : text;
    problem.textContent = "";
  };
  const play = async () => {
    try { await begin(field.value); box.close(); } catch (error) { problem.textContent = error.message; field.focus(); }
  };
  const box = dialog("Scenarios", "script",
    h("label", { for: "story" }, "Scenario", select), about,
    h("label", { for: "script" }, "Its steps, in YAML", field), problem,
    h("footer", {}, h("button", { type: "button", onclick: load }, "Undo my changes"), h("button", { type: "button", class: "primary", onclick: play }, "Play this")));
  await load();
};
