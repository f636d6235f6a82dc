"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const svg = document.getElementById("graph");
const detail = document.getElementById("detail");
const NS = "http://www.w3.org/2000/svg";
const WIDTH = 230, HEIGHT = 24;
const make = (tag, attributes, parent) => {
  const element = document.createElementNS(NS, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
};
const layer = make("g", {}, svg);
const edges = data.edges.map(([from, to, count, cycle, contract]) => {
  const a = data.nodes[from], b = data.nodes[to];
  const x1 = a[6] + (b[6] >= a[6] ? WIDTH : 0), y1 = a[7] + HEIGHT / 2;
  const x2 = b[6] + (b[6] >= a[6] ? 0 : WIDTH), y2 = b[7] + HEIGHT / 2;
  const bend = b[6] === a[6] ? 60 : (x2 - x1) / 2;
  const path = `M${x1},${y1}C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
  const kind = contract ? "edge broken" : cycle ? "edge cycle" : "edge";
  const element = make("path", { d: path, class: kind }, layer);
  const label = `${a[0]} → ${b[0]}: ${count}${contract ? `, breaks ${contract}` : ""}`;
  make("title", {}, element).textContent = label;
  return { from, to, marked: Boolean(cycle || contract), element };
});
const nodes = data.nodes.map((node, index) => {
  const [label, group, kind, fanIn, fanOut, cycle, x, y] = node;
  const place = { class: cycle ? "node cycle" : "node", transform: `translate(${x},${y})` };
  const element = make("g", { ...place, tabindex: 0, role: "button" }, layer);
  make("rect", { width: WIDTH, height: HEIGHT, rx: 4 }, element);
  const short = label.length > 34 ? `…${label.slice(-33)}` : label;
  make("text", { x: 8, y: 16 }, element).textContent = short;
  const about = `${label} (${kind}${group ? ` of ${group}` : ""}): imported by ${fanIn}, imports ` +
    `${fanOut}${cycle ? `, in cycle ${cycle}` : ""}`;
  element.setAttribute("aria-label", about);
  make("title", {}, element).textContent = about;
  const choose = () => select(index, about);
  element.addEventListener("click", choose);
  element.addEventListener("keydown", (event) => { if (event.key === "Enter") choose(); });
  return { element, label: `${label} ${group}`.toLowerCase(), cycle };
});
let chosen = -1;
function select(index, about) {
  chosen = chosen === index ? -1 : index;
  detail.textContent = chosen < 0 ? "" : about;
  show();
}
const search = document.getElementById("search"), only = document.getElementById("only");
function show() {
  const wanted = search.value.trim().toLowerCase();
  const near = new Set([chosen]), marked = new Set();
  for (const edge of edges) {
    if (edge.from === chosen) near.add(edge.to);
    if (edge.to === chosen) near.add(edge.from);
    if (edge.marked) { marked.add(edge.from); marked.add(edge.to); }
  }
  nodes.forEach((node, index) => {
    const hit = wanted !== "" && node.label.includes(wanted);
    const out = (wanted !== "" && !hit) || (chosen >= 0 && !near.has(index));
    node.element.classList.toggle("hit", hit);
    node.element.classList.toggle("dim", out);
    node.element.classList.toggle("gone", only.checked && !marked.has(index));
  });
  for (const edge of edges) {
    const touches = edge.from === chosen || edge.to === chosen;
    edge.element.classList.toggle("dim", chosen >= 0 ? !touches : wanted !== "");
    edge.element.classList.toggle("gone", only.checked && !edge.marked);
  }
  if (wanted !== "") {
    const hits = nodes.filter((node) => node.label.includes(wanted)).length;
    detail.textContent = `${hits} found`;
  }
}
search.addEventListener("input", show);
only.addEventListener("change", show);
let box = { x: 0, y: 0, w: 100, h: 100 };
const apply = () => svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.w} ${box.h}`);
function fit() {
  const xs = data.nodes.map((node) => node[6]), ys = data.nodes.map((node) => node[7]);
  const [left, top] = [Math.min(0, ...xs), Math.min(0, ...ys)];
  box = { x: left - 20, y: top - 20, w: Math.max(0, ...xs) - left + WIDTH + 40,
    h: Math.max(0, ...ys) - top + HEIGHT + 40 };
  // A few boxes need not fill the page: text stays below twice its size.
  const grow = Math.max(1, Math.min(svg.clientWidth / box.w, svg.clientHeight / box.h) / 1.6);
  if (grow > 1) zoom(grow);
  apply();
}
function zoom(factor, cx = box.x + box.w / 2, cy = box.y + box.h / 2) {
  box = { x: cx - (cx - box.x) * factor, y: cy - (cy - box.y) * factor, w: box.w * factor,
    h: box.h * factor };
  apply();
}
const point = (event) => {
  const matrix = svg.getScreenCTM().inverse();
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
};
svg.addEventListener("wheel", (event) => {
  event.preventDefault();
  const at = point(event);
  zoom(event.deltaY > 0 ? 1.15 : 0.87, at.x, at.y);
}, { passive: false });
let held = null;
svg.addEventListener("pointerdown", (event) => { if (event.target === svg) held = point(event); });
svg.addEventListener("pointermove", (event) => {
  if (!held) return;
  const at = point(event);
  box.x += held.x - at.x;
  box.y += held.y - at.y;
  apply();
});
addEventListener("pointerup", () => { held = null; });
svg.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const move = step[event.key];
  if (move) { box.x += move[0] * box.w / 10; box.y += move[1] * box.h / 10; apply(); }
  else if (event.key === "+") zoom(0.8);
  else if (event.key === "-") zoom(1.25);
  else return;
  event.preventDefault();
});
document.getElementById("in").addEventListener("click", () => zoom(0.8));
document.getElementById("out").addEventListener("click", () => zoom(1.25));
document.getElementById("fit").addEventListener("click", fit);
fit();
