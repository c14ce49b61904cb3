// 1.1 单位证书办理, from the form to the key, once for each way of proving who the organisation is (R001–R036).

import { confirm, evidence, form, invoice, judge, nowhere, passcodeOf, pay, phoneCheck, receive } from "./application.ts";
import { Firefox } from "./firefox.ts";
import { type Method, organisation } from "./holder.ts";
import { KeyInPort } from "./key_in_port.ts";
import { signsIn, strangerIsRefused } from "./key_login.ts";
import { expect, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { DESKTOP, pictures } from "./screen.ts";
import { atDesk } from "./staff.ts";

const WALKS: { method: Method; word: string; pays: "支付宝" | "微信支付"; passcodeText: string }[] = [
  { method: "法人手机实名认证", word: "青云", pays: "微信支付", passcodeText: "法人手机" },
  { method: "法人银行卡信息认证", word: "白鹭", pays: "支付宝", passcodeText: "法人手机" },
  { method: "企业对公账户打款认证", word: "长风", pays: "微信支付", passcodeText: "附言" },
];

for (const walk of WALKS) {
  test(`an organisation's certificate by ${walk.method}, all of it online (R001–R036, R002)`, async ({ office, browser, producer }) => {
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

    await test.step("review (R030, R031)", () =>
      atDesk(browser, office, "reviewer", (desk) => desk.pass(number, (name) => pictures(desk.page, `${walk.word}-${name}`))));
    await outside.nextMessage(holder.agentPhone, "passed");

    const key = KeyInPort.fresh(office);
    await test.step("production on the key (R034, R137–R140)", () =>
      atDesk(producer, office, "producer", (desk) => desk.produce(number, key.serial, (name) => pictures(desk.page, `${walk.word}-${name}`))));
    const passcode = await test.step("the password, by the channel of the method (R013, R014, R032)", () => passcodeOf(outside, walk.method, holder));
    await test.step("OpenSSL judges the chain, the key knows its PIN", () => judge(office, key, passcode, holder));
    if (walk === WALKS[0]) {
      await test.step("the holder signs in at the helper's window, in Chromium and in Firefox (B06, R061)", async () => {
        const found = `检测到一个证书Key，序列号尾号 ${key.serial.slice(-4)}`;
        const elsewhere = office.counter.replace("127.0.0.1", "localhost");
        const page = await producer.newPage();
        await page.goto("/key");
        await expect(page.getByText(found)).toBeVisible();
        await signsIn(page, office, key, passcode);
        await page.goto(`${elsewhere}/key`);
        await strangerIsRefused(page, key);
        await page.close();
        await Firefox.does(office, async (firefox) => {
          const tab = await firefox.page(`${office.counter}/key`);
          await tab.says(found);
          await signsIn(tab, office, key, passcode);
          await strangerIsRefused(await firefox.page(`${elsewhere}/key`), key);
        });
      });
    }

    const waybill = `SF${Date.now()}`;
    await test.step("dispatch (R034, R153)", () =>
      atDesk(browser, office, "dispatcher", (desk) => desk.ship(holder.name, waybill, (name) => pictures(desk.page, `${walk.word}-${name}`))));
    const shipped = await outside.nextMessage(holder.agentPhone, "shipped");
    expect(shipped.text).toContain(waybill);

    await test.step("received (R005, R034)", () => receive(person, number, waybill, walk.passcodeText, seen));
    await test.step("the password is written nowhere (R129)", () => nowhere(office, passcode));
    key.remove();
    await agent.close();
  });
}
