"use strict";
// Builds the page from the JSON that stands in it.

const SMALL_TILE = 96; // screen pixels: what a small picture is zoomed to under the pointer
const WIDEST_PICTURE = 480;

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

function command({ purpose, words }) {
  const code = element("code", {}, words);
  return element("div", { class: "command" }, element("p", {}, purpose), element("pre", {}, code), copyButton(code));
}

// --- the page ---

const BUILDERS = { paragraph, table, printout, command, curves, bars, picture, gallery, map, player };

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
  prepareCharts();
  buildHeader(report);
  document.getElementById("sections").append(element("ul"));
  report.sections.forEach(buildSection);
}

build(JSON.parse(document.getElementById("report").textContent));
