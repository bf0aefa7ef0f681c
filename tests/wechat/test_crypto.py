"""WeChat's signatures and encryption, held against the vectors it publishes."""

import base64
import json

from hypothesis import given
from hypothesis import strategies as st

from lingpai.wechat.crypto import decoded, decrypt, raw_data_signature, session_key_signature

# developers.weixin.qq.com: signature (开放数据校验与解密), with the demo's AppID wx4f4bc4dec97d474b.
RAW_DATA = (
    '{"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou","province":"Guangdong","country":"CN",'
    '"avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5ibXQ/0"}'
)
DEMO_KEY = "tiihtNczf5v6AKRyjwEUhQ=="
DEMO_IV = "r7BXXKkLb8qrSNn05n0qiA=="
DEMO_DATA = (
    "CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVbJSRgv+4l"
    "GOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInN"
    "lxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/"
    "r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7Xjf"
    "hQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew=="
)


def bytes_of(text):
    data = decoded(text)
    assert data is not None
    return data


def test_the_published_signature_of_raw_data():
    signature = raw_data_signature(RAW_DATA, "HyVFkGl5F5OQWJZZaNzBBg==")
    assert signature == "75e81ceda165f4ffa64f4068af58c64b8f54b88c"


def test_the_published_signature_with_a_session_key():
    key = "o0q0otL8aEzpcZL/FT9WsQ=="
    published = "654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b"
    assert session_key_signature(key, b'{"foo":"bar"}') == published
    assert session_key_signature(key) == "46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128"


def test_the_published_encrypted_data():
    plain = decrypt(DEMO_KEY, bytes_of(DEMO_DATA), bytes_of(DEMO_IV))
    assert plain is not None
    told = json.loads(plain)
    assert told["openId"] == "oGZUI0egBJY1zhBYw2KhdUfwVJJE"
    assert told["unionId"] == "ocMvos6NjeKLIBqg5Mr9QjxrP1FA"
    assert told["watermark"] == {"timestamp": 1477314187, "appid": "wx4f4bc4dec97d474b"}
    assert len(plain) == 393


@given(key=st.binary(min_size=16, max_size=16), iv=st.binary(min_size=16, max_size=16))
def test_another_key_never_gives_the_text(key, iv):
    text = base64.b64encode(key).decode()
    if text != DEMO_KEY:
        assert b"watermark" not in (decrypt(text, bytes_of(DEMO_DATA), iv) or b"")


@given(st.text())
def test_any_text_as_a_key_is_no_exception(key):
    assert decrypt(key, b"\0" * 16, b"\0" * 16) is None or len(bytes_of(key)) == 16


@given(st.text(), st.text())
def test_any_text_can_be_signed(raw_data, key):
    assert len(raw_data_signature(raw_data, key)) == 40
