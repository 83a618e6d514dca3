// What the page shows lives in its address: ?cols=1001,U1005&inside=0&code=...; only the theme is kept by the browser.

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);
const SHOWN_FIRST = [["U1001", "1001"], ["1005"], ["1007"], ["2001"]];
const address = () => new URL(location.href);

export const person = (raw) => {
  const id = String(raw.id), platform = raw.platform ?? "telegram";
  const name = [raw.first_name, raw.last_name].filter(Boolean).join(" ") || id;
  const language = (raw.language_code || "en").split("-")[0];
  return {
    id, raw: raw.id, platform, name, language, note: raw.note ?? "", email: raw.email ?? "", role: (raw.note ?? "").split(" · ")[0],
    initials: name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase(),
    direction: RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr", blocked: (raw.blocked ?? []).length > 0,
    hue: [...id].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 360, 7),
  };
};

export const columnsOf = (people) => {
  const given = address().searchParams, alone = given.get("as"), chosen = given.get("cols");
  if (alone && people.has(alone)) return [alone];
  const wanted = chosen === null ? null : chosen.split(",").filter((id) => people.has(id));
  if (wanted) return [...new Set(wanted)];
  const usual = SHOWN_FIRST.map((ids) => ids.find((id) => people.has(id))).filter(Boolean);
  return usual.length ? usual : [...people.keys()].slice(0, 4);
};

export const keepColumns = (ids) => change({ cols: ids.join(","), as: null });
export const insideShown = () => address().searchParams.get("inside") !== "0";
export const keepInside = (shown) => change({ inside: shown ? null : "0" });
export const startCode = () => address().searchParams.get("start");
export const forgetStart = () => change({ start: null });

const change = (values) => {
  const now = address();
  for (const [name, value] of Object.entries(values)) {
    if (value === null) now.searchParams.delete(name); else now.searchParams.set(name, value);
  }
  history.replaceState({}, "", now.pathname + now.search.replaceAll("%2C", ","));
};

export const themes = ["", "light", "dark"];
export const theme = () => document.documentElement.dataset.theme;
export const setTheme = (name) => {
  document.documentElement.dataset.theme = name;
  if (name) localStorage.setItem("theme", name); else localStorage.removeItem("theme");
};
