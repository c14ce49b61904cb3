// A whole house for one spec file: the outside world, the office, and a producer's browser with a key in its port.
// Everything lies in a folder of its own and goes with it.

import { type BrowserContext, chromium, expect, test as base } from "@playwright/test";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
/** Where cargo left server, sandbox and certhall-helper; `cargo xtask test walks` says it. */
export const PROGRAMS = process.env["CERTHALL_PROGRAMS"] ?? join(ROOT, "target/debug");
const READY_MS = 30_000;
const STOP_MS = 10_000;

export interface Office {
  /** The counter, `http://127.0.0.1:…`. */
  readonly counter: string;
  /** The outside world: phone page and control. */
  readonly outside: string;
  /** Where the office writes. */
  readonly data: string;
  /** Where the soft keys lie. */
  readonly keys: string;
  /** The folder of it all. */
  readonly folder: string;
  /** kill -9, and the same office again on the same data and address. */
  crash(): Promise<void>;
  /** Closes and opens on the same data and address, by a clock that is so many days behind the machine's. */
  reopen(daysBehind: number): Promise<void>;
}

/** What a browser with a helper needs of a house. */
export type Home = Pick<Office, "counter" | "keys" | "folder">;

/** What a program lives in whose clock is behind: Debian's libfaketime, so that no product of ours has a clock to set. */
export function clockBehind(days: number): Record<string, string> {
  if (days === 0) return {};
  return {
    LD_PRELOAD: "/usr/$LIB/faketime/libfaketimeMT.so.1",
    FAKETIME: `-${days}d`,
    // Waiting stays as long as it is, and files keep their times.
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    NO_FAKE_STAT: "1",
  };
}

class House implements Office {
  counter = "";
  outside = "";
  private programs: [string, ChildProcess][] = [];

  constructor(readonly folder: string) {}

  get data() {
    return join(this.folder, "office");
  }
  get keys() {
    return join(this.folder, "soft-keys");
  }

  /** `age`: as if it had been founded so many days ago. */
  async open(age: number) {
    const port = await freePort();
    this.counter = `http://127.0.0.1:${port}`;
    const sandbox = ["--listen", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--credentials", join(this.folder, "sandbox"), "--sms-receipts-to", this.counter];
    await this.start("sandbox", sandbox, async (said) => {
      this.outside = /^ready .*?http=(\S+)/m.exec(said)?.[1] ?? "";
      return this.outside !== "";
    });
    const settings = join(this.folder, "office.toml");
    writeFileSync(settings, officeSettings(port));
    await this.openOffice(age);
    if (age > 0) await this.reopen(0);
  }

  private async openOffice(daysBehind = 0) {
    const files = [join(ROOT, "xtask/demo.toml"), join(this.folder, "office.toml"), join(this.folder, "sandbox/credentials.toml")];
    const given = files.flatMap((file) => ["--settings", file]);
    const ready = async () => (await fetch(`${this.counter}/readyz`)).status === 200;
    await this.start("server", given, ready, clockBehind(daysBehind));
  }

  async reopen(daysBehind: number) {
    await stop(...this.programs.pop()!);
    await this.openOffice(daysBehind);
  }

  async crash() {
    const [, office] = this.programs.pop()!;
    const ended = new Promise((done) => office.once("exit", done));
    office.kill("SIGKILL");
    await ended;
    await this.openOffice();
  }

  /** Stops all that was started, whatever one of them has to say for itself. */
  async close() {
    const faults: unknown[] = [];
    for (const [name, program] of this.programs.splice(0).reverse()) {
      await stop(name, program).catch((fault) => faults.push(fault));
    }
    if (faults.length) throw faults[0];
  }

  private async start(name: string, given: string[], ready: (said: string) => Promise<boolean>, more: Record<string, string> = {}) {
    const path = join(this.folder, `${name}.log`);
    const log = openSync(path, "a");
    const program = spawn(join(PROGRAMS, name), given, { stdio: ["ignore", log, log], env: { ...process.env, ...more } });
    this.programs.push([name, program]);
    const until = Date.now() + READY_MS;
    for (;;) {
      if (await ready(readFileSync(path, "utf8")).catch(() => false)) return;
      if (program.exitCode !== null || Date.now() > until) {
        throw new Error(`${name} is not ready\n${readFileSync(path, "utf8").slice(-4000)}`);
      }
      await new Promise((go) => setTimeout(go, 50));
    }
  }
}

async function stop(name: string, program: ChildProcess) {
  if (program.exitCode !== null) throw new Error(`${name} ended by itself with ${program.exitCode}`);
  const ended = new Promise<number | null>((done) => program.once("exit", done));
  program.kill("SIGTERM");
  const late = setTimeout(() => program.kill("SIGKILL"), STOP_MS);
  const status = await ended;
  clearTimeout(late);
  if (status !== 0) throw new Error(`${name} stopped with ${status}`);
}

/** Over xtask/demo.toml, as `cargo xtask run` does (xtask/src/run/house.rs). */
function officeSettings(port: number) {
  return `[office]
listen = "127.0.0.1:${port}"
public_origin = "http://127.0.0.1:${port}"
data_dir = "office"
dist_dir = ${JSON.stringify(join(ROOT, "dist"))}
`;
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => found(port));
    });
  });
}

