// Section 9: the table of all rows can be filtered, sorted and copied.
function cellsOf(row) {
  return [...row.cells].map((cell) => cell.textContent);
}

function csvOf(rows) {
  const field = (text) => (/[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  return rows.map((row) => cellsOf(row).map(field).join(",")).join("\n") + "\n";
}

// "30.9 k" and "1.2e+06" as numbers; what is none goes last.
function numberOf(text) {
  const value = parseFloat(text.replace(/[×,]/g, ""));
  const unit = { k: 1e3, M: 1e6, G: 1e9 }[text.trim().slice(-1)] || 1;
  return Number.isNaN(value) ? -Infinity : value * unit;
}

function copyText(text, done) {
  const fallBack = () => {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.appendChild(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    done(copied);
  };
  if (!navigator.clipboard) return fallBack();
  navigator.clipboard.writeText(text).then(() => done(true), fallBack);
}

function sortable(table) {
  const body = table.tBodies[0];
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") === "descending";
      for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const numeric = head.classList.contains("n");
      const order = (a, b) => {
        const [p, q] = [a, b].map((row) => row.cells[column].textContent);
        return numeric ? numberOf(p) - numberOf(q) : p.localeCompare(q, "en", { numeric: true });
      };
      [...body.rows].sort((a, b) => (up ? order(a, b) : order(b, a))).forEach((row) => body.appendChild(row));
    });
  });
}

function makeDataTools() {
  const table = document.getElementById("rows");
  if (!table) return;
  sortable(table);
  const tools = d3.select("#data-tools").attr("class", "tools");
  const input = tools.append("input").attr("type", "search").attr("name", "filter")
    .attr("placeholder", "filter: every word must be in the row").attr("aria-label", "filter rows")
    .property("value", state.pick.filter || "");
  const said = tools.append("span").attr("id", "said").attr("role", "status");
  const visible = () => [...table.tBodies[0].rows].filter((row) => !row.hidden);
  const filter = () => {
    const words = input.property("value").toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of table.tBodies[0].rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    said.text(`${visible().length} of ${table.tBodies[0].rows.length} rows`);
  };
  input.on("input", () => {
    state.pick.filter = input.property("value");
    if (!state.pick.filter) delete state.pick.filter;
    writeState();
    filter();
  });
  tools.insert("button", "#said").attr("type", "button").attr("id", "copy").text("Copy as CSV").on("click", () => {
    const rows = visible();
    copyText(csvOf([table.tHead.rows[0], ...rows]), (copied) => said.text(copied ? `${rows.length} rows copied` : "the browser does not let pages copy"));
  });
  filter();
}
