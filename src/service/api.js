"use strict";
// The service's answers, and the numbers in them.

/** Calls the service; asks for its token where it wants one. Throws Error with what the service says. */
async function call(path, options = {}) {
  const token = sessionStorage.getItem("token");
  const headers = { ...options.headers, ...(token === null ? {} : { Authorization: `Bearer ${token}` }) };
  const response = await fetch(path, { ...options, headers });
  if (response.status === 401) {
    await askForToken();
    return call(path, options);
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({ detail: `the service answers ${response.status}` }));
    throw new Error(problem.detail);
  }
  return response;
}

let asking = null;

/** Resolves once there is a token; several calls ask once. */
function askForToken() {
  const dialog = document.getElementById("token-dialog");
  asking ??= new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        sessionStorage.setItem("token", document.getElementById("token").value);
        asking = null;
        resolve();
      },
      { once: true },
    );
    dialog.showModal();
  });
  return asking;
}

/** Numbers as the bytes of a NumPy file, version 1: float32 of that shape. */
function npy(numbers, shape) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const size = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const head = new TextEncoder().encode(`\u0001\u0000..${text.padEnd(size - 1)}\n`);
  new DataView(head.buffer).setUint16(2, size, true);
  const start = new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]);
  return new Blob([start, head, Float32Array.from(numbers)]);
}

/** The numbers of such a file. */
function numbersOfNpy(buffer) {
  const header = new DataView(buffer).getUint16(8, true);
  return new Float32Array(buffer.slice(10 + header));
}

const MODELS = "v1/models";

/** POSTs numbers to one of a model's operations: the JSON of the answer. */
async function operate(model, operation, body, type = "application/x-npy", query = "") {
  const path = `${MODELS}/${encodeURIComponent(model.name)}/${operation}${query}`;
  const response = await call(path, { method: "POST", body, headers: { "Content-Type": type } });
  return response.json();
}

/** Examples from codes, as numbers, one behind the other. */
async function decode(model, codes, count) {
  const path = `${MODELS}/${encodeURIComponent(model.name)}/decode`;
  const headers = { "Content-Type": "application/x-npy", Accept: "application/x-npy" };
  const response = await call(path, { method: "POST", body: npy(codes, [count, model.latent_dim]), headers });
  return numbersOfNpy(await response.arrayBuffer());
}

/** Runs one job at a time, and of those that come meanwhile the last one. */
class Latest {
  constructor(job) {
    this.job = job;
    this.running = false;
    this.wanted = null;
  }

  async run(...values) {
    this.wanted = values;
    if (this.running) {
      return;
    }
    this.running = true;
    try {
      while (this.wanted !== null) {
        const next = this.wanted;
        this.wanted = null;
        await this.job(...next);
      }
      showTrouble("");
    } catch (error) {
      showTrouble(error.message);
    } finally {
      this.running = false;
    }
  }
}

function showTrouble(text) {
  const place = document.getElementById("trouble");
  place.textContent = text;
  place.hidden = text === "";
}
