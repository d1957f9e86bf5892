"use strict";
// Codes to play with: a slider for each number, and the picture that they stand for.

/** Numbers (C x H x W, 0 to 1) as pixels of a canvas of that size. */
function drawPixels(canvas, numbers, [channels, height, width]) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const image = context.createImageData(width, height);
  const plane = width * height;
  for (let i = 0; i < plane; ++i) {
    for (let channel = 0; channel < 3; ++channel) {
      image.data[4 * i + channel] = 255 * numbers[(channels === 3 ? channel * plane : 0) + i];
    }
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** One number of the code. */
class Slider {
  constructor(index, range, onInput) {
    this.input = element("input", {
      type: "range",
      min: String(range.low),
      max: String(range.high),
      step: String((range.high - range.low) / 200),
      "aria-label": `Number ${index} of the code`,
    });
    this.output = element("output");
    this.element = element("label", {}, String(index), this.input, this.output);
    this.input.addEventListener("input", () => {
      this.show(Number(this.input.value));
      onInput(index, Number(this.input.value));
    });
  }

  show(value) {
    this.input.value = String(value);
    this.output.textContent = value.toFixed(2);
  }
}
