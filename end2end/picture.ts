// Pictures: scans to upload, and the QR on the screen, read as a phone's camera reads it.

import type { Locator } from "@playwright/test";
import jsqr from "jsqr";
import { PNG } from "pngjs";

/** A page with some lines of grey "writing", different for each name, large enough to be read. */
export function scan(name: string): { name: string; mimeType: string; buffer: Buffer } {
  const png = new PNG({ width: 900, height: 640 });
  let seed = [...name].reduce((seed, letter) => (seed * 31 + letter.codePointAt(0)!) >>> 0, 7);
  for (let y = 0; y < png.height; y++) {
    if (y % 8 === 0) seed = (seed * 1103515245 + 12345) >>> 0;
    const ink = y % 40 > 12 && y % 40 < 26 && y > 60;
    for (let x = 0; x < png.width; x++) {
      const dark = ink && x > 70 && x < 500 + (seed % 330) && (x * 7 + (seed >>> 3)) % 23 < 14;
      png.data.set(dark ? [70, 70, 78, 255] : [250, 247, 240, 255], (y * png.width + x) * 4);
    }
  }
  return { name: `${name}.png`, mimeType: "image/png", buffer: PNG.sync.write(png) };
}

/** What the QR shown there says, from a screenshot of it. */
export async function readQr(picture: Locator): Promise<string> {
  const { data, width, height } = PNG.sync.read(await picture.screenshot());
  const found = (jsqr as unknown as { default: typeof jsqr }).default ?? jsqr;
  const code = (found as any)(new Uint8ClampedArray(data), width, height);
  if (!code) throw new Error("no QR can be read from the screen");
  return code.data;
}
