// What the reader has chosen. It lives in the hash, so that an address shows what its sender saw.
const state = { hide: new Set(), pick: {}, theme: "", at: "" };

function readState() {
  const words = new URLSearchParams(location.hash.slice(1));
  state.hide = new Set((words.get("hide") || "").split("|").filter(Boolean));
  state.theme = ["dark", "light"].includes(words.get("theme")) ? words.get("theme") : "";
  state.at = words.get("at") || "";
  state.pick = {};
  for (const [name, value] of words) {
    if (!["hide", "theme", "at"].includes(name) && value !== "") state.pick[name] = value;
  }
  // A plain anchor, as a page without script would have it.
  const plain = location.hash.slice(1);
  if (!plain.includes("=") && /^[a-z]+$/.test(plain)) {
    state.at = plain;
    state.pick = {};
  }
}

function writeState() {
  const words = new URLSearchParams();
  if (state.at) words.set("at", state.at);
  if (state.hide.size) words.set("hide", [...state.hide].join("|"));
  for (const name of Object.keys(state.pick).sort()) words.set(name, state.pick[name]);
  if (state.theme) words.set("theme", state.theme);
  const hash = words.toString();
  try {
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  } catch (error) {
    location.replace(`#${hash}`); // a place where the history may not be written
  }
}

const isShown = (way) => way !== null && !state.hide.has(N.ways[way].n);

// The chosen value of each condition, as its position; the first where none was chosen.
function chosen(condition) {
  const at = condition.v.indexOf(state.pick[condition.k]);
  return at < 0 ? 0 : at;
}

// Whether a place (positions of conditions) is the chosen one, but for the condition `except`.
function isChosen(place, except = null) {
  return N.conditions.every((each, i) => each.k === except || place[i] === chosen(each));
}

// "clients 8, link sink"
function chosenText(except = null) {
  return N.conditions
    .filter((each) => each.k !== except)
    .map((each) => `${each.n} ${each.v[chosen(each)]}`)
    .join(", ");
}

// A <select> of the page's own; `name` is its name in the hash.
function selection(parent, name, label, values, at, change) {
  const box = parent.append("label").attr("class", "select");
  box.append("span").text(label);
  const select = box.append("select").attr("name", name);
  select.selectAll("option").data(values).enter().append("option")
    .attr("value", (d) => d)
    .property("selected", (d, i) => i === at)
    .text((d) => d);
  select.on("change", function () {
    state.pick[name] = this.value;
    writeState();
    change();
  });
  return select;
}

// The chosen one of `values`, by name; else `otherwise`.
function picked(name, values, otherwise = 0) {
  const at = values.indexOf(state.pick[name]);
  return at < 0 ? Math.min(otherwise, values.length - 1) : at;
}
