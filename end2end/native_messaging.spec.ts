// Page → extension → helper → soft key and back, in real Chromium, without the office's pages in between.

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
