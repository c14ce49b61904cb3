// A page that opens a key by the counter's own code (virtual_key/page) in real Chromium, and a line between it and a program
// which asks it: the laws of a key, and how fast it is.

import { expect, type Page } from "@playwright/test";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { PROGRAMS } from "./office.ts";
import { type Interface, ON_A_KERNEL, UsbPort } from "./usb_port.ts";

/** Where `cargo xtask test bundle`, or `cargo xtask bench key`, left the page. */
const PAGE = process.env["CERTHALL_KEY_PAGE"] ?? join(PROGRAMS, "../laws");
const KINDS: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
/** The page's own patience with a key (virtual_key/page), and more. */
const ANSWERED_MS = ON_A_KERNEL ? 300_000 : 60_000;

/** A drawer of keys, of which these serials are granted to the page; `asks` starts the program that asks. What it says
 * besides goes to `told`, line by line; the program must end well. */
export async function askPage(over: Interface, serials: string[], asks: (keys: string) => ChildProcess, told: (line: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), "certhall-page-"));
  const keys = join(folder, "keys");
  mkdirSync(keys);
  const server = await serve();
  const counter = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const port = await UsbPort.open({ counter, keys, folder });
  const browser = await port.browser(serials.map((serial) => ({ serial, over: [over] })));
  try {
    const page = await browser.newPage();
    await page.goto("/index.html");
    await page.waitForFunction(() => "key" in globalThis);
    await carry(page, over, asks(keys), told);
  } finally {
    await browser.close();
    await port.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Orders are JSON: an object or a word in quotes. Everything else is told. */
async function carry(page: Page, over: Interface, program: ChildProcess, told: (line: string) => void) {
  const ended = new Promise<number | null>((done, failed) => program.once("error", failed).once("exit", done));
  let last = "nothing";
  for await (const line of createInterface({ input: program.stdout! })) {
    if (!/^[{"]/.test(line)) {
      told((last = line));
      continue;
    }
    let timer: NodeJS.Timeout | undefined;
    const asked = page.evaluate(([bus, order]) => (globalThis as any).key(bus, order) as Promise<string>, [over, line] as const);
    const late = new Promise<never>((_, failed) => {
      timer = setTimeout(() => failed(new Error(`after ${last} the page says nothing to ${line.slice(0, 80)}`)), ANSWERED_MS);
    });
    program.stdin!.write(`${await Promise.race([asked, late])}\n`);
    clearTimeout(timer);
  }
  expect(await ended, `after ${last}`).toBe(0);
}

/** One of our own programs, spoken to by its pipes. */
export function program(name: string, given: string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(join(PROGRAMS, name), given, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...environment } });
}

function serve(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const name = new URL(request.url!, "http://localhost").pathname;
    try {
      const content = await readFile(join(PAGE, name));
      response.writeHead(200, { "content-type": KINDS[extname(name)] ?? "application/octet-stream" }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(server)));
}
