// OpenSSL as the independent judge: it shares no line with what made the certificates.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The distinguishing id that GM/T 0009 gives to everybody; OpenSSL assumes an empty one. */
const GMT_ID = "distid:1234567812345678";

function openssl(...given: string[]): string {
  return execFileSync("openssl", given, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

export class Judge {
  private readonly folder = mkdtempSync(join(tmpdir(), "certhall-judge-"));

  /** DER in, the path of a PEM file out. */
  keep(name: string, der: Buffer): string {
    const path = join(this.folder, `${name}.pem`);
    const body = der.toString("base64").match(/.{1,64}/g)!.join("\n");
    writeFileSync(path, `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`);
    return path;
  }

  /** One link of a chain: this certificate under that issuer, under the GM/T id. Throws what OpenSSL says. */
  link(certificate: string, issuer: string) {
    const said = openssl("verify", "-partial_chain", "-trusted", issuer, "-vfyopt", GMT_ID, certificate);
    if (!said.trim().endsWith(": OK")) throw new Error(said);
  }

  /** `keyUsage` and the like as OpenSSL words them, subject and issuer as it prints them. */
  facts(certificate: string): string {
    return openssl("x509", "-in", certificate, "-noout", "-subject", "-issuer", "-serial", "-dates", "-ext", "keyUsage,basicConstraints", "-nameopt", "utf8,sep_comma_plus_space,esc_2253");
  }

  /** Encrypted for who holds this certificate, by OpenSSL (SM2Cipher, DER), and the public key it is for, base64. */
  encrypt(certificate: string, content: Buffer): { sealed: Buffer; point: string } {
    const [text, cipher, key] = ["content", "cipher", "to.pem"].map((name) => join(this.folder, name)) as [string, string, string];
    writeFileSync(text, content);
    writeFileSync(key, openssl("x509", "-in", certificate, "-noout", "-pubkey"));
    openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", key, "-in", text, "-out", cipher);
    const spki = Buffer.from(readFileSync(key, "utf8").replace(/-----.*-----|\s/g, ""), "base64");
    return { sealed: readFileSync(cipher), point: spki.subarray(-65).toString("base64") };
  }

  /** The end of its validity. */
  end(certificate: string): Date {
    return new Date(openssl("x509", "-in", certificate, "-noout", "-enddate").trim().replace("notAfter=", ""));
  }

  /** The signature over `message` is by the key of this certificate. */
  signed(certificate: string, message: Buffer, signature: Buffer) {
    const [text, mark, key] = ["message", "signature", "key.pem"].map((name) => join(this.folder, name)) as [string, string, string];
    writeFileSync(text, message);
    writeFileSync(mark, signature);
    writeFileSync(key, openssl("x509", "-in", certificate, "-noout", "-pubkey"));
    openssl("pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pubin", "-inkey", key, "-pkeyopt", GMT_ID, "-in", text, "-sigfile", mark);
  }
}
