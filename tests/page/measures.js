{
  // Each visible text whose contrast with the ground behind it is below 4.5, by WCAG's formula.
  contrast: () => {
  const canvas = document.createElement("canvas"); canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const rgba = (css) => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = css; pen.fillRect(0, 0, 1, 1); return [...pen.getImageData(0, 0, 1, 1).data].map((part, at) => at === 3 ? part / 255 : part); };
  const over = (top, under) => [0, 1, 2].map((at) => top[at] * top[3] + under[at] * (1 - top[3])).concat(1);
  const ground = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) { const colour = rgba(getComputedStyle(one).backgroundColor); if (colour[3]) layers.push(colour); if (colour[3] === 1) break; }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const light = (colour) => { const [r, g, b] = colour.slice(0, 3).map((part) => { const unit = part / 255; return unit <= 0.04045 ? unit / 12.92 : ((unit + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const faded = (element) => { for (let one = element; one; one = one.parentElement) if (Number(getComputedStyle(one).opacity) < 1) return true; return false; };
  const low = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement, box = element.getBoundingClientRect();
    if (!node.textContent.trim() || !element.checkVisibility({ visibilityProperty: true }) || box.width < 2 || faded(element)) continue;
    if (element.closest(".unseen, noscript, script, :disabled, option, .skip")) continue;
    const under = ground(element), ink = over(rgba(getComputedStyle(element).color), under);
    const [a, b] = [light(ink), light(under)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push(`${ratio.toFixed(2)} ${element.className || element.tagName}: ${node.textContent.trim().slice(0, 40)}`);
  }
  return [...new Set(low)];
},

  // Every control that does not say what it is: by its words, its label, or its title.
  nameless: () => [...document.querySelectorAll("button, a[href], input, select, textarea, [role=log], [role=region], dialog, section, nav, main")]
  .filter((one) => one.checkVisibility() && !(one.getAttribute("aria-label") || one.textContent.trim() && !["SECTION", "SELECT", "TEXTAREA"].includes(one.tagName) || one.labels?.length || one.title))
  .map((one) => one.outerHTML.slice(0, 120)),

  doubledIds: () => [...document.querySelectorAll("[id]")].map((one) => one.id).filter((id, at, all) => all.indexOf(id) !== at),

  sideways: () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
}
