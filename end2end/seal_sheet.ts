// 《个人签章采样表》 as a person handles it: printed to pixels by poppler, signed with a pen, scanned a little askew.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";

const DOTS_PER_INCH = 110;
const PER_MM = DOTS_PER_INCH / 25.4;

/** The sheet's PDF as a signed scan. `folder` is for the pages in between. */
export function signedScan(pdf: Buffer, folder: string): { name: string; mimeType: string; buffer: Buffer } {
  const file = join(folder, "seal-sheet.pdf");
  writeFileSync(file, pdf);
  execFileSync("pdftoppm", ["-r", String(DOTS_PER_INCH), "-png", "-singlefile", file, join(folder, "seal-sheet")]);
  const sheet = PNG.sync.read(readFileSync(join(folder, "seal-sheet.png")));
  sign(sheet);
  return { name: "采样表.png", mimeType: "image/png", buffer: PNG.sync.write(askew(sheet, 4)) };
}

/** A wave as a hand writes it, with a dot behind: 47–163 by 110–180 millimetres are the box. */
function sign(sheet: PNG) {
  for (let step = 0; step < 6000; step++) {
    const along = step / 6000;
    const x = 66 + 70 * along;
    const y = 145 + 14 * Math.sin(along * 17) * (1 - along / 2) + 4 * Math.sin(along * 60);
    dot(sheet, x, y, 0.7);
  }
  dot(sheet, 140, 150, 1.6);
}

function dot(sheet: PNG, x: number, y: number, radius: number) {
  for (let v = Math.floor((y - radius) * PER_MM); v <= (y + radius) * PER_MM; v++) {
    for (let u = Math.floor((x - radius) * PER_MM); u <= (x + radius) * PER_MM; u++) {
      if (Math.hypot(u / PER_MM - x, v / PER_MM - y) <= radius) sheet.data.set([24, 28, 70, 255], (v * sheet.width + u) * 4);
    }
  }
}

/** Turned by so many degrees on a grey table, in light that falls from the left. */
function askew(sheet: PNG, degrees: number): PNG {
  const out = new PNG({ width: sheet.width + 120, height: sheet.height + 120 });
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  for (let v = 0; v < out.height; v++) {
    for (let u = 0; u < out.width; u++) {
      const [x, y] = [u - out.width / 2, v - out.height / 2];
      const from = [Math.round(x * cos + y * sin + sheet.width / 2), Math.round(y * cos - x * sin + sheet.height / 2)] as const;
      const on = from[0] >= 0 && from[1] >= 0 && from[0] < sheet.width && from[1] < sheet.height;
      const light = 0.97 - 0.22 * (u / out.width);
      for (let colour = 0; colour < 3; colour++) {
        const seen = on ? sheet.data[(from[1] * sheet.width + from[0]) * 4 + colour]! : 130;
        out.data[(v * out.width + u) * 4 + colour] = seen * light;
      }
      out.data[(v * out.width + u) * 4 + 3] = 255;
    }
  }
  return out;
}
