// The palette: what is typed is looked for by htmx; here the hits are walked through by keys, and one is opened.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const dialog = $("#palette");
const field = $("#palette-q");
const options = () => $$("#palette-hits [role=option]");

let hurry = false; // Enter was pressed before the answer was there

const styled = new Promise((done) => {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: document.documentElement.dataset.paletteCss, onload: done, onerror: done });
  document.head.append(link);
});

export async function open() {
  await styled;
  if ($("dialog[open]")) return;
  dialog.showModal();
  field.select();
  htmx.trigger(field, "ask");
}

function choose(option) {
  for (const one of options()) one.setAttribute("aria-selected", one === option);
  field.setAttribute("aria-expanded", Boolean(option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

const chosen = () => $("#palette-hits [aria-selected=true]");

function walk(by) {
  const all = options();
  if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
}

function enter() {
  hurry = field.value.trim() !== ($("#palette-hits").dataset.q ?? "").trim();
  if (!hurry) chosen()?.click();
}

const KEYS = {
  ArrowDown: () => walk(1),
  ArrowUp: () => walk(-1),
  Enter: enter,
};

field.addEventListener("keydown", (event) => {
  if (!KEYS[event.key] || event.isComposing) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (elt.id !== "palette-hits") return;
  choose(options()[0]);
  $("#palette-status").textContent = elt.dataset.says;
  if (hurry) enter();
});

// A click on the backdrop is one on the dialog itself; a link that is followed here closes it too.
dialog.addEventListener("click", (event) => {
  const held = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  const followed = event.target.closest("[role=option]") && !held;
  if (event.target === dialog || followed) dialog.close();
});

dialog.addEventListener("mousemove", ({ target }) => {
  const option = target.closest("[role=option]");
  if (option && option !== chosen()) choose(option);
});

dialog.addEventListener("close", () => {
  hurry = false;
});
