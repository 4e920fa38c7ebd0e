// For those who hear the page or use no mouse: names for the theme's arrows, and a way into what scrolls.
document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("article table, .cell_output")) table.tabIndex = 0;  // they scroll
  for (const arrow of document.querySelectorAll("summary")) {
    if (!arrow.textContent.trim()) arrow.setAttribute("aria-label", "Pages below");
  }
});
