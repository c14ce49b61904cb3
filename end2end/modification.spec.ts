// 信息变更 of an organisation and of a person (R111–R116, A45–A48): contacts at once, another name with evidence and a
// review, and a reserved phone that nobody answers any more.

import type { Browser } from "@playwright/test";
import { type Change, type Named, seated } from "./change.ts";
import type { Organisation } from "./holder.ts";
import { issuedAgo, issuedToPersonAgo } from "./issued.ts";
import { Judge } from "./judge.ts";
import { expect, type Office, test } from "./office.ts";
import { EVIDENCE } from "./person.ts";
import { atDesk } from "./staff.ts";

const UNSEEN = async () => undefined;
const NEXT_PHONE = "13712345678";

test("contacts at once, a name with its review, a phone by identity (R111–R116, A45, A47, A48)", async ({ office, browser }) => {
  test.slow();
  const held = await issuedAgo(office, browser, "惠民", 0);
  const { change, leave } = await seated(office, held, "modify");
  const before = await test.step("contacts (R113, R115)", () => contacts(change));
  await test.step("another name, its certificate written to the key (R114, A45, A47)", () => anotherName(office, browser, change, { field: "证书使用单位名称", name: "北京惠民新程科技有限公司", kinds: EVIDENCE, stays: false }));
  await test.step("another phone without the reserved one (A48)", () => anotherPhone(change));
  await leave();
  const after = await held.key.pair();
  const judge = new Judge();
  const [was, is] = [judge.keep("was", before), judge.keep("is", after.sign)];
  expect(judge.end(is), "A47").toEqual(judge.end(was));
  expect(judge.facts(is)).toContain("北京惠民新程科技有限公司");
  held.key.remove();
});

test("a person's contacts at once, a name with the identity card (R111–R116, A45, A47)", async ({ office, browser }) => {
  test.slow();
  const held = await issuedToPersonAgo(office, browser, "欧阳若水", 0);
  const { change, leave } = await seated(office, held, "modify-person");
  const before = await test.step("contacts (R113, R115, R116)", () => contacts(change));
  // The registers of persons have this name under several spellings.
  const renamed = { field: "申请人姓名", name: "欧阳龑", kinds: ["申请人身份证原件扫描件"], stays: true };
  await test.step("another name, its certificate written to the key (R114, A45, A47)", () => anotherName(office, browser, change, renamed));
  await leave();
  const after = await held.key.pair();
  const judge = new Judge();
  const [was, is] = [judge.keep("was", before), judge.keep("is", after.sign)];
  expect(judge.end(is), "A47").toEqual(judge.end(was));
  expect(judge.facts(is)).toContain(renamed.name);
  expect(judge.facts(is), "R141").not.toContain(held.holder.idNumber);
  held.key.remove();
});

/** Gives the signing certificate that stays. */
async function contacts<Holder extends Named>(change: Change<Holder>): Promise<Buffer> {
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
  await person.enterPhoneCode(held.phone);
  const right = (await outside.messages(held.phone, "code")).at(-1)!.params[0]!;
  await page.getByLabel("短信验证码").fill(right === "000000" ? "111111" : "000000");
  await person.press("确定");
  await expect(page.getByText(/验证码不正确/)).toBeVisible();
  await page.getByLabel("短信验证码").fill(right);
  await person.press("确定");
  await expect(page.getByRole("heading", { name: "变更完成" })).toBeVisible();
  await expect(page.getByText("证书内容不变，无需重新写入")).toBeVisible();
  await change.seen("contacts-done");
  return (await held.key.pair()).sign;
}

interface Renamed {
  readonly field: string;
  readonly name: string;
  readonly kinds: readonly string[];
  /** Until the review is over, with the page open. */
  readonly stays: boolean;
}

async function anotherName<Holder extends Named>(office: Office, browser: Browser, change: Change<Holder>, renamed: Renamed) {
  const { person, page, held } = change;
  const number = await change.signsIn(held.holder.name);
  await expect(person.field("预留邮箱")).toHaveValue("new@example.cn");
  await person.field(renamed.field).fill(renamed.name);
  await page.getByLabel(/我已阅读并同意/).check();
  await person.press("修改");
  await expect(person.at("短信验证")).toBeVisible();
  await person.enterPhoneCode(held.phone);
  await person.press("确定");
  await expect(person.at("上传鉴证资料")).toBeVisible();
  for (const kind of renamed.kinds) await person.upload(kind);
  await change.seen("evidence");
  await person.press("确认申请");
  await expect(person.at("等待审核")).toBeVisible();
  await change.seen("waiting");
  // Who comes back later opens the key again; for who stays it is open since the sign-in.
  if (!renamed.stays) await page.reload();
  await atDesk(browser, office, "reviewer", (desk) => desk.pass(number, UNSEEN, renamed.kinds.length));
  if (!renamed.stays) {
    await expect(page.getByText("请输入证书密码，继续写入新证书。")).toBeVisible({ timeout: 60_000 });
    await change.seen("pin");
    await change.press("继续");
  }
  await expect(page.getByRole("heading", { name: "变更完成" })).toBeVisible({ timeout: 60_000 });
  await change.seen("name-done");
}

async function anotherPhone(change: Change<Organisation>) {
  const { person, page, held, outside } = change;
  const codes = (await outside.messages(held.phone, "code")).length;
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
  expect(await outside.messages(held.phone, "code")).toHaveLength(codes);
  await change.signsIn("北京惠民新程科技有限公司");
  await expect(person.field("经办人手机号")).toHaveValue(NEXT_PHONE);
}
