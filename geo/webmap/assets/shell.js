// What Streamlit's page lacks: accessibility (WCAG 3.1.1, 4.1.2, 2.1.4), signs, and a search that
// answers while one types.
(function () {
  "use strict";
  // This script lies two folders below the first page, wherever that is.
  var base = new URL("../../", document.currentScript.src).href;
  // Streamlit's front end tries WebAssembly for sums of long integers, and adds without it where it
  // is missing. The page's policy refuses it, which Firefox shows as an error on every page.
  delete window.WebAssembly;
  // Otherwise every page but the first looks for the server below its own path and gets a 404.
  window.__streamlit = Object.assign({}, window.__streamlit, { BACKEND_BASE_URL: base });

  // In somebody else's page: the map says how high the frame should be.
  document.documentElement.classList.toggle("framed", parent !== window);
  addEventListener("message", function (event) {
    var high = event.origin === location.origin && event.data && event.data.coverageMapHeight;
    if (high && parent !== window) parent.postMessage({ coverageMapHeight: high }, "*");
  });

  // What the map's frame is called, by language; the page came with it.
  var FRAME = JSON.parse(document.querySelector("meta[name=frame-names]").content);

  function language() {
    var asked = new URLSearchParams(location.search).get("lang");
    return Object.prototype.hasOwnProperty.call(FRAME, asked) ? asked : Object.keys(FRAME)[0];
  }

  function name() {
    var lang = language();
    // Streamlit names its field for files and says that it has no meaning.
    document.querySelectorAll("section[role=presentation][aria-label]").forEach(function (field) { field.setAttribute("role", "group"); });
    if (document.documentElement.lang !== lang) document.documentElement.lang = lang;
    document.querySelectorAll("iframe[title]").forEach(function (frame) {
      if (frame.title !== FRAME[lang] && frame.src.indexOf("streamlit_folium") >= 0) frame.title = FRAME[lang];
    });
  }

  // Signs and drawings, which come as text (geo/webmap/swatches.py).
  function unpack() {
    document.querySelectorAll("[data-drawn]:empty").forEach(function (place) {
      var whole = place.dataset.drawn.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
      var drawn = new DOMParser().parseFromString(whole, "image/svg+xml").documentElement;
      place.replaceChildren(document.importNode(drawn, true));
    });
  }

  new MutationObserver(function () { name(); unpack(); coverageSmall.fill(window.coverageDrawing); }).observe(document, { childList: true, subtree: true });
  addEventListener("popstate", name);
  setInterval(name, 1000);

  // Streamlit's fields speak up at Enter only: say Enter for the reader when they pause.
  var SEARCH = ".st-key-search input", HITS = ".st-key-hits button", PAUSE_MS = 200;
  var pause = null;
  addEventListener("input", function (event) {
    if (!event.target.matches(SEARCH)) return;
    clearTimeout(pause);
    pause = setTimeout(function () {
      event.target.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    }, PAUSE_MS);
  });

  // Arrow keys go between field and hits; Escape empties the field.
  function walk(event, step) {
    var stops = [document.querySelector(SEARCH)].concat(Array.from(document.querySelectorAll(HITS)));
    var to = stops[stops.indexOf(document.activeElement) + step];
    if (!to) return;
    event.preventDefault();
    to.focus();
  }

  addEventListener("keydown", function (event) {
    if (!event.target.closest || !event.target.closest(".st-key-search, .st-key-hits")) return;
    if (event.key === "ArrowDown") walk(event, 1);
    if (event.key === "ArrowUp") walk(event, -1);
  });

  // Where the bar has no room for all its links, a button unfolds them. A press anywhere folds them,
  // and so does leaving them with the keyboard, or for the map's frame.
  function unfold(open) {
    document.documentElement.toggleAttribute("data-pages", open);
    document.querySelectorAll(".open-pages").forEach(function (button) { button.setAttribute("aria-expanded", String(open)); });
  }

  addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest(".open-pages");
    unfold(Boolean(button) && !document.documentElement.hasAttribute("data-pages"));
  });

  addEventListener("focusin", function (event) {
    if (!event.target.closest(".open-pages, .st-key-pages")) unfold(false);
  });
  addEventListener("blur", function () { unfold(false); });

  addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !document.documentElement.hasAttribute("data-pages")) return;
    unfold(false);
    document.querySelectorAll(".open-pages").forEach(function (button) { button.focus(); });
  });

  // The map's frame gets the size that it has on paper before it is asked to fit the map into it.
  ["beforeprint", "afterprint"].forEach(function (moment) {
    addEventListener(moment, function () {
      document.documentElement.classList.toggle("printed", moment === "beforeprint");
    });
  });

  // A press on a kommune's name writes its number into a field of Streamlit's, which answers at Enter,
  // so that the page is not loaded anew.
  addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-kommune]");
    var field = document.querySelector(".st-key-choose input");
    if (!link || !field || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    // The moment makes it another text when the same name is pressed again.
    write(field, link.dataset.kommune + " " + Date.now());
  });

  function write(field, text) {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(function () {
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    }, 0);
  }

  // Stop Streamlit's single-letter shortcuts, which rerun the page or open dialogs (WCAG 2.1.4).
  addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    if (event.key === " ") return;
    var at = event.target;
    var typing = at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
    if (!typing) event.stopImmediatePropagation();
  }, true);
})();
