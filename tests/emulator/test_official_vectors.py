"""Does the emulator sign and encrypt exactly as WeChat's own published examples?"""

import base64
import json

import pytest

from lingpai_emulator import crypto

# Page on open data, signature and decryption: its examples of a signature and of encryptedData.
RAW_DATA = (
    '{"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou","province":"Guangdong","country":"CN",'
    '"avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyz'
    'YsrztuuICqIM5ibXQ/0"}'
)
PLAIN = (
    '{"openId":"oGZUI0egBJY1zhBYw2KhdUfwVJJE","nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou",'
    '"province":"Guangdong","country":"CN","avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/aSKcBBPpibyKNicHNTMM0qJVh8Kjgiak2'
    'AHWr8MHM4WgMEm7GFhsf8OYrySdbvAMvTsw3mo8ibKicsnfN5pRjl1p8HQ/0","unionId":"ocMvos6NjeKLIBqg5Mr9QjxrP1FA",'
    '"watermark":{"timestamp":1477314187,"appid":"wx4f4bc4dec97d474b"}}'
)
ENCRYPTED = (
    "CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVbJSRgv+4lGOETKUQ"
    "z6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpX"
    "fz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7"
    "b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVu"
    "nYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew=="
)


def test_the_signature_of_the_page_is_recomputed():
    made = crypto.signature(RAW_DATA, "HyVFkGl5F5OQWJZZaNzBBg==")
    assert made == "75e81ceda165f4ffa64f4068af58c64b8f54b88c"


def test_the_encrypted_data_of_the_page_is_made_again_byte_for_byte():
    iv = base64.b64decode("r7BXXKkLb8qrSNn05n0qiA==")
    assert crypto.encrypted(PLAIN.encode(), "tiihtNczf5v6AKRyjwEUhQ==", iv) == ENCRYPTED
    assert json.loads(PLAIN)["watermark"]["appid"] == "wx4f4bc4dec97d474b"


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b'{"foo":"bar"}', "654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b"),
        (b"", "46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128"),
    ],
)
def test_a_message_is_signed_with_the_base64_text_of_the_session_key(message, digest):
    assert crypto.session_signature("o0q0otL8aEzpcZL/FT9WsQ==", message) == digest
