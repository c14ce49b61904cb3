"""The providers' own Python clients against a running sandbox: real_clients.py DIR (the --credentials folder)."""
import http.client
import json
import logging
import smtplib
import sys
import threading
import time
import tomllib
import urllib.parse
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import requests

FOLDER = Path(sys.argv[1])
SETTINGS = tomllib.loads((FOLDER / "credentials.toml").read_text())
BASE = SETTINGS["wechat_pay"]["base_url"]


def text_of(name):
    return (FOLDER / name).read_text().strip()


def control(path, **body):
    return requests.post(f"{BASE}/control/{path}", json=body, timeout=5)


class Office(BaseHTTPRequestHandler):
    came = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Office.came.append((self.path, dict(self.headers), body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"success")

    def log_message(self, *_):
        pass


def notice(wanted):
    until = time.time() + 10
    while time.time() < until:
        for one in Office.came:
            if wanted(one):
                return one
        time.sleep(0.05)
    raise SystemExit("no such notice came")


def wechat_pay(office):
    from wechatpayv3 import WeChatPay, WeChatPayType

    own = SETTINGS["wechat_pay"]
    url = f"{office}/notify/wechat_pay"
    client = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE, mchid=own["mch_id"], appid=own["app_id"], notify_url=url,
        private_key=text_of(own["merchant_key_file"]), cert_serial_no=own["merchant_serial"],
        apiv3_key=text_of(own["api_v3_key_file"]),
        public_key=text_of(own["platform_key_file"]), public_key_id=own["platform_key_id"])
    client._core._gate_way = BASE  # the client has no setting for it

    def pay(description):
        return client.pay(description=description, out_trade_no="SDK00001", amount={"total": 12800})

    status, made = pay("数字证书服务费 & + %")
    assert status == 200, made
    assert pay("other")[0] == 400
    assert json.loads(client.query(out_trade_no="SDK00001")[1])["trade_state"] == "NOTPAY"
    assert control("pay", code_or_out_trade_no=json.loads(made)["code_url"]).ok
    _, headers, body = notice(lambda one: one[0] == "/notify/wechat_pay")
    assert client.callback(headers, body)["resource"]["amount"]["total"] == 12800
    assert client.close("SDK00001")[0] == 400

    def refund(number, fen):
        amount = {"refund": fen, "total": 12800, "currency": "CNY"}
        return client.refund(out_refund_no=number, out_trade_no="SDK00001", amount=amount, notify_url=url)[0]

    assert (refund("R1", 100), refund("R2", 12800)) == (200, 403)
    _, headers, body = notice(lambda one: b"REFUND" in one[2])
    assert client.callback(headers, body)["resource"]["refund_status"] == "SUCCESS"
    assert json.loads(client.query_refund("R1")[1])["status"] == "SUCCESS"
    client.pay(description="x", out_trade_no="SDK00002", amount={"total": 1})
    assert client.close("SDK00002")[0] == 204
    assert client.query(out_trade_no="SDK00009")[0] == 404


