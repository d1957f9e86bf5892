"use strict";
// Examples on the screen: pictures as pixels, vectors and windows as lines.

const sizeOf = (model) => model.input_shape.reduce((product, side) => product * side, 1);
const isPicture = (model) => model.kind === "picture";

/** The pixels of part of a canvas as numbers, C x H x W. */
function pixelsOf(canvas, [channels, height, width], left = 0, top = 0) {
  const { data } = canvas.getContext("2d", { willReadFrequently: true }).getImageData(left, top, width, height);
  const plane = width * height;
  const numbers = new Float32Array(channels * plane);
  for (let i = 0; i < plane; ++i) {
    if (channels === 3) {
      for (let channel = 0; channel < 3; ++channel) {
        numbers[channel * plane + i] = data[4 * i + channel] / 255;
      }
    } else {
      numbers[i] = (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]) / 255;
    }
  }
  return numbers;
}

/** Lines over one scale: each {numbers, colour}; several columns of a window one below the other. */
function drawLines(canvas, lines, [channels, , width]) {
  const ratio = devicePixelRatio || 1;
  canvas.width = 320 * ratio;
  canvas.height = 320 * ratio;
  const all = lines.flatMap(({ numbers }) => [...numbers]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const band = canvas.height / channels;
  context.lineWidth = 2 * ratio;
  context.lineJoin = "round";
  for (const { numbers, colour } of lines) {
    context.strokeStyle = css(colour);
    for (let channel = 0; channel < channels; ++channel) {
      context.beginPath();
      for (let i = 0; i < width; ++i) {
        const part = (numbers[channel * width + i] - low) / (high - low || 1);
        context.lineTo(((i + 0.5) / width) * canvas.width, band * (channel + 0.95 - 0.9 * part));
      }
      context.stroke();
    }
  }
  return { low, high };
}

/** An example of any kind, by itself or over another one. */
function drawExample(canvas, numbers, model, over = null) {
  if (isPicture(model)) {
    drawPixels(canvas, numbers, model.input_shape);
    return;
  }
  const lines = over === null ? [] : [{ numbers: over, colour: "--series-5" }];
  drawLines(canvas, [...lines, { numbers, colour: "--series-1" }], model.input_shape);
}

/** Covers what is not known of a picture. */
function coverHoles(canvas, holes) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = css("--series-1");
  holes.forEach((isHole, i) => isHole && context.fillRect(i % canvas.width, Math.floor(i / canvas.width), 1, 1));
}

/** A canvas of its own for one example. */
function exampleCanvas(numbers, model, label) {
  const canvas = element("canvas", { role: "img", "aria-label": label });
  drawExample(canvas, numbers, model);
  return canvas;
}

/** A picture's file scaled to what the model takes: its middle, where its proportions are others. */
async function numbersOfFile(file, model) {
  const [, height, width] = model.input_shape;
  const picture = await createImageBitmap(file);
  const scale = Math.max(width / picture.width, height / picture.height);
  const canvas = element("canvas", { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(
    picture,
    (width - scale * picture.width) / 2,
    (height - scale * picture.height) / 2,
    scale * picture.width,
    scale * picture.height,
  );
  return pixelsOf(canvas, model.input_shape);
}

/** Numbers of the normal distribution (Box & Muller 1958). */
function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

/** The heat of 0 to 1 over a picture: black, red, yellow, white. */
function heated(numbers, map, [channels, height, width], largest) {
  const plane = height * width;
  const colours = new Float32Array(3 * plane);
  for (let i = 0; i < plane; ++i) {
    let grey = 0;
    for (let channel = 0; channel < channels; ++channel) {
      grey += numbers[channel * plane + i] / channels;
    }
    const level = Math.min(map[i] / largest, 1);
    const cover = 0.85 * Math.sqrt(level);
    for (let channel = 0; channel < 3; ++channel) {
      const colour = Math.min(Math.max(3 * level - channel, 0), 1);
      colours[channel * plane + i] = (1 - cover) * grey + cover * colour;
    }
  }
  return colours;
}
