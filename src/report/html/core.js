// What every picture uses: the numbers of the page, how they are written, and marks that tell.
const N = JSON.parse(document.getElementById("numbers").textContent);
const page = document.documentElement;

const DASHES = { pthread: null, epoll: "6 4", uring: "9 3 2 3" };
const SHAPES = { "two-copy": d3.symbolCircle, "one-copy": d3.symbolSquare, "zero-copy": d3.symbolTriangle };

const wayColour = (way) => `var(--w${way % 10})`;
const wayDash = (way) => DASHES[N.ways[way].e] || null;
const wayShape = (way, area = 64) => d3.symbol().type(SHAPES[N.ways[way].f] || d3.symbolDiamond).size(area)();

// Three digits that mean something: 15.7, 0.976, 1240.
function digits(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toPrecision(3);
  if (size >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

// Counts and rates with a decimal prefix: 30.9 k, 1.2 M.
function count(value) {
  for (const [unit, name] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
    if (Math.abs(value) >= unit * 0.9995) return `${digits(value / unit)} ${name}`;
  }
  return digits(value);
}

// Sizes count in 1024s: 4 KiB, never 4.1k.
function bytes(value) {
  for (const [unit, name] of [[2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"]]) {
    if (value >= unit) return `${digits(value / unit)} ${name}`;
  }
  return `${digits(value)} B`;
}

function duration(ns) {
  for (const [unit, name] of [[1e9, "s"], [1e6, "ms"], [1e3, "µs"]]) {
    if (Math.abs(ns) >= unit * 0.9995) return `${digits(ns / unit)} ${name}`;
  }
  return `${digits(ns)} ns`;
}

const times = (ratio) => `${digits(ratio)}×`;
const range = ([low, , high], write) => `${write(low)} to ${write(high)}`;

// One box for all tooltips. Its text is set as text, so nothing in it can become markup.
const tip = document.getElementById("tip");

function showTip(lines, x, y) {
  tip.textContent = "";
  lines.forEach((line, i) => {
    const part = document.createElement(i === 0 ? "b" : "span");
    part.textContent = line;
    tip.appendChild(part);
  });
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  const wide = document.documentElement.clientWidth;
  tip.style.left = `${Math.max(4, Math.min(x + 14, wide - box.width - 4))}px`;
  tip.style.top = `${y + 18 + box.height > window.innerHeight ? Math.max(4, y - box.height - 12) : y + 18}px`;
}

function hideTip() {
  tip.hidden = true;
}

// Everything else fades while one way is pointed at.
function highlight(way) {
  for (const each of document.querySelectorAll("[data-way]")) {
    each.classList.toggle("faded", way !== null && each.dataset.way !== String(way));
  }
}

// Makes marks of a selection: each says its lines to the pointer, to the keyboard and to a reader.
// A picture is one stop of the tab key; the arrows go from mark to mark.
function marks(selection, lines, way = null) {
  selection
    .classed("mark", true)
    .attr("role", "img")
    .attr("tabindex", -1)
    .attr("aria-label", (d) => lines(d).join(", "))
    .on("mousemove", (d) => showTip(lines(d), d3.event.clientX, d3.event.clientY))
    .on("mouseenter", (d) => way && highlight(way(d)))
    .on("mouseleave", () => {
      hideTip();
      highlight(null);
    })
    .on("focus", function (d) {
      const box = this.getBoundingClientRect();
      showTip(lines(d), box.left + box.width / 2, box.top + box.height / 2);
      if (way) highlight(way(d));
    })
    .on("blur", () => {
      hideTip();
      highlight(null);
    });
  if (way) selection.attr("data-way", way);
  return selection;
}

function walkMarks(event) {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  if (event.key === "Escape") hideTip();
  const all = [...event.currentTarget.querySelectorAll(".mark")];
  const at = all.indexOf(document.activeElement);
  if (at < 0 || !(event.key in steps)) return;
  event.preventDefault();
  const next = all[(at + steps[event.key] + all.length) % all.length];
  all[at].setAttribute("tabindex", -1);
  next.setAttribute("tabindex", 0);
  next.focus();
}

// The pictures of the page by name; each draws into its figure, which is empty when it is called.
const pictures = {};

function drawPicture(figure) {
  const draw = pictures[figure.dataset.picture];
  figure.textContent = "";
  if (draw) draw(d3.select(figure), figure.clientWidth);
  const first = figure.querySelector(".mark");
  if (first) first.setAttribute("tabindex", 0);
}

function drawAll() {
  hideTip();
  for (const figure of document.querySelectorAll("figure.picture")) drawPicture(figure);
}

// What a picture says when the choices leave nothing to draw.
function sayNothing(figure, text) {
  figure.append("p").attr("class", "empty").text(text);
}
