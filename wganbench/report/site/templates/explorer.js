const AT_ONCE = 200;
for (const explorer of document.querySelectorAll(".explorer")) {
  const table = explorer.querySelector("table");
  const rows = [...table.tBodies[0].rows];
  const form = explorer.querySelector("form");
  const selects = [...form.querySelectorAll("select")];
  const output = form.querySelector("output");
  const more = explorer.querySelector("button.more");
  const { terms, texts, rows: places } = JSON.parse(
    explorer.querySelector('script[type="application/json"]').textContent);
  const names = terms.map(([name]) => name);
  const textOf = (row, name) => texts[places[row.id][names.indexOf(name)]];

  const element = (tag, text = "", attributes = {}) => {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };

  const fileOf = (row, text) => {
    const file = `${row.id.replace(/^run-/, "")}.yaml`;
    const link = element("a", "Download it", {
      href: `data:application/yaml;charset=utf-8,${encodeURIComponent(text)}`,
      download: file,
    });
    const command = element("code", `wganbench train --config ${file}`);
    const words = element("p");
    words.append(link, ", then ", command);
    return [words, element("pre", text, { tabindex: "0" })];
  };

  const SHOWN = {
    code: (row, text) => [element("code", text)],
    text: (row, text) => [text],
    lines: (row, text) => [element("pre", text, { tabindex: "0" })],
    file: fileOf,
  };

  const unfolded = new Map();
  const detailsOf = (row) => {
    const list = element("dl");
    for (const [name, kind] of terms) {
      const told = element("dd");
      told.append(...SHOWN[kind](row, textOf(row, name)));
      list.append(element("dt", name), told);
    }
    const inner = element("div");
    inner.append(element("a", "Link to this run", { href: `#${row.id}` }), list);
    const cell = element("td", "", { colspan: String(row.cells.length) });
    cell.append(inner);
    const details = element("tr", "", { id: `${row.id}-details`, class: "details" });
    details.append(cell);
    return details;
  };

  const buttonOf = (row) => row.cells[0].querySelector("button");
  const fold = (row, open) => {
    unfolded.get(row)?.remove();
    unfolded.delete(row);
    if (open) {
      unfolded.set(row, detailsOf(row));
      row.after(unfolded.get(row));
    }
    buttonOf(row).setAttribute("aria-expanded", String(open));
  };
  for (const row of rows) {
    const button = element("button", "", { type: "button", "aria-expanded": "false" });
    button.append(...row.cells[0].childNodes);
    row.cells[0].append(button);
    button.addEventListener("click", () => fold(row, !unfolded.has(row)));
  }

  const haystacks = new Map(rows.map((row) =>
    [row, `${row.textContent} ${textOf(row, "from this file")}`.toLowerCase()]));
  const ordered = () => [...table.tBodies[0].rows].filter((row) => haystacks.has(row));
  const matches = () => {
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = selects.filter((select) => select.value);
    return ordered().filter((row) =>
      chosen.every((select) => row.dataset[select.name] === select.value)
      && words.every((word) => haystacks.get(row).includes(word)));
  };

  // Rows beyond the limit are hidden: laying out thousands takes longer than a reader's key stroke.
  let limit = AT_ONCE;
  const show = () => {
    const found = matches();
    const shown = new Set(found.slice(0, limit));
    for (const row of rows) {
      row.hidden = !shown.has(row);
      if (unfolded.has(row)) unfolded.get(row).hidden = row.hidden;
    }
    const of = found.length === rows.length ? "" : ` of ${rows.length}`;
    const part = shown.size < found.length ? `, the first ${shown.size} shown` : "";
    output.textContent = `${found.length}${of} runs${part}`;
    more.hidden = !part;
  };
  const filter = () => {
    limit = AT_ONCE;
    show();
  };
  const showUpTo = (count) => {
    limit = Math.max(limit, count);
    show();
  };
  const arrive = () => {
    const row = rows.find((one) => one.id === decodeURIComponent(location.hash.slice(1)));
    if (!row) return;
    if (!matches().includes(row)) form.reset();
    showUpTo(matches().indexOf(row) + 1);
    if (!unfolded.has(row)) fold(row, true);
    row.scrollIntoView();
    buttonOf(row).focus({ preventScroll: true });
  };

  table.addEventListener("sorted", () => {
    for (const [row, details] of unfolded) row.after(details);
    show();
  });
  explorer.querySelector(".unscripted").remove();
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector(".clear").addEventListener("click", () => {
    form.reset();
    filter();
  });
  more.addEventListener("click", () => showUpTo(limit + AT_ONCE));
  addEventListener("beforeprint", () => showUpTo(rows.length));
  addEventListener("hashchange", arrive);
  filter();
  arrive();
}
