// The networks of a page: drawn by sigma.js, moved by mouse, finger and keys, in the colors of the page.
(() => {
"use strict";
const COLORED = 10, NAMED = 12, OFFERED = 20, RINGED = 300, SMALL = 80, STEP = 1.5;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

const count = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
const rgb = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
/** Return the color between two, opaque: transparent lines of WebGL add up to white. */
const mixed = (color, ground, share) => {
  const [one, other] = [rgb(color), rgb(ground)];
  return "#" + one.map((part, at) => Math.round(part * share + other[at] * (1 - share)).toString(16).padStart(2, "0")).join("");
};

class Network {
  constructor(figure) {
    this.figure = figure;
    this.data = JSON.parse(figure.querySelector("script").textContent);
    this.stage = figure.querySelector(".stage");
    this.state = figure.querySelector(".state");
    this.hovered = this.chosen = null;
    this.labels = []; // where names stand
    this.ratio = 1; // of the camera: who comes nearer sees lines more strongly
    this.hidden = new Set();
    const members = new Map();
    for (const group of this.data.group) members.set(group, (members.get(group) || 0) + 1);
    this.colored = Math.min(COLORED, [...members.values()].filter(number => number > 1).length);
    figure.querySelector(".tools").hidden = this.stage.hidden = figure.querySelector(".groups").hidden = false;
    this.graph = this.build();
    this.paint();
    this.renderer = new Sigma(this.graph, this.stage, this.settings());
    this.bindPicture();
    this.bindKeys();
    this.bindSearch();
    this.bindPrint();
    this.legend();
    this.tell();
  }

  name(node) { return this.data.name[node] || this.data.id[node]; }
  called(node) { return this.data.name[node] ? `${this.data.name[node]} (${this.data.id[node]})` : this.data.id[node]; }
  kind(node) { return this.data.brand[node] ? "brand" : "person"; }
  /** Return the number of the node's color: those of communities of several nodes, and one for all others. */
  shade(node) { return Math.min(this.data.group[node], this.colored + 1); }

  build() {
    const { id, size, x, y, source, target, weight } = this.data;
    const graph = new graphology.UndirectedGraph();
    const room = Math.sqrt(this.stage.clientWidth * this.stage.clientHeight / id.length);
    const least = Math.min(Math.max(room * 0.2, 1.3), 5), most = Math.min(4.5 * least, 16);
    const top = size.reduce((one, other) => Math.max(one, other), 1);
    this.thin = source.length < 1000 ? 2.2 : 1;
    this.threshold = id.length <= SMALL ? 0 : least + 0.3 * (most - least);
    const brands = id.map((_, node) => node).filter(node => this.data.brand[node]).sort((one, other) => size[other] - size[one]);
    const ringed = new Set(brands.slice(0, RINGED)); // rings of very many would hide the colors
    this.rings = brands.length ? ` ${brands.length > RINGED ? "The largest brands" : "Brands"} have a ring.` : "";
    id.forEach((_, node) => graph.addNode(node, {
      x: x[node], y: y[node], size: least + (most - least) * Math.sqrt(size[node] / top),
      label: this.name(node), type: ringed.has(node) ? "ring" : "circle",
    }));
    source.forEach((_, edge) => graph.mergeEdgeWithKey(edge, source[edge], target[edge], { weight: weight[edge] }));
    return graph;
  }

  /** Read the colors of the page, which differ by theme. */
  paint() {
    const style = getComputedStyle(this.figure), color = name => style.getPropertyValue(name).trim();
    const card = color("--card"), share = Math.min(14 / Math.sqrt(this.data.source.length) / this.ratio + 0.08, 0.7);
    const groups = Array.from({ length: this.colored }, (_, at) => color(`--c${at + 1}`)).concat(color("--muted"));
    this.colors = {
      card, ink: color("--ink"), groups, faded: groups.map(one => mixed(one, card, 0.18)), grey: mixed(color("--ink"), card, 0.2),
      edges: ["--loss", "--muted", "--gain"].map(one => mixed(color(one), card, share)),
      strong: ["--loss", "--muted", "--gain"].map(color),
    };
  }

  settings() {
    const ring = Sigma.rendering.createNodeBorderProgram({
      borders: [{ size: { value: 0.3 }, color: { attribute: "ring" } }, { size: { fill: true }, color: { attribute: "color" } }],
    });
    return {
      nodeProgramClasses: { ring }, zIndex: true, labelFont: "system-ui, sans-serif", labelSize: 13, labelGridCellSize: 100,
      labelDensity: this.data.id.length <= SMALL ? 20 : 0.5, labelRenderedSizeThreshold: this.threshold, labelColor: { color: this.colors.ink },
      minCameraRatio: 0.01, maxCameraRatio: 2, stagePadding: 24, minEdgeThickness: 1.2, hideEdgesOnMove: this.data.source.length > 5000,
      defaultDrawNodeLabel: (context, node) => this.drawLabel(context, node),
      defaultDrawNodeHover: (context, node) => this.drawLabel(context, node, true),
      nodeReducer: (node, data) => this.seenNode(+node, data), edgeReducer: (edge, data) => this.seenEdge(+edge, data),
    };
  }

  drawLabel(context, node, boxed = false) {
    if (!node.label) return;
    context.font = `${boxed ? 600 : 500} 13px system-ui, sans-serif`;
    const wide = context.measureText(node.label).width, right = node.x + node.size + 4;
    const left = right + wide > this.stage.clientWidth ? Math.max(node.x - node.size - 4 - wide, 2) : right;
    const box = [left, node.y - 8, left + wide, node.y + 8];
    const taken = ([one, top, other, bottom]) => box[0] < other && one < box[2] && box[1] < bottom && top < box[3];
    if (!boxed && this.labels.some(taken)) return;
    this.labels.push(box);
    context.lineWidth = 4;
    context.lineJoin = "round";
    context.strokeStyle = this.colors.card;
    context.strokeText(node.label, left, node.y + 4);
    context.fillStyle = this.colors.ink;
    context.fillText(node.label, left, node.y + 4);
    if (!boxed) return;
    context.lineWidth = 2;
    context.strokeStyle = this.colors.ink;
    context.beginPath();
    context.arc(node.x, node.y, node.size + 3, 0, 2 * Math.PI);
    context.stroke();
  }

  focus() { return this.hovered ?? this.chosen; }

  seenNode(node, data) {
    const shade = this.shade(node), focus = this.focus();
    if (this.hidden.has(shade)) return { ...data, hidden: true };
    const lit = focus === null || node === focus || this.near.has(node);
    const color = (lit ? this.colors.groups : this.colors.faded)[shade - 1];
    const named = focus !== null && lit && (node === focus || this.near.size <= NAMED);
    return { ...data, color, ring: lit ? this.colors.ink : this.colors.grey, label: lit ? data.label : null, forceLabel: named, highlighted: node === this.chosen,
      zIndex: focus !== null && lit ? 2 : data.type === "ring" ? 1 : 0 };
  }

  seenEdge(edge, data) {
    const { source, target, sign } = this.data, focus = this.focus();
    const ends = [source[edge], target[edge]];
    if (ends.some(node => this.hidden.has(this.shade(node)))) return { ...data, hidden: true };
    if (focus === null) return { ...data, size: this.thin, color: this.colors.edges[sign[edge] + 1], zIndex: Math.abs(sign[edge]) };
    if (!ends.includes(focus)) return { ...data, hidden: true };
    return { ...data, size: 1.3 * this.thin, color: this.colors.strong[sign[edge] + 1], zIndex: 2 };
  }

  refresh() {
    const focus = this.focus();
    this.near = new Set(focus === null ? [] : this.graph.neighbors(focus).map(Number));
    this.renderer.refresh({ skipIndexation: true });
  }

  bindPicture() {
    const { renderer, stage } = this;
    renderer.on("beforeRender", () => { this.labels = []; });
    renderer.on("enterNode", ({ node }) => { this.hovered = +node; this.refresh(); this.tell(); });
    renderer.on("leaveNode", () => { this.hovered = null; this.refresh(); this.tell(); });
    renderer.on("clickNode", ({ node }) => this.choose(+node, false));
    renderer.on("clickStage", () => this.choose(null));
    const active = () => stage.contains(document.activeElement);
    stage.addEventListener("wheel", event => { if (!active() && !event.ctrlKey) event.stopPropagation(); }, true);
    stage.addEventListener("touchstart", event => { if (!active() && event.touches.length < 2) event.stopPropagation(); }, true);
    stage.addEventListener("click", () => stage.focus({ preventScroll: true }), true);
    dark.addEventListener("change", () => this.repaint());
    renderer.getCamera().on("updated", ({ ratio }) => {
      const step = 2 ** Math.round(Math.log2(Math.min(ratio, 1)));
      if (step === this.ratio) return;
      this.ratio = step;
      clearTimeout(this.later);
      this.later = setTimeout(() => { this.paint(); this.refresh(); }, 200);
    });
  }

  repaint() {
    this.paint();
    this.refresh();
    this.legend();
  }

  bindKeys() {
    const camera = this.renderer.getCamera(), duration = () => (still.matches ? 0 : 200);
    const move = change => camera.animate(change(camera.getState()), { duration: duration() });
    const acts = {
      in: () => move(({ ratio }) => ({ ratio: camera.getBoundedRatio(ratio / STEP) })),
      out: () => move(({ ratio }) => ({ ratio: camera.getBoundedRatio(ratio * STEP) })),
      all: () => { this.choose(null); move(() => ({ x: 0.5, y: 0.5, ratio: 1, angle: 0 })); },
      left: () => move(({ x, ratio }) => ({ x: x - ratio / 8 })), right: () => move(({ x, ratio }) => ({ x: x + ratio / 8 })),
      up: () => move(({ y, ratio }) => ({ y: y + ratio / 8 })), down: () => move(({ y, ratio }) => ({ y: y - ratio / 8 })),
      none: () => this.choose(null),
    };
    const keys = { "+": "in", "=": "in", "-": "out", "0": "all", ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up",
      ArrowDown: "down", Escape: "none" };
    this.stage.addEventListener("keydown", event => {
      const act = keys[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      acts[act]();
    });
    for (const button of this.figure.querySelectorAll("[data-do]")) button.addEventListener("click", acts[button.dataset.do]);
  }

  bindSearch() {
    const input = this.figure.querySelector("input"), list = this.figure.querySelector("datalist");
    const folded = this.data.id.map((id, node) => [this.called(node), node, `${this.name(node)}\n${id}`.toLowerCase()]);
    const found = text => {
      const wanted = text.trim().toLowerCase();
      if (!wanted) return [];
      const exact = folded.filter(([called]) => called.toLowerCase() === wanted);
      const starts = folded.filter(([, , names]) => names.startsWith(wanted) || names.includes(`\n${wanted}`));
      return [...new Set([...exact, ...starts, ...folded.filter(([, , names]) => names.includes(wanted))])].slice(0, OFFERED);
    };
    input.addEventListener("input", () => {
      list.replaceChildren(...found(input.value).map(([called]) => new Option(called, called)));
    });
    input.addEventListener("change", () => {
      const [first] = found(input.value);
      if (first) this.choose(first[1]);
      else if (input.value.trim()) this.state.textContent = `Nobody in the picture has “${input.value.trim()}” in name or id.`;
    });
  }

  /** Mark *node* and move to it. */
  choose(node, go = true) {
    this.chosen = node;
    this.hovered = null;
    if (node !== null) this.hidden.delete(this.shade(node));
    this.refresh();
    this.tell();
    this.legend();
    if (node === null || !go) return;
    const { x, y } = this.renderer.getNodeDisplayData(node), camera = this.renderer.getCamera();
    camera.animate({ x, y, ratio: Math.min(camera.getState().ratio, this.data.id.length <= SMALL ? 0.7 : 0.3) }, { duration: still.matches ? 0 : 400 });
  }

  /** Say who is under the mouse or chosen, and offer the neighbors of who is chosen. */
  tell() {
    const node = this.focus(), { size, group, id, source } = this.data;
    if (node === null) {
      this.state.textContent = `${count(id.length, "person or brand", "people and brands")}, ` +
        `${count(source.length, "link", "links")}. Point at one, or find one by name.`;
    } else {
      const near = this.heaviest(node).map(other => this.name(other)), more = this.graph.degree(node) - near.length;
      this.state.textContent = `${this.called(node)}: ${this.kind(node)} of community ${group[node]}, ` +
        `${count(size[node], "link", "links")}. Drawn with ${near.join(", ")}${more > 0 ? ` and ${more.toLocaleString("en")} more` : ""}.`;
    }
    const around = this.chosen === null ? [] : this.heaviest(this.chosen);
    this.figure.querySelector(".neighbors").replaceChildren(...around.map(other => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: this.name(other) });
      button.addEventListener("click", () => { this.choose(other); this.figure.querySelector(".neighbors button")?.focus(); });
      return button;
    }));
  }

  heaviest(node) {
    const edges = this.graph.edges(node).sort((one, other) => this.data.weight[other] - this.data.weight[one]);
    return edges.slice(0, NAMED).map(edge => +this.graph.opposite(node, edge));
  }

  legend() {
    const { group, size } = this.data, members = new Map();
    group.forEach((_, node) => {
      const shade = this.shade(node);
      if (!members.has(shade)) members.set(shade, []);
      members.get(shade).push(node);
    });
    const box = this.figure.querySelector(".groups"), title = box.querySelector("legend");
    const focused = [...box.querySelectorAll("button")].indexOf(document.activeElement);
    const buttons = [...members.keys()].sort((one, other) => one - other).map(shade => {
      const nodes = members.get(shade).sort((one, other) => size[other] - size[one]);
      const names = nodes.slice(0, 2).map(node => this.name(node)).join(", ");
      const text = shade > this.colored ? "the other communities" : `${shade}: ${names}`;
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: `${text} (${nodes.length.toLocaleString("en")})` });
      button.style.setProperty("--swatch", this.colors.groups[shade - 1]);
      button.setAttribute("aria-pressed", String(!this.hidden.has(shade)));
      button.addEventListener("click", () => {
        if (!this.hidden.delete(shade)) this.hidden.add(shade);
        this.refresh();
        this.legend();
      });
      return button;
    });
    box.replaceChildren(title, ...buttons);
    if (focused >= 0) box.querySelectorAll("button")[focused]?.focus();
    title.textContent = "Communities, by their largest members: press one to hide or to show it." + this.rings;
  }

  /** Put an image in the place of the picture while the page is printed, in the colors of paper. */
  bindPrint() {
    addEventListener("beforeprint", () => {
      this.figure.classList.add("printing");
      this.paint();
      this.refresh();
      this.figure.querySelector(".print").src = this.image();
    });
    addEventListener("afterprint", () => { this.figure.classList.remove("printing"); this.repaint(); });
  }

  image() {
    this.renderer.refresh({ skipIndexation: true });
    const layers = Object.values(this.renderer.getCanvases()), sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [layers[0].width, layers[0].height];
    const context = sheet.getContext("2d");
    context.fillStyle = this.colors.card;
    context.fillRect(0, 0, sheet.width, sheet.height);
    for (const layer of layers) if (layer.width && layer.height) context.drawImage(layer, 0, 0, sheet.width, sheet.height);
    return sheet.toDataURL("image/png");
  }
}

if (globalThis.Sigma) {
  for (const figure of document.querySelectorAll("figure.network")) figure.network = new Network(figure);
}
})();
