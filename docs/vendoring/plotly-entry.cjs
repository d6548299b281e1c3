// The trace types that charts may use: a type that is not registered here draws nothing, silently.
// scatter is part of Plotly's core.
const Plotly = require("plotly.js/lib/core");

Plotly.register([
  require("plotly.js/lib/bar"),
  require("plotly.js/lib/funnel"),
  require("plotly.js/lib/heatmap"),
  require("plotly.js/lib/indicator"),
  require("plotly.js/lib/pie"),
  require("plotly.js/lib/waterfall"),
]);

module.exports = Plotly;
