"""What the components compute with; none of it imports Rasa."""
