// kill -9 at every station of a journey: what was acknowledged is there, and the journey goes on (R004, R147).

import { confirm, evidence, form, judge, passcodeOf, pay, phoneCheck, receive } from "./application.ts";
import { organisation } from "./holder.ts";
import { KeyInPort } from "./key_in_port.ts";
import { expect, test } from "./office.ts";
import { Outside } from "./outside.ts";
import { Person } from "./person.ts";
import { DESKTOP } from "./screen.ts";
import { atDesk } from "./staff.ts";

const METHOD = "法人手机实名认证";
const unseen = async () => undefined;

test("the office dies at ten points and loses nothing", async ({ office, browser, producer }) => {
  const outside = new Outside(office);
  const holder = organisation("磐石");
  const agent = await browser.newContext({ viewport: DESKTOP, baseURL: office.counter });
  const person = new Person(await agent.newPage(), outside);
  let deaths = 0;
  /** Dies, comes back, and shows the order where it was. */
  const die = async (step: string, number: string) => {
    await office.crash();
    deaths += 1;
    await person.page.goto(`/orders/${number}`);
    await expect(person.at(step), `after death ${deaths}`).toBeVisible();
  };

  const number = await form(person, holder, METHOD, unseen);
  await expect(person.at("确认订单")).toBeVisible();
  await die("确认订单", number);
  await confirm(person, holder, unseen);
  await expect(person.at("上传鉴证资料")).toBeVisible();
  await die("上传鉴证资料", number);
  await person.upload("营业执照扫描件");
  await die("上传鉴证资料", number);
  await expect(person.page.getByText("已上传")).toHaveCount(1);
  await evidence(person, unseen);
  await expect(person.at("短信验证")).toBeVisible();
  await die("短信验证", number);
  await phoneCheck(person, outside, holder, unseen);
  await expect(person.at("支付费用")).toBeVisible();
  await die("支付费用", number);
  await pay(agent, person, outside, number, "微信支付", unseen);
  await die("等待审核", number);

  await atDesk(browser, office, "reviewer", (desk) => desk.pass(number, unseen));
  await die("证书制作", number);
  const key = KeyInPort.fresh(office);
  await atDesk(producer, office, "producer", async (desk) => {
    await desk.take(number);
    await office.crash();
    deaths += 1;
    await desk.page.reload();
    await desk.make(key.serial, unseen);
  });
  await die("寄送证书", number);
  const passcode = await passcodeOf(outside, METHOD, holder);
  expect(await outside.messages(holder.legalPersonPhone, "passcode")).toHaveLength(1);
  await judge(office, key, passcode, holder);

  const waybill = `SF${Date.now()}`;
  await atDesk(browser, office, "dispatcher", (desk) => desk.ship(holder.name, waybill, unseen));
  await outside.nextMessage(holder.agentPhone, "shipped");
  await die("接收证书", number);
  await receive(person, number, waybill, "法人手机", unseen);
  expect(deaths).toBeGreaterThanOrEqual(10);
  key.remove();
  await agent.close();
});
