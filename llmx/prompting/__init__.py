"""What a language model is asked and what it may answer: prompts as data, chunks as questions, answers as claims."""

from llmx.prompting.asking import Asking, Question
from llmx.prompting.bearing import Bearing
from llmx.prompting.items import Fault, Unusable, changed, kept, marked, quoted, said, shortened
from llmx.prompting.marks import mark, measuring, unmarked
from llmx.prompting.plain import plain
from llmx.prompting.prompt import Message, Prompt, load_prompt, shipped
from llmx.prompting.question import doubts_of, first_question, second_question

__all__ = [
    "Asking",
    "Bearing",
    "Fault",
    "Message",
    "Prompt",
    "Question",
    "Unusable",
    "changed",
    "doubts_of",
    "first_question",
    "kept",
    "load_prompt",
    "mark",
    "marked",
    "measuring",
    "plain",
    "quoted",
    "said",
    "second_question",
    "shipped",
    "shortened",
    "unmarked",
]