export function helper(...given: string[]): string {
  return execFileSync(HELPER, given, { encoding: "utf8" }).trim();
}

export const HELPER = join(PROGRAMS, "certhall-helper");

/** What a helper of this house lives in: its keys, its own settings, a home of its own. */
export function helperEnvironment(office: Home): Record<string, string> {
  const own = { CERTHALL_SOFT_KEYS: office.keys, XDG_CONFIG_HOME: join(office.folder, "config"), HOME: join(office.folder, "home") };
  return { ...(process.env as Record<string, string>), ...own };
}

/** Tells the helper whom it obeys and where PINs are typed, and the browsers where it is. */
export async function installHelper(office: Home, ...more: string[]) {
  const answer = await fetch(`${office.counter}/helper/office.json`);
  const file = join(office.folder, "office.json");
  writeFileSync(file, await answer.text());
  const given = ["install", "--office", file, "--prompt", `unix:${promptOf(office)}`, ...more];
  execFileSync(HELPER, given, { env: helperEnvironment(office) });
}

/** Where the helper of this house asks for PINs. */
export const promptOf = (office: Home) => join(office.folder, "prompt");

/** A browser as the producer has it: the extension loaded, the helper known, the keys of this house in its ports. */
export async function producersBrowser(office: Office, profile: string, daysBehind = 0): Promise<BrowserContext> {
  await installHelper(office, "--profile", profile);
  if (daysBehind > 0) delayHelper(profile, daysBehind);
  const extension = join(ROOT, "helper/extension");
  return chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium",
    headless: false,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: { width: 1440, height: 900 },
    baseURL: office.counter,
    env: helperEnvironment(office),
    args: [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", `--load-extension=${extension}`, `--disable-extensions-except=${extension}`,
    ],
    ignoreDefaultArgs: ["--disable-extensions", "--disable-component-extensions-with-background-pages"],
  });
}

/** The helper that this browser starts lives by a clock that is behind, as the office does. */
function delayHelper(profile: string, days: number) {
  const folder = join(profile, "NativeMessagingHosts");
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    const set = Object.entries(clockBehind(days)).map(([name, value]) => `export ${name}='${value}'`);
    const script = join(profile, "helper-behind");
    writeFileSync(script, ["#!/bin/sh", ...set, `exec '${manifest.path}' "$@"`, ""].join("\n"), { mode: 0o755 });
    writeFileSync(file, JSON.stringify({ ...manifest, path: script }));
  }
}

export const test = base.extend<{ producer: BrowserContext }, { age: number; office: Office }>({
  /** How many days ago the house was founded. */
  age: [0, { scope: "worker", option: true }],
  office: [
    async ({ age }, use) => {
      const folder = mkdtempSync(join(tmpdir(), "certhall-"));
      mkdirSync(join(folder, "soft-keys"));
      const house = new House(folder);
      try {
        await house.open(age);
        await use(house);
        await house.close();
      } finally {
        await house.close().catch(() => undefined);
        if (!process.env["CERTHALL_KEEP"]) rmSync(folder, { recursive: true, force: true });
      }
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ office }, use) => use(office.counter),
  producer: async ({ office }, use) => {
    const profile = mkdtempSync(join(office.folder, "chromium-"));
    const browser = await producersBrowser(office, profile);
    await use(browser);
    await browser.close();
  },
});

export { expect };
