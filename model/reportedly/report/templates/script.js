// Escape hides the note that is shown, until the pointer or the focus moves on.
addEventListener("keydown", (e) => {
  if (e.key === "Escape") document.body.classList.add("quiet");
  else document.body.classList.remove("quiet");
});
addEventListener("pointerover", () => document.body.classList.remove("quiet"));
