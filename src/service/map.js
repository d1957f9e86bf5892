"use strict";
// The map of the codes: examples under the pointer, a click loads one, a drag goes from one to another.

const HIT = 14; // screen pixels around the pointer
const STEPS = 10; // of an interpolation

/** The examples of a map's answer: count, and each by its position. */
async function examplesOf(answer, model) {
  if (answer.sheet !== undefined) {
    return sheetExamples(answer.sheet, answer.points.length, model);
  }
  const list = answer.rows ?? answer.examples;
  const numbers = answer.rows === undefined ? list.flat(4) : [];
  return { count: list.length, numbers, at: (index) => (answer.rows === undefined ? list[index].flat(3) : list[index]) };
}

async function sheetExamples({ source, columns, width, height }, count, model) {
  const image = element("img", { src: source, alt: "" });
  await image.decode();
  const canvas = element("canvas", { width: image.naturalWidth, height: image.naturalHeight });
  canvas.getContext("2d", { willReadFrequently: true }).drawImage(image, 0, 0);
  const at = (index) => pixelsOf(canvas, model.input_shape, (index % columns) * width, Math.floor(index / columns) * height);
  return { count, numbers: [], at };
}

class LatentMap {
  constructor(model, player) {
    Object.assign(this, { model, player, answer: null, hovered: -1, start: -1, chosen: -1 });
    this.loading = new Latest(() => this.load());
    this.interpolating = new Latest((from, to) => this.interpolate(from, to));
    this.build();
    this.loading.run();
  }

