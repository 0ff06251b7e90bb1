// Section 6: response times, whole and as the load grows.
const rarity = (quantile) => -Math.log10(1 - quantile);
const QUANTILES = [[0, "0 %"], [0.5, "50 %"], [0.9, "90 %"], [0.99, "99 %"], [0.999, "99.9 %"], [0.9999, "99.99 %"], [0.99999, "99.999 %"], [0.999999, "99.9999 %"]];

const shownLatencyCurves = () => N.curves.filter((each) => isShown(each.w) && isChosenHere(each.g) && each.p.length);

// Curves are of one size as well: the largest number of them would hide each other.
function isChosenHere(g) {
  const group = N.groups[g];
  return group && isChosen(group.k) && group.s === latencySize();
}

function latencySizes() {
  return [...new Set(N.rows.filter((row) => row.p50).map((row) => N.groups[row.g].s))].sort(d3.ascending);
}

function latencySize() {
  const sizes = latencySizes();
  return sizes[picked("size", sizes.map(bytes))];
}

function sizeChoice(figure) {
  const sizes = latencySizes();
  if (sizes.length < 2) return;
  selection(figure.append("div").attr("class", "tools"), "size", "message size", sizes.map(bytes), sizes.indexOf(latencySize()), drawAll);
}

pictures.distribution = (figure, width) => {
  sizeChoice(figure);
  const curves = shownLatencyCurves();
  if (!curves.length) return sayNothing(figure, "No histogram is left by these choices.");
  const right = labelRoom(width, curves.map((each) => each.w));
  const area = frame(figure, { width, height: width < NARROW ? 320 : 400, left: 62, right, name: "response time by quantile" });
  const furthest = d3.max(curves, (each) => rarity(each.p[each.p.length - 1][0]));
  const x = d3.scaleLinear().domain([0, furthest]).range([6, area.width - 6]);
  const values = curves.flatMap((each) => each.p.map(([, ns]) => ns));
  const y = d3.scaleLog().domain([d3.min(values) / 1.15, d3.max(values) * 1.15]).range([area.height, 0]);
  yAxis(area, y, logTicks(y.domain(), area.height), duration, "response time");
  const ticks = QUANTILES.filter(([quantile]) => rarity(quantile) <= furthest);
  xAxis(area, (tick) => x(rarity(tick[0])), apart(ticks, (tick) => x(rarity(tick[0])), 58), (tick) => tick[1], "requests that were answered by then", true);
  const line = d3.line().x(([quantile]) => x(rarity(quantile))).y(([, ns]) => y(ns));
  area.plot.append("g").selectAll("path").data(curves).enter().append("path").attr("class", "line")
    .attr("data-way", (d) => d.w).attr("d", (d) => line(d.p))
    .attr("stroke-dasharray", (d) => wayDash(d.w)).style("stroke", (d) => wayColour(d.w));
  const named = QUANTILES.slice(1).map(([quantile]) => quantile);
  const points = curves.flatMap((each) => named
    .map((quantile) => each.p.filter(([q]) => Math.abs(rarity(q) - rarity(quantile)) < 0.026)[0])
    .concat([each.p[each.p.length - 1]]).filter(Boolean).map(([quantile, ns]) => ({ quantile, ns, way: each.w, n: each.n })));
  marks(area.plot.append("g").selectAll("path").data(points).enter().append("path").attr("class", "point")
    .attr("d", (d) => wayShape(d.way, 44)).attr("transform", (d) => `translate(${x(rarity(d.quantile))},${y(d.ns)})`)
    .style("fill", (d) => wayColour(d.way)), (d) => [
    `${N.ways[d.way].n}: ${duration(d.ns)}`, `${Number((100 * d.quantile).toFixed(4))} % of ${count(d.n)} requests`, chosenText()].filter(Boolean), (d) => d.way);
  if (width >= NARROW) endLabels(area, curves.map((each) => ({ way: each.w, y: y(each.p[each.p.length - 1][1]) })));
};

