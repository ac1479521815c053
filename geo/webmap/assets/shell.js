// Accessibility fixes for Streamlit's page (WCAG 3.1.1, 4.1.2, 2.1.4).
(function () {
  "use strict";
  // This script lies two folders below the first page, wherever that is.
  var base = new URL("../../", document.currentScript.src).href;
  // Otherwise every page but the first looks for the server below its own path and gets a 404.
  window.__streamlit = Object.assign({}, window.__streamlit, { BACKEND_BASE_URL: base });

  // What the map's frame is called, by language; the page came with it.
  var FRAME = JSON.parse(document.querySelector("meta[name=frame-names]").content);

  function language() {
    var asked = new URLSearchParams(location.search).get("lang");
    return Object.prototype.hasOwnProperty.call(FRAME, asked) ? asked : Object.keys(FRAME)[0];
  }

  function name() {
    var lang = language();
    if (document.documentElement.lang !== lang) document.documentElement.lang = lang;
    document.querySelectorAll("iframe[title]").forEach(function (frame) {
      if (frame.title !== FRAME[lang] && frame.src.indexOf("streamlit_folium") >= 0) frame.title = FRAME[lang];
    });
  }

  new MutationObserver(name).observe(document, { childList: true, subtree: true });
  addEventListener("popstate", name);
  setInterval(name, 1000);

  // Stop Streamlit's single-letter shortcuts, which rerun the page or open dialogs (WCAG 2.1.4).
  addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    if (event.key === " ") return;
    var at = event.target;
    var typing = at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
    if (!typing) event.stopImmediatePropagation();
  }, true);
})();
