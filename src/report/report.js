"use strict";
// Builds the page from the JSON that stands in it. Texts only ever become text nodes and attributes, never HTML.

const SERIES_COLOURS = 10; // report.css has as many
const SHAPES = ["circle", "triangle", "rectRot"]; // beside colour, for those who see few colours
const LOGARITHMIC_FROM = 50; // largest by smallest value
const SMALL_TILE = 96; // screen pixels: what a small picture is zoomed to under the pointer
const WIDEST_PICTURE = 480;

const charts = [];

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

// --- charts ---

// Colours are functions: they are asked for again when the page turns dark.
const ink = () => css("--ink");
const faintInk = () => css("--faint-ink");
const rule = () => css("--rule");

function axis(label, more = {}) {
  return {
    title: { display: label !== "", text: label, color: faintInk },
    ticks: { color: faintInk, maxRotation: 0, autoSkipPadding: 12 },
    grid: { color: rule, borderColor: rule },
    ...more,
  };
}

function figure(caption, ...children) {
  return element("figure", {}, element("figcaption", {}, caption), ...children);
}

/** A canvas for Chart.js, which needs a box of its own to fit into. */
function plot(kind, caption) {
  const canvas = element("canvas", { role: "img", "aria-label": `Chart: ${caption}` });
  return { canvas, box: element("div", { class: `plot ${kind}` }, canvas) };
}

function makeChart(canvas, type, data, options) {
  const chart = new Chart(canvas, {
    type,
    data,
    options: { animation: false, maintainAspectRatio: false, ...options },
  });
  charts.push(chart);
  return chart;
}

/** A button for each data set: shows and hides it. */
function legend(chart) {
  const entries = chart.data.datasets.map((dataset, index) => {
    const swatch = element("span", { class: `swatch ${dataset.pointStyle}` });
    swatch.style.setProperty("--colour", `var(${seriesVariable(index)})`);
    const button = element("button", { type: "button", "aria-pressed": String(!dataset.hidden) }, swatch, dataset.label);
    button.addEventListener("click", () => {
      const shown = !chart.isDatasetVisible(index);
      chart.setDatasetVisibility(index, shown);
      chart.update();
      button.setAttribute("aria-pressed", String(shown));
    });
    return element("li", {}, button);
  });
  return element("ul", { class: "legend", "aria-label": "Show and hide" }, ...entries);
}

function seriesStyle(index) {
  const colour = () => css(seriesVariable(index));
  return { borderColor: colour, backgroundColor: colour, pointStyle: SHAPES[index % SHAPES.length] };
}

function curveData({ name, x, y, hidden }, index) {
  return {
    label: name,
    hidden,
    data: x.map((value, i) => ({ x: value, y: y[i] })),
    borderWidth: 2,
    pointRadius: x.length > 40 ? 0 : 3,
    ...seriesStyle(index),
  };
}

/** Losses that fall by orders of magnitude are seen on a logarithmic scale only. */
function scaleFor(curves) {
  const values = curves.flatMap(({ y }) => y).filter((value) => value !== null);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low > 0 && high / low > LOGARITHMIC_FROM ? "logarithmic" : "linear";
}

function numbersOf({ x_label, curves }) {
  const places = [...new Set(curves.flatMap(({ x }) => x))].sort((a, b) => a - b);
  const lookups = curves.map(({ x, y }) => new Map(x.map((value, i) => [value, y[i]])));
  const rows = places.map((place) => [
    String(place),
    ...lookups.map((lookup) => shortNumber(lookup.get(place) ?? null)),
  ]);
  return { caption: "In numbers", header: [x_label, ...curves.map(({ name }) => name)], rows, folded: true };
}

function curves(block) {
  const { canvas, box } = plot("curves", block.caption);
  const chart = makeChart(canvas, "line", { datasets: block.curves.map(curveData) }, {
    interaction: { mode: "index", intersect: false, axis: "x" },
    scales: {
      x: axis(block.x_label, { type: "linear", ticks: { color: faintInk, precision: 0 } }),
      y: axis(block.y_label, { type: scaleFor(block.curves.filter(({ hidden }) => !hidden)) }),
    },
    plugins: {
      legend: { display: false },
      tooltip: {
        usePointStyle: true,
        callbacks: { title: ([first]) => `${block.x_label} ${first.parsed.x}` },
      },
    },
  });
  return figure(block.caption, legend(chart), box, table(numbersOf(block)));
}

