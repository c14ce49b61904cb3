// The number on the staff's authenticator (RFC 6238, SHA-1, 30 s, 6 digits), from the secret that enrolled it.

import { createHmac } from "node:crypto";

const STEP_MS = 30_000;
/** The last step used with each secret: a number counts once. */
const used = new Map<string, number>();

/** A number that was not used yet. One step early is still good, so somebody who signs in often waits seldom. The office's
 * clock may be some days behind. */
export async function nextCode(secret: string, daysBehind = 0): Promise<string> {
  const now = Date.now() - daysBehind * 86_400_000;
  const step = Math.max(Math.floor(now / STEP_MS), (used.get(secret) ?? 0) + 1);
  const early = (step - 1) * STEP_MS - now;
  if (early > STEP_MS * 2) throw new Error("the office lived at a later time when this member signed in last: it refuses numbers of before");
  if (early > 0) await new Promise((go) => setTimeout(go, early));
  used.set(secret, step);
  return numberAt(secret, step);
}

function numberAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", base32(secret)).update(counter).digest();
  const offset = mac[mac.length - 1]! & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, "0");
}

function base32(text: string): Buffer {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const letter of text.replace(/[\s=]/g, "").toUpperCase()) {
    const value = letters.indexOf(letter);
    if (value < 0) throw new Error(`${letter} is not base32`);
    bits += value.toString(2).padStart(5, "0");
  }
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
}
