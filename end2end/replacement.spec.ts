// 单位证书补办, from the transfer's reference to the new key (R083–R101, A34, A36, A41).

import { accessible } from "./application.ts";
import { issued } from "./issued.ts";
import { Judge } from "./judge.ts";
import { KeyInPort } from "./key_in_port.ts";
import { expect, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { DESKTOP, PHONE, pictures } from "./screen.ts";
import { atDesk } from "./staff.ts";
import type { Page } from "@playwright/test";
import { randomBytes } from "node:crypto";

/** What everybody hears who asks about a certificate. */
async function stands(page: Page, pem: string, standing: string) {
  await page.goto("/trust/check");
  await page.waitForLoadState("networkidle");
  await page.getByLabel("证书内容").fill(pem);
  await page.getByRole("button", { name: "查验" }).click();
  await expect(page.locator("#result").getByRole("heading", { name: standing, exact: true })).toBeVisible();
}

async function narrow(page: Page) {
  await page.setViewportSize(PHONE);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  await page.setViewportSize(DESKTOP);
  await accessible(page);
}

test("an organisation's lost key is replaced (R083–R101)", async ({ office, browser, producer }) => {
  test.slow();
  const lost = await issued(office, browser, producer, "归鸿");
  const { holder } = lost;
  const [judge, bid] = [new Judge(), randomBytes(32)];
  const { sealed, point } = judge.encrypt(judge.keep("lost", lost.encrypt), bid);
  const outside = new Outside(office);
  const agent = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const page = await agent.newPage();
  const person = new Person(page, outside);
  const seen = (name: string) => pictures(page, `replacement-${name}`);

  await page.goto("/replace/organisation");
  await expect(page.getByRole("heading", { name: "办理说明" })).toBeVisible();
  await page.getByRole("button", { name: "取得附言码" }).click();
  const reference = (await page.locator("#reference").textContent())!;
  expect(reference).toMatch(/^[2-9A-Z]{6}$/);
  await page.getByLabel("统一社会信用代码").fill(holder.creditCode);
  await seen("terms");
  await narrow(page);
  await person.enterPhoneCode(holder.agentPhone);
  await person.press("确定");
  await expect(page.getByLabel("汇款附言码")).toHaveValue(reference);
  await seen("records");
  await narrow(page);
  await person.press("补办");

  await expect(person.at("填写信息")).toBeVisible();
  await expect(page.locator("#holder_name")).toHaveText(holder.name);
  await page.getByLabel(/我已阅读并同意/).check();
  await seen("form");
  await person.press("下一步");
  await expect(person.at("确认订单")).toBeVisible();
  await person.press("确认订单");
  for (const kind of ["营业执照扫描件", "法人身份证扫描件", "付款凭证"]) await person.upload(kind);
  await seen("evidence");
  await narrow(page);
  await person.press("确认申请");

  await expect(person.at("签名")).toBeVisible();
  const field = (await page.locator("#signature-field").boundingBox())!;
  await page.mouse.move(field.x + 60, field.y + 60);
  await page.mouse.down();
  for (const [x, y] of [[160, 80], [120, 160], [260, 90], [340, 170]] as const) await page.mouse.move(field.x + x, field.y + y, { steps: 6 });
  await page.mouse.up();
  await person.enterPhoneCode(holder.agentPhone);
  await seen("signature");
  await narrow(page);
  await person.press("签名验证");
  await expect(page.getByRole("link", { name: "下载 PDF" })).toBeVisible({ timeout: 60_000 });
  await seen("signed");

  const number = page.url().split("/").at(-1)!;
  await atDesk(browser, office, "reviewer", (desk) => desk.pass(number, (name) => pictures(desk.page, `replacement-${name}`)));
  await atDesk(browser, office, "finance", (desk) =>
    desk.settle({ number: `B${Date.now()}`, payer: holder.name, amount: "80.00", remark: `补办 ${reference}` }, (name) => pictures(desk.page, `replacement-${name}`)));
  const key = KeyInPort.fresh(office);
  await atDesk(producer, office, "producer", (desk) => desk.produce(number, key.serial, async () => undefined));
  await page.reload();
  await expect(person.at("寄送证书")).toBeVisible();
  await seen("made");
  await test.step("the new one is good, the lost one revoked, its files open (R100, R135, A38, A40)", async () => {
    const made = await key.pair();
    expect(judge.end(judge.keep("made", made.sign))).toEqual(judge.end(judge.keep("before", Buffer.from(lost.pem, "base64"))));
    const passcode = (await outside.nextMessage(holder.legalPersonPhone, "passcode", 1)).params[0]!;
    expect(await key.opens(passcode, point, sealed, bid), "A40").toBe(true);
    await stands(page, made.sign.toString("base64"), "有效");
    await stands(page, lost.pem, "已吊销");
  });
  key.remove();
  await agent.close();
});