function bars(block) {
  const { canvas, box } = plot("bars", block.caption);
  box.style.height = `${4 + 1.7 * block.names.length}rem`;
  const data = { labels: block.names, datasets: [{ label: block.value_label, data: block.values, ...seriesStyle(0) }] };
  makeChart(canvas, "bar", data, {
    indexAxis: "y",
    scales: { x: axis(block.value_label), y: axis(block.name_label, { grid: { display: false }, ticks: { color: ink, autoSkip: false } }) },
    plugins: { legend: { display: false } },
  });
  return figure(block.caption, box);
}

// --- the map of dots, and the card that a dot shows ---

/** A canvas that shows one picture of a sheet. */
class SheetView {
  constructor({ caption, source, width, height, columns }) {
    Object.assign(this, { width, height, columns });
    this.image = element("img", { src: source, alt: "" });
    this.canvas = element("canvas", { class: "pixels", width, height, role: "img", "aria-label": caption });
    const zoom = zoomWithin(Math.max(width, height), SMALL_TILE);
    this.canvas.style.width = `${zoom * width}px`;
    this.element = element("div", {}, this.canvas, element("div", { class: "name" }, caption));
  }

  async show(index) {
    this.wanted = index;
    await this.image.decode();
    if (this.wanted !== index) {
      return; // the pointer has moved on
    }
    const left = (index % this.columns) * this.width;
    const top = Math.floor(index / this.columns) * this.height;
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, this.width, this.height);
    context.drawImage(this.image, left, top, this.width, this.height, 0, 0, this.width, this.height);
  }
}

/** What is known of a dot, beside it. */
class Card {
  constructor(block) {
    this.notes = block.note;
    this.views = block.sheets.map((sheet) => new SheetView(sheet));
    this.note = element("p", { "aria-live": "polite" });
    const pictures = element("div", { class: "pictures" }, ...this.views.map((view) => view.element));
    this.element = element("div", { class: "card", hidden: "" }, pictures, this.note);
  }

  show(dot, { x, y }, area) {
    this.note.textContent = this.notes[dot];
    this.views.forEach((view) => view.show(dot));
    this.element.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = Math.min(Math.max(x - width / 2, 0), Math.max(area.width - width, 0));
    const below = y + 14;
    const top = below + height <= area.height ? below : Math.max(y - 14 - height, 0);
    this.element.style.transform = `translate(${left}px, ${top}px)`;
  }

  hide() {
    this.element.hidden = true;
  }
}

function mapData(block) {
  const groups = block.groups.map((label, index) => ({
    label,
    data: [],
    pointRadius: block.x.length > 400 ? 3 : 4,
    pointHoverRadius: 7,
    pointHoverBorderWidth: 2,
    ...seriesStyle(index),
    pointHoverBorderColor: ink,
  }));
  block.group.forEach((group, dot) => groups[group].data.push({ x: block.x[dot], y: block.y[dot], dot }));
  return { datasets: groups };
}

/** Steps through the dots that are shown: for keys and for fingers. */
function stepper(chart) {
  let position = -1;
  const shownDots = () =>
    chart.data.datasets.flatMap(({ data }, datasetIndex) =>
      chart.isDatasetVisible(datasetIndex) ? data.map((_, index) => ({ datasetIndex, index })) : [],
    );
  const step = (by) => {
    const dots = shownDots();
    if (dots.length === 0) {
      return;
    }
    position = (position + by + dots.length) % dots.length;
    const { datasetIndex, index } = dots[position];
    const { x, y } = chart.getDatasetMeta(datasetIndex).data[index];
    chart.setActiveElements([dots[position]]);
    chart.tooltip.setActiveElements([dots[position]], { x, y });
    chart.update();
  };
  const button = (text, by) => {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", () => step(by));
    return made;
  };
  return element("div", { class: "stepper" }, button("Previous point", -1), button("Next point", 1));
}

