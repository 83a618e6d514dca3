"""The words with which people say yes and no, by language.

    yes        the whole message says it, with nothing but courtesy beside it
    no         comes first; what follows is the reason, when a pause or one of ``so`` comes between
    never      comes first and says no by itself, whatever follows
    courtesy   may be anywhere in a yes
    yet        after a no: not now, so it is none
    neither    begins like a no and is none: ``no hurry``

One rule: a word is listed only when it can hardly mean anything else as an answer to "shall we buy this?".
"""

Table = dict[str, dict[str, str]]


def alternatives(**kinds: str) -> dict[str, str]:
    """``{"by": "needed", "bis": "needed"}`` from ``needed="by|bis"``."""
    return {phrase.strip(): kind for kind, words in kinds.items() for phrase in words.split("|")}


VERDICTS: Table = {
    "en": alternatives(
        yes="ok|okay|k|yes|yep|yeah|approve|approved|i approve|agreed|agree|i agree|go ahead|go for it|lgtm|"
        "looks good|looks good to me|sounds good|fine|fine by me|fine with me|all good|do it|buy it|order it|"
        "no problem|no objection|no objections|sure|of course|👍|✅",
        no="no|nope|nah|not ok|not okay",
        never="reject|rejected|i reject|decline|declined|denied|deny|disapprove|disapproved|not approved|no way|"
        "do not buy|don't buy|i do not approve|i don't approve|do not approve",
        so="too|because|as|since|we|it|this|that|they|the|way|sorry|not|much",
        courtesy="thanks|thank you|thank you very much|thx|please|great|good|perfect|hi|hello|it|this|from me|"
        "from my side|with me|🙂|🙏",
        yet="yet|for now|so far|right now",
        neither="no hurry|no rush|no idea|no worries|no need to hurry|no doubt|not yet|not sure|no clue",
    ),
    "de": alternatives(
        yes="ja|jawohl|jo|jep|genehmigt|genehmige ich|ich genehmige|genehmigen|freigegeben|gebe ich frei|"
        "einverstanden|passt|passt so|in ordnung|geht in ordnung|geht klar|alles klar|alles gut|gerne|"
        "kein problem|keine einwände|bestellen|kaufen|mach das|machen wir|zugestimmt|stimme zu|ich stimme zu",
        no="nein|nee|nö|nicht ok|nicht in ordnung|passt nicht",
        never="abgelehnt|ablehnen|lehne ich ab|ich lehne ab|nicht genehmigt|nicht freigegeben|auf keinen fall",
        so="zu|weil|da|wir|das|es|der|die|leider|viel|nicht|denn|ist",
        courtesy="danke|vielen dank|dankeschön|bitte|von mir|von meiner seite|für mich|gut|super|das|hallo|so",
        yet="noch|bisher|bislang|vorerst|derzeit",
        neither="noch nicht|keine eile",
    ),
    "es": alternatives(
        yes="sí|si|vale|aprobado|aprobada|lo apruebo|apruebo|aprobar|de acuerdo|conforme|adelante|está bien|"
        "esta bien|perfecto|claro|sin problema|"
        "no hay problema|no hay inconveniente|no hay objeción|ningún problema|sin objeciones|"
        "cómpralo|hazlo|dale|por supuesto",
        no="no|no vale|no está bien",
        never="rechazado|rechazada|lo rechazo|rechazo|rechazar|denegado|denegada|no aprobado|no aprobada|"
        "no lo apruebo|no apruebo|de ninguna manera",
        so="es|porque|demasiado|muy|lo|el|la|ya|tenemos|hay|lo siento|pues|necesitamos",
        courtesy="gracias|muchas gracias|por favor|por mí|por mi parte|muy bien|bien|genial|hola",
        yet="todavía|aún|por ahora|de momento",
        neither="no lo entiendo|no entiendo|no hay prisa|no lo sé|no sé|no hay duda|"
        "no todavía|no hay apuro|no lo tengo claro",
    ),
    "ru": alternatives(
        yes="да|ок|окей|хорошо|ладно|согласен|согласна|согласовано|согласую|одобряю|одобрено|утверждаю|"
        "утверждено|подтверждаю|не возражаю|нет возражений|без возражений|нет проблем|без проблем|покупайте|"
        "заказывайте|берите|берём|конечно|давайте|принято|поддерживаю",
        no="нет|неа|не ок",
        never="отклонено|отклоняю|отклонить|отказ|отказано|не согласен|не согласна|не согласовано|"
        "не согласую|не одобряю|не одобрено|не утверждаю|против|я против|ни в коем случае",
        so="слишком|потому|так|это|мы|у|не|очень|дорого|извините|к",
        courtesy="спасибо|большое спасибо|пожалуйста|с моей стороны|отлично|здравствуйте|я|всё|все",
        yet="пока|ещё|еще|пока что",
        neither="нет времени|не спешу|не знаю|не уверен|не понимаю",
    ),
    "ar": alternatives(
        yes="نعم|أجل|موافق|موافقة|أوافق|أنا موافق|تمت الموافقة|تم|تمام|حسنا|حسنًا|طيب|معتمد|لا مانع|"
        "لا مانع لدي|لا اعتراض|لا بأس|لا مشكلة|بالتأكيد|اشتروه|تفضلوا",
        no="لا|كلا|ليس جيدا",
        never="مرفوض|مرفوضة|أرفض|رفض|أرفضه|غير موافق|لا أوافق|لست موافقا",
        so="غال|غالي|لأن|لأنه|إنه|هذا|هذه|نحن|لدينا|السعر|آسف|جدا|الثمن",
        courtesy="شكرا|شكرًا|شكرا جزيلا|من فضلك|لو سمحت|جيد|ممتاز|من جهتي|مرحبا|جدا",
        yet="بعد|حتى الآن|حاليا",
        neither="لا أعرف|لا أفهم|لا أدري|لا داعي للعجلة",
    ),
}
