// Page → extension → helper → soft key and back, in real Chromium, without the office's pages in between.

import { Firefox } from "./firefox.ts";
import { login, strangerIsRefused } from "./key_login.ts";
import { expect, test } from "./office.ts";
import { KeyInPort } from "./key_in_port.ts";

const EXTENSION = "lpmannenecnfpfmfmnjgadejnahcijep";

/** Asks the extension from inside the page, as app/src/key_access does. */
function question([extension, body]: [string, object]): Promise<any> {
  return new Promise((answered) => {
    const runtime = (globalThis as any).chrome?.runtime;
    if (!runtime?.connect) return answered({ answer: "no extension" });
    const port = runtime.connect(extension);
    port.onMessage.addListener((message: any) => {
      answered(message.body);
      port.disconnect();
    });
    port.onDisconnect.addListener(() => answered({ answer: "port closed" }));
    port.postMessage({ version: 1, id: 1, body });
  });
}

test("the page of the office sees the key in the port, and sees it go (R058, R060)", async ({ office, producer }) => {
  const key = KeyInPort.fresh(office);
  const page = await producer.newPage();
  await page.goto("/");
  const hello = await page.evaluate(question, [EXTENSION, { verb: "hello" }] as [string, object]);
  expect(hello.answer).toBe("hello");
  expect(hello.station_key).toMatch(/^[A-Za-z0-9+/]+=*$/);

  const listed = await page.evaluate(question, [EXTENSION, { verb: "list_keys" }] as [string, object]);
  expect(listed.keys).toHaveLength(1);
  expect(listed.keys[0]).toMatchObject({ serial: key.serial, state: "blank", certificate_name: null });

  key.remove();
  const gone = await page.evaluate(question, [EXTENSION, { verb: "list_keys" }] as [string, object]);
  expect(gone.keys).toHaveLength(0);
});

test("a page of another origin reaches no key", async ({ producer }) => {
  const page = await producer.newPage();
  await page.route("https://elsewhere.example/", (route) => route.fulfill({ body: "<!doctype html><title>elsewhere</title>", contentType: "text/html" }));
  await page.goto("https://elsewhere.example/");
  const answer = await page.evaluate(question, [EXTENSION, { verb: "list_keys" }] as [string, object]);
  expect(["no extension", "port closed"]).toContain(answer.answer);
});

test("in Firefox the bridge carries the same messages, for the office's own origin alone (R058)", async ({ office }) => {
  const key = KeyInPort.fresh(office);
  const given = { extension: EXTENSION, key: `soft:${key.serial}`, challenge: "00".repeat(32), again: false };
  await Firefox.does(office, async (firefox) => {
    const page = await firefox.page(`${office.counter}/key`);
    const [hello, listed, blank] = await page.evaluate(login, given);
    expect(hello!["station_key"]).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(listed).toMatchObject({ keys: [{ serial: key.serial, state: "blank", certificate_name: null }] });
    // Obeyed, by the office's leave: that there is no certificate, the key itself says.
    expect(blank).toMatchObject({ answer: "failed", error: { kind: "not_found" } });
    await strangerIsRefused(await firefox.page(`${office.counter.replace("127.0.0.1", "localhost")}/key`), key);
  });
  key.remove();
});
