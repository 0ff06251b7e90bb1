// Section 8: what one case measured twice differs by, and how the machine changed meanwhile.
function drawTwins(figure, width) {
  figure.append("h4").text("Twins: one case measured twice in a block");
  const area = frame(figure, { width, height: 108, left: 16, right: 16, top: 26, name: "twins" });
  const percent = N.twins.map((each) => 100 * (Math.exp(each) - 1));
  const floor = N.floor === null ? 0 : 100 * N.floor;
  // One twin that went wrong must not press the others flat: the axis ends at ten times the middle one.
  const middle = d3.median(percent, Math.abs) || 1;
  const reach = Math.max(1, floor * 1.2, Math.min(d3.max(percent, Math.abs), middle * 10));
  const x = d3.scaleLinear().domain([-reach, reach]).range([0, area.width]).clamp(true);
  xAxis(area, x, x.ticks(Math.max(3, Math.floor(area.width / 150))), (value) => `${digits(value)} %`, "the second over the first", true);
  if (floor > 0) {
    area.plot.append("rect").attr("class", "noise").attr("x", x(-floor)).attr("width", x(floor) - x(-floor)).attr("height", area.height);
  }
  area.plot.append("line").attr("class", "one").attr("x1", x(0)).attr("x2", x(0)).attr("y2", area.height);
  marks(area.plot.append("g").selectAll("circle").data(percent).enter().append("circle").attr("class", "twin")
    .attr("r", 4.5).attr("cx", x).attr("cy", (d, i) => area.height * (0.25 + 0.5 * ((i * 0.618) % 1))), (d) => [
    `twin ${d < 0 ? "−" : "+"}${digits(Math.abs(d))} %`,
    ...(floor > 0 ? [`noise of a median ${digits(floor)} %`] : [])]);
}

function drawSentinel(figure, width) {
  figure.append("h4").text("Sentinel: one case again and again, from the beginning to the end");
  const area = frame(figure, { width, height: 180, left: 58, right: 16, name: "sentinel" });
  const values = N.sentinel.map((each, i) => ({ each, i }));
  const x = d3.scaleLinear().domain([0, Math.max(1, values.length - 1)]).range([8, area.width - 8]);
  const y = d3.scaleLinear().domain([0, d3.max(N.sentinel) * 1.1]).range([area.height, 0]);
  yAxis(area, y, y.ticks(4), count, "messages per second, from 0");
  xAxis(area, x, [0, values.length - 1], (i) => (i === 0 ? "first" : "last"), "");
  area.plot.append("path").attr("class", "line sentinel").attr("d", d3.line().x((d) => x(d.i)).y((d) => y(d.each))(values));
  marks(area.plot.append("g").selectAll("circle").data(values).enter().append("circle").attr("class", "twin")
    .attr("r", 4).attr("cx", (d) => x(d.i)).attr("cy", (d) => y(d.each)), (d) => [`sentinel ${d.i + 1} of ${values.length}`, `${count(d.each)} messages per second`]);
}

pictures.trust = (figure, width) => {
  if (N.twins.length) drawTwins(figure, width);
  if (N.sentinel.length > 1) drawSentinel(figure, width);
};
