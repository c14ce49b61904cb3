// The soft keys of an office's folder as USB devices of real Chromium: WebHID and WebUSB with the browser's own code
// (virtual_key/README.md). A key put into the port by the helper's command line appears, one that is removed goes.

import { type BrowserContext, chromium } from "@playwright/test";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { helperEnvironment, type Home, installHelper, PROGRAMS, ROOT } from "./office.ts";

const VENDOR = 0x1209;
const PRODUCT = 0x0001;
const READY_MS = 20_000;

/** In a kernel of our own, with USB ports: then nothing stands in the browser's way to them. */
export const ON_A_KERNEL = process.env["CERTHALL_ON_A_KERNEL"] !== undefined;

export type Interface = "hid" | "usb";

export class UsbPort {
  private constructor(private readonly program: ChildProcess, private readonly environment: NodeJS.ProcessEnv, private readonly office: Home) {}

  static async open(office: Home): Promise<UsbPort> {
    if (ON_A_KERNEL) {
      const program = spawn(join(PROGRAMS, "virtual-key"), ["gadget", "--drawer", office.keys], { stdio: ["pipe", "pipe", "inherit"] });
      await firstLine(program);
      return new UsbPort(program, {}, office);
    }
    const folder = mkdtempSync(join(office.folder, "usb-"));
    const program = spawn(join(PROGRAMS, "virtual-key"), ["--drawer", office.keys, "--ports", folder], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const ready = await firstLine(program);
    const environment = Object.fromEntries([...ready.matchAll(/(\w+)=(\S+)/g)].map((found) => [found[1]!, found[2]!]));
    const shim = join(PROGRAMS, "libvirtual_key_shim.so");
    return new UsbPort(program, { ...environment, LD_PRELOAD: `${shim}:libumockdev-preload.so.0` }, office);
  }

  /** A browser in which the office's origin was given these keys before, as after a choice in the browser's dialogue; with
   * `helper`, one that has the extension and the helper too. */
  async browser(granted: { serial: string; over: Interface[] }[], more: { args?: string[]; helper?: boolean } = {}): Promise<BrowserContext> {
    const profile = mkdtempSync(join(this.office.folder, "chromium-"));
    mkdirSync(join(profile, "Default"));
    const chosen = (over: Interface, name: string) =>
      granted.filter((key) => key.over.includes(over)).map((key) => ({
        name,
        "vendor-id": VENDOR,
        "product-id": PRODUCT,
        "serial-number": key.serial,
      }));
    const exception = (objects: object[]) =>
      objects.length === 0
        ? {}
        : { [`${this.office.counter},*`]: { last_modified: "13400000000000000", setting: { "chosen-objects": objects } } };
    const exceptions = {
      hid_chooser_data: exception(chosen("hid", "certhall Virtual UKEY")),
      usb_chooser_data: exception(chosen("usb", "Virtual UKEY")),
    };
    const preferences = { profile: { content_settings: { exceptions } } };
    writeFileSync(join(profile, "Default/Preferences"), JSON.stringify(preferences));
    if (more.helper) await installHelper(this.office, "--profile", profile);
    const extension = join(ROOT, "helper/extension");
    const loaded = more.helper ? [`--load-extension=${extension}`, `--disable-extensions-except=${extension}`] : [];
    return chromium.launchPersistentContext(profile, {
      executablePath: "/usr/bin/chromium",
      headless: false,
      baseURL: this.office.counter,
      locale: "zh-CN",
      timezoneId: "Asia/Shanghai",
      env: { ...helperEnvironment(this.office), ...this.environment, CERTHALL_SOFT_KEYS: this.office.keys } as Record<string, string>,
      args: [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", ...loaded, ...(more.args ?? []),
      ],
      ...(more.helper ? { ignoreDefaultArgs: ["--disable-extensions", "--disable-component-extensions-with-background-pages"] } : {}),
    });
  }

  /** It ends with its input. */
  async close() {
    const ended = new Promise((done) => this.program.once("exit", done));
    this.program.stdin!.end();
    await ended;
  }
}

function firstLine(program: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = "";
    const late = setTimeout(() => failed(new Error(`virtual-key is not ready: ${said}`)), READY_MS);
    program.once("exit", (status) => failed(new Error(`virtual-key left with ${status}`)));
    program.stdout!.on("data", (bytes: Buffer) => {
      said += bytes.toString("utf8");
      if (!said.includes("\n")) return;
      clearTimeout(late);
      program.removeAllListeners("exit");
      found(said);
    });
  });
}
