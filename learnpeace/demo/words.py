"""What people of the demonstration wrote. Nobody in it is real."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody did, with whom, and what changed."""

    text: str
    with_whom: str = ""
    changed: str = ""


_REFLECTIONS = {
    "peace-quiet-place": (
        (
            "The bus stop by the clinic. It is quiet because the women who sell there stopped "
            "coming after dark. Nobody decided it; the lamp broke and stayed broken."
        ),
        "Our stairwell. Nobody shouts, and nobody greets the family on the third floor either.",
    ),
    "listen-heard": (
        (
            "My aunt let me finish. She did not say “but”, not once. Then she asked which part was "
            "the heaviest, and waited."
        ),
        "The ferry clerk turned his radio off before I began. It was such a small thing.",
    ),
    "conflict-my-position": (
        (
            "I want the boda stage moved. Under that: my daughter crosses there. They want to stay "
            "because the shade is there, and shade is customers."
        ),
        (
            "I say the church drum is too loud. What I need is sleep; what they need is to be "
            "heard once a week."
        ),
    ),
    "areas-hardest-promise": (
        (
            "To stay in the room when somebody laughs at me. This week: breathe once, ask one "
            "question, then decide."
        ),
    ),
    "repair-safe-group": (
        "When the first one to speak says “I may be wrong”. I could be the first one.",
        "A door that stays open. I can sit near it, so that the new ones need not.",
    ),
    "network-who-is-missing": (
        (
            "Sport. We have four teachers and nobody from the football ground, though that is "
            "where the boys are. I never went because I was afraid of being laughed at."
        ),
        (
            "The fishing co-operative. They start at three in the morning and we meet at six in "
            "the evening. We never asked when they are free."
        ),
    ),
    "measure-better": (
        (
            "From my door: are the stools outside the tailor’s again after dark? My neighbour "
            "would count how often the water truck comes without a fight."
        ),
    ),
    "action-changed-mind": (
        (
            "I thought peace was a thing for meetings. I still doubt that the estate will forgive "
            "the fire. But I know now whom to ask."
        ),
    ),
}
_ANY_REFLECTION = ("I thought of the bus stop where nobody speaks any more.",)

_DEEDS = {
    "peace-two-signs": (
        Deed(
            text="Walked from the jetty to the school and drew the broken lamp and the bench "
            "that the tailors put out for everybody.",
            with_whom="a neighbour and her son",
            changed="The boy asked who could mend the lamp. We wrote to the ward office together.",
        ),
    ),
    "listen-pair": (
        Deed(
            text="Twelve minutes each, about what the rains do to our street.",
            with_whom="the woman who sells beside me",
            changed="For nine years we had only talked about prices.",
        ),
        Deed(
            text="A listening pair on the ferry, until the other side.",
            with_whom="a colleague from the other shift",
            changed="He told me why he never takes the early boat. We swapped one.",
        ),
    ),
    "conflict-two-trees": (
        Deed(
            text="Drew the quarrel about the boda stage, both views on one sheet.",
            with_whom="a rider",
            changed="We have the same root: no shade anywhere else. A roof would do.",
        ),
    ),
    "areas-three-ages": (
        Deed(
            text="Asked a pupil, a nurse and a fisherman which area matters most.",
            with_whom="three people between 13 and 71",
            changed="All three said information. I would have guessed three other things.",
        ),
    ),
    "repair-building-circle": (
        Deed(
            text="A circle of six in the library, forty minutes, on what helps us feel welcome.",
            with_whom="five people from two streets",
            changed="They want to meet again, and somebody else will bring the chairs.",
        ),
    ),
    "network-one-visit": (
        Deed(
            text="Went to the football ground and asked the coach what they need.",
            with_whom="a coach",
            changed="Sport has a seat in our group now, on Thursdays after training.",
        ),
    ),
    "measure-three-signs": (
        Deed(
            text="Chose three signs: stools out after dark, the queue at the tap, who greets whom.",
            with_whom="two neighbours",
            changed="We argued about greeting for an hour. That was the best part.",
        ),
    ),
    "action-first-step": (
        Deed(
            text="A roof for the boda stage: one page, five questions, one Saturday.",
            with_whom="riders, market women, the ward clerk",
            changed="The stage stays, the crossing is free. We look again in 30 days.",
        ),
    ),
}
_ANY_DEED = (
    Deed(
        text="Took one question from the course to the street and wrote down the answers.",
        with_whom="two neighbours",
        changed="We have a date to talk about it again.",
    ),
)
_REPLIES = {
    "peace-quiet-place": "The lamp is on the ward’s list now. Shall we go and look together?",
    "peace-two-signs": "I pass that bench every day and never asked whose it is. Thank you both.",
    "listen-heard": "“Which part is the heaviest?” I am taking that question with me.",
    "listen-pair": "Would you tell it on Thursday, if you feel like it? Nobody has to.",
    "conflict-my-position": "That took courage. What would the other side say they need?",
    "conflict-two-trees": "Bring the sheet on Thursday, please, with both views on it.",
    "areas-three-ages": "What did you hear behind the word “information”?",
    "repair-building-circle": "I can bring the chairs. And I would like to hear how it goes on.",
    "network-who-is-missing": "Shall we go to that door together? Two are laughed at less.",
    "network-one-visit": "The coach wrote to me as well: they are glad that somebody came.",
}
_ANY_REPLY = "Thank you for this. I stopped at your last sentence. What comes after it?"
QUESTIONS = (
    "What is one thing from the summary that you would tell a neighbour?",
    "Where did you disagree with somebody in it, or with yourself?",
    "What will you look at differently this week?",
)
ANSWERS = (
    "That a calm street can be a tired one.",
    "I do not think that every quarrel has two sides. Some have five.",
    "The jetty in the morning, before the boats go.",
)
SUMMARY = (
    "Sixteen of us, and rain on the roof of the library. We began with the question that "
    "everybody had brought from their street.\n\n"
    "What we heard: quiet is not the same as peace. Somebody told of a stop where the traders "
    "left because a lamp broke. Somebody else asked who would notice if it were mended.\n\n"
    "What we agreed: each of us walks one street with somebody before next Thursday and brings "
    "back one sign of peace and one of its absence.\n\n"
    "Who could not come: read this, listen if you can, and answer the three questions below."
)


def reflection(block_id: str, number: int) -> str:
    """Return a reflection on a prompt; numbers choose among several."""
    texts = _REFLECTIONS.get(block_id, _ANY_REFLECTION)
    return texts[number % len(texts)]


def deed(block_id: str, number: int) -> Deed:
    """Return an action on a prompt; numbers choose among several."""
    deeds = _DEEDS.get(block_id, _ANY_DEED)
    return deeds[number % len(deeds)]


def reply(block_id: str) -> str:
    """Return what a facilitator answers to what was written on a prompt."""
    return _REPLIES.get(block_id, _ANY_REPLY)
