// Section 4: each way's ratio to the baseline with its interval.
const RATIO_TICKS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.33, 0.5, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000];
const verdictText = (row) => ({ undecided: "not resolved" }[row.v] || row.v);
const isDecided = (row) => row.v !== "undecided";

// Lines of the plot: a head for each group, then its rows.
function ratioLines() {
  const lines = [];
  N.groups.forEach((group, g) => {
    if (!isChosen(group.k)) return;
    const rows = N.rows.filter((row) => row.g === g && row.r && isShown(row.w));
    if (!rows.length) return;
    lines.push({ head: group.t, base: group.b === null ? "" : N.ways[group.b].n });
    for (const row of rows) lines.push({ row, group });
  });
  return lines;
}

// The ratios and 1, with intervals cut at four times the ratio: one that reaches towards zero or
// infinity ends in an arrow.
function ratioDomain(rows) {
  const low = d3.min(rows, (row) => Math.max(row.r[0], row.r[1] / 4));
  const high = d3.max(rows, (row) => Math.min(row.r[2], row.r[1] * 4));
  return [Math.min(low, 0.85) / 1.06, Math.max(high, 1.18) * 1.06];
}

function ratioTicks(x, room) {
  const [low, high] = x.domain();
  const ticks = RATIO_TICKS.filter((each) => each >= low && each <= high)
    .sort((a, b) => Math.abs(Math.log(a)) - Math.abs(Math.log(b)));
  const kept = [];
  for (const each of ticks) {
    if (kept.every((other) => Math.abs(x(other) - x(each)) >= room)) kept.push(each);
  }
  return kept.sort(d3.ascending);
}

function drawInterval(lines, x) {
  const [low, high] = x.domain();
  lines.append("line").attr("class", "whisker")
    .attr("x1", (d) => x(Math.max(low, d.row.r[0]))).attr("x2", (d) => x(Math.min(high, d.row.r[2])));
  for (const [end, limit, arrow, cap] of [[0, low, "M7,-4L0,0L7,4", (v) => v < low], [2, high, "M-7,-4L0,0L-7,4", (v) => v > high]]) {
    lines.append("path").attr("class", "whisker")
      .attr("d", (d) => (cap(d.row.r[end]) ? arrow : "M0,-4V4"))
      .attr("transform", (d) => `translate(${x(cap(d.row.r[end]) ? limit : d.row.r[end])},0)`);
  }
}

pictures.ratios = (figure, width) => {
  const lines = ratioLines();
  const rows = lines.filter((each) => each.row).map((each) => each.row);
  if (!rows.length) return sayNothing(figure, "Every way is hidden, or none was compared here.");
  const narrow = width < NARROW;
  const height = { head: 30, row: narrow ? 36 : 22 };
  let at = 0;
  for (const each of lines) {
    each.y = at + (each.row ? height.row - 10 : height.head - 8);
    at += each.row ? height.row : height.head;
  }
  const longest = d3.max(rows, (row) => N.ways[row.w].n.length);
  const left = narrow ? 12 : Math.min(width / 3, 20 + 7 * longest);
  const area = frame(figure, { width, height: at + 84, left, right: narrow ? 12 : 150, top: 36, name: "ratio to the baseline" });
  const x = d3.scaleLog().domain(ratioDomain(rows)).range([0, area.width]);
  xAxis(area, x, ratioTicks(x, 42), times, "messages per second over the baseline's (log)", true);
  area.plot.append("text").attr("class", "title").attr("x", x(1) - 8).attr("y", -14).attr("text-anchor", "end").text("← slower");
  area.plot.append("text").attr("class", "title").attr("x", x(1) + 8).attr("y", -14).text("faster →");
  const stripe = area.plot.append("g").selectAll("rect").data(lines.filter((each) => each.row)).enter().append("rect")
    .attr("class", "noise").attr("y", (d) => d.y - height.row / 2).attr("height", height.row);
  stripe.attr("x", (d) => x(Math.max(x.domain()[0], 1 / (1 + d.row.th))))
    .attr("width", (d) => x(Math.min(x.domain()[1], 1 + d.row.th)) - x(Math.max(x.domain()[0], 1 / (1 + d.row.th))));
  area.plot.append("line").attr("class", "one").attr("x1", x(1)).attr("x2", x(1)).attr("y2", area.height);
  area.plot.append("g").selectAll("text").data(lines.filter((each) => each.head)).enter().append("text")
    .attr("class", "head").attr("x", narrow ? 0 : 4 - left).attr("y", (d) => d.y)
    .text((d) => (d.base ? `${d.head} (against ${d.base})` : d.head));
  const groups = area.plot.append("g").selectAll("g").data(lines.filter((each) => each.row)).enter().append("g")
    .attr("transform", (d) => `translate(0,${d.y})`).attr("data-way", (d) => d.row.w)
    .attr("class", (d) => `ratio ${isDecided(d.row) ? d.row.v : "undecided"}`);
  groups.append("text").attr("class", "label").attr("text-anchor", narrow ? "start" : "end")
    .attr("x", narrow ? 0 : -10).attr("y", narrow ? -12 : 0).attr("dy", "0.32em").text((d) => N.ways[d.row.w].n);
  groups.append("text").attr("class", "verdict").attr("x", narrow ? area.width : area.width + 14).attr("dy", "0.32em")
    .attr("y", narrow ? -12 : 0).attr("text-anchor", narrow ? "end" : "start")
    .text((d) => `${times(d.row.r[1])} ${verdictText(d.row)}`);
  drawInterval(groups, x);
  marks(groups.append("path").attr("class", "point").attr("d", (d) => wayShape(d.row.w, 72))
    .attr("transform", (d) => `translate(${x(d.row.r[1])},0)`), (d) => [
    `${N.ways[d.row.w].n} at ${d.group.t}`, `${times(d.row.r[1])} the baseline: ${verdictText(d.row)}`,
    `interval ${range(d.row.r, times)}`, `a difference under ${digits(100 * d.row.th)} % is not claimed`,
  ], (d) => d.row.w);
};