pictures.histogram = (figure, width) => {
  const curves = shownLatencyCurves();
  if (!curves.length) return;
  const right = labelRoom(width, curves.map((each) => each.w));
  const area = frame(figure, { width, height: 240, left: 62, right, name: "histogram of response times" });
  const bins = curves.flatMap((each) => each.h);
  const x = d3.scaleLog().domain([d3.min(bins, (bin) => bin[0]), d3.max(bins, (bin) => bin[1])]).range([0, area.width]);
  const share = (each, bin) => bin[2] / each.n;
  const y = d3.scaleLinear().domain([0, d3.max(curves, (each) => d3.max(each.h, (bin) => share(each, bin)))]).nice(4).range([area.height, 0]);
  yAxis(area, y, y.ticks(4), (value) => `${digits(100 * value)} %`, "share of the requests");
  xAxis(area, x, logTicks(x.domain(), area.width, 62), duration, "response time");
  const step = (each) => {
    const points = [];
    let last = null;
    for (const [low, high, n] of each.h) {
      if (low !== last) points.push([last === null ? low : last, 0], [low, 0]);
      points.push([low, n / each.n], [high, n / each.n]);
      last = high;
    }
    points.push([last, 0]);
    return d3.line().x((d) => x(d[0])).y((d) => y(d[1]))(points);
  };
  area.plot.append("g").selectAll("path").data(curves).enter().append("path").attr("class", "line thin")
    .attr("data-way", (d) => d.w).attr("d", step).attr("stroke-dasharray", (d) => wayDash(d.w)).style("stroke", (d) => wayColour(d.w));
};

// What the load is varied by: the arrival rate, else the clients, else whatever number varies.
function loadAxis() {
  const numbers = N.conditions.filter((each) => each.x.every((value) => typeof value === "number" && value > 0));
  const best = ["rate_per_s", "clients", "depth"].map((key) => numbers.find((each) => each.k === key)).find(Boolean) || numbers[0];
  return best ? { key: best.k, name: best.n, at: N.conditions.indexOf(best), values: best.x } : null;
}

function loadCurves(axis) {
  const byWay = new Map();
  for (const row of N.rows) {
    const group = N.groups[row.g];
    if (!isShown(row.w) || !row.p50 || group.s !== latencySize() || !isChosen(group.k, axis.key)) continue;
    if (!byWay.has(row.w)) byWay.set(row.w, []);
    byWay.get(row.w).push({ x: axis.values[group.k[axis.at]], p50: row.p50, p99: row.p99 });
  }
  return [...byWay].map(([way, points]) => ({ way, points: points.sort((p, q) => p.x - q.x) }));
}

pictures.load = (figure, width) => {
  const axis = loadAxis();
  if (!axis) return sayNothing(figure, "One load only; for a curve, run with --rate 2000,8000,30000 or --clients 1,8,64");
  if (!N.curves.length) sizeChoice(figure);
  const curves = loadCurves(axis);
  if (!curves.length) return sayNothing(figure, "Every way is hidden, or none was measured here.");
  const us = (value) => duration(value * 1e3);
  const right = labelRoom(width, curves.map((each) => each.way));
  const area = frame(figure, { width, height: width < NARROW ? 320 : 380, left: 62, right, name: "p50 and p99 by load" });
  const loads = [...new Set(curves.flatMap((each) => each.points.map((point) => point.x)))].sort(d3.ascending);
  const x = d3.scaleLog().domain(d3.extent(loads)).range([10, area.width - 10]);
  if (loads.length === 1) x.domain([loads[0] / 2, loads[0] * 2]);
  const y = d3.scaleLog().domain(extent(curves.flatMap((each) => each.points.flatMap((point) => [point.p50, point.p99])))).range([area.height, 0]);
  yAxis(area, y, logTicks(y.domain(), area.height), us, "response time: thick p50, thin p99");
  xAxis(area, x, apart(loads, x, 46), count, axis.key === "rate_per_s" ? "offered requests per second" : axis.name);
  for (const [key, style] of [["p50", "line"], ["p99", "line thin"]]) {
    const has = curves.map((each) => ({ way: each.way, points: each.points.filter((point) => point[key]).map((point) => ({ x: point.x, f: point[key] })) })).filter((each) => each.points.length);
    drawBandsAndLines(area, has, x, y);
    area.plot.selectAll("path.line:not(.done)").attr("class", `${style} done`);
    marks(area.plot.append("g").selectAll("path").data(has.flatMap((each) => each.points.map((point) => ({ ...point, way: each.way })))).enter()
      .append("path").attr("class", "point").attr("d", (d) => wayShape(d.way, key === "p50" ? 64 : 30))
      .attr("transform", (d) => `translate(${x(d.x)},${y(d.f[1])})`).style("fill", (d) => wayColour(d.way)), (d) => [
      `${N.ways[d.way].n}: ${key} ${us(d.f[1])}`, `interval ${range(d.f, us)}`, `${axis.name} ${count(d.x)}`], (d) => d.way);
  }
  if (width >= NARROW) endLabels(area, curves.map((each) => ({ way: each.way, y: y(each.points[each.points.length - 1].p50[1]) })));
};
