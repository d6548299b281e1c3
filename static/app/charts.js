// Draws the figures that the server sends, in the house style, when they come into view.
//
// <div class="chart" data-figure='{"data": […], "layout": {…}}' role="img" aria-label="…"></div>
//
// The server sends no template, only what differs from house(). Any string in data or layout that starts with
// "--" is a colour token of tokens.css: "--c1" … "--c6", "--other", "--good", "--bad", "--warn", "--text",
// "--muted", "--line", "--surface". "--c1/20" is the same colour at 20 % opacity (ranges, areas). Figures
// without colours take --c1 … --c6 in turn. So one figure serves all themes, and a change of theme asks
// nothing of the server.

const CONFIG = { displayModeBar: false, responsive: true, plotlyServerURL: "", showTips: false };
const drawn = () => document.querySelectorAll(".chart.js-plotly-plot");

// Plotly writes style="…" with setAttribute, which the page's security policy refuses; the same text through the
// CSSOM is allowed. This is what spares the whole site 'unsafe-inline'. (The desk has no figures, and its own copy.)
function allowStyles() {
  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style" && this.style) this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
}

let plotly;
function loadPlotly() {
  plotly ??= new Promise((resolve, reject) => {
    const { plotly: script, plotlyCss: css } = document.documentElement.dataset;
    // This id and class tell Plotly that its style sheet is there, so that it writes none into the page.
    const sheet = Object.assign(document.createElement("link"), {
      rel: "stylesheet", href: css, id: "plotly.js-style-global", className: "no-inline-styles",
    });
    const code = Object.assign(document.createElement("script"), { src: script });
    code.onload = () => resolve(window.Plotly);
    code.onerror = reject;
    document.head.append(sheet, code);
  }).catch((reason) => {
    plotly = undefined;
    throw reason;
  });
  return plotly;
}

// Plotly cannot read light-dark() or color-mix(): a hidden element turns a token into plain rgb().
const probe = Object.assign(document.createElement("span"), { hidden: true });

function colour(token) {
  const [name, percent] = token.split("/");
  if (!probe.isConnected) document.body.append(probe);
  probe.style.forcedColorAdjust = "none";
  probe.style.color = `var(${name})`;
  const rgb = getComputedStyle(probe).color;
  return percent ? rgb.replace("rgb(", "rgba(").replace(")", `, ${percent / 100})`) : rgb;
}

// Plotly takes tags in any text for markup, links too: of a name that somebody wrote they are text. The house's own
// texts use two of them.
const TOKEN = /^--[a-z][\w-]*(\/\d+)?$/;
const MARKUP = /<(?!br>|\/?extra>)/gi;

function withColours(value) {
  if (typeof value === "string") return TOKEN.test(value) ? colour(value) : value.replace(MARKUP, "&lt;");
  if (Array.isArray(value)) return value.map(withColours);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withColours(inner)]));
  }
  return value;
}

const plain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function merged(house, own) {
  const result = { ...house };
  for (const [key, value] of Object.entries(own ?? {})) {
    result[key] = plain(value) && plain(house[key]) ? merged(house[key], value) : value;
  }
  return result;
}

const TRACES = {
  scatter: { line: { width: 2.25 }, marker: { size: 6 } },
  bar: { marker: { line: { width: 0 } }, insidetextfont: { color: "--surface" } },
  heatmap: { colorscale: [[0, "--sunken"], [1, "--c1"]], xgap: 2, ygap: 2, showscale: false },
  funnel: { marker: { color: "--c1" }, insidetextfont: { color: "--on-accent" }, outsidetextfont: { color: "--text" }, connector: { fillcolor: "--c1/15", line: { width: 0 } }, cliponaxis: false },
  pie: { hole: 0.62, marker: { line: { color: "--surface", width: 2 } }, textinfo: "percent", sort: false },
  waterfall: {
    increasing: { marker: { color: "--good" } },
    decreasing: { marker: { color: "--bad" } },
    totals: { marker: { color: "--c1" } },
    connector: { line: { color: "--line", width: 1 } },
  },
  indicator: { number: { font: { color: "--text" } } },
};

// A legend needs the line above the plot; without one the plot takes it.
function hasLegend({ data, layout = {} }) {
  return layout.showlegend ?? (data.length > 1 || data.some((trace) => trace.type === "pie"));
}

// Few bars over a wide box would be walls.
function gap({ data }) {
  const [bar] = data.filter((trace) => trace.type === "bar");
  const values = bar?.orientation === "h" ? bar.y : bar?.x;
  const count = values?.length ?? 9;
  return count < 2 ? 0.8 : count < 4 ? 0.65 : count < 6 ? 0.5 : 0.28;
}

