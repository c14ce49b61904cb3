// 订单查询 as the one place for everything that follows (R117–R124, B15, B24, B27, A51): on another device, with nothing but
// the number and a code.

import { accessible, confirm, evidence, form, pay, phoneCheck } from "./application.ts";
import { organisation } from "./holder.ts";
import { issued } from "./issued.ts";
import { expect, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { DESKTOP, PHONE, pictures } from "./screen.ts";
import { atDesk } from "./staff.ts";
import type { Page } from "@playwright/test";

const UNSEEN = async () => undefined;
const METHOD = "法人手机实名认证";

/** Number and code, on a device that knows nothing (R118–R120). */
async function asks(page: Page, outside: Outside, holder: { creditCode: string; agentPhone: string }) {
  await page.goto("/query");
  await page.waitForLoadState("networkidle");
  await page.getByRole("radio", { name: "单位数字证书" }).check();
  await page.getByLabel("统一社会信用代码").fill(holder.creditCode);
  const known = (await outside.messages(holder.agentPhone, "code")).length;
  await page.getByRole("button", { name: "发送验证码", exact: true }).click();
  const sms = await outside.nextMessage(holder.agentPhone, "code", known);
  await page.getByLabel("统一社会信用代码").fill(holder.creditCode);
  await page.getByLabel("短信验证码").fill(sms.params[0]!);
  await page.getByRole("button", { name: "确认", exact: true }).click();
  await expect(page.getByRole("heading", { name: "历史订单记录" })).toBeVisible();
}

test("all orders, the password's way, invoice, parcel, who looked, and the idle warning", async ({ office, browser, producer }) => {
  test.slow();
  const outside = new Outside(office);
  const { holder, number } = await issued(office, browser, producer, "远山");
  const waybill = `SF${Date.now()}`;
  await atDesk(browser, office, "dispatcher", async (desk) => {
    await desk.ship(number, waybill, UNSEEN);
    const parcel = desk.page.getByRole("listitem").filter({ hasText: number });
    await parcel.getByLabel("地点").fill("北京海淀");
    await parcel.getByRole("button", { name: "登记", exact: true }).click();
    await expect(desk.page.getByText(`订单 ${number} 已登记：`)).toBeVisible();
    await pictures(desk.page, "one-place-dispatch");
  });
  await test.step("a second order of the same holder, left at its confirmation", async () => {
    const other = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
    await form(new Person(await other.newPage(), outside), holder, METHOD, UNSEEN);
    await other.close();
  });

  const device = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const page = await device.newPage();
  await page.clock.install();
  const person = new Person(page, outside);
  await test.step("number and code (R118, R119)", async () => {
    await page.goto("/query");
    await pictures(page, "one-place-query");
    await asks(page, outside, holder);
  });
  await test.step("newest first, with type and state (R120, R121)", async () => {
    const lines = page.locator(".order-line");
    await expect(lines).toHaveCount(2);
    await expect(lines.first()).toContainText("待确认");
    await expect(lines.last()).toContainText(number);
    await expect(lines.last()).toContainText("已寄出");
    await expect(lines.first().getByRole("link", { name: "继续" })).toBeVisible();
    await pictures(page, "one-place-orders");
    await accessible(page);
    // R121: where the other device left it.
    await lines.first().getByRole("link", { name: "继续" }).click();
    await expect(person.at("确认订单")).toBeVisible();
    await expect(page.getByText(holder.name).first()).toBeVisible();
    await page.goto("/orders");
    // It has arrived or not: that is for the person to say, so the line leads on.
    await lines.last().getByRole("link", { name: "继续" }).click();
  });
  await test.step("the password's way, delivered, and how it is sent again (R122, B27)", async () => {
    const card = page.getByRole("region", { name: "密码获取方式" }).or(page.locator("section", { hasText: "密码获取方式" })).first();
    await expect(card).toContainText("法人手机");
    await expect(page.getByText("已送达手机")).toBeVisible();
    await expect(page.getByText(/还可重新发送 \d 次/)).toBeVisible();
    await expect(page.getByText(waybill)).toBeVisible();
    await expect(page.getByText("北京海淀")).toBeVisible();
  });
  await test.step("the courier tells the parcel's way, the last news first (R034, S08)", async () => {
    const way = page.getByRole("list", { name: "物流信息" }).getByRole("listitem");
    for (const [press, title] of [["在途", "运输中"], ["派件", "派送中"], ["疑难", "派送遇到问题"], ["派件", "派送中"], ["签收", "快递已签收"]] as const) {
      await outside.moveParcel(device, waybill, press);
      await expect(async () => {
        await page.reload();
        await expect(way.first()).toContainText(title, { timeout: 2_000 });
      }).toPass({ timeout: 60_000 });
      if (press === "疑难") await pictures(page, "one-place-parcel-troubled");
    }
    await expect(way.last()).toContainText("已寄出");
    await expect(page.getByText("快递显示已签收")).toBeVisible();
    await expect(page.getByRole("button", { name: "确认收货" })).toBeEnabled();
    await pictures(page, "one-place-parcel");
    await accessible(page);
  });
  await test.step("the invoice once more, and to another mailbox after a code (R123)", async () => {
    await person.press("重新发送至预留邮箱");
    await expect.poll(async () => (await outside.mails(holder.email)).filter((mail) => mail.subject.includes("发票")).length, { timeout: 60_000 }).toBe(2);
    await person.press("发送至其他邮箱");
    const elsewhere = `caiwu${Date.now()}@example.cn`;
    await page.getByLabel("其他邮箱").fill(elsewhere);
    const known = (await outside.messages(holder.agentPhone, "code")).length;
    await person.press("发送验证码");
    const sms = await outside.nextMessage(holder.agentPhone, "code", known);
    await page.getByLabel("短信验证码").fill(sms.params[0]!);
    await pictures(page, "one-place-mailbox");
    await accessible(page);
    await person.press("确认发送");
    await expect.poll(async () => (await outside.mails(elsewhere)).length, { timeout: 60_000 }).toBe(1);
    await expect(page.getByRole("link", { name: "电子发票重新获取" }).first()).toBeVisible();
  });
  await test.step("who looked at what, and why (B15)", async () => {
    await page.getByText("个人信息与查看记录").click();
    await expect(page.getByText(/审核人员查看了营业执照扫描件，原因：审核资料/)).toBeVisible();
    await expect(page.getByText(/发货人员查看了收件人、手机号与地址，原因：寄送证书/)).toBeVisible();
    await pictures(page, "one-place-order");
    await accessible(page);
    await page.setViewportSize(PHONE);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    await page.setViewportSize(DESKTOP);
  });
  await test.step("another agent: the legal person approves, the agent hears of it and objects (B11)", async () => {
    const legal = await (await browser.newContext({ viewport: DESKTOP, baseURL: office.counter })).newPage();
    await legal.goto("/query");
    await legal.waitForLoadState("networkidle");
    await legal.getByLabel("统一社会信用代码").fill(holder.creditCode);
    await legal.getByText("单位有多位经办人").click();
    await legal.getByLabel(/接收验证码的手机号/).fill(holder.legalPersonPhone);
    const known = (await outside.messages(holder.legalPersonPhone, "code")).length;
    // R125: codes for one number are a minute apart, whoever asks.
    await expect(async () => {
      await legal.getByRole("button", { name: "发送验证码" }).click({ timeout: 2_000 }).catch(() => undefined);
      expect((await outside.messages(holder.legalPersonPhone, "code")).length).toBeGreaterThan(known);
    }).toPass({ timeout: 90_000, intervals: [2_000] });
    const sms = await outside.nextMessage(holder.legalPersonPhone, "code", known);
    await legal.getByLabel("短信验证码").fill(sms.params[0]!);
    await legal.getByRole("button", { name: "确认", exact: true }).click();
    await legal.getByRole("listitem").filter({ hasText: number }).getByRole("link").click();
    await legal.getByRole("link", { name: "更换经办人" }).click();
    await expect(legal.getByText("该经办人办理的本单位订单 2 笔")).toBeVisible();
    await legal.getByRole("button", { name: "提交变更" }).click();
    await expect(legal.getByText("请填写新经办人姓名").first()).toBeVisible();
    const newPhone = `136${String(Date.now()).slice(-8)}`;
    await legal.getByLabel("新经办人姓名").fill("周明");
    await legal.getByLabel("新经办人手机号").fill(newPhone);
    const send = legal.getByRole("button", { name: "发送验证码" });
    await send.first().click();
    await legal.getByLabel("新经办人手机收到的验证码").fill((await outside.nextMessage(newPhone, "code")).params[0]!);
    const before = (await outside.messages(holder.legalPersonPhone, "code")).length;
    await send.last().click();
    await legal.getByLabel(/法定代表人手机.*收到的验证码/).fill((await outside.nextMessage(holder.legalPersonPhone, "code", before)).params[0]!);
    await pictures(legal, "one-place-agent");
    await accessible(legal);
    await legal.getByRole("button", { name: "提交变更" }).click();
    await expect(legal.getByText("等待生效").first()).toBeVisible();
    await outside.nextMessage(holder.agentPhone, "notice");

    await page.reload();
    await expect(page.getByText("经办人变更等待生效")).toBeVisible();
    await pictures(page, "one-place-agent-told");
    await page.getByRole("link", { name: "查看或提出异议" }).click();
    await person.press("提出异议");
    await pictures(page, "one-place-agent-object");
    await accessible(page);
    await person.press("确认提出异议，终止变更");
    await expect(page.getByRole("button", { name: "提交变更" })).toBeVisible();
    await legal.context().close();
    await page.goto(`/orders/${number}`);
    // Once the page is awake, its clock counts.
    await page.waitForLoadState("networkidle");
  });
  await test.step("nobody there: asked after fifteen minutes, ended after thirty (A51)", async () => {
    await page.clock.fastForward("15:02");
    const asked = page.getByRole("dialog", { name: "您还在吗？" });
    await expect(asked).toBeVisible();
    await pictures(page, "one-place-idle");
    await asked.getByRole("button", { name: "继续办理" }).click();
    await expect(asked).toBeHidden();
    await expect(page.getByText(waybill)).toBeVisible();
    await page.clock.fastForward("30:02");
    await expect(page).toHaveURL(/\/query/);
    await page.goto(`/orders/${number}`);
    await expect(page.getByText(waybill)).toHaveCount(0);
    await pictures(page, "one-place-over");
  });
  await device.close();
});

test("paid, and taken back from another device before anything is made (R142, A54)", async ({ office, browser }) => {
  const outside = new Outside(office);
  const holder = organisation("回舟");
  const agent = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const first = new Person(await agent.newPage(), outside);
  const number = await form(first, holder, METHOD, UNSEEN);
  await confirm(first, holder, UNSEEN);
  await evidence(first, UNSEEN);
  await phoneCheck(first, outside, holder, UNSEEN);
  await pay(agent, first, outside, number, "支付宝", UNSEEN);
  await agent.close();

  const device = await browser.newContext({ viewport: PHONE, baseURL: office.counter, isMobile: true, hasTouch: true });
  const page = await device.newPage();
  await asks(page, outside, holder);
  await page.getByRole("listitem").filter({ hasText: number }).getByRole("link").click();
  await page.getByText("撤回申请", { exact: true }).first().click();
  await pictures(page, "one-place-withdraw");
  await accessible(page);
  await page.getByRole("button", { name: "确定撤回", exact: true }).click();
  await expect(page.locator("#step-heading")).toHaveText("申请已撤回");
  await expect(page.getByText("费用已退回")).toBeVisible({ timeout: 60_000 });
  await pictures(page, "one-place-withdrawn");
  await accessible(page);
  await device.close();
});
