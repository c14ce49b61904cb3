// The soft key as a person with a USB port and a terminal sees it: new, inserted, removed, and asked through the helper
// in the browser's own protocol (four bytes of length, JSON).

import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { HELPER, type Office, helper, helperEnvironment, installHelper } from "./office.ts";
import { PinPrompt } from "./pin_prompt.ts";

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
    const [said] = await this.ask([{ verb: "identify", key: this.name }]);
    if (said?.["answer"] !== "identified") throw new Error(JSON.stringify(said));
    return {
      label: said["key"].label,
      serial: said["key"].serial,
      sign: Buffer.from(said["sign_certificate"], "base64"),
      encrypt: Buffer.from(said["encrypt_certificate"], "base64"),
    };
  }

  /** Signs in with the PIN typed at the helper's prompt: the signature is over what the office of this origin would check. */
  async login(pin: string, challenge: string): Promise<Body> {
    const prompt = await PinPrompt.open(this.office);
    prompt.types(pin);
    try {
      const [said] = await this.ask([{ verb: "login", key: this.name, challenge }]);
      return said!;
    } finally {
      await prompt.close();
    }
  }

  /** Whether a pair on this key, in use or of before, opens what was encrypted for this public key (base64 point); what was
   * encrypted has 32 bytes. */
  async opens(pin: string, point: string, sealed: Buffer, content: Buffer): Promise<boolean> {
    const nonce = randomBytes(16).toString("hex");
    const prompt = await PinPrompt.open(this.office);
    prompt.types(pin);
    try {
      const past = [{ point, sealed: sealed.toString("base64") }];
      const [, read] = await this.ask([
        { verb: "verify_pin", key: this.name },
        { verb: "read_back", key: this.name, nonce, past },
      ]);
      if (read?.["answer"] !== "read_back") throw new Error(JSON.stringify(read));
      // key/src/statement.rs: only who could open it knows this.
      const said = Buffer.concat([Buffer.from(`certhall key 1 encryption proof\n${nonce}\n`), content]);
      return read["past_proofs"][0] === createHash("sm3").update(said).digest("hex");
    } finally {
      await prompt.close();
    }
  }

  private get name() {
    return `soft:${this.serial}`;
  }

  /** One helper process, one conversation; the office gives its leave where a verb needs it. */
  private async ask(requests: Body[]): Promise<Body[]> {
    await installHelper(this.office);
    const host = new Host(this.office);
    try {
      const { station_key } = await host.say({ verb: "hello" });
      const answers: Body[] = [];
      for (const request of requests) {
        const leave = PURPOSES[request["verb"]];
        const mandate = leave ? await mandateFor(this.office, request, station_key, leave) : undefined;
        answers.push(await host.say(request, mandate));
      }
      return answers;
    } finally {
      host.close();
    }
  }
}

/** What the counter's pages say that they want a verb for; the others need no leave. */
const PURPOSES: Record<string, string> = { login: "sign_in", verify_pin: "test_key", read_back: "test_key" };

/** What the counter's own page fetches: leave for this request, for this helper process. */
export async function mandateFor(office: Office, request: Body, stationKey: string, purpose = "sign_in"): Promise<Body> {
  const answer = await fetch(`${office.counter}/api/mandates/give`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: office.counter },
    body: JSON.stringify({ purpose: { for: purpose }, request, station_key: stationKey }),
  });
  if (!answer.ok) throw new Error(`no mandate: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Body;
}

/** The helper as the browser starts it. */
class Host {
  private readonly program;
  private heard = Buffer.alloc(0);
  private readonly waiting: { answered: (body: Body) => void; failed: (why: Error) => void }[] = [];
  private last = 0;

  constructor(private readonly office: Office) {
    this.program = spawn(HELPER, [EXTENSION], { env: helperEnvironment(office), stdio: ["pipe", "pipe", "inherit"] });
    const fail = (why: Error) => this.waiting.splice(0).forEach(({ failed }) => failed(why));
    this.program.once("error", fail);
    this.program.once("exit", (status) => fail(new Error(`the helper left with ${status}`)));
    this.program.stdout.on("data", (bytes: Buffer) => this.hear(bytes));
  }

  say(body: Body, mandate?: Body): Promise<Body> {
    const message = { version: 1, id: ++this.last, body, mandate };
    const text = Buffer.from(JSON.stringify({ origin: this.office.counter, message }), "utf8");
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    this.program.stdin.write(Buffer.concat([length, text]));
    return new Promise((answered, failed) => this.waiting.push({ answered, failed }));
  }

  close() {
    this.program.stdin.end();
  }

  private hear(bytes: Buffer) {
    this.heard = Buffer.concat([this.heard, bytes]);
    while (this.heard.length >= 4 && this.heard.length >= 4 + this.heard.readUInt32LE(0)) {
      const length = this.heard.readUInt32LE(0);
      const { body } = JSON.parse(this.heard.subarray(4, 4 + length).toString("utf8"));
      this.heard = this.heard.subarray(4 + length);
      this.waiting.shift()?.answered(body);
    }
  }
}
