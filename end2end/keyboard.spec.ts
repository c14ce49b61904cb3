// Every journey without a mouse and by ear (R143): an application from the home page to its review by keyboard alone, what is
// said where the page changes, and no page that axe finds a fault in.

import { accessible } from "./application.ts";
import { organisation } from "./holder.ts";
import { Keyboard } from "./keyboard.ts";
import { expect, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { EVIDENCE, Person } from "./person.ts";
import { scan } from "./picture.ts";
import { DESKTOP, PHONE, pictures } from "./screen.ts";

test("an application by keyboard alone, from the home page to the review (R143)", async ({ office, browser }) => {
  test.slow();
  const outside = new Outside(office);
  const holder = organisation("无鼠");
  const context = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const page = await context.newPage();
  const [person, keys] = [new Person(page, outside), new Keyboard(page)];
  const button = (name: string) => page.getByRole("button", { name, exact: true });

  await test.step("the first stop leads past the menu; the service, the start", async () => {
    await page.goto("/");
    await page.waitForLoadState("networkidle");
    await page.keyboard.press("Tab");
    await expect(page.locator(".skip")).toBeFocused();
    await page.keyboard.press("Enter");
    await keys.enter(page.getByRole("main").getByRole("link", { name: /办理单位证书/ }).first());
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("办理单位证书");
    await keys.enter(button("开始办理"));
    await expect(person.at("填写信息")).toBeVisible();
  });
  await test.step("the form: what is missing takes the focus and is named", async () => {
    await keys.enter(button("下一步"));
    await expect(page.locator("#error-summary")).toBeFocused();
    await expect(page.locator("#error-summary")).toContainText("需要修改");
    await keys.enter(page.locator("#error-summary").getByRole("link").first());
    const first = person.field("证书使用单位名称");
    await expect(first).toBeFocused();
    await expect(first).toHaveAttribute("aria-invalid", "true");
    const says = (await first.getAttribute("aria-describedby"))!.split(" ").map((id) => `[id="${id}"]`).join(",");
    await expect(page.locator(says).filter({ hasText: /请/ }).first()).toBeVisible();
    await pictures(page, "keyboard-errors");
    await page.keyboard.insertText(holder.name);
  });
  await test.step("the form, field by field in the order in which it is read", async () => {
    await keys.write(person.field("统一社会信用代码"), holder.creditCode);
    await keys.write(person.field("法定代表人姓名"), holder.legalPerson);
    await keys.write(person.field("法定代表人身份证号"), holder.legalPersonId);
    await keys.write(person.field("经办人姓名"), holder.agent);
    await keys.write(person.field("经办人手机号"), holder.agentPhone);
    await keys.write(person.field("预留邮箱"), holder.email);
    await keys.pick(page.getByRole("radio").first(), page.getByRole("radio", { name: "法人银行卡信息认证" }));
    await keys.write(person.field("法人银行卡号"), holder.bankCard);
    await keys.write(person.field("银行预留手机号"), holder.legalPersonPhone);
    await keys.write(person.field("收件人"), holder.agent);
    await keys.write(person.field("收件人手机号"), holder.agentPhone);
    await keys.choose(page.getByLabel("省 / 自治区 / 直辖市"), "北京市");
    await keys.choose(page.getByLabel("区 / 县"), "海淀区");
    await keys.write(person.field("详细地址"), "中关村大街 1 号 8 层 801");
    await keys.tick(page.getByLabel(/我已阅读并同意/));
    await pictures(page, "keyboard-form");
    await keys.enter(button("下一步"));
  });
  await test.step("each step's heading is said when it comes", async () => {
    await expect(person.at("确认订单")).toBeFocused();
    await keys.enter(button("确认订单"));
    await expect(person.at("上传鉴证资料")).toBeFocused();
    for (const kind of EVIDENCE) {
      const card = page.getByRole("region", { name: kind });
      await keys.giveFile(card.locator("input[type=file]:not([capture])"), scan(kind));
      await expect(card.getByText(/已上传/)).toBeVisible();
    }
    await pictures(page, "keyboard-evidence");
    await keys.enter(button("确认申请"));
    await expect(page.getByRole("dialog").getByRole("heading", { name: "经办人短信确认" }), "the dialog's, which lies over it").toBeFocused();
    await pictures(page, "keyboard-phone-check");
  });
  await test.step("the code, the way to pay", async () => {
    await keys.enter(button("发送验证码"));
    const sms = await outside.nextMessage(holder.agentPhone, "code");
    await keys.write(page.getByLabel("短信验证码"), sms.params[0]!);
    await keys.enter(button("确定"));
    await expect(person.at("支付费用")).toBeFocused();
    const qr = page.locator("[data-code]");
    await expect(qr).toBeVisible();
    const first = (await qr.getAttribute("data-code"))!;
    const radios = page.getByRole("radio");
    await keys.pick(radios.and(page.locator(":checked")), radios.nth(1));
    await expect(qr).not.toHaveAttribute("data-code", first);
    await pictures(page, "keyboard-payment");
    const code = (await qr.getAttribute("data-code"))!;
    const yuan = (await page.locator("[data-amount]").getAttribute("data-amount"))!;
    await outside.payOnPhone(context, code, yuan);
    await expect(person.at("等待审核")).toBeVisible({ timeout: 30_000 });
    await expect(person.at("等待审核"), "what came by itself is said too").toBeFocused();
  });
  await context.close();
});

const PAGES = [
  "/", "/apply/organisation", "/apply/person", "/renew", "/unblock", "/replace", "/replace/organisation", "/replace/person",
  "/modify", "/lost", "/query", "/orders", "/key", "/key/pin", "/agreement", "/papers/authorisation", "/trust", "/trust/check",
  "/trust/cps", "/staff", "/staff/review", "/nowhere",
];

test("no page stands in a screen reader's way, on both screens (R143)", async ({ office, browser }) => {
  test.slow();
  const context = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const page = await context.newPage();
  for (const path of PAGES) {
    await test.step(path, async () => {
      await page.setViewportSize(DESKTOP);
      await page.goto(path);
      await page.waitForLoadState("networkidle");
      await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
      await expect(page.getByRole("main")).toHaveCount(1);
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      await accessible(page);
      await page.setViewportSize(PHONE);
      await accessible(page);
    });
  }
  await context.close();
});
