"use strict";
// The page: which model, what is shown of it, and how programs get the same.

/** How what is on the screen is asked for by other programs. */
class CallView {
  constructor(model) {
    this.model = model;
    this.places = new Map([
      ["curl", element("code")],
      ["Python", element("code")],
    ]);
    const commands = [...this.places].map(([name, code]) => {
      const box = element("pre", { tabindex: "0", role: "region", "aria-label": `The call in ${name}` }, code);
      return element("div", { class: "command" }, element("p", {}, `${name}:`), box, copyButton(code));
    });
    this.element = element(
      "section",
      { "aria-labelledby": "call-title" },
      element("h2", { id: "call-title" }, "From your program"),
      element("p", {}, "What you see is one call of the service:"),
      ...commands,
    );
  }

  show(operation, body) {
    const address = new URL(`${MODELS}/${encodeURIComponent(this.model.name)}/${operation}`, location.href).href;
    this.places.get("curl").textContent = `curl -H 'Content-Type: application/json' -d '${body}' ${address}`;
    this.places.get("Python").textContent = [
      "import requests",
      `answer = requests.post("${address}", data='${body}', headers={"Content-Type": "application/json"})`,
      "print(answer.json())",
    ].join("\n");
  }
}

const tidy = (numbers) => Array.from(numbers, (number) => Number(number.toFixed(4)));

/** An example as JSON has it: a picture as its file, in base64. */
function exampleInJson({ model, board }) {
  return isPicture(model) ? board.canvas.toDataURL().replace(/^[^,]*,/, "") : tidy(board.numbers);
}

/** The call that a player's state is. */
function showCall(view, player) {
  if (player instanceof RowPlayer) {
    view.show("impute", JSON.stringify({ examples: [player.row()] }));
  } else if (player.verdict.textContent.startsWith("Built")) {
    view.show("decode", JSON.stringify({ codes: [tidy(player.code)] }));
  } else {
    const operation = player.mode === "anomalies" ? "score" : "reconstruct";
    view.show(operation, JSON.stringify({ examples: [exampleInJson(player)] }));
  }
}

function aboutText({ family, backbone, data, parameters, latent_dim: dimensions }) {
  return `${family} autoencoder, ${backbone}: ${dimensions} numbers to a code, ${parameters.toLocaleString("en")} parameters, learned from ${data}`;
}

function showModel(model) {
  document.querySelectorAll("main > section").forEach((section) => section.remove());
  document.getElementById("about").textContent = aboutText(model);
  const content = document.getElementById("content");
  const view = new CallView(model);
  const player = model.kind === "row" ? new RowPlayer(model) : new Player(model);
  player.onShown = (shown) => showCall(view, shown);
  content.append(player.element, new LatentMap(model, player).element, view.element);
}

async function begin() {
  prepareCharts();
  const { models, training } = await (await call(MODELS)).json();
  if (training !== undefined) {
    new TrainingView(training);
    return;
  }
  const select = document.getElementById("model");
  select.append(...models.map(({ name }) => element("option", { value: name }, name)));
  select.addEventListener("change", () => showModel(models.find(({ name }) => name === select.value)));
  document.getElementById("chooser").hidden = false;
  if (models.length === 0) {
    showTrouble("no model is served at present; its run may have been removed");
  } else {
    showModel(models[0]);
  }
}

begin().catch((error) => showTrouble(error.message));
