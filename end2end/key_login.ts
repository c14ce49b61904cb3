// A holder signs in with their key through extension and helper, in whichever browser: what the counter's own pages say,
// said by hand, so that each answer can be looked at.

import { randomBytes } from "node:crypto";
import { expect } from "./office.ts";
import type { Office } from "./office.ts";
import type { KeyInPort } from "./key_in_port.ts";
import { PinPrompt } from "./pin_prompt.ts";

const EXTENSION = "lpmannenecnfpfmfmnjgadejnahcijep";

type Body = Record<string, any>;

/** A page of the office, in Chromium or Firefox. */
export interface Page {
  evaluate<Given, Returned>(work: (given: Given) => Promise<Returned>, given: Given): Promise<Returned>;
}

interface Login {
  readonly extension: string;
  readonly key: string;
  readonly challenge: string;
  /** The same mandate once more. */
  readonly again: boolean;
}

/** Runs in the page and stands by itself. */
export async function login({ extension, key, challenge, again }: Login): Promise<Body[]> {
  const waiting: ((body: any) => void)[] = [];
  const runtime = (globalThis as any).chrome?.runtime;
  let post: (message: any) => void;
  if (runtime?.connect) {
    const port = runtime.connect(extension);
    port.onMessage.addListener((message: any) => waiting.shift()?.(message.body));
    port.onDisconnect.addListener(() => waiting.shift()?.({ answer: "port closed" }));
    post = (message) => port.postMessage(message);
  } else if (document.documentElement.dataset["certhallBridge"]) {
    addEventListener("message", ({ data }) => {
      if (data?.certhall === "answer") waiting.shift()?.(data.message.body);
    });
    post = (message) => postMessage({ certhall: "ask", message }, location.origin);
  } else {
    return [{ answer: "no extension" }];
  }
  let id = 100;
  const ask = (body: any, mandate?: any): Promise<any> =>
    new Promise((answered) => {
      waiting.push(answered);
      post({ version: 1, id: ++id, body, mandate });
    });
  const hello = await ask({ verb: "hello" });
  if (hello.answer !== "hello") return [hello];
  const listed = await ask({ verb: "list_keys" });
  const request = { verb: "login", key, challenge };
  const answer = await fetch("/api/mandates/give", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ purpose: { for: "sign_in" }, request, station_key: hello.station_key }),
  });
  const mandate = answer.ok ? await answer.json() : undefined;
  const said = [hello, listed, await ask(request, mandate)];
  if (again) {
    said.push(await ask(request, mandate));
    said.push(await ask(request));
    said.push(await ask({ ...request, challenge: "00".repeat(32) }, mandate));
    said.push(await ask(request, { ...mandate, text: mandate.text.replace("登录", "转账") }));
    // More than a helper reads: the last thing that this one hears.
    said.push(await ask({ ...request, challenge: "00".repeat(40_000) }, mandate));
  }
  if (!runtime?.connect) postMessage({ certhall: "close" }, location.origin);
  return said;
}

/** The PIN is typed at the helper's window, which says who asks and what for; a second time the same mandate is worth nothing. */
export async function signsIn(page: Page, office: Office, key: KeyInPort, pin: string) {
  const prompt = await PinPrompt.open(office);
  try {
    const given = { extension: EXTENSION, key: `soft:${key.serial}`, challenge: randomBytes(32).toString("hex"), again: true };
    prompt.types(pin);
    const [, listed, first, replayed, unsigned, other, changed, oversized] = await page.evaluate(login, given);
    expect(listed).toMatchObject({ keys: [{ serial: key.serial, state: "personalised" }] });
    expect(first).toMatchObject({ answer: "logged_in", serial: key.serial });
    expect(replayed).toMatchObject({ answer: "failed", error: { kind: "mandate", detail: "replayed" } });
    expect(unsigned).toMatchObject({ answer: "failed", error: { kind: "mandate", detail: "missing" } });
    expect(other).toMatchObject({ answer: "failed", error: { kind: "mandate", detail: "other_request" } });
    expect(changed).toMatchObject({ answer: "failed", error: { kind: "mandate", detail: "signature" } });
    expect(oversized).toMatchObject({ answer: "failed", error: { kind: "malformed" } });
    expect(prompt.asked).toHaveLength(1);
    expect(prompt.asked[0]).toMatchObject({ asks: "current", origin: office.counter, purpose: "登录证书大厅", serial: key.serial });
    // 取消: nothing is tried, nothing is lost.
    const [, , cancelled] = await page.evaluate(login, { ...given, challenge: randomBytes(32).toString("hex"), again: false });
    expect(cancelled).toMatchObject({ answer: "failed", error: { kind: "cancelled" } });
    expect(prompt.asked[1]?.left).toBe(prompt.asked[0]?.left);
  } finally {
    await prompt.close();
  }
}

/** 127.0.0.1 by its other name: a site that nobody told the helper of. */
export async function strangerIsRefused(page: Page, key: KeyInPort) {
  const given = { extension: EXTENSION, key: `soft:${key.serial}`, challenge: "00".repeat(32), again: false };
  const [, listed, refused] = await page.evaluate(login, given);
  for (const answer of [listed, refused]) {
    expect(answer).toMatchObject({ answer: "failed", error: { kind: "mandate", detail: "unknown_office" } });
  }
}
