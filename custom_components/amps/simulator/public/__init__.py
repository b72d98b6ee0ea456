"""The API's own routes: readings, commands, settings and actions (api §3)."""
