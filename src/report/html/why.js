// Section 5: where the CPU time of a message goes, way beside way, and what one pays more than another.
const COPIES = new Set(["flatten copy", "user-to-kernel copy", "kernel-to-user copy", "deferred zero-copy copy", "page pinning and release", "notification, error queue"]);
const ROLES = { server: "server", client: "load generator" };

// Warm colours for what copies payload or stands in for it, cool ones for the rest: fixed, so that two
// pages can be compared.
const categoryColour = (() => {
  const warm = ["#c0392b", "#d9703a", "#e5a13a", "#a83a78", "#8e5a2b", "#c9b03a"];
  const cool = ["#3a6ea8", "#4b9cc9", "#2f8f83", "#6a78c8", "#7fb3b0", "#8a93a5", "#527a5c", "#5aa0a0", "#9aa7d8", "#b3bac6", "#6f7f99"];
  const next = { warm: 0, cool: 0 };
  return N.categories.map((label) => (COPIES.has(label) ? warm[next.warm++ % warm.length] : cool[next.cool++ % cool.length]));
})();

function chosenLedger() {
  const titles = N.ledgers.map((each) => each.t);
  return { ledger: N.ledgers[picked("ledger", titles)], titles };
}

// The two sides of the comparison, as the reader or the study chose them.
function chosenPair(ledger, role) {
  const known = ledger.cases.map((each, i) => ({ ...each, i })).filter((each) => Array.isArray(each[role]));
  const names = known.map((each) => each.n);
  const a = picked("a", names, 0);
  const b = picked("b", names, names.length - 1);
  return { known, names, a, b };
}

// The differences b - a; the study holds one direction of each pair.
function differencesOf(ledger, role, a, b) {
  for (const pair of ledger.pairs) {
    if (pair.a === a && pair.b === b) return pair[role];
    if (pair.a === b && pair.b === a) return pair[role].map(([c, ns, half, shown]) => [c, -ns, half, shown]);
  }
  return null;
}

function legend(figure, used) {
  const box = figure.append("div").attr("class", "legend");
  const keys = box.selectAll("span").data(used).enter().append("span");
  keys.append("i").style("background", (d) => categoryColour[d]);
  keys.append("span").text((d) => N.categories[d]);
}

function drawLedgerBars(figure, width, ledger, role) {
  const cases = ledger.cases.filter((each) => Array.isArray(each[role]) && (each.w === null || isShown(each.w)));
  const missing = ledger.cases.filter((each) => !Array.isArray(each[role]));
  for (const each of missing) sayNothing(figure, `${each.n}: no profile of the ${ROLES[role]}: ${each[role]}`);
  if (!cases.length) return;
  const used = [...new Set(cases.flatMap((each) => each[role].map(([c]) => c)))].sort(d3.ascending);
  legend(figure, used);
  const narrow = width < NARROW;
  const left = narrow ? 4 : 20 + 7 * d3.max(cases, (each) => each.n.length);
  const step = narrow ? 46 : 34;
  const area = frame(figure, { width, height: cases.length * step + 60, left, right: 72, top: 8, name: "CPU time by cause" });
  const total = (each) => d3.sum(each[role], ([, ns]) => ns);
  const x = d3.scaleLinear().domain([0, d3.max(cases, total)]).range([0, area.width]);
  xAxis(area, x, x.ticks(Math.max(2, Math.floor(area.width / 90))), digits, `${ROLES[role]}: CPU time, ns per message`, true);
  const rows = area.plot.append("g").selectAll("g").data(cases).enter().append("g")
    .attr("transform", (d, i) => `translate(0,${i * step + (narrow ? 18 : 4)})`).attr("data-way", (d) => d.w);
  rows.append("text").attr("class", "label").attr("text-anchor", narrow ? "start" : "end")
    .attr("x", narrow ? 0 : -10).attr("y", narrow ? -5 : 12).attr("dy", narrow ? 0 : "0.32em").text((d) => d.n);
  rows.append("text").attr("class", "label").attr("x", (d) => x(total(d)) + 8).attr("y", 12).attr("dy", "0.32em")
    .text((d) => `${digits(d.total[role === "server" ? 0 : 1])} ns`);
  const parts = (each) => {
    let from = 0;
    return [...each[role]].sort((p, q) => p[0] - q[0]).map(([c, ns, half]) => ({ c, ns, half, name: each.n, from: from, to: (from += ns) }));
  };
  marks(rows.selectAll("rect").data(parts).enter().append("rect").attr("class", "part")
    .attr("x", (d) => x(d.from)).attr("width", (d) => Math.max(0.5, x(d.to) - x(d.from) - 1)).attr("height", 24)
    .style("fill", (d) => categoryColour[d.c]), (d) => [
    `${N.categories[d.c]} in ${d.name}`, `${digits(d.ns)} ns per message, ±${digits(d.half)}`]);
}

