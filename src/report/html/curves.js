// Sections 2 and 3: one curve for each way by message size, with its band, and where two ways cross.
const CURVES = {
  throughput: {
    key: "y", objective: "throughput",
    unit: N.requests ? "requests per second" : "Gbit/s", write: N.requests ? count : digits,
  },
  cpu: {
    key: "c", objective: "cpu",
    unit: N.requests ? "ns per request, lower is better" : "ns per byte, lower is better", write: digits,
  },
};

// [{way, points: [{x, f, row}]}] of the chosen conditions, without what is hidden.
function sizeCurves(key) {
  const byWay = new Map();
  for (const row of N.rows) {
    const group = N.groups[row.g];
    if (!isShown(row.w) || !row[key] || row[key][1] <= 0 || !isChosen(group.k)) continue;
    if (!byWay.has(row.w)) byWay.set(row.w, []);
    byWay.get(row.w).push({ x: group.s, f: row[key], row });
  }
  return [...byWay].sort((a, b) => a[0] - b[0])
    .map(([way, points]) => ({ way, points: points.sort((a, b) => a.x - b.x) }));
}

const wayNamed = (name) => N.ways.findIndex((each) => each.n === name || each.n === `${name} batched` || each.n.startsWith(`${name} ×`));

function shownCrossings(objective) {
  return N.crossings
    .filter((each) => each.o === objective && isChosen(each.k))
    .map((each) => ({ ...each, a: wayNamed(each.below), b: wayNamed(each.from) }))
    .filter((each) => each.a >= 0 && each.b >= 0 && isShown(each.a) && isShown(each.b));
}

// Where a curve stands at `size`, between the points that were measured: for drawing only.
function heightAt(curve, size, x, y) {
  const right = curve.points.findIndex((each) => each.x >= size);
  if (right < 0) return null;
  const b = curve.points[right];
  const a = curve.points[Math.max(0, right - 1)];
  if (a === b) return y(b.f[1]);
  const part = (x(size) - x(a.x)) / (x(b.x) - x(a.x));
  return y(a.f[1]) + part * (y(b.f[1]) - y(a.f[1]));
}

function drawBandsAndLines(area, curves, x, y) {
  const clamp = (value) => Math.max(y.domain()[0] / 2, Math.min(value || y.domain()[0] / 2, y.domain()[1] * 2));
  const band = d3.area().x((d) => x(d.x)).y0((d) => y(clamp(d.f[0]))).y1((d) => y(clamp(d.f[2])));
  const line = d3.line().x((d) => x(d.x)).y((d) => y(d.f[1]));
  const inside = area.plot.append("g").attr("clip-path", area.clip);
  inside.selectAll("path.band").data(curves).enter().append("path").attr("class", "band")
    .attr("data-way", (d) => d.way).attr("d", (d) => band(d.points)).style("fill", (d) => wayColour(d.way));
  inside.selectAll("path.line").data(curves).enter().append("path").attr("class", "line")
    .attr("data-way", (d) => d.way).attr("d", (d) => line(d.points))
    .attr("stroke-dasharray", (d) => wayDash(d.way)).style("stroke", (d) => wayColour(d.way));
}

function drawPoints(area, curves, x, y, lines) {
  const points = curves.flatMap((curve) => curve.points.map((each) => ({ ...each, way: curve.way })));
  marks(area.plot.append("g").selectAll("path").data(points).enter().append("path")
    .attr("class", "point").attr("d", (d) => wayShape(d.way))
    .attr("transform", (d) => `translate(${x(d.x)},${y(d.f[1])})`)
    .style("fill", (d) => wayColour(d.way)), lines, (d) => d.way);
}

function drawCrossings(area, spec, curves, x, y) {
  const found = shownCrossings(spec.objective)
    .map((each) => ({ ...each, curve: curves.find((one) => one.way === each.b) }))
    .filter((each) => each.curve && heightAt(each.curve, each.s[1], x, y) !== null);
  const groups = area.plot.append("g").selectAll("g").data(found).enter().append("g")
    .attr("transform", (d) => `translate(0,${heightAt(d.curve, d.s[1], x, y)})`);
  const inside = (value) => Math.max(0, Math.min(area.width, x(Math.max(1, value))));
  groups.append("line").attr("class", "crossing-range").attr("x1", (d) => inside(d.s[0])).attr("x2", (d) => inside(d.s[2]));
  marks(groups.append("path").attr("class", "crossing")
    .attr("d", d3.symbol().type(d3.symbolDiamond).size(70)())
    .attr("transform", (d) => `translate(${inside(d.s[1])},0)`), (d) => [
    `from ${bytes(d.s[1])} on ${d.from}, below ${d.below}`,
    `interval ${range(d.s, bytes)}`,
    `between the measured ${bytes(d.in[0])} and ${bytes(d.in[1])}`,
  ]);
}

function drawCurves(figure, width, name) {
  const spec = CURVES[name];
  const curves = sizeCurves(spec.key);
  if (!curves.length) return sayNothing(figure, "Every way is hidden, or none was measured here.");
  const sizes = [...new Set(curves.flatMap((each) => each.points.map((point) => point.x)))].sort(d3.ascending);
  const right = labelRoom(width, curves.map((each) => each.way));
  const area = frame(figure, { width, height: width < NARROW ? 320 : 420, left: 52, right, name: `${name} by message size` });
  const x = d3.scaleLog().base(2).domain([sizes[0], sizes[sizes.length - 1]]).range([10, area.width - 10]);
  if (sizes.length === 1) x.domain([sizes[0] / 2, sizes[0] * 2]);
  const y = d3.scaleLog().domain(extent(curves.flatMap((each) => each.points.map((point) => point.f))))
    .range([area.height, 0]);
  yAxis(area, y, logTicks(y.domain(), area.height), spec.write, spec.unit);
  xAxis(area, x, apart(sizes, x, 52), bytes, "message size");
  drawBandsAndLines(area, curves, x, y);
  drawCrossings(area, spec, curves, x, y);
  drawPoints(area, curves, x, y, (d) => [
    `${N.ways[d.way].n} at ${bytes(d.x)}`, `${spec.write(d.f[1])} ${spec.unit.split(",")[0]}`,
    `interval ${range(d.f, spec.write)}`,
    ...(d.row.b > 1 ? [`${d.row.b} messages per call`] : []),
    ...(d.row.r ? [`${times(d.row.r[1])} the baseline: ${verdictText(d.row)}`] : []),
  ]);
  if (width >= NARROW) {
    endLabels(area, curves.map((each) => ({ way: each.way, y: y(each.points[each.points.length - 1].f[1]) })));
  }
}

pictures.throughput = (figure, width) => drawCurves(figure, width, "throughput");
pictures.cpu = (figure, width) => drawCurves(figure, width, "cpu");
