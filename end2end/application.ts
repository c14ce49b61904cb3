// The steps of 1.1 单位证书办理, each as a person walks it and with what must be seen there.

import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, expect, type Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Method, Organisation } from "./holder.ts";
import { Judge } from "./judge.ts";
import type { KeyInPort } from "./key_in_port.ts";
import type { Office } from "./office.ts";
import type { Outside } from "./outside.ts";
import { EVIDENCE, type Person } from "./person.ts";
import { PHONE } from "./screen.ts";

/** Takes pictures of the page as it is now; a walk that wants none gives a function that does nothing. */
export type Seen = (name: string) => Promise<void>;

export async function form(person: Person, holder: Organisation, method: Method, seen: Seen): Promise<string> {
  const number = await person.startOrganisation();
  const { page } = person;
  await seen("form-empty");
  await expect(page.getByRole("radio")).toHaveCount(3);
  await expect(page.getByText("通讯地址建议填写可接收快件的收件信息，以便我们邮寄证书Key等实体材料")).toBeVisible();
  await person.press("下一步");
  await expect(page.getByRole("alert").first()).toContainText("需要修改");

  await person.fillHolder(holder);
  await person.chooseMethod(method, holder);
  await expect(page.locator("#invoice_title")).toHaveText(holder.name);
  await page.reload();
  await expect(person.field("证书使用单位名称")).toHaveValue(holder.name);
  await seen("form-filled");
  await accessible(page);
  await person.press("下一步");
  return number;
}

export async function confirm(person: Person, holder: Organisation, seen: Seen) {
  await expect(person.at("确认订单")).toBeVisible();
  await expect(person.page.getByText(holder.name).first()).toBeVisible();
  await seen("confirm");
  await person.press("返回修改");
  await person.field("详细地址").fill("中关村大街 1 号 8 层 802");
  await person.press("下一步");
  await expect(person.page.getByText("802").first()).toBeVisible();
  await accessible(person.page);
  await person.press("确认订单");
}

export async function evidence(person: Person, seen: Seen) {
  await expect(person.at("上传鉴证资料")).toBeVisible();
  await person.upload(EVIDENCE[0]);
  await person.upload(EVIDENCE[1]);
  await expect(person.page.getByRole("button", { name: "确认申请", exact: true })).toBeDisabled();
  await person.upload(EVIDENCE[2]);
  await seen("evidence");
  await accessible(person.page);
  await person.press("确认申请");
}

export async function phoneCheck(person: Person, outside: Outside, holder: Organisation, seen: Seen) {
  await expect(person.at("短信验证")).toBeVisible();
  await person.enterPhoneCode(holder.agentPhone);
  const code = (await outside.messages(holder.agentPhone, "code")).at(-1)!.params[0]!;
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, "0");
  await person.page.getByLabel("短信验证码").fill(wrong);
  await person.press("确定");
  await expect(person.page.getByText(/验证码不正确/)).toBeVisible();
  await seen("phone-check");
  await person.page.getByLabel("短信验证码").fill(code);
  await person.press("确定");
}

export async function pay(agent: BrowserContext, person: Person, outside: Outside, number: string, channel: "支付宝" | "微信支付", seen: Seen) {
  await expect(person.at("支付费用")).toBeVisible();
  const code = await person.scanQr(channel);
  const yuan = (await person.page.locator("[data-amount]").getAttribute("data-amount"))!;
  await seen("payment");
  await accessible(person.page);
  // R147: nobody watches while the phone pays; the office hears it all the same.
  await person.page.goto("about:blank");
  await outside.payOnPhone(agent, code, yuan);
  await person.page.goto(`/orders/${number}`);
  await expect(person.at("等待审核")).toBeVisible({ timeout: 30_000 });
  await seen("waiting");
  await accessible(person.page);
}

