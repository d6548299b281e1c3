// Plotly writes style="…" with setAttribute, which the page's security policy refuses; the same text
// through the CSSOM is allowed. This is what spares the whole site 'unsafe-inline'.
{
  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style" && this.style) this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
}