/** The same units along both axes of a square plot: what is round looks round. */
function equalAxes({ x, y, x_label, y_label }) {
  const middleAndReach = (values) => {
    const known = values.filter((value) => value !== null);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    return [(low + high) / 2, (high - low) / 2];
  };
  const [[middleX, reachX], [middleY, reachY]] = [middleAndReach(x), middleAndReach(y)];
  const reach = 1.05 * Math.max(reachX, reachY);
  const around = (middle) => ({ min: middle - reach, max: middle + reach, ticks: { color: faintInk, includeBounds: false } });
  return { x: axis(x_label, around(middleX)), y: axis(y_label, around(middleY)) };
}

function map(block) {
  const { canvas, box } = plot("map", block.caption);
  const card = new Card(block);
  box.append(card.element);
  const showCard = ({ chart, tooltip }) => {
    const [hit] = tooltip.dataPoints ?? [];
    if (tooltip.opacity === 0 || hit === undefined) {
      card.hide();
    } else {
      card.show(hit.raw.dot, { x: tooltip.caretX, y: tooltip.caretY }, chart);
    }
  };
  const chart = makeChart(canvas, "scatter", mapData(block), {
    interaction: { mode: "nearest", intersect: true },
    scales: block.equal ? equalAxes(block) : { x: axis(block.x_label), y: axis(block.y_label) },
    plugins: { legend: { display: false }, tooltip: { enabled: false, external: showCard } },
  });
  const key = block.groups.length > 1 ? [legend(chart)] : [];
  const side = element("div", {}, ...key, stepper(chart));
  return figure(block.caption, element("div", { class: "map-and-legend" }, box, side));
}

// --- pictures ---

function image({ source, width, height }, alt, limit) {
  const made = element("img", { class: "pixels", src: source, width, height, alt });
  made.style.width = `${zoomWithin(width, limit) * width}px`;
  return made;
}

function picture(block) {
  return figure(block.caption, image(block, block.caption, WIDEST_PICTURE));
}

function tile({ name, caption, pictures }) {
  const images = pictures.map((each) => image(each, `${each.caption}: ${name}`, SMALL_TILE));
  return element("li", { title: name }, element("figure", { class: "tile" }, ...images, element("figcaption", {}, caption)));
}

function gallery(block) {
  const names = block.tiles[0].pictures.map(({ caption }) => caption);
  return figure(
    block.caption,
    element("p", { class: "note" }, `From top to bottom: ${names.join(", ")}.`),
    element("ul", { class: "gallery" }, ...block.tiles.map(tile)),
  );
}

// --- text ---

function paragraph({ text }) {
  return element("p", {}, text);
}

function printout({ caption, text }) {
  return folded(caption, scrollable(element("pre", {}, text), caption));
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

function command({ purpose, words }) {
  const code = element("code", {}, words);
  return element("div", { class: "command" }, element("p", {}, purpose), element("pre", {}, code), copyButton(code));
}

// --- the page ---

const BUILDERS = { paragraph, table, printout, command, curves, bars, picture, gallery, map };

function keyFigure({ name, value, note }) {
  const small = note === "" ? [] : [element("dd", { class: "note" }, note)];
  return element("div", {}, element("dt", {}, name), element("dd", {}, value), ...small);
}

function buildHeader(report) {
  document.title = report.title;
  document.getElementById("title").textContent = report.title;
  document.getElementById("subtitle").textContent = report.subtitle;
  document.getElementById("key-figures").append(...report.key_figures.map(keyFigure));
}

function buildSection({ title, blocks }, index) {
  const id = `section-${index}`;
  const link = element("li", {}, element("a", { href: `#${id}` }, title));
  document.querySelector("#sections ul").append(link);
  // In the page before it is filled: a chart measures the box that it is drawn into.
  const section = element("section", { id, "aria-labelledby": `${id}-title` }, element("h2", { id: `${id}-title` }, title));
  document.getElementById("content").append(section);
  for (const block of blocks) {
    section.append(BUILDERS[block.kind](block));
  }
}

function build(report) {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  buildHeader(report);
  document.getElementById("sections").append(element("ul"));
  report.sections.forEach(buildSection);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach((chart) => chart.update()));
}

build(JSON.parse(document.getElementById("report").textContent));
