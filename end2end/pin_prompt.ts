// A person at the helper's own window: the prompt port that `install --prompt unix:…` names (helper/src/prompt/socket.rs).

import { rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { type Office, promptOf } from "./office.ts";

export interface Question {
  readonly asks: "current" | "new" | "again" | "go_on";
  readonly origin: string;
  readonly purpose: string;
  readonly serial: string;
  readonly left: number | null;
  readonly fault: string | null;
}

export class PinPrompt {
  /** What the window showed, in order. */
  readonly asked: Question[] = [];
  private readonly pins: string[] = [];

  private constructor(private readonly server: Server) {}

  static async open(office: Office): Promise<PinPrompt> {
    const path = promptOf(office);
    rmSync(path, { force: true });
    const server = createServer();
    const prompt = new PinPrompt(server);
    server.on("connection", (line) => {
      let said = "";
      line.on("data", (bytes) => {
        // A line may come in pieces.
        said += bytes.toString("utf8");
        if (!said.endsWith("\n")) return;
        const question = JSON.parse(said) as Question;
        prompt.asked.push(question);
        line.end(`${JSON.stringify(prompt.answerTo(question))}\n`);
      });
      line.on("error", () => undefined);
    });
    await new Promise<void>((listening) => server.listen(path, listening));
    return prompt;
  }

  /** The next PINs that are typed; where there is none, 取消. */
  types(...pins: string[]) {
    this.pins.push(...pins);
  }

  private answerTo({ asks }: Question) {
    if (asks === "go_on") return { go_on: true };
    const pin = this.pins.shift();
    return pin === undefined ? { cancel: true } : { pin };
  }

  close(): Promise<void> {
    return new Promise((closed) => this.server.close(() => closed()));
  }
}
