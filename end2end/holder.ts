// Made-up holders whose numbers pass every check digit, a new one for each walk.

import { randomInt } from "node:crypto";

export type Method = "法人手机实名认证" | "法人银行卡信息认证" | "企业对公账户打款认证";

export interface Organisation {
  readonly name: string;
  readonly creditCode: string;
  readonly legalPerson: string;
  readonly legalPersonId: string;
  readonly legalPersonPhone: string;
  readonly bankCard: string;
  readonly account: { readonly bank: string; readonly number: string; readonly bankCode: string };
  readonly agent: string;
  readonly agentPhone: string;
  readonly email: string;
}

export function organisation(word: string): Organisation {
  const tail = digits(6);
  return {
    name: `北京${word}科技有限公司`,
    creditCode: creditCode(`91110108MA${digits(7)}`),
    legalPerson: "赵明远",
    legalPersonId: idNumber(`11010519800101${digits(3)}`),
    legalPersonPhone: `139${digits(8)}`,
    bankCard: luhn(`622202${digits(12)}`),
    account: { bank: "招商银行北京中关村支行", number: `110${digits(12)}`, bankCode: "308100005078" },
    agent: "李小雨",
    agentPhone: `138${digits(8)}`,
    email: `agent${tail}@example.cn`,
  };
}

export interface SinglePerson {
  readonly name: string;
  readonly idNumber: string;
  readonly phone: string;
  readonly email: string;
}

export function singlePerson(name: string): SinglePerson {
  return {
    name,
    idNumber: idNumber(`11010519900307${digits(3)}`),
    phone: `137${digits(8)}`,
    email: `person${digits(6)}@example.cn`,
  };
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join("");
}

/** GB 32100: 17 characters and the check character. */
function creditCode(body: string): string {
  const letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  let sum = 0;
  [...body].forEach((letter, place) => (sum += letters.indexOf(letter) * (3 ** place % 31)));
  return body + letters[(31 - (sum % 31)) % 31];
}

/** GB 11643: 17 digits and the check character. */
function idNumber(body: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = [...body].reduce((sum, digit, place) => sum + Number(digit) * weights[place]!, 0);
  return body + "10X98765432"[sum % 11];
}

/** ISO/IEC 7812: the last digit makes the Luhn sum end in 0. */
function luhn(body: string): string {
  const sum = [...body].reverse().reduce((sum, digit, place) => {
    const twice = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return sum + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return body + String((10 - (sum % 10)) % 10);
}
