// For the desk: jQuery writes style="…" with setAttribute, which the page's security policy refuses; the same
// text through the CSSOM is allowed.
{
  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style" && this.style) this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
}
