// Escape hides the note that is shown, until the pointer or the focus moves on.
addEventListener("keydown", (e) => {
  if (e.key === "Escape") document.body.classList.add("quiet");
  else document.body.classList.remove("quiet");
});
addEventListener("pointerover", () => document.body.classList.remove("quiet"));

// Each heading of the index becomes a button that sorts by its column, and back again; empty cells stay last.
for (const head of document.querySelectorAll("th[data-sort]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => {
    const now = head.getAttribute("aria-sort");
    const down = now ? now === "ascending" : head.dataset.sort === "down";
    const order = new Intl.Collator(undefined, { numeric: true });
    const key = (row) => row.cells[head.cellIndex].dataset.key;
    const body = head.closest("table").tBodies[0];
    const rows = [...body.rows].sort((a, b) => {
      if (!key(a) || !key(b)) return !key(a) - !key(b);
      return order.compare(key(a), key(b)) * (down ? -1 : 1);
    });
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...rows);
  });
}
