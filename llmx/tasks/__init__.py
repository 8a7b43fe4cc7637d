"""The tasks that llmx ships; nothing imports them, they are opened by name as a user's own are."""
