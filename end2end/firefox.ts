// Stock Firefox ESR, headless, driven over WebDriver BiDi by itself: playwright knows only a Firefox of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import WebSocket from "ws";
import { helperEnvironment, installHelper, type Office, ROOT } from "./office.ts";

const READY_MS = 30_000;
const ANSWER_MS = 40_000;
const OPENINGS = 3;

type Json = any;

/** Firefox as a holder has it: the extension installed, the helper known, the keys of this house in the ports. */
export class Firefox {
  private last = 0;
  private readonly waiting = new Map<number, { done: (value: Json) => void; failed: (why: Error) => void }>();

  private constructor(private readonly program: ChildProcess, private readonly line: WebSocket) {
    line.on("error", () => undefined); // "close" follows
    line.on("close", () => {
      for (const { failed } of this.waiting.values()) failed(new Error("Firefox hung up"));
      this.waiting.clear();
    });
    line.on("message", (text) => {
      const said = JSON.parse(text.toString());
      const waiting = this.waiting.get(said.id);
      this.waiting.delete(said.id);
      if (said.type === "success") waiting?.done(said.result);
      else waiting?.failed(new Error(`${said.error}: ${said.message}`));
    });
  }

  /** Works in a Firefox. One that does not come up, or dies by itself, says nothing of the office: the work is done anew in another. */
  static async does(office: Office, work: (firefox: Firefox) => Promise<void>) {
    await installHelper(office);
    for (let opening = 1; ; opening++) {
      let firefox: Firefox | undefined;
      try {
        firefox = await Firefox.start(office);
        return await work(firefox);
      } catch (why) {
        if (opening === OPENINGS || firefox?.lives) throw why;
        console.log(`Firefox, opening ${opening}: ${why}`);
      } finally {
        await firefox?.close();
      }
    }
  }

  private get lives() {
    return this.line.readyState === WebSocket.OPEN;
  }

  private static async start(office: Office): Promise<Firefox> {
    const profile = mkdtempSync(join(office.folder, "firefox-"));
    // Only what keeps it from calling home and from asking questions.
    const quiet = { "app.update.enabled": false, "browser.shell.checkDefaultBrowser": false, "datareporting.policy.dataSubmissionEnabled": false };
    const lines = Object.entries(quiet).map(([name, value]) => `user_pref("${name}", ${value});\n`);
    writeFileSync(join(profile, "user.js"), lines.join(""));
    const program = spawn("firefox-esr", ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"], {
      env: { ...helperEnvironment(office), MOZ_CRASHREPORTER_DISABLE: "1" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    try {
      const line = new WebSocket(`${await listening(program)}/session`, { handshakeTimeout: READY_MS });
      await new Promise((open, failed) => line.once("open", open).once("error", failed));
      const firefox = new Firefox(program, line);
      await firefox.send("session.new", { capabilities: {} });
      await firefox.send("webExtension.install", { extensionData: { type: "path", path: extension(office) } });
      return firefox;
    } catch (why) {
      program.kill("SIGKILL");
      throw why;
    }
  }

  async page(address: string): Promise<FirefoxPage> {
    const { context } = await this.send("browsingContext.create", { type: "tab" });
    await this.send("browsingContext.navigate", { context, url: address, wait: "complete" });
    return new FirefoxPage(this, context);
  }

  send(method: string, params: Json): Promise<Json> {
    const id = ++this.last;
    if (!this.lives) return Promise.reject(new Error(`${method}: Firefox hung up`));
    this.line.send(JSON.stringify({ id, method, params }));
    return new Promise((done, failed) => {
      const late = setTimeout(() => failed(new Error(`${method}: no answer`)), ANSWER_MS);
      const settle = <T>(how: (value: T) => void) => (value: T) => {
        clearTimeout(late);
        how(value);
      };
      this.waiting.set(id, { done: settle(done), failed: settle(failed) });
    });
  }

  private async close() {
    const ended = new Promise((done) => this.program.once("exit", done));
    if (this.program.exitCode !== null || this.program.signalCode !== null) return;
    const late = setTimeout(() => this.program.kill("SIGKILL"), 10_000);
    await this.send("browser.close", {}).catch(() => this.program.kill("SIGTERM"));
    await ended;
    clearTimeout(late);
  }
}

export class FirefoxPage {
  constructor(private readonly firefox: Firefox, private readonly context: string) {}

  /** Runs a function that stands by itself in the page, and gives what it returns (JSON). */
  async evaluate<Given, Returned>(work: (given: Given) => Promise<Returned> | Returned, given: Given): Promise<Returned> {
    const expression = `Promise.resolve((${work.toString()})(${JSON.stringify(given)})).then((it) => JSON.stringify(it ?? null))`;
    const params = { expression, target: { context: this.context }, awaitPromise: true };
    const { type, result, exceptionDetails } = await this.firefox.send("script.evaluate", params);
    if (type !== "success") throw new Error(exceptionDetails?.text ?? "the page failed");
    return JSON.parse(result.value);
  }

  /** Waits until the page says so. */
  async says(text: string) {
    const until = Date.now() + ANSWER_MS;
    for (;;) {
      const there = await this.evaluate((): string => document.body.innerText, undefined);
      if (there.includes(text)) return;
      if (Date.now() > until) throw new Error(`the page does not say ${text}:\n${there}`);
      await new Promise((later) => setTimeout(later, 200));
    }
  }
}

/** The folder as a package would hold it: the worker is the same file as in Chromium. */
function extension(office: Office): string {
  const folder = join(office.folder, "firefox-extension");
  mkdirSync(folder, { recursive: true });
  for (const file of ["extension_firefox/manifest.json", "extension_firefox/bridge.js", "extension/worker.js"]) {
    copyFileSync(join(ROOT, "helper", file), join(folder, file.split("/")[1]!));
  }
  return folder;
}

function listening(program: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = "";
    const late = setTimeout(() => failed(new Error(`Firefox is not ready: ${said}`)), READY_MS);
    program.once("error", failed);
    program.once("exit", (status, signal) => failed(new Error(`Firefox left with ${status ?? signal}: ${said}`)));
    program.stderr!.on("data", (bytes: Buffer) => {
      said += bytes.toString("utf8");
      const address = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said)?.[1];
      if (!address) return;
      clearTimeout(late);
      program.removeAllListeners("exit");
      found(address);
    });
  });
}
