// The sheet over the map on a phone, in both editions; the style sheets say where it is used.
(function () {
  "use strict";
  // On a phone the sheet over the map has three heights; the grip drags it from one to another.
  var root = document.documentElement, SHEETS = ["low", "middle", "high"];
  var drag = null, told = "";

  // Streamlit puts a box of its own around ours.
  function sheet() { return document.querySelector("#sheet") || document.querySelector(".st-key-sheet").parentElement; }

  function rise(to) { root.dataset.sheet = to; }

  function nearest(height) {
    var part = height / innerHeight;
    return part < 0.3 ? "low" : part < 0.68 ? "middle" : "high";
  }

  addEventListener("pointerdown", function (event) {
    if (!event.target.matches(".grip")) return;
    event.target.setPointerCapture(event.pointerId);
    drag = { from: event.clientY, height: sheet().clientHeight, moved: false };
  });
  addEventListener("pointermove", function (event) {
    if (!drag || Math.abs(event.clientY - drag.from) < 4 && !drag.moved) return;
    drag.moved = true;
    root.style.setProperty("--dragged", drag.height + drag.from - event.clientY + "px");
    rise("dragged");
  });
  ["pointerup", "pointercancel"].forEach(function (end) {
    addEventListener(end, function () {
      if (drag && drag.moved) rise(nearest(sheet().clientHeight));
      drag = drag && drag.moved ? "ended" : null;
    });
  });
  addEventListener("click", function (event) {
    if (!event.target.matches(".grip")) return;
    var at = SHEETS.indexOf(root.dataset.sheet || "middle");
    if (drag !== "ended") rise(SHEETS[(at + 1) % SHEETS.length]);
    drag = null;
  });

  // A story that opens shows its name: a low sheet rises, and a long one begins at its top.
  function story() {
    var now = new URLSearchParams(location.search).get("kommune") || "";
    if (now === told) return;
    told = now;
    if (now && root.dataset.sheet === "low") rise("middle");
    document.querySelectorAll("#sheet, #panel, .st-key-sheet, .st-key-panel").forEach(function (box) { box.scrollTop = 0; });
  }

  new MutationObserver(story).observe(document, { childList: true, subtree: true });
})();
