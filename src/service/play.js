"use strict";
// Original, code and reconstruction, side by side: each changes what comes after it.

const FEW_SLIDERS = 32; // more are shown when asked for
const MOST_SLIDERS = 256;
const USUAL_RANGE = 3; // of a code's numbers, where no codes are known

/** Where an example is drawn with a pointer, or with arrows and the space bar. */
class DrawingBoard {
  constructor(model, onChange) {
    Object.assign(this, { model, onChange, last: null, cursor: null });
    const [channels, height, width] = model.input_shape;
    const what = isPicture(model) ? "picture" : "line";
    this.canvas = element("canvas", {
      class: `screen drawn ${isPicture(model) ? "" : "line"}`,
      tabindex: "0",
      role: "application",
      "aria-label": `Original: draw a ${what} here. Arrows move the pen, the space bar draws.`,
      width,
      height,
    });
    this.numbers = new Float32Array(sizeOf(model));
    this.holes = new Uint8Array(height * width);
    this.isRubber = false;
    this.colour = element("input", { type: "color", value: "#ffffff", "aria-label": "Colour of the pen" });
    this.colour.hidden = channels !== 3;
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    this.canvas.addEventListener("pointerup", () => (this.last = null));
    this.canvas.addEventListener("pointercancel", () => (this.last = null));
    this.canvas.addEventListener("keydown", (event) => this.press(event));
    this.show(this.numbers);
  }

  show(numbers) {
    this.numbers = Float32Array.from(numbers);
    drawExample(this.canvas, this.numbers, this.model);
    coverHoles(this.canvas, this.holes);
  }

  /** What is there, NaN where it was rubbed out. */
  numbersWithHoles() {
    return this.numbers.map((number, i) => (this.holes[i % this.holes.length] ? NaN : number));
  }

  /** Whether the pointer rubs out, or draws; either way nothing is rubbed out yet. */
  takeRubber(isRubber) {
    this.isRubber = isRubber;
    this.holes.fill(0);
    this.show(this.numbers);
  }

  clear() {
    this.cursor = null;
    this.holes.fill(0);
    this.show(new Float32Array(sizeOf(this.model)));
    this.onChange();
  }

  /** From 0 to 1 across and down. */
  placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  }

  begin(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.placeOf(event);
    this.stroke(this.last);
  }

  move(event) {
    if (this.last !== null) {
      this.stroke(this.placeOf(event));
    }
  }

  press(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], " ": [0, 0] };
    if (!(event.key in steps)) {
      return;
    }
    event.preventDefault();
    this.cursor ??= { x: 0.5, y: 0.5 };
    const [across, down] = steps[event.key];
    const next = { x: this.cursor.x + across / 14, y: this.cursor.y + down / 14 };
    if (event.key === " " || event.shiftKey) {
      this.last = this.cursor;
      this.stroke(next);
      this.last = null;
    }
    this.cursor = { x: Math.min(Math.max(next.x, 0), 1), y: Math.min(Math.max(next.y, 0), 1) };
  }

  stroke(to) {
    if (this.isRubber) {
      this.rub(this.last, to);
    } else if (isPicture(this.model)) {
      this.paint(this.last, to);
    } else {
      this.bend(this.last, to);
    }
    this.last = to;
    this.onChange();
  }

  paint(from, to) {
    const { width, height } = this.canvas;
    const context = this.canvas.getContext("2d");
    context.strokeStyle = this.colour.value;
    context.lineWidth = Math.max(width / 13, 2);
    context.lineCap = "round";
    context.beginPath();
    context.moveTo(from.x * width, from.y * height);
    context.lineTo(to.x * width + 0.01, to.y * height);
    context.stroke();
    this.numbers = pixelsOf(this.canvas, this.model.input_shape);
  }

  /** All pixels near the way from one place to the other. */
  rub(from, to) {
    const [, height, width] = this.model.input_shape;
    const reach = Math.max(width / 10, 1);
    const steps = Math.ceil(Math.hypot((to.x - from.x) * width, (to.y - from.y) * height)) + 1;
    for (let i = 0; i < this.holes.length; ++i) {
      const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
      for (let step = 0; step <= steps && !this.holes[i]; ++step) {
        const at = (axis, size) => (from[axis] + (step / steps) * (to[axis] - from[axis])) * size;
        this.holes[i] = Math.hypot(at("x", width) - x, at("y", height) - y) < reach ? 1 : 0;
      }
    }
    this.show(this.numbers);
  }

  /** The line goes through the pointer; its scale stays that of what is usual. */
  bend(from, to) {
    const [channels, , width] = this.model.input_shape;
    const channel = Math.min(Math.max(Math.floor(to.y * channels), 0), channels - 1);
    const { low, high } = this.scale ?? { low: -2, high: 2 };
    const value = low + (high - low) * (1 - (to.y * channels - channel));
    const places = [from.x, to.x].map((x) => Math.min(Math.max(Math.floor(x * width), 0), width - 1));
    for (let i = Math.min(...places); i <= Math.max(...places); ++i) {
      this.numbers[channel * width + i] = value;
    }
    this.show(this.numbers);
  }
}