  build() {
    this.canvas = element("canvas", { role: "img", "aria-label": "Map of the codes; the buttons below step through its points" });
    this.cardPicture = element("canvas");
    this.cardText = element("span");
    this.card = element("div", { class: "card", hidden: "" }, this.cardPicture, this.cardText);
    this.method = element("select", {}, ...["pca", "tsne"].map((name) => element("option", { value: name }, name === "pca" ? "principal components" : "t-SNE (seconds)")));
    if (this.model.latent_dim <= 2) {
      this.method.prepend(element("option", { value: "code", selected: "" }, "the code itself"));
    }
    this.method.addEventListener("change", () => this.loading.run());
    this.caption = element("p", { class: "note" });
    this.legend = element("ul", { class: "map-legend" });
    this.strip = element("div", { class: "strip", role: "group", "aria-label": "From one to the other" });
    this.status = element("p", { class: "note", "aria-live": "polite" });
    this.element = element(
      "section",
      { "aria-labelledby": "map-title", hidden: "" },
      element("h2", { id: "map-title" }, "Map of the codes"),
      element("p", {}, "Each point is the code of an example. Point at one to see it, click to load it, drag from one to another to see what lies between."),
      element("p", {}, element("label", {}, "Points by ", this.method)),
      element(
        "div",
        { class: "map-and-more" },
        element("div", { class: "map-area" }, this.canvas, this.card),
        element("div", {}, this.legend, this.tools(), this.status, this.strip, this.caption),
      ),
    );
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("pointerup", (event) => this.release(event));
    this.canvas.addEventListener("pointerleave", () => this.leave());
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  tools() {
    const button = (text, onClick) => {
      const made = element("button", { type: "button" }, text);
      made.addEventListener("click", onClick);
      return made;
    };
    return element(
      "p",
      { class: "tools" },
      button("Previous point", () => this.choose(this.chosen - 1)),
      button("Next point", () => this.choose(this.chosen + 1)),
      button("Begin here", () => this.begin()),
      button("Go from there to here", () => this.go()),
    );
  }

  begin() {
    this.start = Math.max(this.chosen, 0);
    this.status.textContent = `From ${this.nameOf(this.start)}: choose another point, and go`;
    this.draw();
  }

  go() {
    if (this.start < 0) {
      this.status.textContent = "Choose a point and begin there first";
    } else {
      this.interpolating.run(this.start, Math.max(this.chosen, 0));
    }
  }

  async load() {
    const name = encodeURIComponent(this.model.name);
    this.status.textContent = this.method.value === "tsne" ? "Computing the map ..." : "";
    const answer = await (await call(`${MODELS}/${name}/map?method=${this.method.value}&count=1000`)).json();
    if (answer.points.length === 0) {
      return; // no data here: the page goes without a map
    }
    const isFirst = this.answer === null;
    this.answer = answer;
    this.status.textContent = "";
    this.caption.textContent = `${answer.points.length} of the ${answer.data}; ${answer.text}.`;
    this.element.hidden = false;
    this.fillLegend();
    this.draw();
    if (isFirst) {
      this.examples = await examplesOf(answer, this.model);
      this.player.know(this.examples, answer.codes);
    }
  }

  fillLegend() {
    const names = this.answer.label_names ?? [];
    const entries = names.map((name, index) => {
      const swatch = element("span", { class: "swatch" });
      swatch.style.setProperty("--colour", `var(${seriesVariable(index)})`);
      return element("li", {}, swatch, name);
    });
    this.legend.replaceChildren(...(names.length <= 30 ? entries : []));
  }

  nameOf(index) {
    const label = this.answer.labels?.[index];
    return label === undefined ? `point ${index}` : `point ${index}, ${this.answer.label_names[label]}`;
  }

  // --- drawing ---

  /** From the map's units to the canvas's, in screen pixels; the same scale across and down. */
  scale() {
    const xs = this.answer.points.map(([x]) => x);
    const ys = this.answer.points.map(([, y]) => y);
    const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
    const reach = (values) => Math.max(...values) - Math.min(...values);
    const size = this.canvas.clientWidth;
    const factor = (0.92 * size) / (Math.max(reach(xs), reach(ys)) || 1);
    return { x: (value) => size / 2 + factor * (value - middle(xs)), y: (value) => size / 2 - factor * (value - middle(ys)), factor, middleX: middle(xs), middleY: middle(ys), size };
  }

  draw() {
    if (this.answer === null || this.canvas.clientWidth === 0) {
      return;
    }
    const ratio = devicePixelRatio || 1;
    const scale = this.scale();
    this.canvas.width = this.canvas.height = Math.round(scale.size * ratio);
    this.places = this.answer.points.map(([x, y]) => ({ x: scale.x(x), y: scale.y(y) }));
    const context = this.canvas.getContext("2d");
    context.scale(ratio, ratio);
    const colours = Array.from({ length: SERIES_COLOURS }, (_, index) => css(seriesVariable(index)));
    this.places.forEach(({ x, y }, index) => {
      context.fillStyle = colours[(this.answer.labels?.[index] ?? 0) % SERIES_COLOURS];
      context.beginPath();
      context.arc(x, y, 3, 0, 2 * Math.PI);
      context.fill();
    });
    this.ring(context, this.start, "--series-1");
    this.ring(context, this.chosen, "--ink");
    this.ring(context, this.hovered, "--accent");
    this.line(context);
  }

  ring(context, index, colour) {
    if (index >= 0) {
      context.strokeStyle = css(colour);
      context.lineWidth = 2;
      context.beginPath();
      context.arc(this.places[index].x, this.places[index].y, 7, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  line(context) {
    if (this.pressed !== undefined && this.pressed >= 0 && this.pointer) {
      context.strokeStyle = css("--ink");
      context.lineWidth = 1.5;
      context.beginPath();
      context.moveTo(this.places[this.pressed].x, this.places[this.pressed].y);
      context.lineTo(this.pointer.x, this.pointer.y);
      context.stroke();
    }
  }

  // --- the pointer ---

  placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** The nearest point; -1 where none is near. */
  at({ x, y }) {
    let [best, distance] = [-1, HIT ** 2];
    this.places.forEach((place, index) => {
      const squared = (place.x - x) ** 2 + (place.y - y) ** 2;
      if (squared < distance) {
        [best, distance] = [index, squared];
      }
    });
    return best;
  }

  press(event) {
    if (this.answer !== null) {
      this.canvas.setPointerCapture(event.pointerId);
      this.pressed = this.at(this.placeOf(event));
    }
  }

  hover(event) {
    if (this.answer === null) {
      return;
    }
    this.pointer = this.placeOf(event);
    this.hovered = this.at(this.pointer);
    this.showCard();
    this.draw();
  }

  release(event) {
    if (this.answer === null) {
      return;
    }
    const place = this.placeOf(event);
    const end = this.at(place);
    const start = this.pressed;
    this.pressed = undefined;
    if (start >= 0 && end >= 0 && start !== end) {
      this.start = start;
      this.chosen = end;
      this.interpolating.run(start, end);
    } else if (end >= 0) {
      this.choose(end);
    } else if (this.method.value === "code" && this.model.latent_dim === 2) {
      const scale = this.scale();
      this.player.setCode([scale.middleX + (place.x - scale.size / 2) / scale.factor, scale.middleY - (place.y - scale.size / 2) / scale.factor]);
    }
    this.draw();
  }

  leave() {
    this.hovered = -1;
    this.card.hidden = true;
    this.draw();
  }

  showCard() {
    this.card.hidden = this.hovered < 0 || this.examples === undefined;
    if (this.card.hidden) {
      return;
    }
    this.cardText.textContent = this.nameOf(this.hovered);
    this.cardPicture.hidden = this.model.kind === "row";
    if (!this.cardPicture.hidden) {
      drawExample(this.cardPicture, this.examples.at(this.hovered), this.model);
    }
    const { x, y } = this.places[this.hovered];
    const left = Math.min(Math.max(x - this.card.offsetWidth / 2, 0), Math.max(this.canvas.clientWidth - this.card.offsetWidth, 0));
    const below = y + 14 + this.card.offsetHeight < this.canvas.clientHeight;
    this.card.style.transform = `translate(${left}px, ${below ? y + 14 : Math.max(y - 14 - this.card.offsetHeight, 0)}px)`;
  }

  /** Loads an example. */
  choose(index) {
    const count = this.answer.points.length;
    this.chosen = (index + count) % count;
    this.status.textContent = this.nameOf(this.chosen);
    this.player.showExample(this.chosen);
    this.draw();
  }

  /** What lies on the way from one code to another. */
  async interpolate(from, to) {
    const { codes } = this.answer;
    const steps = Array.from({ length: STEPS }, (_, step) => {
      const share = step / (STEPS - 1);
      return codes[from].map((number, index) => (1 - share) * number + share * codes[to][index]);
    });
    this.status.textContent = `From ${this.nameOf(from)} to ${this.nameOf(to)}`;
    if (this.model.kind === "row") {
      return;
    }
    const numbers = await decode(this.model, steps.flat(), STEPS);
    const size = sizeOf(this.model);
    const pictures = steps.map((code, step) => {
      const canvas = exampleCanvas(numbers.subarray(step * size, (step + 1) * size), this.model, `Step ${step + 1} of ${STEPS}`);
      canvas.addEventListener("click", () => this.player.setCode(code));
      return canvas;
    });
    this.strip.replaceChildren(...pictures);
  }
}
