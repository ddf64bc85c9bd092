"""What a saved page prints around the story: prompts, policies and notices, never passages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.sources.dates import find_date

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROMPTS = frozenset(
    (
        *(
            "advertisement",
            "add your comment",
            "back to top",
            "profile",
            "bookmark",
            "comment",
            "comments",
            "copy link",
        ),
        *("digg this", "e-mail", "email", "email this", "facebook", "follow us", "follow us on twitter", "like"),
        *("link this", "linkedin", "listen", "more", "post a comment", "print", "print this", "read more"),
        *("recommend", "reddit", "related news", "related quotes and news", "reply", "report", "report abuse"),
        *("report as abuse", "reprints", "save", "see all comments", "see also", "share", "share on facebook"),
        *(
            "share on twitter",
            "share this",
            "sign in",
            "sign up",
            "skip to content",
            "skip to main content",
            "skip navigation",
            "slideshow",
        ),
        *("sponsored links", "subscribe", "subscribe now", "text size", "tweet", "tweet this", "twitter"),
        *("view all comments", "whatsapp", "antworten", "melden", "teilen", "répondre", "signaler", "responder"),
    )
)
_NOTICE = re.compile(
    r"^(?:this|the) (?:discussion|conversation|thread|comment section)\b.{0,60}\b(?:closed|ended|over)\b"
    r"|^comments (?:are|have been) (?:now )?(?:closed|disabled|moderated|turned off)\b"
    r"|^(?:die )?kommentar(?:e|funktion) (?:sind|ist|wurde[n]?) .{0,30}(?:geschlossen|deaktiviert)"
    r"|^les commentaires sont (?:fermés|clos|désactivés)|^(?:los )?comentarios (?:están )?cerrados"
    r"|^(?:follow us on|our standards: |all rights reserved)",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"(?:related(?: (?:stories|articles|news|links|coverage|topics|posts|content))?|more (?:on this(?: story)?"
    r"|stories|coverage)"
    r"|read (?:more|also|next|on)|also read|see also|further reading|you (?:may|might) also like"
    r"|recommended(?: (?:for you|stories))?"
    r"|most (?:read|popular|viewed|commented)|trending(?: now)?|latest (?:posts|stories|news)|don['’]t miss"
    r"|lesen sie auch|mehr zum thema|lesen sie mehr|das könnte sie auch interessieren|à lire aussi|lire aussi"
    r"|sur le même sujet"
    r"|lee también|te puede interesar|más información|noticias relacionadas|leggi anche|potrebbe interessarti"
    r"|leia (?:também|mais)|lees ook|meer over dit onderwerp|читайте также"
    r"|관련\s?기사|相关阅读|相关新闻|延伸閱讀|関連記事|あわせて読みたい)",
    re.IGNORECASE,
)
_LINES = re.compile(
    "|".join(
        (
            r"(?:read more|read also|also read|see also|related(?: story| article)?|more|watch|listen"
            r"|lesen sie auch|mehr zum thema"
            r"|à lire aussi|lire aussi|lee también|leggi anche|leia também|lees ook|читайте также)\s?[:：»]\s?.+",
            r"(?:we use|this (?:web)?site uses|our (?:web)?site uses|by (?:continuing|using|clicking)"
            r"|wir (?:verwenden|nutzen)"
            r"|diese (?:web)?(?:seite|site) (?:verwendet|nutzt)"
            r"|nous utilisons|ce site utilise|en poursuivant|utilizamos|usamos"
            r"|este sitio|questo sito|utilizziamo|este site|deze (?:web)?site|wij gebruiken"
            r"|we gebruiken).{0,160}\b(?:cookies|i cookie|cookie (?:per|di|tecnici))\b.*",
            r"(?:sign up|subscribe|register)(?: now| today| here)?[.!»]?",
            r"(?:sign up|subscribe|register|get|receive)\b.{1,100}\b(?:newsletters?|inbox|alerts|e-?mails?|briefing"
            r"|mailing list|digest"
            r"|rss|feed|podcast|channel|updates)\b.{0,60}",
            r"subscribe to [^.,]{1,40}",
            r"(?:enter your e-?mail|jetzt abonnieren|newsletter abonnieren|abonnieren sie|abonnez-vous"
            r"|inscrivez-vous à|recevez (?:notre|la) .{0,30}newsletter|suscríb[ea]|iscriviti|assine|schrijf je in"
            r"|뉴스레터|ニュースレター).{0,160}",
            r"(?:click here to (?:subscribe|sign|share|comment|print|join|read more|reply|log)|share (?:on|via)"
            r"|share this (?:article|story|post|page|video|on|via|with)|follow (?:us|@\w+)|like us on|find us on"
            r"|tweet this|artikel teilen|teilen auf|partager (?:sur|cet)"
            r"|compartir en|condividi su|compartilh\w+ (?:no|via)|deel (?:dit|op)).{0,60}",
            r"(?:advertis(?:ement|ing)|anzeige|werbung|publicité|publicidad|pubblicità|publicidade|advertentie"
            r"|реклама|광고|広告|广告|廣告"
            r"|sponsored(?: content| by .{1,60})?|paid (?:post|content)|(?:story|article) continues (?:below"
            r"|after)(?: \w+){0,4}"
            r"|continue reading below|scroll (?:down )?(?:to|for) .{1,40})[.:]?",
            r"(?:©|\(c\)\s|copyright (?:©|\(c\)|\d{4}|by )|all rights reserved|alle rechte vorbehalten"
            r"|tous droits réservés"
            r"|todos los derechos reservados|tutti i diritti riservati|todos os direitos reservados"
            r"|alle rechten voorbehouden"
            r"|все права защищены|저작권자|무단\s?전재|無断転載|禁無断|版权所有|版權所有).{0,160}",
            r"(?:to (?:continue|keep) reading,? .{0,120}|(?:this|the rest of this) (?:article|content|story"
            r"|post) is (?:only )?"
            r"(?:for|available (?:only )?to|reserved for|exclusive to) (?:our )?(?:paying "
            r"|registered )?(?:subscribers|members|readers|users).{0,80}"
            r"|you(?:['’]ve| have) (?:reached|read|used) .{0,60}\barticles?\b.{0,60}|already (?:a "
            r"|an? )?(?:subscriber|member|registered)\?.{0,60}"
            r"|subscribers? only|dieser artikel ist (?:nur )?für abonnenten.{0,60}"
            r"|cet article est réservé aux abonnés.{0,60}"
            r"|(?:contenido|artículo) (?:exclusivo )?para suscriptores.{0,60}|unlock this (?:article|story).{0,60})",
            r"(?:write|e-?mail|contact|reach) (?:to )?.{1,80}\bat\b.{0,20}\S+@\S+\.\w{2,10}",
            r"(?:photo|photograph|image|picture|foto|bild|crédit photo)s?(?: by| credits?)?\s?[:：]\s?[^.!?]{2,80}",
            r"(?:your )?(?:name|comment|e-?mail|website|url)\s?\*|your (?:name|comment)|text formats?"
            r"|allowed html tags.*"
            r"|your e-?mail address will not be published.*|required fields are marked.*"
            r"|deine e-mail-adresse wird nicht.*"
            r"|this site uses akismet.*|leave a (?:reply|comment).{0,30}|schreibe? einen kommentar.{0,30}"
            r"|kommentar verfassen.{0,30}"
            r"|notify me of (?:new|follow).{0,60}|you must be logged in.{0,40}|(?:log|sign) in to (?:comment|reply"
            r"|post).{0,30}",
        )
    ),
    re.IGNORECASE,
)
_LONGEST_LINE = 220
_LONGEST_LINK = 140
_DASHES = ("-", "–", "—", "|", "·", "(")
_MOST_LINKS = 12
_SENTENCE_END = (".", "!", "?", "…", ".”", '."', "。", "！", "？", "”", "»", ":")
_POLICY = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"\b(?:comments?|contributions?|remarks?|messages?|posts?|discussions?|conversations?|readers|community)\b",
        r"\b(?:report abuse|report as abuse|report it|flag|moderat\w+|let us know|tell (?:us|an editor)"
        r"|alert (?:us|our))\b",
        r"\b(?:inappropriate|irrelevant|offensive|abusive|abuse|hurtful|spam|insult\w*|advertis\w+|off.topic|libel\w*"
        r"|unlawful|civil|courteous|good manners|crosses the line|keep to the subject)\b",
        r"\b(?:views|opinions|remarks|words)\b.{0,60}\b(?:do not|not those|their own|alone|commit nobody"
        r"|those who write)\b",
        r"\b(?:policy|guidelines|house rules|community standards|terms of use|our rules|code of conduct)\b",
        r"\b(?:we welcome|welcome to|are invited|please (?:keep|be|do not)|we ask|join in|we reserve|enjoys hearing)\b",
    )
)
_POLICY_SIGNS = 3
_LONGEST_PROMPT = 40


def is_prompt(line: str) -> bool:
    """Tell whether a whole line is a button or heading of the page, or a notice of its publisher."""
    if len(line) <= _LONGEST_PROMPT and line.casefold().strip(" »›>…:.|0123456789()") in _PROMPTS:
        return True
    return is_notice(line) or (len(line) <= _LONGEST_LINE and _LINES.fullmatch(line) is not None)


def opens_links(line: str) -> bool:
    """Tell whether a line is the heading of a block of links to other pages."""
    return len(line) <= _LONGEST_PROMPT and _BLOCK.fullmatch(line.strip(" »›>…:：|")) is not None


def is_furniture(line: str) -> bool:
    """Tell by its wording whether a line is not the story, wherever it stands."""
    return opens_links(line) or is_prompt(line) or is_policy(line)


def parted(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the lines that are the story, and those that are not: prompts, notices, and links under their heading."""
    story: list[str] = []
    rest: list[str] = []
    links = 0
    for line in lines:
        if opens_links(line):
            rest.append(line)
            links = _MOST_LINKS
        elif is_prompt(line):
            rest.append(line)
        elif links and len(line) <= _LONGEST_LINK and not line.endswith(_SENTENCE_END):
            rest.append(line)
            links -= 1
        else:
            story.append(line)
            links = 0
    tail = _dated_tail(story)
    return story[: len(story) - tail], rest + story[len(story) - tail :]


def _dated_tail(story: Sequence[str]) -> int:
    """Return how many last lines are titles of other articles, each with its date behind it."""
    count = 0
    for line in reversed(story[1:]):
        found = find_date(line) if len(line) <= _LONGEST_LINK else None
        if (
            found is None
            or found.start == 0
            or found.end < len(line) - 1
            or not line[: found.start].rstrip().endswith(_DASHES)
        ):
            break
        count += 1
    return count if count > 1 else 0


def is_notice(line: str) -> bool:
    """Tell whether a line announces something about the page (closed discussion, subscription, rights)."""
    return bool(_NOTICE.match(line))


def is_policy(line: str) -> bool:
    """Tell whether a paragraph is a moderation policy, which reads like prose but is about the comments."""
    return sum(bool(sign.search(line)) for sign in _POLICY) >= _POLICY_SIGNS
