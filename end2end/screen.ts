// The two screens that every page is looked at on.

import type { Page } from "@playwright/test";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Beside the walks, wherever they are started from. */
export function pictureFile(name: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), "screenshots", `${name}.png`);
}

/** One picture at 1440 and one at 390; the page keeps the size it had. */
export async function pictures(page: Page, name: string) {
  const before = page.viewportSize() ?? DESKTOP;
  for (const size of [DESKTOP, PHONE]) {
    await page.setViewportSize(size);
    await page.screenshot({ path: pictureFile(`${name}-${size.width}`), fullPage: true, animations: "disabled" });
  }
  await page.setViewportSize(before);
}
