"""The bank's direct link with gmssl, another SM2/SM3/SM4: bank_gmssl.py DIR (the --credentials folder)."""
import base64
import json
import random
import sys
import time
import tomllib
from pathlib import Path

import requests
from gmssl import func, sm2, sm3
from gmssl.sm4 import SM4_DECRYPT, SM4_ENCRYPT, CryptSM4

FOLDER = Path(sys.argv[1])
OWN = tomllib.loads((FOLDER / "credentials.toml").read_text())["bank"]
UID = OWN["uid"]
ID = (UID + "0" * 16)[:16].encode()
CURVE = sm2.default_ecc_table
PLACE = "__signature_sigdat__"


def text_of(name):
    return (FOLDER / OWN[name]).read_text().strip()


KEY = bytes.fromhex(text_of("sm4_key_file"))
OFFICE = sm2.CryptSM2(private_key=text_of("private_key_file"), public_key="")
OFFICE.public_key = OFFICE._kg(int(OFFICE.private_key, 16), CURVE["g"])
BANK = sm2.CryptSM2(private_key="", public_key=text_of("bank_key_file")[2:])


def digest(public, text):
    z = (len(ID) * 8).to_bytes(2, "big") + ID + bytes.fromhex(CURVE["a"] + CURVE["b"] + CURVE["g"] + public)
    return bytes.fromhex(sm3.sm3_hash(func.bytes_to_list(bytes.fromhex(sm3.sm3_hash(func.bytes_to_list(z))) + text)))


def written(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sm4(mode, text):
    cipher = CryptSM4()
    cipher.set_key(KEY, mode)
    return cipher.crypt_cbc(ID, text)


def ask(function, body, tamper=False):
    beijing = time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + 8 * 3600))
    head = {"funcode": function, "userid": UID, "reqid": f"{beijing}{random.randrange(10**6):06}"}
    asked = {"request": {"head": head, "body": body}, "signature": {"sigdat": PLACE, "sigtim": beijing}}
    made = OFFICE.sign(digest(OFFICE.public_key, written(asked)), func.random_hex(64))
    asked["signature"]["sigdat"] = base64.b64encode(bytes.fromhex(made)).decode()
    if tamper:
        body["more"] = "1"
    data = base64.b64encode(sm4(SM4_ENCRYPT, written(asked))).decode()
    form = {"UID": UID, "ALG": "SM", "DATA": data, "FUNCODE": function}
    text = requests.post(OWN["base_url"], data=form, timeout=5).text
    if text.startswith("CDCServer:"):
        return text
    answer = json.loads(sm4(SM4_DECRYPT, base64.b64decode(text)))
    made = base64.b64decode(answer["signature"]["sigdat"])
    answer["signature"]["sigdat"] = PLACE
    assert len(made) == 64 and BANK.verify(made.hex(), digest(BANK.public_key, written(answer)))
    assert answer["response"]["head"]["resultcode"] == "SUC0000"
    return answer["response"]["body"]


def pay(number, name):
    order = {
        "dbtAcc": OWN["account"], "crtAcc": "62258801", "crtNam": name, "crtBnk": "交通银行", "brdNbr": "301100000023",
        "ccyNbr": "10", "trsAmt": "0.01", "bnkFlg": "N", "stlChn": "R", "nusAge": "48210937", "yurRef": number}
    return ask("BB1PAYOP", {"bb1paybmx1": [{"busMod": "00001", "busCod": "N02030"}], "bb1payopx1": [order]})


def query(number):
    return ask("BB1PAYQR", {"bb1payqrx1": [{"busCod": "N02030", "yurRef": number}]})["bb1payqrz1"]


ONE, TWO = (f"T{random.randrange(10**12)}" for _ in range(2))
assert pay(ONE, "北京甲公司")["bb1payopz1"][0]["reqSts"] == "BNK"
assert "重复" in pay(ONE, "北京甲公司")["bb1payopz1"][0]["errTxt"]
pay(TWO, "北京乙公司不符")
while query(TWO)[0]["reqSts"] != "FIN":
    time.sleep(0.2)
assert (query(ONE)[0]["rtnFlg"], query(TWO)[0]["rtnNar"]) == ("S", "A05: 户名不符")
assert query("T0") == []
assert "验签失败" in ask("BB1PAYQR", {}, tamper=True)
print("the bank's envelope is sound")
