// Accessibility fixes for Streamlit's page (WCAG 3.1.1, 4.1.2, 2.1.4).
(function () {
  "use strict";
  // Otherwise every page but the first looks for the server below its own path and gets a 404.
  window.__streamlit = Object.assign({}, window.__streamlit, { BACKEND_BASE_URL: location.origin + "/" });

  var FRAME = { nb: "Kart over kommuner", en: "Map of kommuner" };

  function language() {
    return new URLSearchParams(location.search).get("lang") === "en" ? "en" : "nb";
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
