"use strict";
// Curves over epochs, by Chart.js.

const SHAPES = ["circle", "triangle", "rectRot"]; // beside colour, for those who see few colours
const LOGARITHMIC_FROM = 50; // largest by smallest value

const charts = [];

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

/** To be called once, before the first chart. */
function prepareCharts() {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach((chart) => chart.update()));
}