function house(figure, narrow) {
  const legend = hasLegend(figure);
  const funnel = figure.data.some((trace) => trace.type === "funnel");
  return {
    autosize: true,
    paper_bgcolor: "--surface",
    plot_bgcolor: "--surface",
    colorway: ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--other"],
    font: { family: "Inter, sans-serif", size: narrow ? 11 : 12, color: "--muted" },
    // What does not fit into a funnel's stage is written beside it.
    margin: { t: legend ? 30 : 10, r: funnel ? (narrow ? 112 : 72) : narrow ? 4 : 12, b: 28, l: narrow ? 36 : 48 },
    legend: { orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom", itemclick: false, itemdoubleclick: false },
    hovermode: "x unified",
    hoverlabel: { bgcolor: "--raised", bordercolor: "--control", font: { color: "--text" }, align: "left" },
    barcornerradius: 3,
    bargap: gap(figure),
    dragmode: false,
  };
}

// Few ticks suit numbers and dates; of names none may be left out.
function isNamed(data, letter) {
  const value = data.find((trace) => Array.isArray(trace[letter]))?.[letter][0];
  return typeof value === "string" && !/^\d{4}-\d\d/.test(value);
}

function axis(letter, named, sideways, narrow) {
  const values = letter === (sideways ? "x" : "y");
  return {
    fixedrange: true,
    automargin: true,
    gridcolor: "--line",
    zerolinecolor: "--control",
    title: { standoff: 8 },
    separatethousands: true,
    showspikes: !values,
    spikecolor: "--muted",
    spikethickness: 1,
    showgrid: values,
    showline: !values,
    linecolor: "--line",
    zeroline: values,
    ...(!named && { nticks: values && !sideways ? 6 : narrow ? 4 : 8 }),
    ...(values && !named && { rangemode: "tozero" }),
  };
}

// A mark on each point helps a short line; on a long one it hides the line, and its dash.
function calm(trace) {
  return trace.mode === "lines+markers" && trace.x?.length > 26 ? { ...trace, mode: "lines" } : trace;
}

function styled(figure, width) {
  const narrow = width < 480;
  const sideways = figure.data.some((trace) => trace.orientation === "h" || trace.type === "funnel");
  const layout = merged(house(figure, narrow), figure.layout);
  const names = new Set(["xaxis", "yaxis", ...Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key))]);
  for (const name of names) {
    layout[name] = merged(axis(name[0], isNamed(figure.data, name[0]), sideways, narrow), layout[name]);
  }
  const data = figure.data.map((trace) => calm(merged(TRACES[trace.type ?? "scatter"] ?? {}, trace)));
  return withColours({ data, layout });
}

// No await in here: a print does not wait for promises.
function draw(box) {
  const { data, layout } = styled(JSON.parse(box.dataset.figure), box.clientWidth);
  return window.Plotly.react(box, data, layout, CONFIG);
}

async function drawFirst(box) {
  try {
    await loadPlotly();
    if (!box.isConnected) return;
    await draw(box);
    box.on("plotly_click", (detail) => box.dispatchEvent(new CustomEvent("mark", { bubbles: true, detail })));
  } catch {
    showTableInstead(box);
  }
}

function showTableInstead(box) {
  if (box.classList.contains("js-plotly-plot")) return;
  box.classList.add("failed");
  box.removeAttribute("role");
  box.textContent = "The chart could not be drawn. Its figures are in the table below.";
  const table = box.closest("section")?.querySelector("details.data");
  if (table) table.open = true;
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      drawFirst(target);
    }
  },
  { rootMargin: "200px" },
);

function watch(root) {
  if (root.matches?.(".chart[data-figure]")) watcher.observe(root);
  for (const box of root.querySelectorAll(".chart[data-figure]")) watcher.observe(box);
}

const redraw = () => drawn().forEach(draw);

function purge({ detail: { elt } }) {
  if (elt.classList?.contains("js-plotly-plot")) window.Plotly?.purge(elt);
}

// Paper is white and has a width of its own: for the length of a print the figures take the light theme's
// colours and become scalable.
function prepareForPaper() {
  const root = document.documentElement;
  root.dataset.screenTheme = root.dataset.theme;
  root.dataset.theme = "luma";
  redraw();
  for (const svg of document.querySelectorAll(".chart .main-svg")) {
    svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
  }
}

function returnToScreen() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.screenTheme;
  for (const svg of document.querySelectorAll(".chart .main-svg")) svg.removeAttribute("viewBox");
  redraw();
}

document.addEventListener("htmx:load", (event) => watch(event.detail.elt));
allowStyles();
watch(document.body);
document.addEventListener("htmx:beforeCleanupElement", purge);
document.addEventListener("themechange", redraw);
matchMedia("(prefers-color-scheme: light)").addEventListener("change", redraw);
addEventListener("beforeprint", prepareForPaper);
addEventListener("afterprint", returnToScreen);
