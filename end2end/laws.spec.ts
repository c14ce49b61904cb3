// The laws of a key (key/tests/laws) over WebHID and WebUSB: the same laws as over every other way, asked by a program at
// the other end of a line (virtual_key/examples/laws) of a page that holds the counter's own code (virtual_key/page), in
// real Chromium, of a soft key that is pulled, put back and cut off its power on the way.

import { expect, test } from "@playwright/test";
import { askPage, program } from "./key_page.ts";
import { ON_A_KERNEL } from "./usb_port.ts";

/** Each law uses fresh keys. */
const KEYS = Array.from({ length: 400 }, (_, index) => `LAW${String(index + 1).padStart(3, "0")}`);
/** A kernel in a process is slow: made, pulled and back in, that it is the kernel's own doing. */
const WANTED = ON_A_KERNEL ? ["r138_r139_r140_a_blank_key_becomes_a_double_certificate", "a_session_ends_with_its_insertion"] : [];

for (const over of ["hid", "usb"] as const) {
  test(`the laws of a key over ${over} in Chromium`, async () => {
    test.setTimeout(900_000);
    const held: string[] = [];
    await askPage(over, KEYS, (keys) => program("examples/laws", [keys, ...WANTED]), (line) => {
      const [, name, seconds] = line.split(" ");
      held.push(name!);
      console.log(`${over}: ${name} (${seconds} s)`);
    });
    if (ON_A_KERNEL) return expect(held).toEqual(WANTED);
    expect(held).toContain("a_renewal_cut_at_any_command_leaves_old_or_new");
    expect(held).toContain("r060_a_key_pulled_at_any_command_goes_on");
    expect(held).toHaveLength(13);
  });
}
