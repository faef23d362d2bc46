"use strict";
// Moves the totals of the live page. What it shows is written by the server; without it the page is as complete.
(() => {
  const page = document.querySelector("[data-stream]");
  const sign = page.querySelector(".sign");
  const at = page.querySelector(".at");
  const events = new EventSource(page.dataset.stream);
  events.onopen = () => { sign.textContent = page.dataset.live; };
  events.onerror = () => {
    sign.textContent = events.readyState === EventSource.CLOSED ? page.dataset.ended : page.dataset.waiting;
  };
  events.onmessage = (event) => {
    const told = JSON.parse(event.data);
    at.textContent = told.at;
    for (const [address, text] of Object.entries(told.totals)) {
      const shown = document.getElementById(`total-${address}`);
      if (shown && shown.textContent !== text) {
        shown.textContent = text;
        shown.classList.add("changed");
        setTimeout(() => shown.classList.remove("changed"), 1500);
      }
    }
  };
})();
