// 证书补办: an organisation's from the transfer's reference to the new key (R083–R101, A34, A36, A41), a person's paid by
// Alipay alone (R102–R110).

import { accessible } from "./application.ts";
import { issued, stands } from "./issued.ts";
import { Judge } from "./judge.ts";
import { KeyInPort } from "./key_in_port.ts";
import { expect, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { DESKTOP, PHONE, pictures } from "./screen.ts";
import { ID, issuedToPerson } from "./single_person.ts";
import { atDesk } from "./staff.ts";
import type { Page } from "@playwright/test";
import { randomBytes } from "node:crypto";

async function narrow(page: Page) {
  await page.setViewportSize(PHONE);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  await page.setViewportSize(DESKTOP);
  await accessible(page);
}

test("an organisation's lost key is replaced (R083–R101: R084 R085 R086 R091 R092 R093 R095 R099)", async ({ office, browser, producer }) => {
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

  // R084, R085: the entry, 单位数字证书.
  await page.goto("/");
  await page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "证书补办" }) }).getByRole("link").click();
  await page.getByRole("listitem").filter({ hasText: "单位数字证书" }).getByRole("link").click();
  await expect(page).toHaveURL(/\/replace\/organisation$/);
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
  // R091: where a parcel can be received, by another address than the lost one went to.
  await expect(page.getByText("通讯地址建议填写可接收快件的收件信息，以便我们邮寄证书Key等实体材料")).toBeVisible();
  await person.field("详细地址").fill("学院路 30 号");
  await page.getByLabel(/我已阅读并同意/).check();
  await seen("form");
  await person.press("下一步");
  // R092: read once more, go back, correct.
  await expect(person.at("确认订单")).toBeVisible();
  await expect(page.getByText("学院路 30 号").first()).toBeVisible();
  await person.press("返回修改");
  await person.field("详细地址").fill("学院路 37 号");
  await person.press("下一步");
  await expect(page.getByText("学院路 37 号").first()).toBeVisible();
  await person.press("确认订单");
  // R093, R099: left alone, it is gone on with from 订单查询, which says how far it is.
  await expect(person.at("上传鉴证资料")).toBeVisible();
  const line = page.getByRole("listitem").filter({ hasText: page.url().split("/").at(-1)! });
  await page.goto("/orders");
  await expect(line).toContainText("待上传资料");
  await line.getByRole("link", { name: "继续" }).click();
  await expect(person.at("上传鉴证资料")).toBeVisible();
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

test("a person's lost key is replaced (R102–R110)", async ({ office, browser, producer }) => {
  test.slow();
  const { holder, pem } = await issuedToPerson(office, browser, producer, "林清风");
  const outside = new Outside(office);
  const context = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const page = await context.newPage();
  const person = new Person(page, outside);
  const seen = (name: string) => pictures(page, `replacement-person-${name}`);

  await test.step("number, code, the record (R102, R103)", async () => {
    await page.goto("/replace/person");
    await expect(page.getByRole("heading", { name: "申请流程" })).toBeVisible();
    await expect(page.getByText("附言码")).toHaveCount(0);
    await seen("terms");
    await page.getByLabel("证件号码").fill(holder.idNumber);
    await person.enterPhoneCode(holder.phone);
    await person.press("确定");
    await expect(page.getByText(holder.name)).toHaveCount(0);
    await seen("records");
    await narrow(page);
    await person.press("补办");
  });
  await test.step("as the original has it, changed where it has changed (R104)", async () => {
    await expect(person.at("填写信息")).toBeVisible();
    await expect(page.locator("#holder_name")).toContainText(holder.name);
    await expect(person.field("详细地址")).toHaveValue("中关村大街 1 号 8 层 802");
    await person.field("详细地址").fill("学院路 30 号");
    await page.getByLabel(/我已阅读并同意/).check();
    await seen("form");
    await narrow(page);
    await person.press("下一步");
  });
  await test.step("photos, 确认申请, 签名确认 (R105)", async () => {
    await expect(person.at("上传鉴证资料")).toBeVisible();
    await person.upload(ID);
    await seen("evidence");
    await person.press("确认申请");
    await expect(person.at("签名")).toBeVisible();
    await page.getByRole("radio", { name: "键盘签名" }).check();
    await page.getByLabel("键入姓名作为签名").fill(holder.name);
    await person.enterPhoneCode(holder.phone);
    await seen("signature");
    await narrow(page);
    await person.press("签名确认");
  });
  const number = page.url().split("/").at(-1)!;
  await test.step("the medium's fee, by Alipay alone (R106, R107)", async () => {
    await expect(person.at("支付费用")).toBeVisible();
    await expect(page.getByRole("radio", { name: "微信支付" })).toHaveCount(0);
    await expect(page.getByText("介质").first()).toBeVisible();
    const code = (await page.locator("[data-code]").getAttribute("data-code"))!;
    const yuan = (await page.locator("[data-amount]").getAttribute("data-amount"))!;
    await seen("payment");
    await narrow(page);
    await outside.payOnPhone(context, code, yuan);
    await expect(person.at("等待审核")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText("无需邮寄申请资料").first()).toBeVisible();
    await seen("waiting");
    await narrow(page);
  });
  await test.step("reviewed, told by message and mail, the old one revoked (R109, R135)", async () => {
    await atDesk(browser, office, "reviewer", (desk) => desk.pass(number, (name) => pictures(desk.page, `replacement-person-${name}`), 1));
    await outside.nextMessage(holder.phone, "passed", 1);
    await expect.poll(async () => (await outside.mails(holder.email)).filter((mail) => mail.subject.includes("审核通过")).length, { timeout: 60_000 }).toBe(2);
    const other = await (await browser.newContext({ viewport: DESKTOP, baseURL: office.counter })).newPage();
    await stands(other, pem, "已吊销");
    await other.context().close();
  });
  await test.step("made and sent, with its invoice (R110)", async () => {
    const key = KeyInPort.fresh(office);
    await atDesk(producer, office, "producer", (desk) => desk.produce(number, key.serial, async () => undefined));
    const waybill = `SF${Date.now()}`;
    await atDesk(browser, office, "dispatcher", (desk) => desk.ship(number, waybill, async () => undefined));
    await page.reload();
    await expect(page.getByText(waybill)).toBeVisible();
    expect((await outside.mails(holder.email)).filter((mail) => mail.subject.includes("发票"))).toHaveLength(2);
    await seen("shipped");
    await narrow(page);
    key.remove();
  });
  await context.close();
});
