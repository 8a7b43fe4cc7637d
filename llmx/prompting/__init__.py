"""What a language model is asked and what it may answer: prompts as data, chunks as questions, answers as claims."""

from llmx.prompting.answer import Answer
from llmx.prompting.claims import Doubt, reading_of
from llmx.prompting.prompt import Message, Prompt, load_prompt
from llmx.prompting.question import Question, first_question, second_question

__all__ = [
    "Answer",
    "Doubt",
    "Message",
    "Prompt",
    "Question",
    "first_question",
    "load_prompt",
    "reading_of",
    "second_question",
]
