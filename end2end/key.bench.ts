// `cargo xtask bench key`, the browser's two ways: the counter's own code in real Chromium beside the bare wire in the same
// page, asked and printed by the program `bench` (bench/src/key/page.rs).

import { test } from "@playwright/test";
import { askPage, program } from "./key_page.ts";

for (const over of ["hid", "usb"] as const) {
  test(`over ${over}`, async () => {
    test.setTimeout(900_000);
    const words = ["key", ...(process.env["CERTHALL_BENCH_WORDS"] ?? "").split(" ").filter(Boolean)];
    const bench = (keys: string) => program("bench", words, { CERTHALL_BENCH_WAY: `web${over}`, CERTHALL_SOFT_SKF: keys });
    await askPage(over, ["SKBENCH001"], bench, (line) => console.log(line));
  });
}
