"""The routes of the API: readings, commands, settings and actions (api §3)."""
