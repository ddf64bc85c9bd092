"""What stands where a comment was deleted: ``[deleted]``, "This comment was removed by a moderator"."""

from __future__ import annotations

import re

_LONGEST = 160
_BY = r"(?:\s+(?:by|from)\b.{0,60}|\s+(?:because|for|due|as)\b.{0,90})?"
_NOTICES = re.compile(
    r"[\W_]*(?:"
    rf"(?:comment |post |message )?(?:deleted|removed){_BY}"
    r"|(?:this|the|that|your|a) (?:user'?s? |reader'?s? )?(?:comment|post|message|reply|response)"
    rf"(?: by .{{1,40}})? (?:has been|was|is|had been|have been) (?:since )?(?:deleted|removed|hidden|withdrawn"
    rf"|taken down){_BY}"
    r"|(?:this |the )?(?:user|author|moderator)s? (?:has |have )?(?:deleted|removed|withdrew) (?:this|the|his|her"
    r"|their) "
    r"(?:own )?(?:comment|post|message)"
    r"|(?:dieser |der |ihr )?(?:kommentar|beitrag) (?:wurde |ist )?(?:von .{1,40} )?(?:gelöscht|entfernt"
    r"|gesperrt)(?: worden)?"
    r"|(?:ce |le )?(?:commentaire|message) (?:a été |est )?(?:supprimé|retiré|modéré|effacé)(?: par .{1,40})?"
    r"|(?:este |el )?(?:comentario|mensaje) (?:ha sido |fue )?(?:eliminado|borrado|moderado)(?: por .{1,40})?"
    r"|(?:este |o )?comentário (?:foi )?(?:removido|excluído|apagado|eliminado)(?: p.{1,40})?"
    r"|(?:questo |il )?commento (?:è stato )?(?:rimosso|eliminato|cancellato)(?: d.{1,40})?"
    r"|(?:deze |de )?reactie (?:is |werd )?(?:door .{1,40} )?verwijderd(?: door .{1,40})?"
    r"|(?:этот )?комментарий (?:был )?удал[её]н.{0,40}"
    r"|.{0,20}삭제(?:된|한) 댓글입니다|.{0,20}삭제되었습니다"
    r"|この(?:コメント|投稿)は.{0,20}削除されました?|(?:该|此|这条|該)?(?:评论|評論|留言)已?(?:被.{0,12})?(?:删除|刪除)"
    r")[\W_]*",
    re.IGNORECASE,
)


def is_removed(text: str | None) -> bool:
    """Tell whether a whole text is the notice that a comment, or its author, is gone."""
    return text is not None and len(text) <= _LONGEST and _NOTICES.fullmatch(text) is not None
