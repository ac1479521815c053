// Browsers start no worker from a page that was opened as a file. There the search runs in a
// hidden frame, which gets and sends the same messages.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      this.ready = new Promise((resolve) => {
        frame.addEventListener("load", () => resolve(frame.contentWindow));
      });
      frame.srcdoc = `<script>
        postMessage = (data) => frameElement.dispatchEvent(new CustomEvent("answer", { detail: data }));
      </script><script src="${address}"></script>`;
      frame.addEventListener("answer", ({ detail }) => {
        this.dispatchEvent(new MessageEvent("message", { data: detail }));
      });
      document.documentElement.append(frame);
    }

    async postMessage(data) {
      (await this.ready).dispatchEvent(new MessageEvent("message", { data }));
    }
  };
}
