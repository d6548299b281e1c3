// Fills static/vendor, the icon sprite and the browser tests' axe from npm packages of exact versions.
// Usage, from a copy of this folder outside the repository:  npm ci && node build.mjs REPOSITORY
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const repository = process.argv[2];
if (!repository) throw new Error("Name the repository: node build.mjs /path/to/repository");
const versions = JSON.parse(readFileSync("package.json")).dependencies;
const packaged = (name, file) => join("node_modules", name, file);

// Where each file comes from; `from: null` marks what this script builds itself.
const files = [
  { path: "static/vendor/htmx/htmx.min.js", source: "htmx.org", licence: "0BSD", from: "dist/htmx.min.js" },
  { path: "static/vendor/htmx/LICENSE", source: "htmx.org", licence: "0BSD", from: "LICENSE" },
  { path: "static/vendor/plotly/plotly.min.js", source: "plotly.js", licence: "MIT", from: null },
  { path: "static/vendor/plotly/plotly.css", source: "plotly.js", licence: "MIT", from: "dist/plotly.css" },
  { path: "static/vendor/plotly/LICENSE", source: "plotly.js", licence: "MIT", from: "LICENSE" },
  {
    path: "static/vendor/inter/inter.woff2",
    source: "@fontsource-variable/inter",
    licence: "OFL-1.1",
    from: "files/inter-latin-wght-normal.woff2",
  },
  { path: "static/vendor/inter/LICENSE", source: "@fontsource-variable/inter", licence: "OFL-1.1", from: "LICENSE" },
  { path: "static/vendor/inter/Inter-Regular.ttf", source: "inter-ui", licence: "OFL-1.1", from: null },
  { path: "static/vendor/inter/Inter-SemiBold.ttf", source: "inter-ui", licence: "OFL-1.1", from: null },
  { path: "static/app/icons.svg", source: "lucide-static", licence: "ISC", from: null },
  { path: "static/vendor/lucide/LICENSE", source: "lucide-static", licence: "ISC", from: "LICENSE" },
  { path: "tests/browser/vendor/axe.min.js", source: "axe-core", licence: "MPL-2.0", from: "axe.min.js" },
  { path: "tests/browser/vendor/LICENSE", source: "axe-core", licence: "MPL-2.0", from: "LICENSE" },
];

async function bundlePlotly(target) {
  await build({
    entryPoints: ["plotly-entry.cjs"],
    outfile: target,
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "Plotly",
    target: "es2016",
    // Plotly still speaks to Node's globals of old; an AMD loader must not swallow the global name.
    define: { global: "window", "define.amd": "false", "process.env.NODE_DEBUG": "false" },
    alias: { stream: "stream-browserify" },
    // The maps' stylesheet comes along with Plotly's core; no chart here is a map.
    loader: { ".css": "empty" },
    legalComments: "none",
    banner: { js: `/* plotly.js ${versions["plotly.js"]}, partial bundle, MIT */` },
  });
}

function symbol(id, icon) {
  const svg = readFileSync(packaged("lucide-static", `icons/${icon}.svg`), "utf8");
  const drawing = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.indexOf("</svg>"));
  return `<symbol id="${id}" viewBox="0 0 24 24">${drawing.replace(/\s*\n\s*/g, "")}</symbol>`;
}

function drawSprite(target) {
  const icons = Object.entries(JSON.parse(readFileSync("icons.json")));
  const open = '<svg xmlns="http://www.w3.org/2000/svg">';
  const licence = `<!-- Lucide ${versions["lucide-static"]}, ISC -->`;
  writeFileSync(target, [open, licence, ...icons.map(([id, icon]) => symbol(id, icon)), "</svg>", ""].join("\n"));
}

const digest = (path) => "sha384-" + createHash("sha384").update(readFileSync(path)).digest("base64");

for (const file of files) {
  const target = join(repository, file.path);
  mkdirSync(dirname(target), { recursive: true });
  if (file.from) cpSync(packaged(file.source, file.from), target);
}
await bundlePlotly(join(repository, "static/vendor/plotly/plotly.min.js"));
drawSprite(join(repository, "static/app/icons.svg"));
// The typesetter of reports takes TrueType alone: fonttools and brotli of PyPI write it.
execFileSync("python3", ["paper_fonts.py", packaged("inter-ui", "web"), join(repository, "static/vendor/inter")]);

const manifest = files.map(({ path, source, licence }) => ({
  path,
  package: source,
  version: versions[source],
  licence,
  sha384: digest(join(repository, path)),
}));
writeFileSync(join(repository, "static/vendor/manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
console.log(manifest.map(({ path, version }) => `${path}  ${version}`).join("\n"));
