"""The problems of one's own account; part of `catalogue.py`."""

from typing import Final

from lingpai.errors.problem import ProblemKind, Words

LOGIN_TOO_OLD: Final = ProblemKind(
    code="login_too_old",
    status=403,
    title=Words("Please sign in once more first", "请先重新登录"),
    detail=Words(
        "This needs a session that began within the last 5 minutes.", "此操作要求会话在最近 5 分钟内建立。"
    ),
    hint=Words(
        "Call wx.login, sign in with the new code, and repeat the request with the new access token; "
        "the user need not notice.",
        "请静默调用 wx.login，用新 code 登录，再用新的访问令牌重发请求，用户不会察觉。",
    ),
    why=Words(
        "What cannot be undone, and what hands out everything at once, takes a fresh proof by WeChat that the person is "
        "there. A refresh proves only that somebody holds a token.",
        "不可撤销的操作和一次交出全部数据的操作，需要微信刚刚证明过用户本人在场。刷新令牌只能证明有人持有令牌。",
    ),
)
NICKNAME_REFUSED: Final = ProblemKind(
    code="nickname_refused",
    status=422,
    title=Words("This nickname cannot be used", "昵称不可用"),
    detail=Words("{what}", "{what}"),
    hint=Words(
        "Ask for another one: 1 to 64 visible characters, without line breaks and control characters.",
        "请让用户另填：1 到 64 个可见字符，不含换行和控制字符。",
    ),
    why=Words(
        "A name is shown beside those of others. One that is empty to the eye, reverses the text behind it, or covers the "
        "lines above can pass for somebody else or spoil the page.",
        "昵称会和别人的显示在一起。看上去为空、会颠倒后面文字、或遮住上下行的昵称，可用来冒充他人或破坏页面。",
    ),
)
NICKNAME_ANONYMOUS: Final = ProblemKind(
    code="nickname_anonymous",
    status=422,
    title=Words("This is the name WeChat gives everybody", "这是微信给所有人的默认昵称"),
    detail=Words(
        "The name is WeChat's placeholder, not somebody's own.", "该昵称是微信的占位名，不是用户自己的昵称。"
    ),
    hint=Words(
        "Let the user fill in a name with <input type=nickname>, and send that.",
        "请用 <input type=nickname> 让用户填写昵称，再提交。",
    ),
    why=Words(
        "Since 2022-11-08 wx.getUserProfile and wx.getUserInfo give the same name and grey picture for everybody. "
        "Stored as a name it would look like a filled-in profile.",
        "自 2022-11-08 起，wx.getUserProfile 和 wx.getUserInfo 对所有人返回同一个昵称和灰色头像。"
        "把它存成昵称，看起来就像资料已经填好。",
    ),
)
AVATAR_BY_UPLOAD: Final = ProblemKind(
    code="avatar_by_upload",
    status=422,
    title=Words("An avatar is uploaded, not linked", "头像须上传，不能填写链接"),
    detail=Words("avatar_url cannot be set.", "avatar_url 不能直接设置。"),
    hint=Words(
        "Send the picture itself: wx.uploadFile to POST /v1/me/avatar, or PUT /v1/me/avatar.",
        "请发送图片本身：用 wx.uploadFile 提交到 POST /v1/me/avatar，或使用 PUT /v1/me/avatar。",
    ),
    why=Words(
        "A link chosen by a user would let others' clients call a server of that user's choice, and what chooseAvatar "
        "gives is a path on the phone that exists for a while only.",
        "若允许用户填链接，别人的客户端就会访问该用户指定的服务器；而 chooseAvatar 给出的只是手机上的临时路径。",
    ),
)
AVATAR_REFUSED: Final = ProblemKind(
    code="avatar_refused",
    status=422,
    title=Words("This picture cannot be used", "图片不可用"),
    detail=Words("{what}", "{what}"),
    hint=Words(
        "Send a JPEG, PNG, WebP or GIF of at most 2 MiB and 25 million pixels.",
        "请发送不超过 2 MiB、2500 万像素的 JPEG、PNG、WebP 或 GIF。",
    ),
    why=Words(
        "The content of the file decides what it is, not its name. A picture that is cut off, damaged or very large is not "
        "guessed at.",
        "文件是什么由内容决定，与文件名无关。被截断、损坏或过大的图片不会勉强处理。",
    ),
)
AVATAR_TOO_LARGE: Final = ProblemKind(
    code="avatar_too_large",
    status=413,
    title=Words("The picture is too large", "图片过大"),
    detail=Words("A picture may have at most {limit} bytes.", "图片最多 {limit} 字节。"),
    hint=Words("Make it smaller with wx.compressImage.", "请先用 wx.compressImage 压缩。"),
    why=Words(
        "Avatars are shown small; they are kept at 640 × 640 pixels.",
        "头像显示得很小，服务器只保留 640 × 640 像素。",
    ),
)
AVATAR_BUSY: Final = ProblemKind(
    code="avatar_busy",
    status=503,
    title=Words("Too many pictures at once", "正在处理的图片过多"),
    detail=Words("Nothing was changed.", "没有做任何更改。"),
    hint=Words(
        "Send the picture again after the seconds in Retry-After.",
        "请在 Retry-After 指定的秒数后重新发送图片。",
    ),
    why=Words(
        "Pictures are worked on a few at a time, so that they never slow down a login.",
        "图片每次只处理几张，以免拖慢登录。",
    ),
)
AVATAR_STORE_UNAVAILABLE: Final = ProblemKind(
    code="avatar_store_unavailable",
    status=503,
    title=Words("Pictures cannot be stored or read now", "图片暂时无法存取"),
    detail=Words("Nothing was changed.", "没有做任何更改。"),
    hint=Words("Try again after the seconds in Retry-After.", "请在 Retry-After 指定的秒数后重试。"),
    why=Words(
        "The folder `avatar_dir` or the bucket `avatar_s3_bucket` is full, unreachable, or closed to this server.",
        "`avatar_dir` 目录或 `avatar_s3_bucket` 存储桶已满、无法访问，或未授权给本服务器。",
    ),
)
