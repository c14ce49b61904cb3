// Firefox lets no page speak to an extension, so this stands between: it hands messages on and reads none of them. What a
// page says of itself does not count: the worker takes the origin from the browser.

let worker = null;

const toPage = (certhall, message) => window.postMessage({ certhall, message }, location.origin);

window.addEventListener('message', ({ source, origin, data }) => {
  if (source !== window || origin !== location.origin) return;
  if (data?.certhall === 'ask') {
    if (!worker) {
      worker = browser.runtime.connect();
      worker.onMessage.addListener((message) => toPage('answer', message));
      worker.onDisconnect.addListener(() => {
        worker = null;
        toPage('closed');
      });
    }
    worker.postMessage(data.message);
  } else if (data?.certhall === 'close') {
    worker?.disconnect();
    worker = null;
  }
});

// The page sees by this that there is an extension.
document.documentElement.dataset.certhallBridge = '1';
