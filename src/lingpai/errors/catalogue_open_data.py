"""The problems of what WeChat signed or encrypted about a person; part of `catalogue.py`."""

from typing import Final

from lingpai.errors.problem import ProblemKind, Words

SESSION_KEY_STALE: Final = ProblemKind(
    code="session_key_stale",
    status=409,
    title=Words("The data was made with another session_key", "数据是用另一个 session_key 加密的"),
    detail=Words(
        "None of the session_keys we hold of this user fits; WeChat has a newer one.",
        "我们持有的该用户的 session_key 都对不上，微信已经换了新的。",
    ),
    hint=Words(
        "Call wx.login, send its code to the login endpoint, then ask for the data anew and send that. "
        "Log in before the data is made, never after it.",
        "请先 wx.login 并把 code 发给登录接口，再重新获取数据并发送。一定要先登录、后取数据。",
    ),
    why=Words(
        "WeChat has one session_key for each user of an app and may replace it with every wx.login and every data "
        "pre-fetch. Data that was encrypted before the change, or after a wx.login whose code never came here, "
        "cannot be read with the keys we know; the last three are tried. Other software calls this “pad block "
        "corrupted”, “bad decrypt”, ILLEGAL_BUFFER or -41003, and it is why the first try fails and the second works.",
        "每个应用的每位用户同一时刻只有一个 session_key，每次 wx.login 和数据预拉取都可能更换它。更换之前加密的数据，或 wx.login 的 "
        "code 没有发到这里，都会导致手里的 key 对不上（会依次尝试最近三个）。其他软件里的 pad block corrupted、bad decrypt、"
        "填充无效、ILLEGAL_BUFFER、-41003 说的都是它，也就是“第一次解密失败，第二次成功”的原因。",
    ),
)
SIGNATURE_MISMATCH: Final = ProblemKind(
    code="signature_mismatch",
    status=422,
    title=Words("The signature is not that of this rawData", "signature 与 rawData 不匹配"),
    detail=Words(
        "rawData, signature and encryptedData do not belong together.",
        "rawData、signature 与 encryptedData 不是同一次调用的结果。",
    ),
    hint=Words(
        "Send all four fields of one call, unchanged. rawData is the text WeChat gave: not userInfo turned into JSON again.",
        "请原样发送同一次调用返回的四个字段。rawData 必须是微信给出的原文，不能用 userInfo 重新序列化。",
    ),
    why=Words(
        "signature is the SHA-1 of rawData and the session_key. It fits no other text: JSON.stringify of userInfo has "
        "other blanks or another order, and the results of two calls do not mix.",
        "signature 是 rawData 与 session_key 拼接后的 SHA-1，换一个字符都不行：对 userInfo 再做 JSON.stringify 会改变空格和"
        "键顺序，两次调用的结果也不能混用。",
    ),
)
DECRYPT_FAILED: Final = ProblemKind(
    code="decrypt_failed",
    status=422,
    title=Words("The encrypted data cannot be used", "加密数据无法使用"),
    detail=Words("{what}", "{what}"),
    hint=Words(
        "Send encryptedData and iv of one fresh call, unchanged, as JSON, within five minutes, with the session of the "
        "same user and app.",
        "请在五分钟内，以 JSON 原样发送同一次调用得到的 encryptedData 和 iv，并使用同一用户、同一应用的会话。",
    ),
    why=Words(
        "The data was damaged on its way, belongs to another user or app, is too old, or iv and encryptedData come from "
        "two calls. Which of these it is is not told, because telling would help somebody who forges data; damage that "
        "shows without any key (blanks for plus signs, URL encoding, a wrong length) is named.",
        "数据在传输中损坏、属于其他用户或应用、已经过期，或 iv 与 encryptedData 来自两次调用。具体是哪一种不会说明，以免帮助伪造数据的人；"
        "无需密钥就能看出的损坏（加号变空格、被 URL 编码、长度不对）会直接指出。",
    ),
)
WATERMARK_MISMATCH: Final = ProblemKind(
    code="watermark_mismatch",
    status=422,
    title=Words("The data belongs to another app", "数据属于另一个应用"),
    detail=Words(
        "WeChat's answer carries the watermark of another AppID.", "微信返回数据的水印属于另一个 AppID。"
    ),
    hint=Words("Ask for the data in the app whose session you use.", "请在与会话相同的应用里重新获取数据。"),
    why=Words(
        "Everything WeChat gives about a user carries a watermark with the AppID it was made for. Data with a foreign one "
        "is never stored. Encrypted data with a foreign or old watermark is answered with decrypt_failed instead, "
        "so that no answer tells how far a forged text got.",
        "微信给出的用户数据都带有水印，写明所属 AppID，水印不符的数据绝不入库。加密数据的水印不符或过期时统一返回 decrypt_failed，"
        "避免让伪造者知道他走到了哪一步。",
    ),
)
PHONE_CODE_EXPECTED: Final = ProblemKind(
    code="phone_code_expected",
    status=422,
    title=Words("This is not the code of the phone button", "这不是手机号按钮返回的 code"),
    detail=Words("{what}", "{what}"),
    hint=Words(
        "Send `e.detail.code` of the button with open-type getPhoneNumber; wx.login's code is for the login endpoint.",
        "请发送 open-type 为 getPhoneNumber 的按钮回调里的 `e.detail.code`；wx.login 的 code 只用于登录接口。",
    ),
    why=Words(
        "wx.login and the phone button both give a “code”. They look alike and are not interchangeable: WeChat answers 40029 "
        "to the wrong one. The old way, encryptedData and iv, is open only where the app's settings allow it.",
        "wx.login 和手机号按钮都返回名为 code 的字段，看起来相似但不能互换，用错时微信返回 40029。"
        "旧方式（encryptedData 和 iv）只在应用设置允许时可用。",
    ),
)
