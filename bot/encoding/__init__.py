"""Training the project's own sentence encoder (`rong train-encoder`); serving it needs none of
this: `bot.components.text.encoder` does that with numpy."""
