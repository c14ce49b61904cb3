// Somebody who has their certificate: the whole way from the form to the proven key, unseen.

import { type Browser, type BrowserContext, expect, type Page } from "@playwright/test";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { confirm, evidence, form, passcodeOf, pay, phoneCheck } from "./application.ts";
import { organisation, type Organisation, type SinglePerson } from "./holder.ts";
import { KeyInPort } from "./key_in_port.ts";
import { type Office, producersBrowser } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { DESKTOP } from "./screen.ts";
import { passedPerson } from "./single_person.ts";
import { atDesk } from "./staff.ts";

const UNSEEN = async () => undefined;
const METHOD = "法人手机实名认证";

export interface Issued {
  readonly number: string;
  readonly holder: Organisation;
  /** The signing certificate, base64. */
  readonly pem: string;
  /** The encryption certificate. */
  readonly encrypt: Buffer;
}

/** A certificate on its key, which lies on the desk. */
export interface Held<Holder extends { readonly name: string } = Organisation> {
  readonly holder: Holder;
  readonly key: KeyInPort;
  readonly pin: string;
  /** The reserved phone. */
  readonly phone: string;
}

/** An organisation's key, produced and counted. */
export async function issued(office: Office, browser: Browser, producer: BrowserContext, called: string): Promise<Issued> {
  const { number, holder } = await passed(office, browser, called);
  const key = KeyInPort.fresh(office);
  await atDesk(producer, office, "producer", (desk) => desk.produce(number, key.serial, UNSEEN));
  const { sign, encrypt } = await key.pair();
  const pem = sign.toString("base64");
  key.remove();
  return { number, holder, pem, encrypt };
}

/** A key as it was made so many days ago, by an office that is as old (`test.use({ age })`). */
export async function issuedAgo(office: Office, browser: Browser, called: string, days: number): Promise<Held> {
  const { number, holder } = await passed(office, browser, called);
  const key = await producedAgo(office, number, days);
  return { holder, key, pin: await passcodeOf(new Outside(office), METHOD, holder), phone: holder.agentPhone };
}

/** The same for a person's own. */
export async function issuedToPersonAgo(office: Office, browser: Browser, called: string, days: number): Promise<Held<SinglePerson>> {
  const { number, holder } = await passedPerson(office, browser, called);
  const key = await producedAgo(office, number, days);
  const sms = await new Outside(office).nextMessage(holder.phone, "passcode");
  return { holder, key, pin: sms.params[0]!, phone: holder.phone };
}

async function producedAgo(office: Office, number: string, days: number): Promise<KeyInPort> {
  const key = KeyInPort.fresh(office);
  await office.reopen(days);
  const producer = await producersBrowser(office, mkdtempSync(join(office.folder, "chromium-")), days);
  await atDesk(producer, office, "producer", (desk) => desk.produce(number, key.serial, UNSEEN), 0, days);
  await producer.close();
  await office.reopen(0);
  key.remove();
  return key;
}

/** An application that has passed its review. */
async function passed(office: Office, browser: Browser, called: string): Promise<{ number: string; holder: Organisation }> {
  const outside = new Outside(office);
  const holder = organisation(called);
  const agent = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const person = new Person(await agent.newPage(), outside);
  const number = await form(person, holder, METHOD, UNSEEN);
  await confirm(person, holder, UNSEEN);
  await evidence(person, UNSEEN);
  await phoneCheck(person, outside, holder, UNSEEN);
  await pay(agent, person, outside, number, "支付宝", UNSEEN);
  await atDesk(browser, office, "reviewer", (desk) => desk.pass(number, UNSEEN));
  await agent.close();
  return { number, holder };
}

/** What everybody hears who asks about a certificate. */
export async function stands(page: Page, pem: string, standing: string) {
  await page.goto("/trust/check");
  await page.waitForLoadState("networkidle");
  await page.getByLabel("证书内容").fill(pem);
  await page.getByRole("button", { name: "查验" }).click();
  await expect(page.locator("#result").getByRole("heading", { name: standing, exact: true })).toBeVisible();
}