function drawDifferences(figure, width, title, rows) {
  figure.append("h4").text(title);
  const narrow = width < NARROW;
  const step = 21;
  const left = narrow ? 172 : 190;
  const area = frame(figure, { width, height: rows.length * step + 62, left, right: 56, top: 6, name: "difference by cause" });
  const most = d3.max(rows, ([, ns]) => Math.abs(ns)) || 1;
  const signs = [d3.min(rows, ([, ns]) => ns) < 0 ? -most : 0, d3.max(rows, ([, ns]) => ns) > 0 ? most : 0];
  const x = d3.scaleLinear().domain(signs).range([signs[0] < 0 ? 44 : 0, area.width]);
  xAxis(area, x, x.ticks(Math.max(2, Math.floor(area.width / 100))), digits, "ns per message", true);
  area.plot.append("line").attr("class", "one").attr("x1", x(0)).attr("x2", x(0)).attr("y2", area.height);
  const bars = area.plot.append("g").selectAll("g").data(rows).enter().append("g")
    .attr("transform", (d, i) => `translate(0,${i * step + 2})`)
    .attr("class", ([, ns, , shown]) => `difference ${ns > 0 ? "more" : "less"}${shown ? "" : " unshown"}`);
  bars.append("text").attr("class", "label").attr("text-anchor", "end").attr("x", -8).attr("y", 8).attr("dy", "0.32em")
    .text(([c]) => N.categories[c]);
  bars.append("text").attr("class", "value").attr("y", 8).attr("dy", "0.32em")
    .attr("text-anchor", ([, ns]) => (ns < 0 ? "end" : "start"))
    .attr("x", ([, ns]) => x(ns) + (ns < 0 ? -6 : 6)).text(([, ns]) => (ns > 0 ? "+" : "−") + digits(Math.abs(ns)));
  marks(bars.append("rect").attr("class", "part").attr("x", ([, ns]) => Math.min(x(0), x(ns)))
    .attr("width", ([, ns]) => Math.max(1, Math.abs(x(ns) - x(0)))).attr("height", 16), ([c, ns, half, shown]) => [
    N.categories[c], `${ns > 0 ? "+" : "−"}${digits(Math.abs(ns))} ns per message, ±${digits(half)}`,
    shown ? "larger than its error" : "not larger than its error"]);
}

pictures.why = (figure, width) => {
  const { ledger, titles } = chosenLedger();
  const role = state.pick.role === "client" ? "client" : "server";
  const tools = figure.append("div").attr("class", "tools");
  if (titles.length > 1) selection(tools, "ledger", "at", titles, titles.indexOf(ledger.t), drawAll);
  selection(tools, "role", "of the", ["server", "client"], role === "client" ? 1 : 0, drawAll)
    .selectAll("option").text((d) => ROLES[d]);
  drawLedgerBars(figure, width, ledger, role);
  const { known, names, a, b } = chosenPair(ledger, role);
  if (known.length < 2) return;
  const pair = figure.append("div").attr("class", "tools");
  selection(pair, "b", "What", names, b, drawAll);
  selection(pair, "a", "pays more, or less, than", names, a, drawAll);
  const rows = a === b ? null : differencesOf(ledger, role, known[a].i, known[b].i);
  if (!rows) {
    return sayNothing(figure, a === b ? "Choose two ways." : "This pair was not compared: only those with the first of many ways were.");
  }
  const side = role === "server" ? 0 : 1;
  const sum = known[b].total[side] - known[a].total[side];
  drawDifferences(figure, width, `${names[b]} minus ${names[a]}: ${sum < 0 ? "−" : "+"}${digits(Math.abs(sum))} ns per message`,
    [...rows].filter(([, ns, half]) => Math.abs(ns) >= 0.5 || half >= 1).sort((p, q) => q[1] - p[1]));
};
