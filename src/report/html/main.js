// The page itself: chips, selections, theme, sections, and the first drawing.
const controls = d3.select("#controls");

function setTheme() {
  if (state.theme) page.dataset.theme = state.theme;
  else delete page.dataset.theme;
}

const isDark = () => (state.theme ? state.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);

function changed() {
  writeState();
  makeControls();
  drawAll();
}

function makeChips() {
  const chips = controls.append("div").attr("class", "chips").attr("role", "group").attr("aria-label", "ways to show");
  const buttons = chips.selectAll("button").data(N.ways).enter().append("button").attr("type", "button")
    .attr("class", "chip").attr("aria-pressed", (d) => String(!state.hide.has(d.n)))
    .attr("title", "click: show or hide; with shift: only this one");
  const key = buttons.append("svg").attr("width", 34).attr("height", 12).attr("aria-hidden", true);
  key.append("line").attr("x1", 0).attr("x2", 34).attr("y1", 6).attr("y2", 6).attr("class", "line")
    .attr("stroke-dasharray", (d, i) => wayDash(i)).style("stroke", (d, i) => wayColour(i));
  key.append("path").attr("d", (d, i) => wayShape(i, 44)).attr("transform", "translate(17,6)").style("fill", (d, i) => wayColour(i));
  buttons.append("span").text((d) => d.n);
  buttons.on("click", (d) => {
    if (d3.event.shiftKey) state.hide = new Set(N.ways.map((way) => way.n).filter((name) => name !== d.n));
    else if (!state.hide.delete(d.n)) state.hide.add(d.n);
    hold(d.n);
  });
  buttons.on("mouseenter", (d, i) => isShown(i) && highlight(i)).on("mouseleave", () => highlight(null));
  if (state.hide.size) {
    chips.append("button").attr("type", "button").attr("class", "all").text("show all").on("click", () => {
      state.hide.clear();
      changed();
    });
  }
}

// The controls are made anew; the chip that was pressed keeps the keyboard.
function hold(name) {
  changed();
  const again = [...document.querySelectorAll(".chip")].find((each) => each.textContent === name);
  if (again) again.focus({ preventScroll: true });
}

function makeControls() {
  controls.selectAll("*").remove();
  makeChips();
  const choices = controls.append("div").attr("class", "choices");
  for (const each of N.conditions) {
    selection(choices, each.k, each.n, each.v, chosen(each), drawAll);
  }
}

function makeThemeButton() {
  const button = d3.select("nav").append("button").attr("type", "button").attr("id", "theme")
    .attr("aria-label", "dark or light").attr("title", "dark or light").text("◐");
  button.on("click", () => {
    state.theme = isDark() ? "light" : "dark";
    setTheme();
    writeState();
  });
}

function goTo(name, smooth) {
  const section = document.getElementById(name);
  if (!section) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  section.scrollIntoView({ behavior: smooth && !calm ? "smooth" : "auto" });
}

function start() {
  page.classList.add("script");
  readState();
  setTheme();
  makeControls();
  makeThemeButton();
  makeDataTools();
  drawAll();
  for (const figure of document.querySelectorAll("figure.picture")) figure.addEventListener("keydown", walkMarks);
  for (const link of document.querySelectorAll("nav a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      state.at = link.hash.slice(1);
      writeState();
      goTo(state.at, true);
    });
  }
  if (state.at) goTo(state.at, false);
  let width = document.documentElement.clientWidth;
  let soon = 0;
  addEventListener("resize", () => {
    if (width === document.documentElement.clientWidth) return;
    width = document.documentElement.clientWidth;
    clearTimeout(soon);
    soon = setTimeout(drawAll, 60);
  });
  addEventListener("hashchange", () => {
    readState();
    setTheme();
    makeControls();
    drawAll();
    if (state.at) goTo(state.at, false);
  });
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
}

start();
