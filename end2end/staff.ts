// Staff at their desks: sign in, review, produce, ship.

import { type Browser, type BrowserContext, expect, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nextCode } from "./one_time_code.ts";
import type { Office } from "./office.ts";
import { DESKTOP } from "./screen.ts";

type Role = "reviewer" | "producer" | "dispatcher" | "finance" | "registrar" | "custodian";

export interface Member {
  readonly name: string;
  readonly password: string;
  readonly secret: string;
}

/** Names, passwords and authenticator secrets of the demo staff, as the office wrote them at its first start. Of those who
 * share a role the first, or the one of this place. */
export function member(office: Office, role: Role, place = 0): Member {
  const text = readFileSync(join(office.data, "staff.txt"), "utf8");
  const line = text.split("\n").filter((line) => line.split(/\s+/).includes(role))[place];
  const words = line?.trim().split(/\s+/) ?? [];
  const [, name, password, secret] = words;
  if (!name || !password || !secret) throw new Error(`staff.txt names no ${role}:\n${text}`);
  return { name, password, secret };
}

/** Signs a member of staff in, in a browser of their own or in the one given, lets them work, and signs them out. */
export async function atDesk(
  where: Browser | BrowserContext,
  office: Office,
  role: Role,
  work: (desk: Staff) => Promise<void>,
  place = 0,
  daysBehind = 0,
) {
  const own = "newContext" in where ? await where.newContext({ viewport: DESKTOP, baseURL: office.counter }) : undefined;
  const desk = new Staff(await (own ?? (where as BrowserContext)).newPage());
  await desk.signIn(member(office, role, place), daysBehind);
  await work(desk);
  await desk.press("退出登录");
  await expect(desk.page.getByRole("heading", { name: "工作人员登录" })).toBeVisible();
  await (own ?? desk.page).close();
}

export class Staff {
  constructor(readonly page: Page) {}

  async signIn(who: Member, daysBehind = 0) {
    await this.page.goto("/staff");
    await this.page.getByLabel("账号").fill(who.name);
    await this.page.getByLabel("密码", { exact: true }).fill(who.password);
    await this.page.getByLabel("动态验证码").fill(await nextCode(who.secret, daysBehind));
    await this.page.getByRole("button", { name: "登录", exact: true }).click();
    await expect(this.page.getByRole("heading", { name: "工作台" })).toBeVisible();
  }

  /** R030, R031: takes the case, looks at every picture, passes it. */
  async pass(number: string, screenshot: (name: string) => Promise<void>, count = 3) {
    await this.openFromQueue("/staff/review", number);
    await this.press("领取审核");
    const pictures = this.page.getByRole("group", { name: "选择资料" }).getByRole("button");
    await expect(pictures).toHaveCount(count);
    for (const picture of await pictures.all()) await picture.click();
    await screenshot("review");
    await this.press("通过");
    await this.press("确认通过");
    await expect(this.page).toHaveURL(/\/staff\/review$/);
  }

  /** R034, R138–R140: takes the job, makes the pair on the key in the port, reads it back. */
  async produce(number: string, keySerial: string, screenshot: (name: string) => Promise<void>) {
    await this.take(number);
    await this.make(keySerial, screenshot);
  }

  /** R083, A36: the bank's line is entered, and found by its reference. */
  async settle(line: { number: string; payer: string; amount: string; remark: string }, screenshot: (name: string) => Promise<void>) {
    await this.page.goto("/staff/finance");
    await this.page.getByText("手工录入一笔入账").click();
    await this.page.getByLabel("交易流水号").fill(line.number);
    await this.page.getByLabel("入账日期").fill("2026-11-22");
    await this.page.getByLabel("金额（元）").fill(line.amount);
    await this.page.getByLabel("付款户名").fill(line.payer);
    await this.page.getByLabel("附言").fill(line.remark);
    await this.press("录入");
    const entry = this.page.getByRole("listitem").filter({ hasText: line.number });
    await expect(entry).toContainText("对应订单");
    await screenshot("finance");
    await entry.getByRole("button", { name: "确认到账" }).click();
    await expect(this.page.getByText("待核对的入账（0）")).toBeVisible();
  }

  async take(number: string) {
    await this.openFromQueue("/staff/production", number);
    await this.press("领取任务");
    await expect(this.page.getByRole("button", { name: "开始制证" })).toBeVisible();
  }

  async make(keySerial: string, screenshot: (name: string) => Promise<void>) {
    await expect(this.page.getByText(keySerial).first()).toBeVisible();
    await screenshot("production-start");
    await this.press("开始制证");
    await expect(this.page.getByText("制证完成，回读校验一致")).toBeVisible({ timeout: 60_000 });
    await screenshot("production-done");
  }

  async ship(holderOrNumber: string, waybill: string, screenshot: (name: string) => Promise<void>) {
    await this.page.goto("/staff/dispatch");
    await this.page.getByRole("listitem").filter({ hasText: holderOrNumber }).getByRole("button", { name: "登记发货" }).click();
    await this.page.getByLabel("运单号").fill(waybill);
    await screenshot("dispatch");
    await this.press("确认发货");
    await expect(this.page.getByText(waybill, { exact: true })).toBeVisible();
  }

  async press(name: string) {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  private async openFromQueue(queue: string, number: string) {
    // The office may still be at the errand that brings the order here.
    const row = this.page.getByRole("row").filter({ hasText: number });
    await expect(async () => {
      await this.page.goto(queue);
      await expect(row).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 30_000 });
    await row.getByRole("link").click();
    await expect(this.page).toHaveURL(new RegExp(`${queue}/${number}$`));
  }
}
