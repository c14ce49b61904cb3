// The agent at the counter, by what a person does there. Words are the manual's.

import { expect, type Locator, type Page } from "@playwright/test";
import type { Method, Organisation } from "./holder.ts";
import type { Outside } from "./outside.ts";
import { readQr, scan } from "./picture.ts";

export const EVIDENCE = ["营业执照扫描件", "法人身份证扫描件", "法人授权书"] as const;

export class Person {
  constructor(readonly page: Page, private readonly outside: Outside) {}

  /** R001, R003, R007: from the home page to the form; gives the order's number. */
  async startOrganisation(): Promise<string> {
    await this.page.goto("/");
    await this.page.getByRole("link", { name: /办理单位证书/ }).first().click();
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText("办理单位证书");
    await expect(this.page.getByRole("heading", { name: "申请流程" })).toBeVisible();
    await this.page.getByRole("button", { name: "开始办理" }).click();
    await expect(this.at("填写信息")).toBeVisible();
    return this.page.url().split("/").at(-1)!;
  }

  /** The heading of the step that the order stands at. */
  at(step: string | RegExp): Locator {
    return this.page.locator("#step-heading", { hasText: step });
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  /** R008–R018: everything but the identity method. */
  async fillHolder(holder: Organisation) {
    await this.field("证书使用单位名称").fill(holder.name);
    await this.field("统一社会信用代码").fill(holder.creditCode);
    await this.field("法定代表人姓名").fill(holder.legalPerson);
    await this.field("法定代表人身份证号").fill(holder.legalPersonId);
    await this.field("经办人姓名").fill(holder.agent);
    await this.field("经办人手机号").fill(holder.agentPhone);
    await this.field("预留邮箱").fill(holder.email);
    await this.fillAddress(holder.agent, holder.agentPhone);
    await this.page.getByLabel(/我已阅读并同意/).check();
  }

  async fillAddress(recipient: string, phone: string) {
    await this.field("收件人").fill(recipient);
    await this.field("收件人手机号").fill(phone);
    await this.page.getByLabel("省 / 自治区 / 直辖市").selectOption("北京市");
    await this.page.getByLabel("区 / 县").selectOption("海淀区");
    await this.field("详细地址").fill("中关村大街 1 号 8 层 801");
  }

  /** R009–R012 */
  async chooseMethod(method: Method, holder: Organisation) {
    await this.page.getByRole("radio", { name: method }).check();
    if (method === "法人手机实名认证") await this.field("法人手机号").fill(holder.legalPersonPhone);
    if (method === "法人银行卡信息认证") {
      await this.field("法人银行卡号").fill(holder.bankCard);
      await this.field("银行预留手机号").fill(holder.legalPersonPhone);
    }
    if (method === "企业对公账户打款认证") {
      await this.field("开户银行").fill(holder.account.bank);
      await this.field("对公账号").fill(holder.account.number);
      await this.field("联行号").fill(holder.account.bankCode);
    }
  }

  async press(name: string) {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  /** R020: chooses a file for this kind and waits until the office has taken it. */
  async upload(kind: string) {
    const card = this.page.getByRole("region", { name: kind }).or(this.page.getByRole("group", { name: kind })).first();
    await card.locator("input[type=file]:not([capture])").setInputFiles(scan(kind));
    await expect(card.getByText(/已上传/)).toBeVisible();
  }

  /** R023: reads the code on the agent's phone and types it. */
  async enterPhoneCode(phone: string) {
    const known = (await this.outside.messages(phone, "code")).length;
    await this.press("发送验证码");
    const sms = await this.outside.nextMessage(phone, "code", known);
    await this.page.getByLabel("短信验证码").fill(sms.params[0]!);
  }

  /** R026: what the phone's camera reads off the screen. */
  async scanQr(channel: "支付宝" | "微信支付"): Promise<string> {
    await this.page.getByRole("radio", { name: channel }).check();
    const qr = this.page.locator("[data-code]");
    await expect(qr).toBeVisible();
    const code = await readQr(qr);
    expect(code).toBe(await qr.getAttribute("data-code"));
    return code;
  }
}