export async function invoice(person: Person, outside: Outside, holder: Organisation, seen: Seen) {
  await expect.poll(async () => (await outside.mails(holder.email)).filter((mail) => mail.subject.includes("发票")).length, { timeout: 60_000 }).toBe(1);
  const mail = (await outside.mails(holder.email)).find((mail) => mail.subject.includes("发票"))!;
  const pdf = mail.attachments.find((part) => part.name.endsWith(".pdf"))!;
  const xml = mail.attachments.find((part) => part.name.endsWith(".xml"))!;
  expect((await outside.attachment(mail, pdf.index)).subarray(0, 5).toString()).toBe("%PDF-");
  expect((await outside.attachment(mail, xml.index)).toString("utf8")).toContain(holder.name);
  await person.page.reload();
  await expect(person.page.getByText(/其法律效力、基本用途及使用规定同纸质发票/)).toBeVisible();
  await expect(person.page.getByText(/24 ?小时/).first()).toBeVisible();
  const [download] = await Promise.all([
    person.page.waitForEvent("download"),
    person.page.getByRole("link", { name: /下载.*PDF|PDF.*下载/ }).click(),
  ]);
  expect(readFileSync(await download.path()).subarray(0, 5).toString()).toBe("%PDF-");
  await seen("invoice");
}

export async function passcodeOf(outside: Outside, method: Method, holder: Organisation): Promise<string> {
  if (method !== "企业对公账户打款认证") {
    const sms = await outside.nextMessage(holder.legalPersonPhone, "passcode");
    expect(await outside.messages(holder.agentPhone, "passcode")).toHaveLength(0);
    return sms.params[0]!;
  }
  await expect.poll(async () => (await outside.credits(holder.account.number)).length, { timeout: 60_000 }).toBe(1);
  const [credit] = await outside.credits(holder.account.number);
  expect(credit).toMatchObject({ fen: 1, account_name: holder.name });
  expect(await outside.messages(holder.legalPersonPhone, "passcode")).toHaveLength(0);
  return credit!.remark;
}

export async function judge(office: Office, key: KeyInPort, passcode: string, holder: Organisation) {
  const judge = new Judge();
  const pair = await key.pair();
  const [sign, encrypt] = [judge.keep("sign", pair.sign), judge.keep("encrypt", pair.encrypt)];
  const root = await authority(office, judge, "root");
  const issuing = await authority(office, judge, "issuing");
  judge.link(issuing, root);
  judge.link(sign, issuing);
  judge.link(encrypt, issuing);
  expect(judge.facts(sign)).toContain(holder.name);
  expect(judge.facts(sign)).toMatch(/Digital Signature/);
  expect(judge.facts(encrypt)).toMatch(/Key Encipherment|Data Encipherment|Key Agreement/);
  expect(judge.facts(encrypt)).not.toMatch(/Digital Signature/);

  const challenge = randomBytes(32).toString("hex");
  const wrong = passcode === "000000" ? "111111" : "000000";
  expect(await key.login(wrong, challenge)).toMatchObject({ answer: "failed", error: { kind: "pin_wrong" } });
  expect(await key.login(passcode, challenge)).toMatchObject({ answer: "logged_in", serial: key.serial });
}

/** As a relying party gets it. */
async function authority(office: Office, judge: Judge, name: "root" | "issuing"): Promise<string> {
  const answer = await fetch(`${office.counter}/authority/${name}.crt`);
  expect(answer.status).toBe(200);
  return judge.keep(name, Buffer.from(await answer.arrayBuffer()));
}

export async function receive(person: Person, number: string, waybill: string, passcodeText: string, seen: Seen) {
  await person.page.goto(`/orders/${number}`);
  await expect(person.page.getByText(waybill)).toBeVisible();
  await expect(person.page.getByText(passcodeText).first()).toBeVisible();
  await seen("shipped");
  await person.press("确认收货");
  await expect(person.page.getByRole("heading", { name: /完成/ })).toBeVisible();
  await seen("completed");
  await person.page.setViewportSize(PHONE);
  await accessible(person.page);
}

/** Neither the database, nor a file beside it, nor a log holds it in clear. */
export async function nowhere(office: Office, passcode: string) {
  const found = execFileSync("sh", ["-c", 'grep -rlaF -e "$1" "$2" "$3" || true', "sh", passcode, office.data, join(office.folder, "server.log")], { encoding: "utf8" });
  expect(found).toBe("");
}

export async function accessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
}
