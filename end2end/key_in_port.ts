// The soft key as a person with a USB port and a terminal sees it: new, inserted, removed, and asked through the helper
// in the browser's own protocol (four bytes of length, JSON).

import { spawn } from "node:child_process";
import { HELPER, type Office, helper } from "./office.ts";

const EXTENSION = "chrome-extension://lpmannenecnfpfmfmnjgadejnahcijep/";

export interface Pair {
  readonly label: string;
  readonly serial: string;
  readonly sign: Buffer;
  readonly encrypt: Buffer;
}

type Body = Record<string, any>;

export class KeyInPort {
  private constructor(readonly serial: string, private readonly office: Office) {}

  /** A blank key, put into the port. */
  static fresh(office: Office): KeyInPort {
    return new KeyInPort(helper("soft", "new", "--insert", "--dir", office.keys), office);
  }

  /** A blank key that still lies on the desk. */
  static later(office: Office): KeyInPort {
    return new KeyInPort(helper("soft", "new", "--dir", office.keys), office);
  }

  insert() {
    helper("soft", "insert", this.serial, "--dir", this.office.keys);
  }

  remove() {
    helper("soft", "remove", this.serial, "--dir", this.office.keys);
  }

  /** Every command the card answered: headers and status words. */
  journal(): string {
    return helper("soft", "show", this.serial, "--dir", this.office.keys);
  }

  /** Both certificates, read from the key. */
  async pair(): Promise<Pair> {
    const [, said] = await this.ask([{ verb: "hello" }, { verb: "identify", key: this.name }]);
    if (said?.["answer"] !== "identified") throw new Error(JSON.stringify(said));
    return {
      label: said["key"].label,
      serial: said["key"].serial,
      sign: Buffer.from(said["sign_certificate"], "base64"),
      encrypt: Buffer.from(said["encrypt_certificate"], "base64"),
    };
  }

  /** Types the PIN and signs in: the signature is over what the office of this origin would check. */
  async login(pin: string, challenge: string): Promise<Body> {
    const [said] = await this.ask([{ verb: "login", key: this.name, pin, challenge }]);
    return said!;
  }

  private get name() {
    return `soft:${this.serial}`;
  }

  private ask(requests: Body[]): Promise<Body[]> {
    return talk(this.office, requests.map((body, place) => ({ version: 1, id: place + 1, body })));
  }
}

/** One helper process, one conversation. */
function talk(office: Office, messages: Body[]): Promise<Body[]> {
  return new Promise((done, failed) => {
    const host = spawn(HELPER, [EXTENSION], { env: { ...process.env, CERTHALL_SOFT_KEYS: office.keys } });
    let heard = Buffer.alloc(0);
    const answers: Body[] = [];
    host.once("error", failed);
    host.once("exit", (status) => failed(new Error(`the helper left with ${status} after ${answers.length} answers`)));
    host.stdout.on("data", (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]);
      while (heard.length >= 4 && heard.length >= 4 + heard.readUInt32LE(0)) {
        const length = heard.readUInt32LE(0);
        answers.push(JSON.parse(heard.subarray(4, 4 + length).toString("utf8")).body);
        heard = heard.subarray(4 + length);
      }
      if (answers.length === messages.length) {
        host.removeAllListeners("exit");
        host.stdin.end();
        done(answers);
      }
    });
    for (const message of messages) {
      const text = Buffer.from(JSON.stringify({ origin: office.counter, message }), "utf8");
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length);
      host.stdin.write(Buffer.concat([length, text]));
    }
  });
}
