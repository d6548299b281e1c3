// What the page does beyond links and forms: every part here makes something quicker, nothing needs it.
// Figures are drawn by charts.js; swaps are htmx's.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const root = document.documentElement;

// --- announcements, title and focus after a swap ---------------------------------------------------

function announce(text) {
  $("#live").textContent = text;
}

// htmx:load also comes once for the whole body at the start: there is nothing to announce then.
function welcome({ detail: { elt } }) {
  if (elt === document.body) return showAddress();
  const herald = elt.matches("[data-announce]") ? elt : $("[data-announce]", elt);
  if (herald) announce(herald.dataset.announce);
  if (elt.id === "main") {
    document.title = elt.dataset.title || document.title;
    markCurrent();
  }
  if (elt.id === "views-sheet") changeViews(elt);
  if (elt.id === "palette-hits") carryFilters();
}

// Who goes back again while a page still comes is at the address of another one, and nobody was there to notice.
function showAddress() {
  const [came] = performance.getEntriesByType("navigation");
  const bare = (url) => url.split("#")[0];
  if (came?.name.startsWith(location.origin) && bare(came.name) !== bare(location.href)) location.reload();
}

// Focus goes to where the reader should go on: after a swap of the whole main part, which is a change of
// page, and wherever the link or form names a place. It goes at once, since whoever moves on while the
// new part settles stays where they went; what was not there to take it at once is asked again.
function moveFocus({ type, detail: { target, requestConfig } }) {
  if (type === "htmx:afterSettle" && document.activeElement !== document.body) return;
  const wanted = requestConfig.elt.getAttribute("data-focus")?.split(", ") ?? [];
  const place = wanted.map((one) => $(one)).find(Boolean) ?? (target.id === "main" ? $("#main") : null);
  place?.focus({ preventScroll: place.id === "main" });
}

function setBusy({ type, detail: { target } }) {
  target.toggleAttribute("aria-busy", false);
  if (type === "htmx:beforeRequest") target.setAttribute("aria-busy", "true");
}

// --- failed requests: old figures stay, with a word and a way to try again -------------------------

let failed;

function showFailure({ type, detail }) {
  failed = detail.requestConfig.elt;
  const cause = { "htmx:timeout": "no answer in time", "htmx:sendError": "no connection" };
  const reason = cause[type] ?? detail.xhr.status;
  const asOf = $("#page-head time")?.textContent;
  $("#banner p").textContent = `Could not load (${reason}). ${asOf ? `The figures shown are of ${asOf}.` : "The page is unchanged."}`;
  $("#banner").hidden = false;
}

function hideFailure({ detail }) {
  if (detail.successful) $("#banner").hidden = true;
}

function retry() {
  if (!failed?.isConnected || failed.type === "search") location.reload();
  else if (failed.tagName === "FORM") htmx.trigger(failed, "submit");
  else failed.click();
}

// --- filters ---------------------------------------------------------------------------------------

// Links take the filters of now along, filters the order of now; dates count only for a period of one's own,
// and only both together.
function tidy(event) {
  const { elt, parameters } = event.detail;
  if (elt.matches("a[data-carry]")) event.detail.path = elt.getAttribute("href");
  if (elt.matches("#views-sheet form")) parameters.set("query", location.search.slice(1));
  if (elt.id !== "filters") return;
  const sort = new URLSearchParams(location.search).get("sort");
  if (sort) parameters.set("sort", sort);
  const dates = ["start", "end"];
  if (parameters.get("period") !== "custom") dates.forEach((name) => parameters.delete(name));
  else if (!dates.every((name) => parameters.get(name))) event.preventDefault();
}

function showChoice(pick) {
  const chosen = $$(":checked", pick);
  const label = chosen.length === 1 ? chosen[0].closest("label").textContent.trim() : `${chosen.length} chosen`;
  $(".chosen", pick).textContent = chosen.length ? label : "All";
}

// An order, a search and the choices of the Data page belong to what they were made for and stay there. Without
// filters a page opens in its default view.
function carryFilters() {
  const filters = $("[data-filters]")?.dataset.filters.split(" ") ?? [];
  const kept = [...new URLSearchParams(location.search)].filter(([name]) => filters.includes(name));
  const query = new URLSearchParams(kept).toString();
  for (const link of $$("a[data-carry]")) {
    const own = query || link.dataset.default;
    link.setAttribute("href", link.pathname + (own ? `?${own}` : ""));
  }
}

