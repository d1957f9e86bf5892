"use strict";
// The decoder itself, in the page: sliders of the code draw new pictures without a server. Its operators are those of
// ONNX that dense and convolutional decoders are made of.

/** Numbers of a constant: float32, little-endian, in base64. */
function constantNumbers(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/** What becomes of each number. */
const FUNCTIONS = {
  Relu: () => (x) => Math.max(x, 0),
  Sigmoid: () => (x) => 1 / (1 + Math.exp(-x)),
  Tanh: () => Math.tanh,
  Softplus: () => (x) => (x > 20 ? x : Math.log1p(Math.exp(x))),
  LeakyRelu: ({ alpha }) => (x) => (x > 0 ? x : alpha * x),
  Elu: ({ alpha }) => (x) => (x > 0 ? x : alpha * Math.expm1(x)),
};

/** Of two numbers; the shorter list is repeated. */
const COMBINATIONS = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};

function gemm([x, weight, bias], { transB }, { to }) {
  const [inputs, outputs] = [x.length, to.length];
  for (let o = 0; o < outputs; ++o) {
    let sum = bias[o];
    for (let i = 0; i < inputs; ++i) {
      sum += x[i] * (transB ? weight[o * inputs + i] : weight[i * outputs + o]);
    }
    to[o] = sum;
  }
}

/** Calls `visit` with each pixel of the smaller side, each of the larger one that the kernel joins it to, and the weight's place. */
function eachTouch(small, large, kernel, { strides: [down, across], pads: [top, left] }, visit) {
  for (let row = 0; row < small[2]; ++row) {
    for (let column = 0; column < small[3]; ++column) {
      for (let i = 0; i < kernel[2]; ++i) {
        const r = row * down + i - top;
        for (let j = 0; j < kernel[3] && r >= 0 && r < large[2]; ++j) {
          const c = column * across + j - left;
          if (c >= 0 && c < large[3]) {
            visit(row * small[3] + column, r * large[3] + c, i * kernel[3] + j);
          }
        }
      }
    }
  }
}

function convolve([x, weight, bias], attributes, { to, sizes, from, weights }, isBack) {
  const [inPlane, outPlane] = [from[2] * from[3], sizes[2] * sizes[3]];
  const area = weights[2] * weights[3];
  for (let o = 0; o < sizes[1]; ++o) {
    to.fill(bias?.[o] ?? 0, o * outPlane, (o + 1) * outPlane);
    for (let c = 0; c < from[1]; ++c) {
      const place = (isBack ? c * sizes[1] + o : o * from[1] + c) * area;
      const touch = isBack
        ? (near, far, k) => (to[o * outPlane + far] += x[c * inPlane + near] * weight[place + k])
        : (near, far, k) => (to[o * outPlane + near] += x[c * inPlane + far] * weight[place + k]);
      eachTouch(isBack ? from : sizes, isBack ? sizes : from, weights, attributes, touch);
    }
  }
}

function resize([x], _, { to, sizes, from }) {
  for (let c = 0, next = 0; c < sizes[1]; ++c) {
    for (let row = 0; row < sizes[2]; ++row) {
      const line = (c * from[2] + Math.floor((row * from[2]) / sizes[2])) * from[3];
      for (let column = 0; column < sizes[3]; ++column) {
        to[next++] = x[line + Math.floor((column * from[3]) / sizes[3])];
      }
    }
  }
}

function normalise([x, scale, bias, mean, variance], { epsilon }, { to, from }) {
  const numbers = x.length / from[1];
  for (let i = 0; i < x.length; ++i) {
    const c = Math.floor(i / numbers);
    to[i] = ((x[i] - mean[c]) / Math.sqrt(variance[c] + epsilon)) * scale[c] + bias[c];
  }
}

const OPERATORS = {
  Gemm: gemm,
  Conv: (...all) => convolve(...all, false),
  ConvTranspose: (...all) => convolve(...all, true),
  Resize: resize,
  BatchNormalization: normalise,
};

/** A decoder: numbers of a code to numbers of an example. */
class Decoder {
  constructor({ input, output, nodes, constants, shapes }) {
    Object.assign(this, { input, output, nodes, shapes });
    this.constants = new Map(Object.entries(constants).map(([name, { data }]) => [name, constantNumbers(data)]));
    this.sizes = new Map(Object.entries(constants).map(([name, { sizes }]) => [name, sizes]));
  }

  decode(code) {
    const values = new Map([...this.constants, [this.input, Float32Array.from(code)]]);
    for (const { type, inputs, outputs, attributes } of this.nodes) {
      const given = inputs.map((name) => values.get(name));
      values.set(outputs[0], this.compute(type, given, attributes, inputs, outputs[0]));
    }
    return values.get(this.output);
  }

  compute(type, given, attributes, inputs, output) {
    if (type === "Identity" || type === "Reshape") {
      return given[0];
    }
    if (type in FUNCTIONS) {
      return given[0].map(FUNCTIONS[type](attributes));
    }
    const sizes = this.shapes[output];
    const to = new Float32Array(sizes.reduce((product, size) => product * size, 1));
    if (type in COMBINATIONS) {
      const [a, b] = given;
      return to.map((_, i) => COMBINATIONS[type](a[i % a.length], b[i % b.length]));
    }
    OPERATORS[type](given, attributes, { to, sizes, from: this.shapes[inputs[0]], weights: this.sizes.get(inputs[1]) });
    return to;
  }
}

function player(block) {
  const [, , width] = block.shape;
  const decoder = new Decoder(block.graph);
  const code = [...block.code];
  const canvas = element("canvas", { class: "pixels", role: "img", "aria-label": "What the code stands for" });
  canvas.style.width = `${zoomWithin(width, 320) * width}px`;
  const draw = () => drawPixels(canvas, decoder.decode(code), block.shape);
  const sliders = block.sliders.map(({ index, ...range }) => {
    const slider = new Slider(index, range, (number, value) => {
      code[number] = value;
      draw();
    });
    slider.show(code[index]);
    return slider.element;
  });
  draw();
  return figure(
    block.caption,
    element("div", { class: "player" }, canvas, element("div", { class: "sliders", role: "group", "aria-label": "The code" }, ...sliders)),
  );
}
