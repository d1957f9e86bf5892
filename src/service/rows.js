"use strict";
// A table's row: cells to change, to leave open and to have filled.

class RowPlayer {
  constructor(model) {
    this.model = model;
    this.position = -1;
    this.examples = null;
    this.computing = new Latest(() => this.compute());
    this.cells = model.columns.map((column) => this.cell(column));
    this.build();
    this.computing.run();
  }

  cell(column) {
    const words = column.words !== undefined;
    const input = words
      ? element("select", { "aria-label": column.name }, element("option", { value: "" }, "not known"), ...column.words.map((word) => element("option", { value: word }, word)))
      : element("input", { "aria-label": column.name, placeholder: "not known", autocomplete: "off" });
    input.value = words || column.kind === "time" ? "" : shortNumber(column.mean);
    input.addEventListener("input", () => this.computing.run());
    return { column, input, filled: element("td"), rebuilt: element("td") };
  }

  build() {
    const rows = this.cells.map(({ column, input, filled, rebuilt }) =>
      element("tr", {}, element("th", { scope: "row" }, column.name), element("td", {}, input), filled, rebuilt),
    );
    const heads = ["Column", "Cell: leave it open, and it is filled", "Filled", "Reconstruction"].map((text) => element("th", { scope: "col" }, text));
    this.verdict = element("p", { class: "verdict", "aria-live": "polite" });
    this.next = element("button", { type: "button", hidden: "" }, "Next example");
    this.next.addEventListener("click", () => this.showExample(this.position + 1));
    const open = element("button", { type: "button" }, "Leave all open");
    open.addEventListener("click", () => this.show(this.cells.map(() => "")));
    const table = element("table", {}, element("caption", {}, "A row"), element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
    this.element = element(
      "section",
      { "aria-labelledby": "play-title" },
      element("h2", { id: "play-title" }, "Play"),
      scrollable(table, "A row"),
      this.verdict,
      element("p", { class: "tools" }, this.next, open),
    );
  }

  know(examples) {
    this.examples = examples;
    this.next.hidden = false;
    this.showExample(0);
  }

  showExample(position) {
    this.position = position % this.examples.count;
    this.show(this.examples.at(this.position));
  }

  show(texts) {
    this.cells.forEach(({ input }, index) => (input.value = texts[index]));
    this.computing.run();
  }

  row() {
    return Object.fromEntries(this.cells.map(({ column, input }) => [column.name, input.value === "" ? null : input.value]));
  }

  async compute() {
    const body = JSON.stringify({ examples: [this.row()] });
    const [imputed, reconstructed, scored] = await Promise.all(
      ["impute", "reconstruct", "score"].map((operation) => operate(this.model, operation, body, "application/json")),
    );
    this.cells.forEach(({ column, input, filled, rebuilt }) => {
      filled.textContent = String(imputed.examples[0][column.name] ?? "");
      filled.classList.toggle("filled", input.value === "");
      rebuilt.textContent = String(reconstructed.reconstructions[0][column.name] ?? "");
    });
    const verdict = "anomalies" in scored ? ` (${scored.anomalies[0] ? "an anomaly" : "normal"})` : "";
    const reasons = scored.reasons[0] === "" ? "" : `; most of it: ${scored.reasons[0]}`;
    this.verdict.textContent = `Score ${shortNumber(scored.scores[0])}${verdict}${reasons}`;
    this.onShown?.(this);
  }
}
