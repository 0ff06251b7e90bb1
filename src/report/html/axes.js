// Frames, axes and direct labels.
const NARROW = 620;

// An <svg> with a plot inside its margins.
function frame(figure, { width, height, left, right, top = 26, bottom = 44, name }) {
  const svg = figure.append("svg")
    .attr("width", width)
    .attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("role", "group")
    .attr("aria-label", name);
  const plot = svg.append("g").attr("transform", `translate(${left},${top})`);
  const inner = { width: Math.max(60, width - left - right), height: height - top - bottom };
  const clip = `clip-${name.replace(/\W+/g, "-")}`;
  svg.append("clipPath").attr("id", clip).append("rect")
    .attr("x", -8).attr("y", -8).attr("width", inner.width + 16).attr("height", inner.height + 16);
  return { svg, plot, left, clip: `url(#${clip})`, ...inner };
}

// What an axis must show of values with intervals. An interval that reaches towards zero or infinity
// is cut `reach` times beyond the values themselves, or it would press everything else flat.
function extent(figures, reach = 6) {
  const good = figures.filter((each) => each && each[1] > 0);
  if (!good.length) return [0.5, 2];
  const middle = d3.extent(good, (each) => each[1]);
  const low = Math.max(d3.min(good, (each) => (each[0] > 0 ? each[0] : 0)), middle[0] / reach);
  const high = Math.min(d3.max(good, (each) => each[2]), middle[1] * reach);
  const pad = Math.max(1.08, (high / low) ** 0.06);
  return [low / pad, high * pad];
}

// 1, 2 and 5 of every decade, thinned to what `pixels` have room for.
function logTicks([low, high], pixels, room = 26) {
  const fits = (ticks) => ticks.length * room <= pixels;
  for (const steps of [[1, 1.5, 2, 3, 4, 5, 7], [1, 2, 5], [1, 3], [1]]) {
    if (steps.length > 3 && high / low > 10) continue;
    const ticks = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); ++power) {
      for (const step of steps) ticks.push(Number(`${step}e${power}`));
    }
    const inside = ticks.filter((each) => each >= low && each <= high);
    if (inside.length >= 2 && fits(inside)) return inside;
  }
  const scale = d3.scaleLog().domain([low, high]);
  const few = scale.ticks(Math.max(2, Math.floor(pixels / (room * 2))));
  return fits(few) ? few : [low, high];
}

// Keeps those ticks at measured values whose labels do not touch; the ends stay.
function apart(values, scale, room) {
  const kept = [];
  values.forEach((value, i) => {
    const last = i === values.length - 1;
    if (kept.length && scale(value) - scale(kept[kept.length - 1]) < room) {
      if (!last) return;
      kept.pop();
    }
    kept.push(value);
  });
  return kept;
}

function yAxis(area, scale, ticks, write, title) {
  const axis = area.plot.append("g").attr("class", "axis");
  axis.selectAll("line").data(ticks).enter().append("line").attr("class", "grid")
    .attr("x2", area.width).attr("y1", scale).attr("y2", scale);
  axis.selectAll("text").data(ticks).enter().append("text")
    .attr("x", -8).attr("y", scale).attr("dy", "0.32em").attr("text-anchor", "end").text(write);
  area.plot.append("text").attr("class", "title").attr("x", 4 - area.left).attr("y", -12).text(title);
}

function xAxis(area, scale, ticks, write, title, grid = false) {
  const axis = area.plot.append("g").attr("class", "axis")
    .attr("transform", `translate(0,${area.height})`);
  axis.append("line").attr("class", "base").attr("x2", area.width);
  axis.selectAll("line.tick").data(ticks).enter().append("line").attr("class", grid ? "tick grid" : "tick")
    .attr("x1", scale).attr("x2", scale).attr("y1", grid ? -area.height : 0).attr("y2", 5);
  axis.selectAll("text").data(ticks).enter().append("text")
    .attr("x", scale).attr("y", 18).attr("text-anchor", "middle").text(write);
  area.plot.append("text").attr("class", "title").attr("x", area.width / 2)
    .attr("y", area.height + 38).attr("text-anchor", "middle").text(title);
}

// Labels at the ends of lines, moved apart so that each can be read.
function endLabels(area, labels, gap = 14) {
  labels.sort((a, b) => a.y - b.y);
  for (let i = 1; i < labels.length; ++i) {
    labels[i].at = Math.max(labels[i].y, (labels[i - 1].at === undefined ? labels[i - 1].y : labels[i - 1].at) + gap);
  }
  if (labels.length) labels[0].at = labels[0].y;
  // What was pushed over the lower edge goes up again.
  let limit = area.height + 4;
  for (let i = labels.length - 1; i >= 0; --i) {
    labels[i].at = Math.min(labels[i].at, limit);
    limit = labels[i].at - gap;
  }
  const groups = area.plot.append("g").selectAll("g").data(labels).enter().append("g")
    .attr("data-way", (d) => d.way);
  groups.append("path").attr("class", "leader")
    .attr("d", (d) => `M${area.width + 6},${d.y}L${area.width + 16},${d.at}`);
  groups.append("text").attr("class", "label").attr("x", area.width + 20).attr("dy", "0.32em")
    .attr("y", (d) => d.at).style("fill", (d) => wayColour(d.way)).text((d) => N.ways[d.way].n);
}

// Room for labels right of a plot that is `width` wide; on narrow screens the chips are the legend.
function labelRoom(width, ways) {
  if (width < NARROW) return 14;
  return Math.min(width / 3, 30 + 7.1 * d3.max(ways, (way) => N.ways[way].n.length));
}
