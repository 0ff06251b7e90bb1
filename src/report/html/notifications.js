// Section 7: how long a zero-copy sender waits for its buffers, and how many it needs.
function notificationRows() {
  return N.rows.filter((row) => row.f50 && isShown(row.w) && isChosen(N.groups[row.g].k));
}

function drawReleases(figure, width, rows) {
  const narrow = width < NARROW;
  const step = narrow ? 36 : 26;
  const label = (row) => `${N.ways[row.w].n}, ${bytes(N.groups[row.g].s)}`;
  const left = narrow ? 10 : Math.min(width / 2.6, 20 + 6.8 * d3.max(rows, (row) => label(row).length));
  const area = frame(figure, { width, height: rows.length * step + 70, left, right: narrow ? 14 : 130, top: 12, name: "time to release" });
  const ends = rows.flatMap((row) => [row.f50[1], (row.f99 || row.f50)[1]]).filter((value) => value > 0);
  const x = d3.scaleLog().domain([d3.min(ends) / 1.3, d3.max(ends) * 1.3]).range([0, area.width]);
  const us = (value) => duration(value * 1e3);
  xAxis(area, x, logTicks(x.domain(), area.width, 62), us, "from the begin of a send to the return of its buffers", true);
  const groups = area.plot.append("g").selectAll("g").data(rows).enter().append("g")
    .attr("transform", (d, i) => `translate(0,${(i + 0.6) * step})`).attr("data-way", (d) => d.w);
  groups.append("text").attr("class", "label").attr("text-anchor", narrow ? "start" : "end")
    .attr("x", narrow ? 0 : -10).attr("y", narrow ? -12 : 0).attr("dy", "0.32em").text(label);
  groups.append("text").attr("class", "verdict").attr("x", narrow ? area.width : area.width + 12).attr("dy", "0.32em")
    .attr("y", narrow ? -12 : 0).attr("text-anchor", narrow ? "end" : "start").text((d) => (d.held ? `${bytes(d.held[1])} away` : ""));
  groups.append("line").attr("class", "whisker").style("stroke", (d) => wayColour(d.w))
    .attr("x1", (d) => x(d.f50[1])).attr("x2", (d) => x((d.f99 || d.f50)[1]));
  marks(groups.append("path").attr("class", "point").attr("d", (d) => wayShape(d.w))
    .attr("transform", (d) => `translate(${x(d.f50[1])},0)`).style("fill", (d) => wayColour(d.w)), (d) => [
    label(d), `released after ${us(d.f50[1])} (median)`, ...(d.f99 ? [`p99 ${us(d.f99[1])}`] : []),
    ...(d.held ? [`at most ${bytes(d.held[1])} away`] : []), ...(d.waits ? [`${digits(d.waits[1])} waits per send`] : [])], (d) => d.w);
}

// Rates over the buffers that a sender may have away, where the study varies them.
function drawBuffers(figure, width, rows) {
  const points = rows.filter((row) => row.y && row.buf > 0);
  const counts = [...new Set(points.map((row) => row.buf))].sort(d3.ascending);
  if (counts.length < 2) return;
  figure.append("h4").text("Rate by buffers that may be away");
  const area = frame(figure, { width, height: 280, left: 58, right: 20, name: "rate by buffers" });
  const x = d3.scaleLog().domain(d3.extent(counts)).range([10, area.width - 10]);
  const y = d3.scaleLog().domain(extent(points.map((row) => row.y))).range([area.height, 0]);
  yAxis(area, y, logTicks(y.domain(), area.height), N.requests ? count : digits, N.requests ? "requests per second" : "Gbit/s");
  xAxis(area, x, apart(counts, x, 46), count, "buffers (--notify)");
  const path = (row) => N.ways[row.w].n.split("+")[0];
  const series = d3.nest().key((row) => `${path(row)} ${N.groups[row.g].s}`).entries(points);
  for (const each of series) {
    each.values.sort((p, q) => p.buf - q.buf);
    area.plot.append("path").attr("class", "line").style("stroke", wayColour(each.values[0].w))
      .attr("d", d3.line().x((row) => x(row.buf)).y((row) => y(row.y[1]))(each.values));
  }
  marks(area.plot.append("g").selectAll("path").data(points).enter().append("path").attr("class", "point")
    .attr("d", (d) => wayShape(d.w)).attr("transform", (d) => `translate(${x(d.buf)},${y(d.y[1])})`)
    .style("fill", (d) => wayColour(d.w)), (d) => [
    `${N.ways[d.w].n}, ${bytes(N.groups[d.g].s)}`, `${d.buf} buffers: ${N.requests ? count(d.y[1]) : `${digits(d.y[1])} Gbit/s`}`], (d) => d.w);
}

pictures.notifications = (figure, width) => {
  const rows = notificationRows();
  if (!rows.length) return sayNothing(figure, "Every way with notifications is hidden.");
  drawReleases(figure, width, rows);
  drawBuffers(figure, width, rows);
};
