"use strict";
const person = document.body.dataset.person;
const chat = document.getElementById("chat"), log = document.getElementById("log"), toast = document.getElementById("toast");
const shown = new Map();
let lastLog = 0;

const ask = async (path, body) => {
  const answer = await fetch(path, body ? { method: "POST", body: JSON.stringify(body) } : {});
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
};
const say = (words, alert = false) => { toast.textContent = words; toast.className = alert ? "alert" : ""; };

const draw = (message) => {
  const item = document.createElement("li");
  item.className = message.from;
  const bubble = document.createElement("div");
  bubble.className = "bubble";
  bubble.innerHTML = message.html;               // escaped by the server, entity by entity
  if (message.document) bubble.prepend(`[file] ${message.document}\n`);
  const time = document.createElement("time");
  time.textContent = new Date(message.date * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) + (message.edits ? " · edited" : "");
  bubble.append(time);
  item.append(bubble);
  for (const row of message.buttons) {
    const line = document.createElement("div");
    line.className = "row";
    for (const button of row) {
      const element = document.createElement("button");
      element.textContent = button.text;
      if (button.style) element.className = button.style;
      element.onclick = () => press(message.id, button, element);
      line.append(element);
    }
    item.append(line);
  }
  return item;
};

const press = async (id, button, element) => {
  element.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(`/control/people/${person}/press`, { message_id: id, data: button.data });
    say(answer.answered ? answer.text : "The bot did not answer this press.", answer.alert);
  } catch (error) { say(error.message, true); }
  element.removeAttribute("aria-busy");
};

const refresh = async () => {
  if (person) {
    const now = await ask(`/control/people/${person}/chat`);
    const ids = new Set(now.messages.map((message) => message.id));
    for (const [id, known] of shown) if (!ids.has(id)) { known.element.remove(); shown.delete(id); }
    const low = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 120;
    for (const message of now.messages) {
      const text = JSON.stringify(message), known = shown.get(message.id);
      if (known && known.text === text) continue;
      const element = draw(message);
      if (known) known.element.replaceWith(element); else chat.append(element);
      shown.set(message.id, { text, element });
    }
    if (low) chat.scrollTop = chat.scrollHeight;
    menu(now.commands);
  }
  for (const entry of await ask(`/control/log?after=${lastLog}`)) {
    lastLog = entry.seq;
    const item = document.createElement("li");
    item.className = entry.refused ? "refused" : entry.fault ? "fault" : "";
    item.textContent = `${entry.method} → ${entry.args.chat_id ?? ""} ${entry.refused ?? entry.fault ?? ""}`;
    log.prepend(item);
  }
};

const menu = (commands) => {
  const list = document.querySelector("#menu ul");
  if (list.childElementCount === commands.length) return;
  list.replaceChildren(...commands.map((command) => {
    const item = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.innerHTML = `<b></b><small></small>`;
    button.querySelector("b").textContent = `/${command.command}`;
    button.querySelector("small").textContent = command.description;
    button.onclick = () => { document.getElementById("menu").open = false; send(`/${command.command}`); };
    item.append(button);
    return item;
  }));
};

const send = async (text, document_) => {
  try { await ask(`/control/people/${person}/send`, document_ ? { text, document: document_ } : { text }); say(""); }
  catch (error) { say(error.message, true); }
};
document.getElementById("write").onsubmit = (event) => {
  event.preventDefault();
  const field = document.getElementById("text");
  if (field.value.trim()) send(field.value);
  field.value = "";
};
document.getElementById("file").onchange = (event) => {
  const file = event.target.files[0], reader = new FileReader();
  if (!file) return;
  reader.onload = () => send("", { name: file.name, media_type: file.type || "application/octet-stream", base64: reader.result.split(",")[1] });
  reader.readAsDataURL(file);
  event.target.value = "";
};
if (document.body.dataset.start) {
  for (const link of document.querySelectorAll("nav a")) link.href += `&start=${document.body.dataset.start}`;
  if (person) send(`/start ${document.body.dataset.start}`).then(() => history.replaceState({}, "", `/?as=${person}`));
}
let turn = Promise.resolve();
new EventSource("/control/events").onmessage = () => { turn = turn.then(refresh).catch((error) => say(error.message, true)); };
