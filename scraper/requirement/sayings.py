"""What the words of a leaf say beside what is asked for: that it is nothing, a change, or stands elsewhere.

无需资质            nothing is asked for, as `/` says in a table
选择性提供:《商标注册证》  may be handed in
删除《营业执照》       what changes, not what is asked for
同上、详见附件         stands elsewhere
"""

from __future__ import annotations

import re

_NONE = re.compile(
    r"(?:暂)?无(?:特殊)?(?:资质)?(?:要求)?|(?:无需|无须|不需要?|免)(?:提供|提交|上传)?(?:特殊|额外|其他|任何)?(?:资质|材料)?(?:文件|要求)?"
)
_NOT_ASKED = re.compile(r"(?:无需|无须|毋须|不需要?|不必|免于?)(?:再|另行|额外|补充|同时)*(?:提供|提交|上传)")
_OPTIONAL = re.compile(
    r"【\s*(?:可选|选填|非必[填须需选]|[如若]有)[^【】]{0,6}】|\(\s*(?:有则|选择性)提供\s*\)|^(?:选择性)(?:提供)?:"
)
"""Words that no verdict knows as those of a paper that may be left out, as it knows 「(选填)」 and 「资质选填:」."""
_CHANGE = re.compile(
    r"^(?:删除|取消|去除|移除|减少|增加|新增)(?:了|资质|资质要求|以下资质|[::\s]){0,3}《"
    r"|(?:变更|调整|修改|更改|更新|改)为[::\s]*《|^(?:原|现|旧|新|(?:变更|调整|修改|更新)[前后])(?:资质)?(?:要求)?:"
)
_ELSEWHERE = re.compile(r"(?:同(?:上|前|下|【[^【】]+】)|详?见(?:附件|下|上|链接|文档|表|《)|参[照见考])[^,;]{0,24}")
_WORD = re.compile(r"\w")


def says_none(folded: str) -> bool:
    """Whether the words say that nothing is asked for: 「无需资质」."""
    return _NONE.fullmatch(folded.strip("() 。")) is not None


def says_not_asked(folded: str) -> bool:
    """Whether the words say that a paper need not be handed in: 「无需提供《…》」."""
    return _NOT_ASKED.search(folded) is not None


def find_saying(folded: str) -> tuple[str, str] | None:
    """The code and the message of what the words say that a leaf cannot hold, or None."""
    if says_not_asked(folded):
        return "not-asked", "the words say what need not be handed in; they are kept as they stand"
    if _OPTIONAL.search(folded):
        return "optional-paper", "the words say that this may be handed in; it is read as asked for"
    if _CHANGE.search(folded):
        return "told-change", "the words say what changes, not what is asked for; they are kept as they stand"
    if _ELSEWHERE.fullmatch(folded.strip(" 。")):
        return "points-elsewhere", "what is asked for stands in another place, and is not known from here"
    if not _WORD.search(folded):
        return "unread-sign", "a sign alone; whether nothing is asked for, or the words are lost, is not known"
    return None
