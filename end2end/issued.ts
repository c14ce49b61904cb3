// An organisation that has its certificate: the whole way from the form to the proven key, unseen.

import type { Browser, BrowserContext } from "@playwright/test";
import { confirm, evidence, form, pay, phoneCheck } from "./application.ts";
import { organisation, type Organisation } from "./holder.ts";
import { KeyInPort } from "./key_in_port.ts";
import type { Office } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { DESKTOP } from "./screen.ts";
import { atDesk } from "./staff.ts";

const UNSEEN = async () => undefined;

export interface Issued {
  readonly number: string;
  readonly holder: Organisation;
  /** The signing certificate, base64. */
  readonly pem: string;
}

/** An organisation's key, produced and counted. */
export async function issued(office: Office, browser: Browser, producer: BrowserContext, called: string): Promise<Issued> {
  const outside = new Outside(office);
  const holder = organisation(called);
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
  const { sign } = await key.pair();
  const pem = sign.toString("base64");
  key.remove();
  await agent.close();
  return { number, holder, pem };
}
