// The steps of 1.2 个人证书办理, each as a person walks it; and somebody who has walked them all.

import type { Browser, BrowserContext } from "@playwright/test";
import { accessible, pay } from "./application.ts";
import { type SinglePerson, singlePerson } from "./holder.ts";
import { KeyInPort } from "./key_in_port.ts";
import { expect, type Office } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { scan } from "./picture.ts";
import { DESKTOP, pictures } from "./screen.ts";
import { signedScan } from "./seal_sheet.ts";
import { atDesk } from "./staff.ts";
import { readFileSync } from "node:fs";

export const SEAL = "个人签章图片";
export const ID = "申请人身份证原件扫描件";
const UNSEEN = async () => undefined;

export async function start(person: Person): Promise<string> {
  const { page } = person;
  await page.goto("/");
  await page.getByRole("link", { name: /办理个人证书/ }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("办理个人证书");
  await page.getByText("价目表").click();
  await expect(page.getByRole("row", { name: /在线新办 100\.00 元/ })).toBeVisible();
  await pictures(page, "person-before");
  await page.getByRole("button", { name: "开始办理" }).click();
  await expect(person.at("填写信息")).toBeVisible();
  return page.url().split("/").at(-1)!;
}

export async function form(person: Person, holder: SinglePerson, seen: (name: string) => Promise<void>): Promise<string> {
  const { page } = person;
  const number = await start(person);
  await seen("form-empty");
  await expect(page.getByRole("radio")).toHaveCount(3);
  await expect(page.getByText("通讯地址建议填写可接收快件的收件信息，以便我们邮寄证书Key等实体材料")).toBeVisible();
  await expect(page.getByRole("link", { name: /个人签章采样表/ })).toBeVisible();
  await person.press("下一步");
  await expect(page.getByRole("alert").first()).toContainText("需要修改");
  await person.field("申请人姓名").fill(holder.name);
  await person.field("身份证号").fill(holder.idNumber);
  await person.field("经办人手机号").fill(holder.phone);
  await person.field("预留邮箱").fill(holder.email);
  await person.fillAddress(holder.name, holder.phone);
  await page.getByLabel(/我已阅读并同意/).check();
  await expect(page.getByText(/已保存/)).toBeVisible();
  await page.reload();
  await expect(person.field("申请人姓名")).toHaveValue(holder.name);
  await seen("form-filled");
  await accessible(page);
  await person.press("下一步");
  return number;
}

export async function uploads(person: Person, office: Office, seen: (name: string) => Promise<void>) {
  const { page } = person;
  await expect(person.at("上传鉴证资料")).toBeVisible();
  await seen("evidence-empty");
  await person.upload(ID);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: /个人签章采样表/ }).click(),
  ]);
  const sheet = readFileSync(await download.path());
  expect(sheet.subarray(0, 5).toString()).toBe("%PDF-");
  const card = page.getByRole("region", { name: SEAL });
  // Any picture: taken, and said what is missing.
  await card.locator("input[type=file]:not([capture])").setInputFiles(scan(SEAL));
  await expect(card.getByText("没有找到采样表的四个定位标记")).toBeVisible();
  await seen("seal-not-found");
  await card.locator("input[type=file]:not([capture])").setInputFiles(signedScan(sheet, office.folder));
  await expect(card.getByAltText("从采样表中截取的签章")).toBeVisible();
  await expect(page.getByRole("button", { name: "确认申请", exact: true })).toBeDisabled();
  await seen("seal");
  await accessible(page);
  await person.press("使用此签章");
  await expect(card.getByText("已确认使用此签章")).toBeVisible();
  await person.press("确认申请");
}

export async function confirms(person: Person, holder: SinglePerson, seen: (name: string) => Promise<void>) {
  const { page } = person;
  await expect(person.at("确认订单")).toBeVisible();
  await expect(page.getByText(holder.name).first()).toBeVisible();
  await expect(page.getByAltText("电子签章图片")).toBeVisible();
  await expect(page.getByText("100.00").first()).toBeVisible();
  await seen("confirm");
  await accessible(page);
  await person.press("返回修改");
  await person.field("详细地址").fill("中关村大街 1 号 8 层 802");
  await person.press("下一步");
  await expect(person.at("上传鉴证资料")).toBeVisible();
  await person.press("确认申请");
  await expect(page.getByText("802").first()).toBeVisible();
  await person.press("确认订单");
}

export interface IssuedPerson {
  readonly holder: SinglePerson;
  readonly number: string;
  /** The signing certificate, base64. */
  readonly pem: string;
}

/** A person's key, produced and counted. */
export async function issuedToPerson(office: Office, browser: Browser, producer: BrowserContext, name: string): Promise<IssuedPerson> {
  const { number, holder } = await passedPerson(office, browser, name);
  const key = KeyInPort.fresh(office);
  await atDesk(producer, office, "producer", (desk) => desk.produce(number, key.serial, UNSEEN));
  const pem = (await key.pair()).sign.toString("base64");
  key.remove();
  return { holder, number, pem };
}

/** An application that has passed its review. */
export async function passedPerson(office: Office, browser: Browser, name: string): Promise<{ number: string; holder: SinglePerson }> {
  const outside = new Outside(office);
  const holder = singlePerson(name);
  const context = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter, acceptDownloads: true });
  const person = new Person(await context.newPage(), outside);
  const number = await form(person, holder, UNSEEN);
  await uploads(person, office, UNSEEN);
  await confirms(person, holder, UNSEEN);
  await expect(person.at("短信验证")).toBeVisible();
  await person.enterPhoneCode(holder.phone);
  await person.press("确定");
  await pay(context, person, outside, number, "支付宝", UNSEEN);
  await atDesk(browser, office, "reviewer", (desk) => desk.pass(number, UNSEEN, 2));
  await context.close();
  return { number, holder };
}
