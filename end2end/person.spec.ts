// 1.2 个人证书办理, from the form to the key (R037–R050, A01): uploads before 确认订单, the seal cut out of the sheet, the
// password by SMS.

import { accessible, nowhere, pay } from "./application.ts";
import { singlePerson } from "./holder.ts";
import { Judge } from "./judge.ts";
import { KeyInPort } from "./key_in_port.ts";
import { expect, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { DESKTOP, pictures } from "./screen.ts";
import { confirms, form, start, uploads } from "./single_person.ts";
import { atDesk } from "./staff.ts";

test("a person's certificate (R037–R050)", async ({ office, browser, producer }) => {
  const outside = new Outside(office);
  const holder = singlePerson("欧阳小雨");
  const context = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter, acceptDownloads: true });
  const person = new Person(await context.newPage(), outside);
  const seen = (name: string) => pictures(person.page, `person-${name}`);

  const number = await test.step("the form, with the sheet on it (R037, R038, R041, R044, A08)", () => form(person, holder, seen));
  await test.step("uploads, the seal looked at and taken (R039, R040, R042)", () => uploads(person, office, seen));
  await test.step("read once more, go back, correct (R043, R145)", () => confirms(person, holder, seen));
  await test.step("the phone (R045)", async () => {
    await expect(person.at("短信验证")).toBeVisible();
    await person.enterPhoneCode(holder.phone);
    await person.press("确定");
  });
  await test.step("payment (R046)", () => pay(context, person, outside, number, "支付宝", seen));
  await test.step("invoice (R047)", async () => {
    await expect.poll(async () => (await outside.mails(holder.email)).filter((mail) => mail.subject.includes("发票")).length, { timeout: 60_000 }).toBe(1);
  });

  await test.step("review: masked, pictures, the seal beside its scan (R048, R161)", () =>
    atDesk(browser, office, "reviewer", async (desk) => {
      await desk.page.goto("/staff/review");
      await desk.page.getByRole("row").filter({ hasText: number }).getByRole("link").click();
      await expect(desk.page.getByText(holder.name)).toHaveCount(0);
      await desk.press("领取审核");
      const shown = desk.page.getByRole("group", { name: "选择资料" }).getByRole("button");
      await expect(shown).toHaveCount(2);
      for (const one of await shown.all()) await one.click();
      await expect(desk.page.getByText("已自动截取，申请人已确认使用")).toBeVisible();
      await expect(desk.page.getByText(holder.idNumber)).toHaveCount(0);
      await pictures(desk.page, "person-review");
      await desk.press("通过");
      await desk.press("确认通过");
      await expect(desk.page).toHaveURL(/\/staff\/review$/);
    }));
  await outside.nextMessage(holder.phone, "passed");

  const key = KeyInPort.fresh(office);
  await test.step("production on the key (R138–R140)", () =>
    atDesk(producer, office, "producer", (desk) => desk.produce(number, key.serial, (name) => pictures(desk.page, `person-${name}`))));
  const passcode = (await outside.nextMessage(holder.phone, "passcode")).params[0]!;
  await test.step("the certificate names no number (R141); the password opens the key (R049)", async () => {
    const judge = new Judge();
    const pair = await key.pair();
    const facts = judge.facts(judge.keep("sign", pair.sign)) + judge.facts(judge.keep("encrypt", pair.encrypt));
    expect(facts).toContain(holder.name);
    expect(facts).not.toContain(holder.idNumber);
    expect(facts).not.toContain("19900307");
    expect(await key.login(passcode, "00".repeat(32))).toMatchObject({ answer: "logged_in", serial: key.serial });
  });

  const waybill = `SF${Date.now()}`;
  await test.step("dispatch and receipt (R050)", async () => {
    await atDesk(browser, office, "dispatcher", (desk) => desk.ship(number, waybill, (name) => pictures(desk.page, `person-${name}`)));
    await person.page.goto(`/orders/${number}`);
    await expect(person.page.getByText(waybill)).toBeVisible();
    await expect(person.page.getByText("预留手机短信").first()).toBeVisible();
    await seen("shipped");
    await person.press("确认收货");
    await expect(person.page.getByRole("heading", { name: /完成/ })).toBeVisible();
    await person.page.getByText("已同意的协议").click();
    await expect(person.page.getByText(/SHA-256/)).toBeVisible();
    await seen("completed");
  });
  for (const mail of await outside.mails(holder.email)) expect(mail.text).not.toContain(holder.idNumber);
  await test.step("the password is written nowhere (R129)", () => nowhere(office, passcode));
  key.remove();
  await context.close();
});

test("a passport leaves one way open (A50, J41)", async ({ office, browser }) => {
  const context = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const person = new Person(await context.newPage(), new Outside(office));
  await start(person);
  await person.field("证件类型").selectOption("护照");
  await expect(person.page.getByRole("radio")).toHaveCount(1);
  await expect(person.page.getByRole("radio", { name: "银行账户打款认证" })).toBeChecked();
  await person.field("申请人姓名").fill("MARIA GARCIA");
  await person.field("护照号码").fill("PA12345678901");
  await person.field("银行账号").fill("62148301234567890");
  await expect(person.page.locator("#account_name")).toHaveText("MARIA GARCIA");
  await expect(person.page.getByText(/内容过长/)).toBeVisible();
  await pictures(person.page, "person-passport");
  await accessible(person.page);
  await person.field("证件类型").selectOption("居民身份证");
  await expect(person.page.getByRole("radio")).toHaveCount(3);
  await context.close();
});