/** What is noisy, strange or plain about what the model is given. */
const MODES = {
  plain: "as it is",
  noise: "noise on it",
  anomalies: "where it is strange",
  holes: "with parts rubbed out",
};

class Player {
  constructor(model) {
    this.model = model;
    this.code = new Float32Array(model.latent_dim);
    this.ranges = Array.from({ length: model.latent_dim }, () => ({ low: -USUAL_RANGE, high: USUAL_RANGE }));
    this.examples = null;
    this.position = -1;
    this.mode = "plain";
    this.encoding = new Latest(() => this.reconstruct());
    this.decoding = new Latest(() => this.redraw());
    this.build();
    this.fillSliders();
    this.encoding.run();
  }

  build() {
    this.board = new DrawingBoard(this.model, () => this.encoding.run());
    this.seen = element("canvas", { class: "screen", role: "img", "aria-label": "What the model is given", hidden: "" });
    this.output = element("canvas", {
      class: `screen ${isPicture(this.model) ? "" : "line"}`,
      role: "img",
      "aria-label": "Reconstruction",
    });
    this.map = element("canvas", { class: "screen", role: "img", "aria-label": "Where it is strange", hidden: "" });
    this.verdict = element("p", { class: "verdict", "aria-live": "polite" });
    this.sliders = element("div", { class: "sliders", role: "group", "aria-label": "The code" });
    this.more = this.button("All numbers", () => this.showAllSliders());
    const columns = [
      element("div", {}, element("h3", {}, "Original"), this.board.canvas, this.inputTools()),
      element("div", {}, element("h3", {}, `Code: ${this.model.latent_dim} numbers`), this.sliders, this.codeTools()),
      element("div", {}, element("h3", {}, "Reconstruction"), this.output, this.verdict),
    ];
    this.columns = element("div", { class: "play" }, ...columns);
    columns[0].insertBefore(this.seen, columns[0].lastChild);
    columns[2].insertBefore(this.map, this.verdict);
    this.element = element("section", { "aria-labelledby": "play-title" }, element("h2", { id: "play-title" }, "Play"), this.modes(), this.columns);
    this.acceptDrops(columns[0]);
  }

  button(text, onClick) {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", onClick);
    return made;
  }

  inputTools() {
    this.next = this.button("Next example", () => this.showExample(this.position + 1));
    this.next.hidden = true;
    const tools = [this.next, this.button("Clear", () => this.board.clear()), this.board.colour];
    if (isPicture(this.model)) {
      const file = element("input", { type: "file", accept: "image/*", hidden: "", "aria-label": "A picture's file" });
      file.addEventListener("change", () => this.openFile(file.files[0]));
      tools.push(this.button("Open a picture", () => file.click()), file);
    }
    return element("p", { class: "tools" }, ...tools);
  }

  codeTools() {
    const tools = [this.button("As it was", () => this.encoding.run())];
    if (this.model.operations.includes("sample")) {
      tools.push(this.button("Random code", () => this.sample()));
    }
    return element("p", { class: "tools" }, ...tools, this.more);
  }

  modes() {
    const can = (mode) => mode !== "holes" || this.model.operations.includes("impute");
    const offered = Object.keys(MODES).filter((mode) => mode === "plain" || (isPicture(this.model) && can(mode)));
    if (offered.length < 2) {
      return "";
    }
    const choices = offered.map((mode) => {
      const input = element("input", { type: "radio", name: "mode", value: mode });
      input.checked = mode === this.mode;
      input.addEventListener("change", () => {
        this.mode = mode;
        this.board.takeRubber(mode === "holes");
        this.encoding.run();
      });
      return element("label", {}, input, ` ${MODES[mode]}`);
    });
    this.strength = element("input", { type: "range", min: "0.05", max: "1", step: "0.05", value: "0.3", "aria-label": "How much noise" });
    this.strength.hidden = true;
    this.strength.addEventListener("input", () => this.encoding.run());
    return element("fieldset", { class: "modes" }, element("legend", {}, "The model sees it"), ...choices, this.strength);
  }

  acceptDrops(place) {
    if (!isPicture(this.model)) {
      return;
    }
    place.addEventListener("dragover", (event) => {
      event.preventDefault();
      place.classList.add("dropping");
    });
    place.addEventListener("dragleave", () => place.classList.remove("dropping"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("dropping");
      this.openFile(event.dataTransfer.files[0]);
    });
  }

  async openFile(file) {
    if (file === undefined) {
      return;
    }
    try {
      this.board.show(await numbersOfFile(file, this.model));
      this.encoding.run();
    } catch {
      showTrouble(`${file.name}: this browser cannot read it as a picture; PNG and JPEG it can`);
    }
  }

