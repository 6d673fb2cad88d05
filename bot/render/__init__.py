"""Message ids → words, choices, picture and sound for one language and one channel."""

from bot.render.renderer import Phrase, Renderer, Speaker

__all__ = ["Phrase", "Renderer", "Speaker"]
