// Section 5, below: the call trees of two ways over each other.
const FLAME_ROW = 19;

// d3.hierarchy of one tree, with what each frame costs in the two ways. A frame is as wide as the
// dearer of the two, and at least as wide as its callees.
function flameTree(tree, a, b) {
  const node = ([frame, ns, callees]) => ({
    name: N.flames.frames[frame], a: ns[a], b: ns[b], children: (callees || []).map(node),
  });
  const root = d3.hierarchy(node(tree.root));
  root.eachAfter((each) => {
    each.value = Math.max(each.data.a, each.data.b, d3.sum(each.children || [], (child) => child.value));
  });
  return d3.partition().size([1, root.height + 1])(root);
}

// Grey where the two pay alike, red where b pays more, blue where it pays less.
function flameColour(most) {
  const part = d3.scaleLinear().domain([-most, 0, most]).range([-1, 0, 1]).clamp(true);
  return (d) => {
    const x = part(d.data.b - d.data.a);
    const strength = Math.round(Math.sqrt(Math.abs(x)) * 78);
    return `color-mix(in srgb, var(${x > 0 ? "--more" : "--less"}) ${strength}%, var(--flame))`;
  };
}

function drawFlames(figure, width, root, names) {
  let focus = root;
  const shown = root.descendants();
  const height = (root.height + 1) * FLAME_ROW;
  const svg = figure.append("svg").attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`)
    .attr("class", "flames").attr("role", "group").attr("aria-label", "call tree");
  const colour = flameColour(Math.max(root.data.a, root.data.b) * 0.25);
  const left = (d) => Math.max(0, Math.min(width, ((d.x0 - focus.x0) / (focus.x1 - focus.x0)) * width));
  const right = (d) => Math.max(0, Math.min(width, ((d.x1 - focus.x0) / (focus.x1 - focus.x0)) * width));
  const cells = svg.selectAll("g").data(shown).enter().append("g");
  const lines = (d) => [d.data.name, `${names[0]}: ${digits(d.data.a)} ns per message`, `${names[1]}: ${digits(d.data.b)} ns per message`,
    `difference ${d.data.b >= d.data.a ? "+" : "−"}${digits(Math.abs(d.data.b - d.data.a))} ns`];
  const boxes = marks(cells.append("rect").attr("height", FLAME_ROW - 1).style("fill", colour), lines);
  cells.append("text").attr("dy", "0.32em").attr("y", FLAME_ROW / 2);
  const place = () => {
    cells.attr("transform", (d) => `translate(${left(d)},${d.depth * FLAME_ROW})`)
      .attr("visibility", (d) => (right(d) - left(d) < 0.4 ? "hidden" : "visible"));
    cells.select("rect").attr("width", (d) => Math.max(0, right(d) - left(d) - 1));
    cells.select("text").attr("x", 4).text((d) => {
      const room = Math.floor((right(d) - left(d) - 8) / 6.4);
      return room < 3 ? "" : d.data.name.length <= room ? d.data.name : `${d.data.name.slice(0, room - 1)}…`;
    });
  };
  const zoom = (d) => {
    focus = d === focus ? root : d;
    place();
  };
  boxes.on("click", zoom).on("keydown", (d) => {
    if (d3.event.key !== "Enter" && d3.event.key !== " ") return;
    d3.event.preventDefault();
    zoom(d);
  });
  place();
}

pictures.flames = (figure, width) => {
  const { ledger } = chosenLedger();
  const role = state.pick.role === "client" ? "client" : "server";
  const tree = N.flames.trees.find((each) => each.t === ledger.t && each.role === role);
  if (!tree) return sayNothing(figure, "No call stacks of this role were kept here.");
  const { names, a, b } = chosenPair(ledger, role);
  const at = [a, b].map((each) => tree.ways.findIndex((name) => names[each] === name || wayNamed(name) === wayNamed(names[each])));
  if (at[0] < 0 || at[1] < 0 || a === b) return sayNothing(figure, "Choose two ways that have call stacks.");
  const key = figure.append("div").attr("class", "legend");
  for (const [style, text] of [["more", `${names[b]} pays more`], ["less", `${names[b]} pays less than ${names[a]}`]]) {
    const each = key.append("span");
    each.append("i").style("background", `var(--${style})`);
    each.append("span").text(text);
  }
  drawFlames(figure, width, flameTree(tree, at[0], at[1]), [names[a], names[b]]);
};
