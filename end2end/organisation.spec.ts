// 1.1 单位证书办理, from the form to the key, once for each way of proving who the organisation is (R001–R036).

import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, Page } from "@playwright/test";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Method, type Organisation, organisation } from "./holder.ts";
import { Judge } from "./judge.ts";
import { KeyInPort } from "./key_in_port.ts";
import { expect, type Office, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { EVIDENCE, Person } from "./person.ts";
import { DESKTOP, PHONE, pictures } from "./screen.ts";
import { member, Staff } from "./staff.ts";

const WALKS: { method: Method; word: string; pays: "支付宝" | "微信支付"; passcodeText: string }[] = [
  { method: "法人手机实名认证", word: "青云", pays: "微信支付", passcodeText: "法人手机" },
  { method: "法人银行卡信息认证", word: "白鹭", pays: "支付宝", passcodeText: "法人手机" },
  { method: "企业对公账户打款认证", word: "长风", pays: "微信支付", passcodeText: "附言" },
];

for (const walk of WALKS) {
  test(`an organisation's certificate by ${walk.method} (R001–R036)`, async ({ office, browser, producer }) => {
    const outside = new Outside(office);
    const holder = organisation(walk.word);
    const agent = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
    const person = new Person(await agent.newPage(), outside);
    const seen = (name: string) => pictures(person.page, `${walk.word}-${name}`);

    const number = await test.step("the form (R007–R018)", () => form(person, holder, walk.method, seen));
    await test.step("confirm, go back, correct (R019, R022)", () => confirm(person, holder, seen));
    await test.step("evidence (R020, R021)", () => evidence(person, seen));
    await test.step("the agent's phone (R023, R024)", () => phoneCheck(person, outside, holder, seen));
    await test.step("payment, with the browser closed meanwhile (R025, R026, R145–R147)", () => pay(agent, person, outside, number, walk.pays, seen));
    await test.step("the invoice, before the review ends (R027–R029, R036)", () => invoice(person, outside, holder, seen));

    const reviewers = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
    const reviewer = new Staff(await reviewers.newPage());
    await reviewer.signIn(member(office, "reviewer"));
    await reviewer.pass(number, (name) => pictures(reviewer.page, `${walk.word}-${name}`));
    await reviewers.close();
    await outside.nextMessage(holder.agentPhone, "passed");

    const key = KeyInPort.fresh(office);
    await test.step("production on the key (R034, R137–R140)", () => produce(office, producer, number, key, walk.word));
    const passcode = await test.step("the password, by the channel of the method (R013, R014, R032)", () => passcodeOf(outside, walk.method, holder));
    await test.step("OpenSSL judges the chain, the key knows its PIN", () => judge(office, key, passcode, holder));

    const dispatchers = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
    const dispatcher = new Staff(await dispatchers.newPage());
    await dispatcher.signIn(member(office, "dispatcher"));
    const waybill = `SF${Date.now()}`;
    await dispatcher.ship(holder.name, waybill, (name) => pictures(dispatcher.page, `${walk.word}-${name}`));
    await dispatchers.close();
    const shipped = await outside.nextMessage(holder.agentPhone, "shipped");
    expect(shipped.text).toContain(waybill);

    await test.step("received (R005, R034)", () => receive(person, number, waybill, walk.passcodeText, seen));
    await test.step("the password is written nowhere (R129)", () => nowhere(office, passcode));
    key.remove();
    await agent.close();
  });
}

type Seen = (name: string) => Promise<void>;

async function form(person: Person, holder: Organisation, method: Method, seen: Seen): Promise<string> {
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

async function confirm(person: Person, holder: Organisation, seen: Seen) {
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

async function evidence(person: Person, seen: Seen) {
  await expect(person.at("上传鉴证资料")).toBeVisible();
  await person.upload(EVIDENCE[0]);
  await person.upload(EVIDENCE[1]);
  await expect(person.page.getByRole("button", { name: "确认申请", exact: true })).toBeDisabled();
  await person.upload(EVIDENCE[2]);
  await seen("evidence");
  await accessible(person.page);
  await person.press("确认申请");
}

async function phoneCheck(person: Person, outside: Outside, holder: Organisation, seen: Seen) {
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

async function pay(agent: BrowserContext, person: Person, outside: Outside, number: string, channel: "支付宝" | "微信支付", seen: Seen) {
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

async function invoice(person: Person, outside: Outside, holder: Organisation, seen: Seen) {
  await expect.poll(async () => (await outside.mails(holder.email)).filter((mail) => mail.subject.includes("发票")).length, { timeout: 60_000 }).toBe(1);
  const mail = (await outside.mails(holder.email)).find((mail) => mail.subject.includes("发票"))!;
  const pdf = mail.attachments.find((part) => part.name.endsWith(".pdf"))!;
  const xml = mail.attachments.find((part) => part.name.endsWith(".xml"))!;
  expect((await outside.attachment(mail, pdf.index)).subarray(0, 5).toString()).toBe("%PDF-");
  expect((await outside.attachment(mail, xml.index)).toString("utf8")).toContain(holder.name);
  await person.page.reload();
  await expect(person.page.getByText(/法律效力/)).toBeVisible();
  await expect(person.page.getByText(/24 ?小时/).first()).toBeVisible();
  const [download] = await Promise.all([
    person.page.waitForEvent("download"),
    person.page.getByRole("link", { name: /下载.*PDF|PDF.*下载/ }).click(),
  ]);
  expect(readFileSync(await download.path()).subarray(0, 5).toString()).toBe("%PDF-");
  await seen("invoice");
}

async function produce(office: Office, producer: BrowserContext, number: string, key: KeyInPort, word: string) {
  const page = producer.pages()[0] ?? (await producer.newPage());
  const desk = new Staff(page);
  await desk.signIn(member(office, "producer"));
  await desk.produce(number, key.serial, (name) => pictures(page, `${word}-${name}`));
}

async function passcodeOf(outside: Outside, method: Method, holder: Organisation): Promise<string> {
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

async function judge(office: Office, key: KeyInPort, passcode: string, holder: Organisation) {
  const judge = new Judge();
  const pair = await key.pair();
  const [sign, encrypt] = [judge.keep("sign", pair.sign), judge.keep("encrypt", pair.encrypt)];
  const [root, issuing] = ["root", "issuing"].map((name) => join(office.data, "authority", `${name}.pem`)) as [string, string];
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

async function receive(person: Person, number: string, waybill: string, passcodeText: string, seen: Seen) {
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
async function nowhere(office: Office, passcode: string) {
  const { execFileSync } = await import("node:child_process");
  const found = execFileSync("sh", ["-c", 'grep -rlaF -e "$1" "$2" "$3" || true', "sh", passcode, office.data, join(office.folder, "server.log")], { encoding: "utf8" });
  expect(found).toBe("");
}

async function accessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
}
