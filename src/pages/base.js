"use strict";
// What all pages share: elements, colours, tables, copying. Texts only ever become text nodes and attributes, never
// HTML.

const SERIES_COLOURS = 10; // base.css has as many

/** element("p", {class: "note"}, "text", another) */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function css(variable) {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}

function seriesVariable(index) {
  return `--series-${index % SERIES_COLOURS}`;
}

/** The largest whole zoom at which `size` stays within `limit`; 1 at least. */
function zoomWithin(size, limit) {
  return Math.max(1, Math.floor(limit / size));
}

function shortNumber(value) {
  return value === null ? "" : String(Number(value.toPrecision(5)));
}

// --- tables ---

/** A table may be wider than a phone: it scrolls by itself, by keyboard too. */
function scrollable(child, label) {
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, child);
}

function tableRow(cells) {
  const [head, ...others] = cells;
  return element("tr", {}, element("th", { scope: "row" }, head), ...others.map((cell) => element("td", {}, cell)));
}

function plainTable({ caption, header, rows }) {
  const heads = header.map((cell) => element("th", { scope: "col" }, cell));
  return element(
    "table",
    {},
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...rows.map(tableRow)),
  );
}

function folded(summary, child) {
  return element("details", {}, element("summary", {}, summary), child);
}

function table(block) {
  const made = scrollable(plainTable(block), block.caption);
  return block.folded ? folded(block.caption, made) : made;
}

function copyButton(code) {
  const button = element("button", { type: "button", class: "copy" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code); // the browser does not let pages copy: a key will
    }
  });
  return button;
}