// The rail opens the default that was just chosen; who pressed a button that is gone goes on beside it.
function changeViews(sheet) {
  const link = $$("#rail a[data-carry]").find((one) => one.pathname === sheet.dataset.page);
  if (link) link.dataset.default = sheet.dataset.default.slice(1);
  carryFilters();
  if (document.activeElement === document.body) ($("[aria-invalid]", sheet) ?? $("#save-view-name")).focus();
}

function markCurrent() {
  const leads = (link) => (link.pathname === "/" ? location.pathname === "/" : location.pathname.startsWith(link.pathname));
  const links = $$("#rail nav a");
  const nearest = Math.max(...links.filter(leads).map((link) => link.pathname.length));
  for (const link of links) {
    if (leads(link) && link.pathname.length === nearest) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

// Only in the narrow bar can an entry lie outside of what is seen: the current one, or one that Tab reaches. Not
// by scrollIntoView: the first Tab would start from the entry then, past the link that skips the rail.
function showEntry(entry) {
  const bar = $("#rail nav");
  if (!entry || !bar) return;
  const [whole, part] = [bar.getBoundingClientRect(), entry.getBoundingClientRect()];
  bar.scrollLeft += part.left - whole.left - (whole.width - part.width) / 2;
}

// --- menus -----------------------------------------------------------------------------------------

const floating = () => $$("details:is(.menu, .pick)[open]");

function closeOthers({ target }) {
  for (const details of floating()) if (!details.contains(target)) details.open = false;
}

function closeAll() {
  for (const details of floating()) {
    details.open = false;
    if (details.contains(document.activeElement)) $("summary", details).focus();
  }
}

// --- theme -----------------------------------------------------------------------------------------

const themes = () => $$("#theme [name=theme]").map((button) => button.value);

function wear(theme) {
  root.dataset.theme = theme;
  for (const button of $$("#theme [name=theme]")) {
    button.setAttribute("aria-pressed", button.value === theme);
    if (button.value === theme) announce(`Theme: ${button.textContent.trim()}`);
  }
  document.dispatchEvent(new Event("themechange"));
  keepTheme(theme);
}

// The account and the cookie remember; if that fails, this page at least wears it.
function keepTheme(theme) {
  const form = $("#theme");
  if (!form?.getAttribute("action")) return;
  const body = new FormData(form);
  body.set("theme", theme);
  fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => {});
}

function chooseTheme(event) {
  if (event.target.id !== "theme") return;
  event.preventDefault();
  wear(event.submitter.value);
}

function nextTheme() {
  const names = themes();
  if (names.length) wear(names[(names.indexOf(root.dataset.theme) + 1) % names.length]);
}

// --- keys ------------------------------------------------------------------------------------------

// Single keys can be turned off (WCAG 2.1.4): speech input types letters by accident.
const keysAreOn = () => localStorage.getItem("keys") !== "off";

const KEYS = {
  f: () => $("#filters :is(select, summary)")?.focus(),
  t: nextTheme,
  x: switchComparison,
  e: editNextStep,
  d: () => actionOfNow()?.querySelector("[data-done]")?.click(),
  s: putOff,
  j: () => stepRow(1),
  k: () => stepRow(-1),
  "[": () => $("#step-earlier")?.click(),
  "]": () => $("#step-later")?.click(),
  "/": openPalette,
  R: syncNow,
  "?": () => $("#keys")?.showModal(),
};

// What is found is looked for by a script of its own, which is fetched when it is first wanted.
function openPalette() {
  if ($("#palette")) import(root.dataset.palette).then(({ open }) => open());
}

// A sync is asked for and followed by one as well; where nothing is connected, the page is loaded anew.
function syncNow() {
  if ($("#sync-now")) import(root.dataset.sync).then(({ ask }) => ask());
  else location.reload();
}

// Figures are drawn by one too, once there is any.
function drawFigures() {
  if ($("[data-figure]")) import(root.dataset.charts);
}

function editNextStep() {
  const step = $("#next-step");
  if (!step) return;
  step.open = true;
  $("#next-text").focus();
}

function switchComparison() {
  const choice = $("#filter-compare");
  if (!choice) return;
  const last = choice.dataset.last ?? "previous";
  choice.dataset.last = choice.value;
  choice.value = choice.value === "none" ? (last === "none" ? "previous" : last) : "none";
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  announce(choice.selectedOptions[0].textContent);
}

// The action that one is in, else the first one.
const actionOfNow = () => document.activeElement.closest("[data-row]") ?? $("#main [data-row]");

function putOff() {
  const later = actionOfNow()?.querySelector("details");
  if (!later) return;
  later.open = true;
  $("[type=date]", later).focus();
}

// From row to row of the list or table that one is in, else of the page's list or its first table.
const ROWS = "#main :is(tbody tr, [data-row])";

function stepRow(by) {
  const here = document.activeElement.closest(ROWS);
  const seen = (one) => one.checkVisibility() && one.closest("table, ol");
  const first = () => $$(`#main .listing tbody tr, ${ROWS}`).find(seen);
  const rows = $$(ROWS, (here ?? first())?.closest("table, ol")).filter(seen);
  const next = here ? rows[rows.indexOf(here) + by] : rows[0];
  if (!next) return;
  next.tabIndex = -1;
  next.focus();
}

function openRow(event) {
  const way = event.target.matches(ROWS) && $("a[href]", event.target);
  if (way) way.click();
}

// `g` and then the key of an entry of the rail, within a breath.
const A_BREATH = 1500;
let leaving = 0;

function leave(letter) {
  leaving = 0;
  const entry = $$("#rail nav a").find((one) => one.dataset.key === letter);
  entry?.click();
  return Boolean(entry);
}

function press(event) {
  const { key } = event;
  if (key === "Escape") {
    leaving = 0;
    return closeAll();
  }
  if (event.altKey || $("dialog[open]")) return;
  if (event.ctrlKey || event.metaKey) {
    if (key !== "k" || !$("#palette")) return;
    event.preventDefault();
    return openPalette();
  }
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
  if (typing || !keysAreOn()) return;
  if (key === "Enter") return openRow(event);
  const done = Date.now() - leaving < A_BREATH && leave(key);
  leaving = key === "g" && !done ? Date.now() : 0;
  if (!done && !KEYS[key]) return;
  event.preventDefault();
  if (!done) KEYS[key]();
}

// --- wiring ----------------------------------------------------------------------------------------

// That a newer choice replaces an older request is no error to write to the console.
htmx.logger = (elt, name, detail) => {
  if (name === "htmx:sendAbort" || name === "htmx:afterRequest") delete detail.error;
};

const heldBack = (event) => event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
const on = (names, listener) => names.split(" ").forEach((name) => document.addEventListener(name, listener));

on("htmx:load", welcome);
on("htmx:load", drawFigures);
on("htmx:afterSwap htmx:afterSettle", moveFocus);
on("htmx:beforeRequest htmx:afterRequest", setBusy);
on("htmx:responseError htmx:sendError htmx:timeout", showFailure);
on("htmx:afterRequest", hideFailure);
on("htmx:configRequest", tidy);
on("htmx:pushedIntoHistory", carryFilters);
on("focusin", ({ target }) => showEntry(target.closest("#rail nav a")));
on("submit", chooseTheme);
on("submit", (event) => event.target.matches("[data-find]") && event.preventDefault());
on("keydown", press);
on("click", (event) => {
  closeOthers(event);
  if (event.target.closest("[data-retry]")) retry();
  if (event.target.closest("[data-search]") && !event.defaultPrevented && !heldBack(event)) {
    event.preventDefault();
    openPalette();
  }
  const opener = event.target.closest("[data-opens]");
  if (opener) $(opener.dataset.opens).showModal();
});
// A link with a key held is the browser's: a new tab, a new window, a file.
addEventListener("click", (event) => {
  if (heldBack(event) && event.target.closest("a[hx-get]")) event.stopPropagation();
}, true);
// What is typed to find a value is no filter yet.
addEventListener("change", (event) => event.target.form?.matches("[data-find]") && event.stopPropagation(), true);
on("change", ({ target }) => {
  if (target.closest(".pick")) showChoice(target.closest(".pick"));
  if (target.id === "keys-on") localStorage.setItem("keys", target.checked ? "on" : "off");
});

drawFigures();
carryFilters();
showEntry($("#rail [aria-current]"));
if ($("#keys-on")) $("#keys-on").checked = keysAreOn();
if ($(".problems")) $(".problems").focus();
if ($("#sync-menu")) import(root.dataset.sync);
if ($("#app")) setTimeout(() => import(root.dataset.refresh), 20_000);