  /** Examples of the run's data, from now on: N behind each other, and their codes. */
  know(examples, codes) {
    this.examples = examples;
    this.next.hidden = false;
    this.ranges = codeRanges(codes, this.model.latent_dim);
    this.fillSliders();
    if (!isPicture(this.model)) {
      const [low, high] = [Math.min(...examples.numbers), Math.max(...examples.numbers)];
      this.board.scale = { low, high };
    }
    if (this.board.numbers.every((number) => number === 0)) {
      this.showExample(0);
    }
  }

  showExample(position) {
    this.position = position % this.examples.count;
    this.board.show(this.examples.at(this.position));
    this.encoding.run();
  }

  // --- the code ---

  /** Those that vary most, where there are many. */
  fillSliders(most = FEW_SLIDERS) {
    const order = this.ranges.map((_, index) => index);
    const spread = (index) => this.ranges[index].high - this.ranges[index].low;
    if (order.length > most) {
      order.sort((a, b) => spread(b) - spread(a));
    }
    const shown = order.slice(0, most).sort((a, b) => a - b);
    this.shown = new Map(shown.map((index) => [index, new Slider(index, this.ranges[index], (...change) => this.moveCode(...change))]));
    this.sliders.replaceChildren(...[...this.shown.values()].map((slider) => slider.element));
    this.more.hidden = this.shown.size >= Math.min(this.model.latent_dim, MOST_SLIDERS);
    this.showCode();
  }

  showAllSliders() {
    this.fillSliders(MOST_SLIDERS);
    this.sliders.querySelector("input").focus();
  }

  showCode() {
    this.shown.forEach((slider, index) => slider.show(this.code[index]));
  }

  moveCode(index, value) {
    this.code[index] = value;
    this.decoding.run();
  }

  setCode(code) {
    this.code = Float32Array.from(code);
    this.showCode();
    this.decoding.run();
  }

  async sample() {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const { codes } = await operate(this.model, "sample", JSON.stringify({ count: 1, seed }), "application/json");
    this.setCode(codes[0]);
  }

  // --- what the model makes of it ---

  /** With noise on it, or with what was rubbed out filled in, where that is wanted. */
  async input() {
    this.strength?.toggleAttribute("hidden", this.mode !== "noise");
    this.seen.hidden = this.mode !== "noise";
    if (this.mode === "holes") {
      const holed = npy(this.board.numbersWithHoles(), [1, ...this.model.input_shape]);
      return Float32Array.from((await operate(this.model, "impute", holed)).examples[0].flat(2));
    }
    if (this.mode !== "noise") {
      return this.board.numbers;
    }
    const amount = Number(this.strength.value);
    const noisy = this.board.numbers.map((number) => Math.min(Math.max(number + amount * normal(), 0), 1));
    drawExample(this.seen, noisy, this.model);
    return noisy;
  }

  async reconstruct() {
    const input = await this.input();
    const body = npy(input, [1, ...this.model.input_shape]);
    const answer = await operate(this.model, "reconstruct", body);
    this.code = Float32Array.from(answer.codes[0]);
    this.showCode();
    this.showOutput(this.mode === "holes" ? input : answer.reconstructions[0].flat(2));
    await this.showVerdict(input, answer.errors[0]);
    this.onShown?.(this);
  }

  showOutput(numbers) {
    drawExample(this.output, numbers, this.model, isPicture(this.model) ? null : this.board.numbers);
  }

  async showVerdict(input, error) {
    const strange = this.mode === "anomalies";
    this.map.hidden = !strange;
    if (!strange) {
      const filled = "Rub a part of the original out: here it is, with what the model expects there";
      this.verdict.textContent = this.mode === "holes" ? filled : `Mean squared error ${shortNumber(error)}`;
      return;
    }
    const answer = await operate(this.model, "score", npy(input, [1, ...this.model.input_shape]), undefined, "?maps=true");
    const map = answer.maps[0].flat(2);
    const largest = Math.max(...map, 1e-6);
    const [, height, width] = this.model.input_shape;
    drawPixels(this.map, heated(input, map, this.model.input_shape, largest), [3, height, width]);
    const verdict = "anomalies" in answer ? `: ${answer.anomalies[0] ? "an anomaly" : "normal"} (from ${shortNumber(answer.threshold)} on an anomaly)` : "";
    this.verdict.textContent = `Score ${shortNumber(answer.scores[0])}${verdict}`;
  }

  async redraw() {
    const numbers = await decode(this.model, this.code, 1);
    this.showOutput(numbers);
    this.map.hidden = true;
    this.verdict.textContent = "Built from the code as you have moved it";
    this.onShown?.(this);
  }
}

/** Between which numbers nearly all codes lie, with some room. codes: N lists of D. */
function codeRanges(codes, dimensions) {
  return Array.from({ length: dimensions }, (_, dimension) => {
    const numbers = codes.map((code) => code[dimension]).sort((a, b) => a - b);
    const at = (share) => numbers[Math.round(share * (numbers.length - 1))];
    const room = 0.15 * (at(0.99) - at(0.01)) || 1;
    return { low: at(0.01) - room, high: at(0.99) + room };
  });
}
