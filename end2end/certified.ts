// An organisation that holds a certificate: applied for, paid, reviewed, made on a key. For walks that begin after that.

import { confirm, evidence, form, pay, phoneCheck } from "./application.ts";
import { organisation, type Organisation } from "./holder.ts";
import { KeyInPort } from "./key_in_port.ts";
import { expect, type Office } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { DESKTOP } from "./screen.ts";
import { atDesk } from "./staff.ts";
import type { Browser, BrowserContext } from "@playwright/test";

export const UNSEEN = async () => undefined;

export interface Certified {
  readonly holder: Organisation;
  readonly number: string;
  readonly key: KeyInPort;
}

export async function certified(office: Office, browser: Browser, producer: BrowserContext, word: string): Promise<Certified> {
  const outside = new Outside(office);
  const holder = organisation(word);
  const agent = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const person = new Person(await agent.newPage(), outside);
  const number = await form(person, holder, "法人手机实名认证", UNSEEN);
  await confirm(person, holder, UNSEEN);
  await evidence(person, UNSEEN);
  await phoneCheck(person, outside, holder, UNSEEN);
  await pay(agent, person, outside, number, "支付宝", UNSEEN);
  await atDesk(browser, office, "reviewer", (desk) => desk.pass(number, UNSEEN));
  const key = KeyInPort.fresh(office);
  await atDesk(producer, office, "producer", (desk) => desk.produce(number, key.serial, UNSEEN));
  // The certificate counts a moment after its proof.
  await expect.poll(async () => (await outside.messages(holder.agentPhone, "passed")).length).toBeGreaterThan(0);
  key.remove();
  await agent.close();
  return { holder, number, key };
}
