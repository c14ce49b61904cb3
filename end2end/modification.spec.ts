// 信息变更 of an organisation (R111–R116, A45–A48): contacts at once, another name with evidence and a review, and a reserved
// phone that nobody answers any more.

import type { Browser, BrowserContext, Page } from "@playwright/test";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { accessible } from "./application.ts";
import { type Held, issuedAgo } from "./issued.ts";
import { Judge } from "./judge.ts";
import { expect, type Office, producersBrowser, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { EVIDENCE, Person } from "./person.ts";
import { PinPrompt } from "./pin_prompt.ts";
import { pictures } from "./screen.ts";
import { atDesk } from "./staff.ts";

const UNSEEN = async () => undefined;
const NEXT_PHONE = "13712345678";

class Change {
  readonly person: Person;

  constructor(readonly page: Page, readonly outside: Outside, readonly held: Held, readonly prompt: PinPrompt) {
    this.person = new Person(page, outside);
  }

  /** R112: the name on the key, the PIN, 登录. */
  async signsIn(called: string): Promise<string> {
    const { page } = this;
    await page.goto("/modify");
    await expect(page.getByText("证书名称：")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(called).first()).toBeVisible();
    if (called === this.held.holder.name) await this.seen("sign-in");
    await this.press("登录");
    await expect(page).toHaveURL(/\/orders\/\w+$/);
    await expect(this.person.at("填写信息")).toBeVisible();
    return page.url().split("/").at(-1)!;
  }

  /** At the helper's window. */
  async press(button: string) {
    this.prompt.types(this.held.pin);
    await this.page.getByRole("button", { name: button, exact: true }).click();
  }

  async seen(name: string) {
    await pictures(this.page, `modify-${name}`);
    await accessible(this.page);
  }
}

/** A holder with the key in the port and a browser that reaches it. */
async function seated(office: Office, held: Held): Promise<{ change: Change; leave: () => Promise<void> }> {
  const browser: BrowserContext = await producersBrowser(office, mkdtempSync(join(office.folder, "chromium-")));
  const prompt = await PinPrompt.open(office);
  held.key.insert();
  const change = new Change(await browser.newPage(), new Outside(office), held, prompt);
  return {
    change,
    leave: async () => {
      await browser.close();
      await prompt.close();
    },
  };
}

test("contacts at once, a name with its review, a phone by identity (R111–R116, A45, A47, A48)", async ({ office, browser }) => {
  test.slow();
  const held = await issuedAgo(office, browser, "惠民", 0);
  const { change, leave } = await seated(office, held);
  const before = await test.step("contacts (R113, R115)", () => contacts(change));
  await test.step("another name (A45, A47)", () => anotherName(office, browser, change));
  await test.step("another phone without the reserved one (A48)", () => anotherPhone(change));
  await leave();
  const after = await held.key.pair();
  const judge = new Judge();
  const [was, is] = [judge.keep("was", before), judge.keep("is", after.sign)];
  expect(judge.end(is), "A47").toEqual(judge.end(was));
  expect(judge.facts(is)).toContain("北京惠民新程科技有限公司");
  held.key.remove();
});

/** Gives the signing certificate that stays. */
async function contacts(change: Change): Promise<Buffer> {
  const { person, page, held, outside } = change;
  await change.signsIn(held.holder.name);
  await expect(page.getByText("持有人的证件号码不能变更。")).toBeVisible();
  await change.seen("form");
  await person.field("预留邮箱").fill("new@example.cn");
  await page.getByLabel(/我已阅读并同意/).check();
  await person.press("修改");
  await expect(person.at("短信验证")).toBeVisible();
  await expect(page.getByText("短信将发送至变更前的预留手机")).toBeVisible();
  await change.seen("phone-check");
  // A wrong code is said, and what to do where the phone is gone stands beside.
  await person.enterPhoneCode(held.holder.agentPhone);
  const right = (await outside.messages(held.holder.agentPhone, "code")).at(-1)!.params[0]!;
  await page.getByLabel("短信验证码").fill(right === "000000" ? "111111" : "000000");
  await person.press("确定");
  await expect(page.getByText(/验证码不正确/)).toBeVisible();
  await page.getByLabel("短信验证码").fill(right);
  await person.press("确定");
  await expect(page.getByRole("heading", { name: "变更完成" })).toBeVisible();
  await change.seen("contacts-done");
  return (await held.key.pair()).sign;
}

async function anotherName(office: Office, browser: Browser, change: Change) {
  const { person, page, held } = change;
  const number = await change.signsIn(held.holder.name);
  await expect(person.field("预留邮箱")).toHaveValue("new@example.cn");
  await person.field("证书使用单位名称").fill("北京惠民新程科技有限公司");
  await page.getByLabel(/我已阅读并同意/).check();
  await person.press("修改");
  await expect(person.at("短信验证")).toBeVisible();
  await person.enterPhoneCode(held.holder.agentPhone);
  await person.press("确定");
  await expect(person.at("上传鉴证资料")).toBeVisible();
  for (const kind of EVIDENCE) await person.upload(kind);
  await change.seen("evidence");
  await person.press("确认申请");
  await expect(person.at("等待审核")).toBeVisible();
  await change.seen("waiting");
  // Who comes back later opens the key again.
  await page.reload();
  await atDesk(browser, office, "reviewer", (desk) => desk.pass(number, UNSEEN));
  await expect(page.getByText("请输入证书密码，继续写入新证书。")).toBeVisible({ timeout: 60_000 });
  await change.seen("pin");
  await change.press("继续");
  await expect(page.getByRole("heading", { name: "变更完成" })).toBeVisible({ timeout: 60_000 });
  await change.seen("name-done");
}

async function anotherPhone(change: Change) {
  const { person, page, held, outside } = change;
  const codes = (await outside.messages(held.holder.agentPhone, "code")).length;
  await change.signsIn("北京惠民新程科技有限公司");
  await person.field("经办人手机号").fill(NEXT_PHONE);
  await page.getByLabel("预留手机已停用，收不到短信，改用身份核验").check();
  await page.getByRole("radio", { name: "法人手机实名认证" }).check();
  await expect(person.field("手机号")).toHaveValue(held.holder.legalPersonPhone);
  await page.getByLabel(/我已阅读并同意/).check();
  await change.seen("by-identity");
  const known = (await outside.messages(held.holder.legalPersonPhone, "code")).length;
  await person.press("修改");
  await expect(person.at("身份核验")).toBeVisible();
  const sms = await outside.nextMessage(held.holder.legalPersonPhone, "code", known);
  await expect(page.getByLabel("身份授权码")).toBeVisible({ timeout: 30_000 });
  await change.seen("authorisation");
  await page.getByLabel("身份授权码").fill(sms.params[0]!);
  await person.press("下一步");
  await expect(page.getByRole("heading", { name: "变更完成" })).toBeVisible();
  expect(await outside.messages(held.holder.agentPhone, "code")).toHaveLength(codes);
  await change.signsIn("北京惠民新程科技有限公司");
  await expect(person.field("经办人手机号")).toHaveValue(NEXT_PHONE);
}