def alipay(office):
    import alipay.aop.api.util.WebUtils as web
    from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
    from alipay.aop.api.DefaultAlipayClient import DefaultAlipayClient
    from alipay.aop.api.request.AlipayTradeCloseRequest import AlipayTradeCloseRequest
    from alipay.aop.api.request.AlipayTradeFastpayRefundQueryRequest import AlipayTradeFastpayRefundQueryRequest
    from alipay.aop.api.request.AlipayTradePrecreateRequest import AlipayTradePrecreateRequest
    from alipay.aop.api.request.AlipayTradeQueryRequest import AlipayTradeQueryRequest
    from alipay.aop.api.request.AlipayTradeRefundRequest import AlipayTradeRefundRequest
    from alipay.aop.api.util.SignatureUtils import verify_with_rsa
    from cryptography.hazmat.primitives import serialization as keys

    def connection(url, query, timeout):
        at = urllib.parse.urlparse(url)  # the client's own function adds a text and the port's number
        return f"http://{at.hostname}{at.path}?{query}", http.client.HTTPConnection(at.hostname, at.port, timeout=timeout)

    web.get_http_connection = connection
    own = SETTINGS["alipay"]

    def bare(pem):
        return "".join(line for line in pem.splitlines() if not line.startswith("-----"))

    private = keys.load_pem_private_key(text_of(own["app_key_file"]).encode(), None)
    pkcs1 = private.private_bytes(keys.Encoding.PEM, keys.PrivateFormat.TraditionalOpenSSL, keys.NoEncryption())
    config = AlipayClientConfig()
    config.server_url, config.app_id, config.sign_type = own["gateway_url"], own["app_id"], "RSA2"
    config.app_private_key, config.alipay_public_key = bare(pkcs1.decode()), bare(text_of(own["alipay_key_file"]))
    client = DefaultAlipayClient(config, logging.getLogger("alipay"))

    def ask(kind, **content):
        request = kind(biz_model=None)
        request.biz_content = content
        request.notify_url = f"{office}/notify/alipay"
        return json.loads(client.execute(request))  # verifies the answer

    def fields(one):
        given = dict(urllib.parse.parse_qsl(one[2].decode(), keep_blank_values=True))
        sign = given.pop("sign")
        given.pop("sign_type")
        text = "&".join(f"{name}={given[name]}" for name in sorted(given))
        assert verify_with_rsa(config.alipay_public_key, text.encode(), sign)
        return given

    made = ask(AlipayTradePrecreateRequest, out_trade_no="ALI1", total_amount="128.00", subject="证书 & + % 费😀")
    assert ask(AlipayTradeQueryRequest, out_trade_no="ALI1")["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    assert control("pay", code_or_out_trade_no=made["qr_code"]).ok
    assert ask(AlipayTradeQueryRequest, out_trade_no="ALI1")["trade_status"] == "TRADE_SUCCESS"
    assert ask(AlipayTradeCloseRequest, out_trade_no="ALI1")["sub_code"] == "ACQ.TRADE_STATUS_ERROR"
    assert fields(notice(lambda one: one[0] == "/notify/alipay"))["subject"] == "证书 & + % 费😀"
    for moved in "YN":
        again = ask(AlipayTradeRefundRequest, out_trade_no="ALI1", refund_amount="0.29", out_request_no="q1")
        assert (again["fund_change"], again["refund_fee"]) == (moved, "0.29")
    asked = ask(AlipayTradeFastpayRefundQueryRequest, out_trade_no="ALI1", out_request_no="q1")
    assert asked["refund_status"] == "REFUND_SUCCESS"
    assert fields(notice(lambda one: b"gmt_refund" in one[2]))["trade_status"] == "TRADE_SUCCESS"


def tencent():
    from tencentcloud.common import credential
    from tencentcloud.common.exception import TencentCloudSDKException
    from tencentcloud.common.profile.client_profile import ClientProfile
    from tencentcloud.common.profile.http_profile import HttpProfile
    from tencentcloud.faceid.v20180301 import faceid_client, models as faceid
    from tencentcloud.sms.v20210111 import models, sms_client

    own = SETTINGS["sms"]["tencent"]
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=BASE.removeprefix("http://")))

    def send(secret):
        request = models.SendSmsRequest()
        request.PhoneNumberSet, request.SmsSdkAppId = ["+8613800138000"], own["sdk_app_id"]
        request.SignName, request.TemplateId = SETTINGS["sms"]["sign_name"], own["templates"]["code"]
        request.TemplateParamSet = ["123456", "提交申请", "5"]
        client = sms_client.SmsClient(credential.Credential(own["secret_id"], secret), own["region"], profile)
        return client.SendSms(request).SendStatusSet[0].Code

    secret = text_of(own["secret_key_file"])
    assert send(secret) == "Ok"
    assert send(secret) == "LimitExceeded.PhoneNumberThirtySecondLimit"
    try:
        raise SystemExit(f"a wrong key was taken: {send('wrong')}")
    except TencentCloudSDKException as refused:
        assert refused.code == "AuthFailure.SignatureFailure"

    request = faceid.PhoneVerificationRequest()
    request.IdCard, request.Name, request.Phone = "110101199003077213", "王小明", "13800138000"
    client = faceid_client.FaceidClient(credential.Credential(own["secret_id"], secret), "", profile)
    assert client.PhoneVerification(request).Result == "0"


def aliyun():
    from alibabacloud_dysmsapi20170525 import models
    from alibabacloud_dysmsapi20170525.client import Client
    from alibabacloud_tea_openapi.models import Config

    own = SETTINGS["sms"]["aliyun"]

    def send(secret):
        client = Client(Config(access_key_id=own["access_key_id"], access_key_secret=secret, protocol="http",
                               endpoint=BASE.removeprefix("http://")))
        params = json.dumps({"code": "654321", "purpose": "订单查询", "minutes": "5"})
        return client.send_sms(models.SendSmsRequest(
            phone_numbers="13900139000", sign_name=SETTINGS["sms"]["sign_name"],
            template_code=own["templates"]["code"], template_param=params)).body.code

    secret = text_of(own["access_key_secret_file"])
    assert (send(secret), send(secret)) == ("OK", "isv.BUSINESS_LIMIT_CONTROL")
    try:
        code = send("wrong")
    except Exception:  # the client's own exception carries no code here; the log has it
        code = requests.get(f"{BASE}/control/history?provider=sms_aliyun", timeout=5).json()["entries"][-1]["verdict"]
    assert code.startswith("SignatureDoesNotMatch"), code


def mail():
    own = SETTINGS["mail"]
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = own["from"], "a@b.example", "电子发票"
    message.set_content("正文\n.一点\n..两点\n")
    message.add_attachment(b"%PDF-\x00", maintype="application", subtype="pdf", filename="发票 1.pdf")
    with smtplib.SMTP(own["host"], own["port"]) as client:
        client.login("any", "word")
        client.send_message(message)
    came = requests.get(f"{BASE}/control/mail?to=a@b.example", timeout=5).json()["mails"][-1]
    assert (came["subject"], came["text"].splitlines()) == ("电子发票", ["正文", ".一点", "..两点"])
    assert came["attachments"][0]["name"] == "发票 1.pdf"
    assert requests.get(f"{BASE}/control/mail/{came['number']}/0", timeout=5).content == b"%PDF-\x00"


def main():
    server = HTTPServer(("127.0.0.1", 0), Office)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    office = f"http://127.0.0.1:{server.server_port}"
    control("reset")
    for trial in (lambda: wechat_pay(office), lambda: alipay(office), tencent, aliyun, mail):
        trial()
    print("all clients are content")


main()
