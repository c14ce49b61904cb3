// Carries messages between a page of the office and the helper program, and does nothing else: it holds no secret,
// knows no verb, and cannot be told another origin than the one the browser saw.
//
// The same file in Chromium, where the page connects itself, and in Firefox, where bridge.js does it for the page.
//
// One helper process for each connection of a page: what a page has opened on a key ends with the page. A helper that
// exited is started again by the page's next message.

const HELPER = 'cn.certhall.helper';
// The path in externally_connectable lets every page of the origin in; ports are not distinguished there, but here.
const OFFICES = new Set(['https://hall.certhall.example']);
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost)(:\d{1,5})?$/;

const failed = (kind, detail) => ({ version: 1, id: 0, body: { answer: 'failed', error: { kind, detail } } });

const serve = (page) => {
  const { origin, frameId } = page.sender;
  const known = OFFICES.has(origin) || LOOPBACK.test(origin);
  // Only the page itself, never a frame inside another page.
  if (!known || frameId !== 0) {
    page.postMessage(failed('denied'));
    page.disconnect();
    return;
  }

  let helper = null;
  const start = () => {
    helper = chrome.runtime.connectNative(HELPER);
    helper.onMessage.addListener((answer) => page.postMessage(answer));
    helper.onDisconnect.addListener((port) => {
      const reason = chrome.runtime.lastError?.message ?? port.error?.message ?? 'the helper closed the connection';
      helper = null;
      const kind = /not found|No such native/.test(reason) ? 'helper_missing' : /forbidden/.test(reason) ? 'denied' : 'transport';
      page.postMessage(failed(kind, kind === 'transport' ? reason : undefined));
    });
  };

  page.onMessage.addListener((message) => {
    if (!helper) start();
    helper.postMessage({ origin, message });
  });
  page.onDisconnect.addListener(() => helper?.disconnect());
};

chrome.runtime.onConnectExternal.addListener(serve);
chrome.runtime.onConnect.addListener(serve);
