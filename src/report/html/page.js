"use strict";
(function () {
  const root = document.documentElement;
  const form = document.getElementById("filters");
  const cards = Array.from(document.querySelectorAll("article"));
  const closed = Array.from(document.querySelectorAll("details"));
  window.addEventListener("beforeprint", function () {
    for (const section of closed) section.open = true;
  });
  const theme = document.getElementById("theme");
  function colours() {
    if (theme.value === "") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme.value);
  }
  theme.addEventListener("change", colours);
  /* A browser may bring back what was chosen before the page was loaded anew. */
  colours();
  document.getElementById("themes").hidden = false;
  if (!form) return;
  const find = document.getElementById("find");
  const rule = document.getElementById("rule");
  const file = document.getElementById("file");
  const shown = document.getElementById("shown");
  const none = document.getElementById("no-match");
  const boxes = Array.from(form.querySelectorAll("input[name=severity]"));
  const texts = cards.map(function (card) {
    return card.textContent.toLowerCase();
  });

  function filter() {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = boxes.filter((box) => box.checked).map((box) => box.value);
    let count = 0;
    cards.forEach(function (card, index) {
      const fits =
        wanted.includes(card.dataset.severity) &&
        (rule.value === "" || card.dataset.rule === rule.value) &&
        (file.value === "" || card.dataset.file === file.value) &&
        words.every((word) => texts[index].includes(word));
      card.hidden = !fits;
      if (fits) count += 1;
    });
    shown.textContent = count + " of " + cards.length + (cards.length === 1 ? " finding" : " findings") + " shown";
    none.hidden = count !== 0;
  }

  /* Moves the focus to the next or the previous finding that is shown. */
  function step(by) {
    const open = cards.filter((card) => !card.hidden);
    const at = open.indexOf(document.activeElement && document.activeElement.closest("article"));
    const next = open[at < 0 ? (by > 0 ? 0 : open.length - 1) : at + by];
    if (next) next.focus();
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  /* The fields have their first values after this event. */
  form.addEventListener("reset", () => setTimeout(filter));
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "Escape" && event.target === find) {
      find.value = "";
      filter();
    } else if (typing) {
      return;
    } else if (event.key === "/") {
      event.preventDefault();
      find.focus();
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    }
  });
  form.hidden = false;
  filter();
})();
