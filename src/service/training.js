"use strict";
// A training under way, as it goes on.

class TrainingView {
  constructor(state) {
    this.history = { x: [], lines: new Map() };
    this.build(state);
    this.listen();
  }

  build({ name }) {
    document.getElementById("subtitle").textContent =
      "An autoencoder squeezes each example into a few numbers, its code, and builds it again from the code alone. Here one " +
      "learns that: the loss says how far what it builds is from what it saw, and like codes move together.";
    this.status = element("p", { "aria-live": "polite" }, "Waiting for the first epoch");
    this.stop = element("button", { type: "button" }, "Stop and save");
    this.stop.addEventListener("click", () => this.askToStop());
    const { canvas, box } = plot("curves", "Loss by epoch");
    this.reconstructions = element("img", { class: "reconstructions", alt: "Validation examples above what the model makes of them", hidden: "" });
    this.map = element("canvas", { role: "img", "aria-label": "Map of the codes of validation examples" });
    this.mapArea = element("div", { class: "map-area", hidden: "" }, this.map);
    this.element = element(
      "section",
      { "aria-labelledby": "training-title" },
      element("h2", { id: "training-title" }, `Training ${name}`),
      this.status,
      element("p", { class: "tools" }, this.stop),
      figure("Loss by epoch", box),
      figure("Validation examples above what the model makes of them", this.reconstructions),
      figure("Codes of validation examples", this.mapArea),
    );
    document.getElementById("content").append(this.element);
    this.chart = makeChart(canvas, "line", { datasets: [] }, {
      interaction: { mode: "index", intersect: false, axis: "x" },
      scales: { x: axis("epoch", { type: "linear", ticks: { color: faintInk, precision: 0 } }), y: axis("loss") },
      plugins: { legend: { display: true, labels: { color: ink, usePointStyle: true } } },
    });
  }

  listen() {
    const events = new EventSource("v1/training/events");
    events.addEventListener("epoch", ({ data }) => this.showEpoch(JSON.parse(data)));
    events.addEventListener("history", ({ data }) => JSON.parse(data).forEach((epoch) => this.addEpoch(epoch)));
    events.addEventListener("progress", ({ data }) => this.showProgress(JSON.parse(data)));
    events.addEventListener("pictures", ({ data }) => this.showPictures(JSON.parse(data)));
    events.addEventListener("codes", ({ data }) => this.showCodes(JSON.parse(data)));
    events.addEventListener("end", ({ data }) => {
      this.status.textContent = JSON.parse(data).message;
      this.stop.hidden = true;
      events.close();
    });
  }

  async askToStop() {
    this.stop.disabled = true;
    await call("v1/training/stop", { method: "POST" });
    this.status.textContent = "Stopping: the present step is finished and saved";
  }

  addEpoch({ epoch, losses }) {
    Object.entries(losses).forEach(([name, value]) => {
      let line = this.chart.data.datasets.find(({ label }) => label === name);
      if (line === undefined) {
        const index = this.chart.data.datasets.length;
        line = { label: name, data: [], borderWidth: 2, pointRadius: 2, ...seriesStyle(index) };
        this.chart.data.datasets.push(line);
      }
      if (!line.data.some(({ x }) => x === epoch)) {
        line.data.push({ x: epoch, y: value });
      }
    });
  }

  showEpoch(epoch) {
    this.addEpoch(epoch);
    const { datasets } = this.chart.data;
    this.chart.options.scales.y.type = scaleFor(datasets.map(({ data }) => ({ y: data.map(({ y }) => y) })));
    this.chart.update();
  }

  showProgress({ epoch, epochs, share, left }) {
    this.status.textContent = `Epoch ${epoch} of ${epochs}, ${Math.round(100 * share)} % of it${left === "" ? "" : `; ${left} left`}`;
  }

  showPictures({ source }) {
    this.reconstructions.src = source;
    this.reconstructions.hidden = false;
  }

  showCodes({ points, labels }) {
    this.mapArea.hidden = false;
    const size = this.map.clientWidth;
    const ratio = devicePixelRatio || 1;
    this.map.width = this.map.height = size * ratio;
    const context = this.map.getContext("2d");
    context.scale(ratio, ratio);
    const reach = Math.max(...points.flat().map(Math.abs), 1e-6);
    points.forEach(([x, y], index) => {
      context.fillStyle = css(seriesVariable(labels?.[index] ?? 0));
      context.beginPath();
      context.arc((size / 2) * (1 + (0.94 * x) / reach), (size / 2) * (1 - (0.94 * y) / reach), 3, 0, 2 * Math.PI);
      context.fill();
    });
  }
}
