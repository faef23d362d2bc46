// Draws the chart of a page again, by Vega, so that it answers to a pointer and to the arrow keys. What it shows is
// written by the server. Where anything fails, the chart that is there already stays.
(async () => {
  const figure = document.querySelector("[data-vega]");
  const image = figure.querySelector("img");
  const drawn = figure.querySelector(".drawn");
  const tip = figure.querySelector(".tip");
  const said = figure.querySelector(".said");

  const hide = () => { tip.hidden = true; };
  const show = (text, x, y) => {
    tip.textContent = text;
    said.textContent = text;
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const right = document.documentElement.clientWidth - width - 4;
    tip.style.left = `${Math.max(4, Math.min(x + 12, right))}px`;
    tip.style.top = `${y + 16 + height > window.innerHeight ? y - height - 8 : y + 16}px`;
  };

  try {
    const asked = await fetch(figure.dataset.vega);
    if (!asked.ok) throw new Error(`the chart can't be had: ${asked.status}`);
    await vegaEmbed(drawn, await asked.json(), {
      mode: "vega",
      renderer: "svg",
      ast: true, // no expression becomes code: the policy of the page forbids it
      actions: false,
      defaultStyle: false, // the policy takes no style but of the sheet
      hover: false,
      tooltip: (handler, event, item, text) => { if (text) show(text, event.clientX, event.clientY); else hide(); },
    });
  } catch (error) {
    console.error(error);
    said.textContent = figure.dataset.failed;
    return;
  }
  // What it shows is said as one image, and value by value below; Vega's own roles have no names.
  drawn.querySelector("svg").setAttribute("aria-hidden", "true");
  drawn.hidden = false;
  image.hidden = true;
  said.textContent = figure.dataset.ready;

  // Of each value one mark: a bar and the text at its end say the same.
  const marks = new Map();
  for (const mark of drawn.querySelectorAll("svg *")) {
    const text = mark.__data__?.tooltip;
    if (text && !marks.has(text)) marks.set(text, mark);
  }
  const texts = [...marks.keys()];
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  let at = -1;
  const leave = () => {
    if (at >= 0) marks.get(texts[at]).classList.remove("at");
  };
  const scroll = figure.querySelector(".scroll");
  scroll.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || !texts.length) return;
    event.preventDefault();
    leave();
    at = at < 0 ? (step > 0 ? 0 : texts.length - 1) : (at + step + texts.length) % texts.length;
    const mark = marks.get(texts[at]);
    mark.classList.add("at");
    mark.scrollIntoView({ block: "nearest", inline: "nearest" });
    const box = mark.getBoundingClientRect();
    show(texts[at], box.left, box.top);
  });
  scroll.addEventListener("blur", () => { leave(); at = -1; hide(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
