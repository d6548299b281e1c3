// What the panels do beyond links and forms. A number is explained beside its page: any link to /explain/… opens
// there, and so does a mark of a figure whose row in the table has such a link; without this script the links lead
// to a page of their own. And what stands beside a long table keeps up with it.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const WAY = "th a"; // where the name of a row leads
const LINK = 'a[href^="/explain/"]:not([hx-get], [download], [data-whole])';
const OTHERS = "dialog[open], details:is(.menu, .pick)[open]";
const COVERS = matchMedia("(width < 768px)");

const panel = () => $("#explain");
const isOpen = () => !panel().hidden;

let opener; // what the focus goes back to
let asking; // the link whose answer is on its way
let address; // of the page when it was opened

// --- opening and closing -----------------------------------------------------------------------------

function open(link, from = link) {
  if (!panel().contains(from)) opener = from;
  if (asking) htmx.trigger(asking, "htmx:abort");
  [asking, address] = [link, location.href];
  htmx.ajax("GET", link.getAttribute("href"), { source: link, target: "#explain", swap: "outerHTML" });
}

// On a narrow screen it covers the page, which then is out of reach.
function cover() {
  $("#app").inert = isOpen() && COVERS.matches;
}

function hide() {
  panel().hidden = true;
  panel().replaceChildren();
  cover();
}

function close() {
  hide();
  const again = opener?.getAttribute("href");
  const twin = again && $(`${LINK}[href="${CSS.escape(again)}"]`);
  const place = [opener, twin, $("#main")].find((one) => one?.isConnected && one.checkVisibility());
  place.focus({ preventScroll: place.id === "main" });
}

function arrived({ detail: { elt } }) {
  if (elt.id === "explain") {
    asking = undefined;
    cover();
    $("#explain-title").focus();
  }
  // What it explains is no longer what the page shows.
  const isOther = elt.id === "main" || (elt.id === "panels" && location.href !== address);
  if (isOther && isOpen()) (panel().contains(document.activeElement) ? close : hide)();
}

// --- tables behind figures ---------------------------------------------------------------------------

// Until one is opened it is text, which costs a browser nothing: that is what <noscript> holds where there are scripts.
function unfold(section) {
  for (const folded of $$("details.data noscript", section)) {
    folded.insertAdjacentHTML("beforebegin", folded.textContent);
    htmx.process(folded.previousElementSibling);
    folded.remove();
  }
}

// A swap brings them as elements.
function fold(section) {
  for (const swapped of $$("details.data noscript:has(*)", section)) swapped.textContent = swapped.innerHTML;
}

// --- marks of figures --------------------------------------------------------------------------------

// A mark stands for the row whose key is its label, in the column that its trace is called after.
function linkOf(section, { x, y, label, customdata, data: { name = "" } }) {
  const keys = [customdata, label, x, y].map((one) => String(one).replaceAll("&lt;", "<"));
  const row = $$("tr[data-key]", section).find((one) => keys.includes(one.dataset.key));
  const titles = $$("thead th", section).map((one) => one.textContent.trim());
  const place = titles.findIndex((title) => title && name.startsWith(title));
  return row && ($(LINK, row.cells[place] ?? row) ?? $(LINK, row) ?? $(WAY, row));
}

// Of marks one above the other, the nearest to the pointer.
function distance({ yaxis, y }, box, { clientY }) {
  const place = yaxis?.d2p(y);
  return Number.isFinite(place) ? Math.abs(box.getBoundingClientRect().top + yaxis._offset + place - clientY) : 0;
}

function followMark({ target, detail: { points, event } }) {
  const section = target.closest("section");
  unfold(section);
  const near = points.toSorted((one, other) => distance(one, target, event) - distance(other, target, event));
  const link = near.map((one) => linkOf(section, one)).find(Boolean);
  if (link?.matches(LINK)) open(link, $("summary", section) ?? link);
  else link?.click();
}

// --- copying -----------------------------------------------------------------------------------------

async function copy(button) {
  const from = $(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(from.href ?? from.textContent);
    $("#live").textContent = "Copied.";
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(from);
  }
}

// --- long tables ----------------------------------------------------------------------------------

// A long table is swapped alone when it is searched or sorted: the links beside it learn here what it shows now.
const OWN = ["q", "sort", "size", "group", "in", "flag", "column"];
const ALL_GONE = ".chips li:last-child a"; // the link that clears everything, the search too

function isBeside(link) {
  return link.pathname === location.pathname && !link.hash && !link.closest(".listing") && !link.matches(ALL_GONE);
}

// The heading of another table keeps the order that it is there for.
function keepUp() {
  if (!$(".listing")) return;
  const now = [...new URLSearchParams(location.search)].filter(([name]) => OWN.includes(name));
  for (const link of $$("#panels a[href]")) {
    if (!isBeside(link)) continue;
    const sorts = (name) => name === "sort" && link.closest("thead");
    const kept = [...new URLSearchParams(link.search)].filter(([name]) => !OWN.includes(name) || sorts(name));
    const query = new URLSearchParams([...kept, ...now.filter(([name]) => !sorts(name))]).toString();
    link.setAttribute("href", link.pathname + (query && `?${query}`));
  }
}

// htmx remembers where a link led when it first saw it.
function follow({ detail }) {
  if (detail.elt.matches("#panels a[hx-get]") && isBeside(detail.elt)) detail.path = detail.elt.getAttribute("href");
}

// --- wiring ------------------------------------------------------------------------------------------

const isPlain = ({ button, ctrlKey, metaKey, shiftKey, altKey }) => !(button || ctrlKey || metaKey || shiftKey || altKey);

document.addEventListener("click", (event) => {
  const link = event.target.closest(LINK);
  if (link && isPlain(event) && !$("main[data-explained]")) {
    event.preventDefault();
    open(link);
  }
  if (event.target.closest("[data-close]")) close();
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
// Before the page's own keys: what opened last closes first.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !isOpen() || $(OTHERS)) return;
  event.stopPropagation();
  close();
}, true);
document.addEventListener("mark", followMark);
document.addEventListener("toggle", ({ target }) => target.matches("details.data") && unfold(target), true);
document.addEventListener("htmx:load", ({ detail: { elt } }) => fold(elt));
document.addEventListener("htmx:load", arrived);
COVERS.addEventListener("change", cover);
document.addEventListener("htmx:pushedIntoHistory", keepUp);
document.addEventListener("htmx:configRequest", follow);
