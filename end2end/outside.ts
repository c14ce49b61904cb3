// What a person gets from the outside world: text messages, mail, the company's bank statement, the wallet on the phone.

import { type BrowserContext, expect } from "@playwright/test";
import type { Office } from "./office.ts";

export interface Sms {
  readonly at: string;
  readonly phone: string;
  readonly kind: string;
  readonly params: string[];
  readonly text: string;
}

export interface Mail {
  readonly number: number;
  readonly subject: string;
  readonly text: string;
  readonly attachments: { readonly index: number; readonly name: string; readonly content_type: string; readonly bytes: number }[];
}

export interface Credit {
  readonly account: string;
  readonly account_name: string;
  readonly fen: number;
  readonly remark: string;
}

export class Outside {
  constructor(private readonly office: Office) {}

  /** All messages of one kind to this phone, oldest first. */
  async messages(phone: string, kind: string): Promise<Sms[]> {
    const { messages } = await this.ask<{ messages: Sms[] }>(`/control/sms?phone=${phone}`);
    return messages.filter((sms) => sms.kind === kind);
  }

  /** The message of this kind that came after the first `known`. */
  async nextMessage(phone: string, kind: string, known = 0): Promise<Sms> {
    await expect.poll(async () => (await this.messages(phone, kind)).length, { message: `${kind} to ${phone}`, timeout: 60_000 }).toBeGreaterThan(known);
    return (await this.messages(phone, kind)).at(-1)!;
  }

  async mails(to: string): Promise<Mail[]> {
    return (await this.ask<{ mails: Mail[] }>(`/control/mail?to=${encodeURIComponent(to)}`)).mails;
  }

  /** Somebody scans the parcel on the couriers' page of the outside world. */
  async moveParcel(where: BrowserContext, waybill: string, press: string) {
    const page = await where.newPage();
    await page.goto(`${this.office.outside}/courier?number=${waybill}`);
    await page.getByRole("button", { name: press, exact: true }).click();
    await expect(page.locator(".card p strong").first()).toHaveText(press);
    await page.close();
  }

  async attachment(mail: Mail, index: number): Promise<Buffer> {
    const answer = await fetch(`${this.office.outside}/control/mail/${mail.number}/${index}`);
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** What came in on a company's account. */
  async credits(account: string): Promise<Credit[]> {
    const { lines } = await this.ask<{ lines: Credit[] }>(`/control/bank?account=${account}`);
    return lines.filter((line) => line.fen > 0);
  }

  /** Opens the scanned code in the wallet on the phone and presses 支付. */
  async payOnPhone(phone: BrowserContext, code: string, yuan: string) {
    const page = await phone.newPage();
    await page.goto(`${this.office.outside}/scan`);
    await page.getByLabel("收款码内容或商户订单号").fill(code);
    await page.getByRole("button", { name: "打开收银台" }).click();
    await expect(page.locator(".amount")).toHaveText(`¥${yuan}`);
    await page.getByRole("button", { name: "支付", exact: true }).click();
    await expect(page.getByText(`支付成功 ¥${yuan}`)).toBeVisible();
    await page.close();
  }

  private async ask<T>(path: string): Promise<T> {
    const answer = await fetch(this.office.outside + path);
    expect(answer.status, path).toBe(200);
    return (await answer.json()) as T;
  }
}
