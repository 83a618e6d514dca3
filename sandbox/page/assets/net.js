// What the page asks of the sandbox, and how it hears that something changed.

export const ask = async (path, body, method) => {
  const answer = await fetch(path, body === undefined && !method
    ? {} : { method: method ?? "POST", headers: { "Content-Type": "application/json" }, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(plain(text) || `${path}: ${answer.status}`);
  return text && answer.headers.get("Content-Type")?.includes("json") ? JSON.parse(text) : text;
};

const plain = (text) => { try { return JSON.parse(text).error ?? text; } catch { return text; } };

// Called at every change, one call at a time; what changes meanwhile leads to one more.
export const follow = (refresh) => {
  let running = false, again = false;
  const turn = async () => {
    if (running) { again = true; return; }
    running = true;
    do {
      again = false;
      try { await refresh(); } catch (error) { console.warn(String(error)); }
    } while (again);
    running = false;
  };
  const events = new EventSource("/control/events");
  events.onmessage = turn;
  return turn;
};

export const base64 = (file) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve({ name: file.name, media_type: file.type || "application/octet-stream", base64: reader.result.split(",")[1] ?? "" });
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
});
